"""A technician who never saw dutyroom has it watching a real room, by script."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.first_day import live_in


@pytest.mark.peer("upsd", "dummy-ups", "upsc", "snmpd", "tmux")
def test_from_an_empty_home_to_a_signed_round_in_a_real_room() -> None:
    with tempfile.TemporaryDirectory(prefix="first-day-") as folder:
        day = live_in(Path(folder))
    assert [name for name, _seconds in day.steps] == [
        "set_up",
        "examine",
        "poll_and_compare",
        "walk_and_sign",
        "check_records",
    ]
