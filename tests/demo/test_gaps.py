"""The times of which the simulated room has no values add up with its polls, and are the same in every demo."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from dutyroom.demo.gaps import gaps_of_day, is_missing, polls_of_hour
from dutyroom.model.history import Gap, GapReason

FIRST = date(2026, 10, 1)


def test_a_month_has_a_few_gaps_of_both_kinds_and_the_same_ones_every_time() -> None:
    found: list[Gap] = []
    for n in range(30):
        begin = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(days=n)
        made = gaps_of_day("core-1", FIRST + timedelta(days=n), begin, begin + timedelta(days=1))
        assert made == gaps_of_day("core-1", FIRST + timedelta(days=n), begin, begin + timedelta(days=1))
        assert all(begin < gap.began < gap.ended < begin + timedelta(days=1) for gap in made)
        found += made
    assert {gap.reason for gap in found} == {GapReason.FAILED, GapReason.NOT_POLLED}
    assert 4 <= len(found) <= 20
    assert is_missing(found[0].began, found)
    assert not is_missing(found[0].began - timedelta(hours=2), found)


def test_the_hours_of_a_day_count_every_poll_once() -> None:
    begin = datetime(2026, 10, 1, tzinfo=UTC)
    for n in range(14):
        day = begin + timedelta(days=n)
        gaps = gaps_of_day("ups-a", FIRST + timedelta(days=n), day, day + timedelta(days=1))
        end = day + timedelta(hours=20, minutes=30)
        hours = [polls_of_hour("ups-a", day + timedelta(hours=h), 30.0, end, gaps) for h in range(21)]
        assert sum(hour.ok + hour.failed + hour.none for hour in hours) == 20.5 * 120
        lost = sum((gap.ended - gap.began).total_seconds() for gap in gaps if gap.ended < end) / 30
        assert abs(sum(hour.failed + hour.none for hour in hours) - lost) <= 2 * len(gaps)
