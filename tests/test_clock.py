"""The duty day runs from 15:00 to 15:00 in the site's zone and is named by the day it ends on."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from dutyroom import clock
from dutyroom.checklists import shipped
from dutyroom.model.site import LimitProfile
from dutyroom.rules.schedule import current_slot, daily_slot

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 24, 6, 59, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 11, 24, 7, 0, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 11, 23, 16, 30, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 12, 31, 8, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_the_duty_day_ends_at_fifteen_hundred(at: datetime, day: date) -> None:
    assert clock.duty_day(at, time(15, 0), SHANGHAI) == day


def test_the_duty_day_of_a_short_night_still_ends_at_fifteen_hundred() -> None:
    before, after = datetime(2026, 3, 29, 12, 59, tzinfo=UTC), datetime(2026, 3, 29, 13, 0, tzinfo=UTC)
    assert clock.duty_day(before, time(15, 0), BERLIN) == date(2026, 3, 29)
    assert clock.duty_day(after, time(15, 0), BERLIN) == date(2026, 3, 30)


def test_a_round_is_due_at_its_local_time_on_both_sides_of_daylight_saving() -> None:
    daily = shipped("daily", LimitProfile.GB50174)
    winter, summer = daily_slot(daily, date(2026, 3, 28), BERLIN), daily_slot(daily, date(2026, 3, 29), BERLIN)
    assert (winter.due_at.hour, summer.due_at.hour) == (7, 6)


def test_the_slot_turns_when_its_window_opens() -> None:
    daily = shipped("daily", LimitProfile.GB50174)
    before, after = datetime(2026, 11, 23, 23, 59, tzinfo=UTC), datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    assert current_slot(daily, before, SHANGHAI).due_on == date(2026, 11, 23)
    assert current_slot(daily, after, SHANGHAI).due_on == date(2026, 11, 24)


def test_the_clock_is_aware_and_the_other_one_never_steps_back() -> None:
    assert clock.now().tzinfo is UTC
    assert clock.monotonic() <= clock.monotonic()
