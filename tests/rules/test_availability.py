"""How availability is counted: by hand, and second by second."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from dutyroom.model.availability import Availability, Cause, PollRecord, Silence
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.rules.availability import counted
from dutyroom.rules.report_period import parse

T0 = datetime(2026, 10, 5, 0, 0, tzinfo=UTC)
DAY = 86400
END = T0 + timedelta(days=1)


def at(second: float) -> datetime:
    """So many seconds after the beginning."""
    return T0 + timedelta(seconds=second)


def failed(began: int, ended: int | None, polls: int = 3, last: int | None = None) -> Silence:
    """A run of failed polls, one a minute."""
    second = at(began + 60) if polls > 1 else None
    newest = last if last is not None else began + 60 * (polls - 1)
    return Silence("ups-a", at(began), Cause.FAILED, polls, second, at(newest), None if ended is None else at(ended))


def pause(began: int, ended: int | None) -> Silence:
    """Nobody polled."""
    return Silence("ups-a", at(began), Cause.NOT_POLLED, ended=None if ended is None else at(ended))


def window(began: int, ended: int, number: int = 1, **changes: object) -> MaintenanceWindow:
    """A window for the UPS, entered an hour before."""
    one = MaintenanceWindow(at(began), at(ended), ("ups-a",), "new battery", at(began - 3600), "li", id=number)
    return replace(one, **changes)  # type: ignore[arg-type]


def record(*silences: Silence, first: int = -DAY, newest: int = 2 * DAY) -> PollRecord:
    """Polled since the day before and until the day after."""
    return PollRecord("ups-a", at(first), at(newest), at(3 * DAY), END, 1, 2, 3, silences)


def told(found: Availability) -> tuple[int, int, int, int]:
    """Up, down, planned, unknown."""
    return found.up_s, found.down_s, found.planned_s, found.unknown_s


def test_two_failed_polls_make_down_from_the_first_to_the_answer_and_one_does_not() -> None:
    found = counted(record(failed(600, 660, polls=1), failed(3600, 3780)), (), T0, END)
    assert told(found) == (DAY - 180, 180, 0, 0)
    assert (found.times_down, found.longest_s, found.share) == (1, 180, (DAY - 180) / DAY)
    assert [(span.began, span.ended, span.id) for span in found.spans] == [
        (at(3600), at(3780), f"silence:ups-a@{int(T0.timestamp()) + 3600}")
    ]
    assert (found.ok, found.failed, found.none) == (1, 2, 3)


def test_a_day_counted_by_hand() -> None:
    found = counted(
        record(failed(3600, 4200), pause(20_000, 27_200), failed(40_000, 47_200), failed(50_000, 50_300)),
        [window(43_600, 50_100), window(45_000, 46_000, 2), window(60_000, 61_000, 3, devices=("ups-b",))],
        T0,
        END,
    )
    # Down: 600 s, 3,600 s before the window, 200 s after it. Planned: 6,500 s. Unknown: 7,200 s.
    assert told(found) == (DAY - 600 - 3600 - 200 - 6500 - 7200, 4400, 6500, 7200)
    assert [(span.down_s, span.planned_s) for span in found.spans] == [(600, 0), (3600, 3600), (200, 100)]
    assert [span.windows for span in found.spans] == [(), ("maintenance:1", "maintenance:2"), ("maintenance:1",)]
    assert found.windows == ("maintenance:1", "maintenance:2")
    assert (found.times_down, found.longest_s) == (3, 3600)


def test_a_window_entered_after_its_start_does_not_count_and_a_cancelled_one_ends_then() -> None:
    down = failed(10_000, 20_000)
    late = window(10_000, 20_000, entered_at=at(10_001))
    assert told(counted(record(down), [late], T0, END)) == (DAY - 10_000, 10_000, 0, 0)
    cancelled = window(10_000, 20_000, cancelled_at=at(15_000))
    assert told(counted(record(down), [cancelled], T0, END)) == (DAY - 10_000, 5000, 5000, 0)
    before = window(10_000, 20_000, cancelled_at=at(9000))
    assert told(counted(record(down), [before], T0, END)) == (DAY - 10_000, 10_000, 0, 0)
    room = window(10_000, 20_000, devices=())
    found = counted(record(down), [room], T0, END)
    assert told(found) == (DAY - 10_000, 0, 10_000, 0)
    assert (found.times_down, found.longest_s, len(found.spans)) == (0, 0, 1)


def test_time_before_the_first_poll_is_not_counted_and_a_source_nobody_polled_has_no_number() -> None:
    found = counted(record(first=40_000), (), T0, END)
    assert found.counted_from == at(40_000)
    assert told(found) == (DAY - 40_000, 0, 0, 0)
    never = counted(record(first=2 * DAY), (), T0, END)
    assert (never.counted_from, never.share, told(never)) == (None, None, (0, 0, 0, 0))


def test_after_the_newest_poll_nothing_is_known_but_for_a_short_tail() -> None:
    assert told(counted(record(newest=DAY - 3600), (), T0, END)) == (DAY - 3600, 0, 0, 3600)
    assert told(counted(record(newest=DAY - 119), (), T0, END)) == (DAY, 0, 0, 0)
    assert told(counted(record(newest=DAY - 120), (), T0, END)) == (DAY - 120, 0, 0, 120)
    # Polled every five minutes: two intervals are no pause.
    assert told(counted(record(newest=DAY - 599), (), T0, END, 300.0)) == (DAY, 0, 0, 0)


def test_what_is_still_down_at_the_end_is_down_up_to_there() -> None:
    found = counted(record(failed(DAY - 1000, None, last=2 * DAY)), (), T0, END)
    assert told(found) == (DAY - 1000, 1000, 0, 0)
    assert found.spans[0].lasts
    assert counted(record(failed(DAY - 1000, DAY + 50_000, last=DAY + 49_000)), (), T0, END) == found
    # Whether the second poll fails is not known yet at the end of the day.
    assert told(counted(record(failed(DAY - 30, None, last=2 * DAY)), (), T0, END)) == (DAY, 0, 0, 0)


def test_a_source_that_was_removed_while_down_is_unknown_from_then_on() -> None:
    found = counted(record(failed(1000, None, last=4600), newest=4600), (), T0, END)
    assert told(found) == (1000, 3600, 0, DAY - 4600)
    assert not found.spans[0].lasts
    gone = counted(record(failed(1000, None, last=4600), newest=4600), (), END, END + timedelta(days=1))
    assert (told(gone), gone.share) == ((0, 0, 0, DAY), None)


def test_a_watch_that_is_off_at_the_end_gives_the_same_before_and_after_it_comes_back() -> None:
    for off in (DAY - 50, DAY - 7200):
        for silences in ((), (failed(off - 180, None, last=off),)):
            early = replace(record(*silences, newest=off), read_at=at(DAY + 9000))
            ended = tuple(replace(one, ended=one.last) for one in silences)
            none = 3 if off == DAY - 7200 else 0
            hours = early.none + (239 if none else 1)
            late = replace(record(*ended, pause(off, 2 * DAY), newest=5 * DAY), none=hours)
            assert counted(early, (), T0, END, 30.0) == counted(late, (), T0, END, 30.0), off


def test_months_of_a_zone_with_summer_time_are_as_long_as_they_are() -> None:
    zone = ZoneInfo("Europe/Berlin")
    for name, hours in (("2026-03", 743), ("2026-10", 745), ("2026-11", 720)):
        period = parse(name)
        begins, ends = period.begins_at(zone), period.ends_at(zone)
        over = PollRecord("ups-a", begins - timedelta(days=1), ends + timedelta(days=1), ends + timedelta(days=9), ends)
        crossing = Silence("ups-a", ends - timedelta(hours=1), Cause.FAILED, 9, ends - timedelta(minutes=59))
        crossing = replace(crossing, last=ends, ended=ends + timedelta(hours=2))
        found = counted(replace(over, silences=(crossing,)), (), begins, ends)
        assert told(found) == ((hours - 1) * 3600, 3600, 0, 0)
        after = parse(f"{(date.fromisoformat(name + '-28') + timedelta(days=5)):%Y-%m}")
        rest = counted(replace(over, silences=(crossing,)), (), after.begins_at(zone), ends + timedelta(days=1))
        assert told(rest) == (86400 - 7200, 7200, 0, 0)


SIZE = 400
SPANS = st.tuples(st.integers(0, SIZE), st.integers(0, 90)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(SPANS, max_size=4),
    st.lists(SPANS, max_size=3),
    st.lists(st.tuples(SPANS, st.booleans(), st.integers(0, 120)), max_size=3),
    st.integers(-50, SIZE),
)
def test_it_is_what_counting_second_by_second_gives(
    runs: list[tuple[int, int]],
    pauses: list[tuple[int, int]],
    windows: list[tuple[tuple[int, int], bool, int]],
    first: int,
) -> None:
    silences = [failed(began, ended + 61, polls=2) for began, ended in runs] + [pause(*one) for one in pauses]
    silences = [one for one in silences if one.cause is Cause.FAILED or one.ended != at(SIZE)]
    planned = [
        window(*span, number, entered_at=at(span[0] + (1 if late else -9)), cancelled_at=at(span[0] + over))
        for number, (span, late, over) in enumerate(windows)
    ]
    found = counted(record(*silences, first=first), planned, T0, at(SIZE))
    tally = [0, 0, 0, 0]
    over_end = [one for one in silences if one.cause is Cause.NOT_POLLED and one.ended is not None]
    known = min(
        [SIZE, *(int((one.began - T0).total_seconds()) for one in over_end if one.ended and one.ended > at(SIZE))]
    )
    for second in range(max(0, first), SIZE):
        now = at(second)
        if any(one.starts_at <= now < one.over_at and one.entered_at <= one.starts_at for one in planned):
            tally[2] += 1
        elif any(
            one.ended is not None and one.began <= now < one.ended and (one.ended < at(SIZE) or SIZE - known >= 120)
            for one in over_end
        ):
            tally[3] += 1
        elif any(
            one.cause is Cause.FAILED and one.began <= now and one.ended is not None and now < one.ended
            and one.second is not None and one.second < at(SIZE)
            for one in silences
        ):  # fmt: skip
            tally[1] += 1
        else:
            tally[0] += 1
    assert told(found) == tuple(tally)
    assert sum(told(found)) == SIZE - max(0, first)
