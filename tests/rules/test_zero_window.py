"""The duty day of a zero report: from the hour to the hour in the site's zone, whatever the clocks do."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dutyroom import clock
from dutyroom.rules.zero_window import days, due_window, missing_days, window_at, window_of

SHANGHAI, BERLIN, HAVANA = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/Havana")
THREE = time(15)
HALF_HOUR = 1800.0


def test_it_is_named_by_its_end_and_reaches_from_three_to_three() -> None:
    window = window_of(date(2026, 11, 24), THREE, SHANGHAI, HALF_HOUR)
    assert window.begins_at == datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert window.ends_at == datetime(2026, 11, 24, 7, tzinfo=UTC)
    assert window.opens_at == datetime(2026, 11, 24, 6, tzinfo=UTC)
    assert window.late_after == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "ends", "zone", "hours"),
    [
        (date(2026, 3, 29), THREE, BERLIN, 23),
        (date(2026, 10, 25), THREE, BERLIN, 25),
        (date(2026, 10, 26), THREE, BERLIN, 24),
        # 02:30 does not exist on that day: it ends at 03:30 by the clock on the wall, and the next is an hour shorter.
        (date(2026, 3, 29), time(2, 30), BERLIN, 24),
        (date(2026, 3, 30), time(2, 30), BERLIN, 23),
        # 02:30 comes twice: the first one ends the day.
        (date(2026, 10, 25), time(2, 30), BERLIN, 24),
        (date(2026, 10, 26), time(2, 30), BERLIN, 25),
        # Midnight is skipped in Havana.
        (date(2026, 3, 8), time(0), HAVANA, 24),
    ],
)
def test_where_clocks_change_the_day_is_longer_or_shorter(day: date, ends: time, zone: ZoneInfo, hours: int) -> None:
    window = window_of(day, ends, zone, HALF_HOUR)
    assert window.ends_at - window.begins_at == timedelta(hours=hours)


def test_every_moment_lies_in_one_duty_day_and_they_follow_each_other_without_a_hole() -> None:
    rng = random.Random(5)
    for _try in range(3000):
        zone = rng.choice([SHANGHAI, BERLIN, HAVANA, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kathmandu")])
        ends = time(rng.randrange(24), rng.choice([0, 15, 30, 45]))
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.uniform(0, 366 * 86400))
        window = window_at(at, ends, zone, HALF_HOUR)
        assert window.begins_at <= at < window.ends_at
        assert window.duty_day == clock.duty_day(at, ends, zone)
        assert window_of(window.duty_day + timedelta(days=1), ends, zone, HALF_HOUR).begins_at == window.ends_at
        assert window_at(window.ends_at, ends, zone, HALF_HOUR).begins_at == window.ends_at


def test_a_day_is_missing_when_its_report_would_be_late_and_stays_so_until_it_is_signed() -> None:
    first = date(2026, 11, 20)
    signed = {date(2026, 11, 21)}

    def missing(day: int, hour: int, minute: int) -> list[int]:
        at = datetime(2026, 11, day, hour, minute, tzinfo=UTC)
        return [day.day for day in missing_days(first, signed, at, THREE, SHANGHAI, HALF_HOUR)]

    assert missing(20, 7, 30) == []
    assert missing(20, 7, 31) == [20]
    assert missing(24, 7, 29) == [20, 22, 23]
    assert missing(24, 7, 31) == [20, 22, 23, 24]


def test_the_report_to_sign_is_that_of_the_day_that_just_ended_until_it_is_late() -> None:
    def due(signed: set[date], hour: int, minute: int) -> int:
        at = datetime(2026, 11, 24, hour, minute, tzinfo=UTC)
        return due_window(signed, at, THREE, SHANGHAI, HALF_HOUR).duty_day.day

    assert due(set(), 6, 59) == 24
    assert due(set(), 7, 0) == 24
    assert due(set(), 7, 30) == 24
    assert due(set(), 7, 31) == 25
    assert due({date(2026, 11, 24)}, 7, 0) == 25


def test_days_are_counted_with_both_ends() -> None:
    assert [day.day for day in days(date(2026, 11, 29), date(2026, 12, 1))] == [29, 30, 1]
    assert list(days(date(2026, 11, 2), date(2026, 11, 1))) == []
