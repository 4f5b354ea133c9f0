"""Gaps stay gaps, labels stand at local times, columns lose no extreme, scales hold what they must."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutyroom import quantity_words
from dutyroom.model.checklist import Bounds, Limit
from dutyroom.model.events import CLOCK, Event
from dutyroom.model.history import Gap, GapReason, HourOfPolls, Point, Series, Span
from dutyroom.rules.chart import columns, summary
from dutyroom.rules.chart_gaps import clock_gaps, gaps_of, reach_of, reach_within, runs
from dutyroom.rules.chart_scale import bounds_of, scale_of
from dutyroom.rules.chart_time import labels, moved, offset_changes, ticks, window

T0 = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SHANGHAI, BERLIN, CHATHAM = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Chatham")
BEIRUT = ZoneInfo("Asia/Beirut")
REACH = reach_of(5.0)


def at(minutes: float) -> datetime:
    """That many minutes after eight."""
    return T0 + timedelta(minutes=minutes)


def readings(*minutes: float, value: float = 31.0) -> tuple[Point, ...]:
    """Single readings of one value."""
    return tuple(Point(at(minute), value, value, value) for minute in minutes)


def hour(n: int, low: float, mean: float, high: float) -> Point:
    """One hour of readings, `n` hours after eight."""
    return Point(at(60 * n), low, mean, high, 60, 3600.0)


def counted(n: int, ok: int = 0, failed: int = 0, none: int = 0) -> HourOfPolls:
    """The polls of an hour, `n` hours after eight."""
    return HourOfPolls("ups-a", at(60 * n), ok, failed, none)


def series(points: tuple[Point, ...], minutes: float = 60, **more: object) -> Series:
    """A series from eight on."""
    told = {"read_at": at(minutes), "by_hour": any(point.lasts_s for point in points), "reach_s": REACH} | more
    return Series("ups-a", "load_percent", Span.HOUR, T0, at(minutes), points=points, **told)  # type: ignore[arg-type]


def told(gaps: tuple[Gap, ...]) -> list[tuple[float, float, str]]:
    """The gaps as minutes after eight, with the reason."""
    return [
        ((g.began - T0) / timedelta(minutes=1), (g.ended - T0) / timedelta(minutes=1), g.reason.value) for g in gaps
    ]


def test_a_reading_that_is_late_by_a_poll_makes_no_gap_and_a_missing_one_does() -> None:
    late = readings(0, 1, 3, 4)
    assert gaps_of(late, (), (), T0, at(4), REACH) == ()
    missing = readings(0, 1, 4, 5)
    assert told(gaps_of(missing, (), (counted(0, ok=700),), T0, at(5), REACH)) == [(1, 4, "no-value")]
    assert [len(run) for run in runs(missing, REACH)] == [2, 2]


def test_readings_recorded_every_ten_minutes_belong_together_but_a_missing_one_is_a_gap() -> None:
    sparse = readings(*range(0, 300, 10))
    reach_s = reach_within(sparse, (), REACH)
    assert reach_s == 900.0
    assert gaps_of(sparse, (), (counted(0, ok=700),), T0, at(290), reach_s) == ()
    torn = readings(*range(0, 150, 10), *range(160, 300, 10))
    assert told(gaps_of(torn, (), (counted(2, ok=700),), T0, at(290), reach_within(torn, (), REACH))) == [
        (140, 160, "no-value")
    ]


def test_a_source_that_nearly_always_fails_is_not_taken_for_one_that_is_recorded_sparsely() -> None:
    sparse = readings(*range(0, 300, 20))
    failures = tuple(Gap(at(n + 1), at(n + 19), GapReason.FAILED, "timeout") for n in range(0, 280, 20))
    reach_s = reach_within(sparse, failures, REACH)
    assert reach_s == REACH
    assert len(gaps_of(sparse, failures, (), T0, at(280), reach_s)) == 14


def test_a_gap_is_cut_where_its_reason_changes() -> None:
    failures = (
        Gap(at(10.1), at(19.9), GapReason.FAILED, "timeout"),
        Gap(at(19.9), at(40), GapReason.NOT_POLLED),
    )
    found = gaps_of(readings(*range(10), *range(40, 61)), failures, (counted(0, 100, 100, 100),), T0, at(60), REACH)
    assert [(g.reason.value, g.state) for g in found] == [("failed", "timeout"), ("not-polled", "")]
    assert told(found) == [(9, 19.9, "failed"), (19.9, 40, "not-polled")]


def test_a_quantity_that_is_unknown_while_polls_answer_is_said_to_be_unknown_not_failed() -> None:
    failures = (Gap(at(20), at(22), GapReason.FAILED, "timeout"),)
    found = gaps_of(readings(*range(10), *range(50, 61)), failures, (counted(0, 700, 20),), T0, at(60), REACH)
    assert told(found) == [(9, 20, "no-value"), (20, 22, "failed"), (22, 50, "no-value")]


def test_where_only_the_hours_are_counted_the_count_tells_why() -> None:
    points = (hour(0, 1, 2, 3), hour(4, 1, 2, 3))
    polls = (counted(0, ok=60), counted(1, failed=60), counted(2, none=60), counted(4, ok=60))
    found = gaps_of(points, (), polls, T0, at(300), REACH)
    assert told(found) == [(60, 120, "failed"), (120, 180, "not-polled"), (180, 240, "no-record")]


def test_before_the_first_and_after_the_last_reading_is_a_gap_too() -> None:
    found = gaps_of(readings(30, 31), (), (counted(0, none=5),), T0, at(60), REACH)
    assert told(found) == [(0, 30, "not-polled"), (31, 60, "not-polled")]
    assert told(gaps_of((), (), (), T0, at(60), REACH)) == [(0, 60, "no-record")]


def test_a_clock_set_forward_leaves_a_time_that_never_was() -> None:
    step = Event(
        at(40), CLOCK, "clock-step", (("by", "1200.0"), ("was", at(20).isoformat()), ("now", at(40).isoformat()))
    )
    back = Event(
        at(50), CLOCK, "clock-step", (("by", "-60.0"), ("was", at(51).isoformat()), ("now", at(50).isoformat()))
    )
    gaps = clock_gaps((step, back))
    assert told(gaps) == [(20, 40, "clock-set")]
    found = gaps_of(readings(*range(21), *range(40, 61)), gaps, (counted(0, 700),), T0, at(60), REACH)
    assert told(found) == [(20, 40, "clock-set")]


def test_no_column_without_a_reading_has_a_value_and_no_line_crosses_the_gap() -> None:
    points = readings(*range(20), *range(40, 60))
    gaps = (Gap(at(19), at(40), GapReason.FAILED, "timeout"),)
    made = columns(series(points, gaps=gaps), 120)
    empty = [n for n, column in enumerate(made) if column.mean is None]
    assert empty == list(range(40, 80))
    assert all(made[n].gap is gaps[0] for n in empty)
    assert not made[80].joined
    assert all(made[n].joined for n in range(1, 40))


def test_between_two_minutes_the_earlier_reading_holds_and_after_the_last_only_for_a_minute() -> None:
    points = (Point(at(0), 1, 1, 1), Point(at(1), 2, 2, 2), Point(at(2), 3, 3, 3))
    made = columns(series(points, 4), 16)
    assert [column.mean for column in made] == [1] * 4 + [2] * 4 + [3] * 4 + [None] * 4


def test_a_column_of_many_readings_keeps_the_lowest_and_the_highest() -> None:
    points = tuple(Point(at(n), value, value, value) for n, value in enumerate((5.0, 99.0, 1.0, 6.0)))
    (made,) = columns(series(points, 4), 1)
    assert (made.low, made.mean, made.high) == (1.0, 6.0, 99.0)


def test_times_to_come_are_ahead_and_no_gap() -> None:
    made = columns(series(readings(*range(30)), 60, read_at=at(30)), 60)
    assert [column.ahead for column in made] == [False] * 30 + [True] * 30
    assert all(column.mean is None and column.gap is None for column in made[30:])


def test_failed_polls_too_few_for_a_gap_are_marked_all_the_same() -> None:
    failure = Gap(at(10.2), at(10.2), GapReason.FAILED, "timeout")
    made = columns(series(readings(*range(60)), failures=(failure,)), 60)
    assert [n for n, column in enumerate(made) if column.failure] == [10]
    assert made[10].mean is not None


@given(st.lists(st.tuples(st.integers(0, 1440), st.floats(0, 100)), max_size=200), st.integers(1, 230))
@settings(deadline=None)
def test_columns_hold_exactly_what_the_points_say(found: list[tuple[int, float]], count: int) -> None:
    points = tuple(Point(at(minute), value, value, value) for minute, value in sorted(dict(found).items()))
    shown = series(points, 1441, read_at=at(1441))
    made = columns(shown, count)
    assert len(made) == count
    values = [column for column in made if column.mean is not None]
    if not points:
        assert values == []
        return
    assert min(c.low for c in values if c.low is not None) == min(point.low for point in points)
    assert max(c.high for c in values if c.high is not None) == max(point.high for point in points)
    for column in values:
        near = [p for p in points if p.at < column.ended and p.at > column.began - timedelta(seconds=REACH)]
        assert near, "a value stands where no reading was"


def test_the_summary_weighs_hours_by_their_readings_and_tells_when_the_extremes_were() -> None:
    points = (Point(at(0), 1, 2, 3, 10, 3600.0), Point(at(60), 0, 5, 9, 30, 3600.0))
    found = summary(points, T0, at(120))
    assert found is not None
    assert (found.low, found.low_at, found.mean, found.high, found.high_at, found.count) == (
        0, at(60), 4.25, 9, at(60), 40,
    )  # fmt: skip
    assert summary(points, at(500), at(600)) is None


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (SHANGHAI, datetime(2026, 11, 24, tzinfo=UTC), 24),
        (BERLIN, datetime(2026, 3, 29, 12, tzinfo=UTC), 23),  # clocks go forward on this day
        (BERLIN, datetime(2026, 10, 25, 12, tzinfo=UTC), 25),
    ],
)
def test_a_local_day_has_the_hours_it_has(zone: ZoneInfo, day: datetime, hours: int) -> None:
    begin = datetime.combine(day.astimezone(zone).date(), datetime.min.time(), tzinfo=zone).astimezone(UTC)
    found = ticks(begin, begin + timedelta(hours=hours), 60, zone)
    assert len(found) == hours
    assert {at.astimezone(zone).minute for at in found} == {0}


def test_labels_are_round_local_times_in_zones_off_by_a_quarter_of_an_hour() -> None:
    found = labels(Span.DAY, T0, T0 + timedelta(days=1), CHATHAM, 8)
    assert found
    assert all(at.astimezone(CHATHAM).minute == 0 for at in found)
    week = labels(Span.WEEK, T0, T0 + timedelta(days=7), CHATHAM, 7)
    assert len(week) == 7
    assert {at.astimezone(CHATHAM).hour for at in week} == {0}


def test_a_day_that_begins_at_one_because_midnight_is_skipped_has_its_label_all_the_same() -> None:
    # In Lebanon clocks go forward at midnight of the last Sunday in March.
    since = datetime(2026, 3, 26, tzinfo=UTC)
    found = labels(Span.WEEK, since, since + timedelta(days=7), BEIRUT, 7)
    assert len({at.astimezone(BEIRUT).date() for at in found}) == 7


def test_a_change_of_the_zone_s_clocks_is_found_to_the_minute() -> None:
    since = datetime(2026, 10, 20, tzinfo=UTC)
    found = offset_changes(since, since + timedelta(days=7), BERLIN)
    assert found == ((datetime(2026, 10, 25, 1, tzinfo=UTC), timedelta(hours=-1)),)
    assert offset_changes(since, since + timedelta(days=7), SHANGHAI) == ()


@pytest.mark.parametrize("span", list(Span))
def test_the_present_has_room_to_go_on_and_the_window_stands_still_meanwhile(span: Span) -> None:
    since, until = window(span, SHANGHAI, T0)
    assert until > T0
    assert until - since == span.length
    ahead = {Span.HOUR: 10, Span.DAY: 180}.get(span, 1440)
    assert until - T0 <= timedelta(minutes=ahead)
    assert window(span, SHANGHAI, T0 + (until - T0) / 2) == (since, until)
    assert window(span, SHANGHAI, until)[1] > until


def test_moving_goes_by_half_a_span_and_never_past_the_present() -> None:
    _since, newest = window(Span.DAY, SHANGHAI, T0)
    back = moved(newest, Span.DAY, -1, newest)
    assert back == newest - timedelta(hours=12)
    assert moved(back, Span.DAY, 1, newest) is None
    assert window(Span.DAY, SHANGHAI, T0, back)[1] == back
    assert window(Span.DAY, SHANGHAI, T0, newest + timedelta(days=9))[1] == newest


@given(st.floats(-50, 1e6), st.floats(0, 1e5), st.integers(3, 12), st.sampled_from(sorted(quantity_words.NAMES)))
def test_a_scale_holds_the_values_and_has_few_numbers(low: float, size: float, most: int, name: str) -> None:
    high = low + size
    found = scale_of(low, high, None, quantity_words.at_least(name), quantity_words.steps(name), most)
    slack = 1e-6 * max(1.0, size)
    assert found.bottom <= low + slack
    assert found.top >= high - slack
    assert 2 <= len(found.ticks) <= most
    assert 0.0 <= found.share(low) <= found.share(high) <= 1.0


def test_a_limit_that_is_near_is_inside_the_scale_and_a_far_one_does_not_flatten_the_values() -> None:
    limit = Limit(normal=Bounds(0, 60), critical=Bounds(0, 80))
    near = scale_of(50, 58, limit, 10, quantity_words.steps("load_percent"), 5)
    assert near.bottom <= 50 < 60 <= near.top < 80
    far = scale_of(10, 12, limit, 10, quantity_words.steps("load_percent"), 5)
    assert far.top < 60
    assert bounds_of(Limit(normal=Bounds(3600, math.inf))) == (3600,)


def test_percentages_have_no_scale_above_a_hundred_unless_a_value_is_there() -> None:
    steps = quantity_words.steps("charge_percent")
    full = scale_of(100, 100, None, 10, steps, 5, 100.0)
    assert (full.bottom, full.top) == (90, 100)
    assert scale_of(99, 104, None, 10, steps, 5, 100.0).top >= 104
