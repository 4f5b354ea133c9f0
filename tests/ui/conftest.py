"""The clock stands still, and the language is the one the test asks for."""

from __future__ import annotations

import pytest

from dutyroom import clock, words
from tests.ui.room_samples import NOW


@pytest.fixture(autouse=True)
def _frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every age on the screen is the same in every run."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture(params=["en", "zh_CN"])
def language(request: pytest.FixtureRequest) -> str:
    """Each language in turn."""
    name = str(request.param)
    try:
        words.install(name)
    except FileNotFoundError:
        pytest.skip(f"there is no catalogue for {name} yet")
    return name
