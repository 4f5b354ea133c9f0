"""The clock stands still, and the language is the one the test asks for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dutyroom import clock, words
from tests.cheap import commits_wait_for_no_disk
from tests.ui.room_samples import NOW
from tests.ui.style_rules import style_rules_read_once


@pytest.fixture(autouse=True)
def _frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every age on the screen is the same in every run."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture(scope="session", autouse=True)
def _style_rules_read_once() -> Iterator[None]:
    """Hundreds of applications are started, all with the same style sheets."""
    with style_rules_read_once():
        yield


@pytest.fixture(scope="module", autouse=True)
def _commits_wait_for_no_disk() -> Iterator[None]:
    """No test of this folder is about a power cut."""
    with commits_wait_for_no_disk():
        yield


@pytest.fixture(params=["en", "zh_CN"])
def language(request: pytest.FixtureRequest) -> str:
    """Each language in turn."""
    name = str(request.param)
    try:
        words.install(name)
    except FileNotFoundError:
        pytest.skip(f"there is no catalogue for {name} yet")
    return name
