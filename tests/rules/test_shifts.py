"""Which shift runs: at every moment of a year, in zones with daylight saving, one before it and one after."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dutyroom.model.roster import Shift, ShiftTime
from dutyroom.rules.shifts import around, needs_handover, shift_on, shift_times, staffed
from tests.desks import NOW, ZONE, make_site

DAY = ShiftTime("day", "Day", time(8), time(20))
NIGHT = ShiftTime("night", "Night", time(20), time(8))
OFFICE = ShiftTime("office", "Office", time(8), time(17, 30))
BERLIN = ZoneInfo("Europe/Berlin")


def named(shift: Shift | None) -> str:
    return f"{shift.day:%m-%d} {shift.code}" if shift is not None else ""


def test_a_site_that_names_no_shift_has_one_that_ends_with_the_duty_day() -> None:
    near = around(shift_times(make_site()), NOW, ZONE)
    # 24 November 08:41: the shift that began yesterday at 15:00.
    assert [named(one) for one in near.ordered] == ["11-22 duty", "11-23 duty", "11-24 duty"]
    assert near.running is not None
    assert near.running.ends_at == datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-11-24 07:59", ("11-23 day", "11-23 night", "11-24 day")),
        ("2026-11-24 08:00", ("11-23 night", "11-24 day", "11-24 night")),
        ("2026-11-24 19:59", ("11-23 night", "11-24 day", "11-24 night")),
        ("2026-11-24 20:00", ("11-24 day", "11-24 night", "11-25 day")),
        ("2026-12-31 23:59", ("12-31 day", "12-31 night", "01-01 day")),
        ("2027-01-01 00:00", ("12-31 day", "12-31 night", "01-01 day")),
    ],
)
def test_two_shifts_change_at_their_minute_and_a_night_belongs_to_the_day_it_began(
    local: str, expected: tuple[str, ...]
) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=ZONE).astimezone(UTC)
    near = around((DAY, NIGHT), at, ZONE)
    assert (named(near.previous), named(near.running), named(near.next)) == expected


def test_a_time_that_no_shift_covers_has_none() -> None:
    at = datetime(2026, 11, 24, 18, 0, tzinfo=ZONE).astimezone(UTC)
    near = around((OFFICE,), at, ZONE)
    assert (named(near.previous), near.running, named(near.next)) == ("11-24 office", None, "11-25 office")


def test_where_two_overlap_the_one_that_began_last_runs() -> None:
    early, late = ShiftTime("early", "", time(8), time(16, 15)), ShiftTime("late", "", time(16), time(8))
    at = datetime(2026, 11, 24, 16, 10, tzinfo=ZONE).astimezone(UTC)
    near = around((early, late), at, ZONE)
    assert (named(near.previous), named(near.running)) == ("11-24 early", "11-24 late")


def test_a_night_over_the_change_of_the_clock_is_an_hour_shorter_or_longer() -> None:
    hours = {
        day: (found.ends_at - found.begins_at) / timedelta(hours=1)
        for day in (date(2026, 3, 27), date(2026, 3, 28), date(2026, 10, 24), date(2026, 10, 25))
        for found in (shift_on(NIGHT, day, BERLIN),)
    }
    assert list(hours.values()) == [12, 11, 13, 12]


@pytest.mark.parametrize("seed", range(40))
def test_at_any_moment_in_any_zone_the_shifts_lie_one_after_the_other(seed: int) -> None:
    chance = random.Random(seed)
    zone = ZoneInfo(chance.choice(("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")))
    starts = sorted(chance.sample(range(24 * 4), chance.randint(1, 4)))
    at = [time(quarter // 4, quarter % 4 * 15) for quarter in starts]
    times = [ShiftTime(f"s{n}", "", begins, at[(n + 1) % len(at)]) for n, begins in enumerate(at)]
    for _ in range(50):
        now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(366 * 86400))
        near = around(times, now, zone)
        before, running, after = near.previous, near.running, near.next
        # Shifts that cover the whole day leave no moment to nobody.
        assert running is not None
        assert before.begins_at < running.begins_at <= now < running.ends_at
        assert before.ends_at == running.begins_at
        assert running.ends_at == after.begins_at


def test_a_handover_is_needed_between_different_people_of_a_roster_that_was_there_before() -> None:
    since = NOW - timedelta(days=2)
    near = around((DAY, NIGHT), NOW, ZONE)
    assert near.running is not None
    people = {(near.previous.day, "night"): ("zhang",), (near.running.day, "day"): ("li", "wang")}
    before, after = staffed(near.previous, people), staffed(near.running, people)
    assert needs_handover(before, after, since)
    assert not needs_handover(before, after, None)
    assert not needs_handover(before, after, after.begins_at)
    assert not needs_handover(before, replace(after, people=()), since)
    assert not needs_handover(replace(before, people=()), after, since)
    assert not needs_handover(replace(before, people=("wang", "li")), after, since)
