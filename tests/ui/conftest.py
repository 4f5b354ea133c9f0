"""The clock stands still, and the language is the one the test asks for."""

from __future__ import annotations

import pytest

from dutyroom import clock
from tests.ui.rooms import NOW


@pytest.fixture(autouse=True)
def _frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every age on the screen is the same in every run."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
