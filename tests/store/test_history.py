"""A history with failed polls and a pause of the watch, written as the watch writes it, read as the charts read it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dutyroom import clock
from dutyroom.checklists import shipped, text_of
from dutyroom.duty.desk import Desk
from dutyroom.duty.history import limit_of, quantities, read_series
from dutyroom.model.devices import Server, Ups
from dutyroom.model.events import CLOCK, Boot, Event
from dutyroom.model.facts import UpsFacts
from dutyroom.model.history import Gap, GapReason, HourOfPolls, Reading, Series, Span
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.model.site import Language, LimitProfile, Site
from dutyroom.store import events, history, poll_gaps, readings
from dutyroom.store.database import Store

T0 = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
POLL_S = 30.0


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk over an empty store."""
    url = f"sqlite:///{tmp_path}/room/duty.db"
    site = Site(
        Language("en"), ZoneInfo("Asia/Shanghai"), "Hospital", "Room", 10800.0, LimitProfile.GB50174, time(15, 0),
        url, "f" * 64, ups=(Ups("ups-a", "UPS A", 21600.0),), servers=(Server("pc", "PC", "local"),),
    )  # fmt: skip
    store = Store.open(url)
    yield Desk(store, site, shipped("daily", site.limit_profile), text_of("daily"))
    store.close()


def sample(minute: float, load: float | None = 31.0, state: State = State.OK) -> Sample:
    """One poll of the UPS; with another state a failed one."""
    at = T0 + timedelta(minutes=minute)
    facts = UpsFacts(status=("OL",), load_percent=load) if state.knows else None
    return Sample("ups-a", Kind.UPS, at, state, took_s=0.0, ups=facts, boot=Boot("b", 1e6 + minute * 60))


def put(desk: Desk, *samples: Sample) -> None:
    """Each in a transaction of its own, as the watch's cycles are."""
    for one in samples:
        with desk.store.write() as session:
            readings.put_samples(session, [one], {"ups-a": POLL_S})


def polls(first: float, last: float, load: float | None = 31.0, state: State = State.OK) -> list[Sample]:
    """A poll every 30 seconds."""
    return [sample(first + n / 2, load, state) for n in range(int((last - first) * 2) + 1)]


def minutes(series: Series) -> list[tuple[float, float, str, str]]:
    """The gaps as minutes after the beginning, with reason and state."""
    one = timedelta(minutes=1)
    return [((g.began - T0) / one, (g.ended - T0) / one, g.reason.value, g.state) for g in series.gaps if g.ended > T0]


def test_failed_polls_a_pause_and_an_unknown_value_are_three_different_gaps(desk: Desk) -> None:
    put(desk, *polls(0, 10), *polls(10.5, 15, state=State.TIMEOUT), *polls(15.5, 17, state=State.AUTH))
    put(desk, *polls(17.5, 20), *polls(35, 40), *polls(40.5, 50, load=None), *polls(50.5, 55))
    found = read_series(desk, "ups-a", "load_percent", Span.HOUR, T0 + timedelta(minutes=55))
    assert minutes(found) == [
        (10.0, 15.0, "failed", "timeout"),
        (15.0, 17.5, "failed", "auth"),
        (19.5, 35.0, "not-polled", ""),
        (40.0, 50.5, "no-value", ""),
    ]
    assert {point.mean for point in found.points} == {31.0}
    assert found.last is not None
    assert found.last.at == T0 + timedelta(minutes=54.5)  # one reading a minute is kept


def test_a_pause_in_which_the_source_failed_before_and_after_is_a_pause(desk: Desk) -> None:
    put(desk, *polls(0, 5), *polls(5.5, 10, state=State.TIMEOUT), *polls(30, 35, state=State.TIMEOUT), *polls(36, 40))
    found = read_series(desk, "ups-a", "load_percent", Span.HOUR, T0 + timedelta(minutes=40))
    assert [(reason, state) for _began, _ended, reason, state in minutes(found)] == [
        ("failed", "timeout"), ("not-polled", ""), ("failed", "timeout"),
    ]  # fmt: skip


def test_one_failed_poll_is_no_gap_and_is_on_record(desk: Desk) -> None:
    put(desk, *polls(0, 10), sample(10.5, state=State.TIMEOUT), *polls(11, 20))
    found = read_series(desk, "ups-a", "load_percent", Span.HOUR, T0 + timedelta(minutes=20))
    assert minutes(found) == []
    assert [(gap.reason, gap.state) for gap in found.failures] == [(GapReason.FAILED, "timeout")]


def test_the_newest_poll_that_failed_ends_the_line(desk: Desk) -> None:
    put(desk, *polls(0, 10), *polls(10.5, 20, state=State.UNREACHABLE))
    found = read_series(desk, "ups-a", "load_percent", Span.HOUR, T0 + timedelta(minutes=20))
    assert minutes(found) == [(10.0, 20.0, "failed", "unreachable")]


def test_since_the_watch_has_stopped_nobody_polls_and_that_is_no_unknown_value(desk: Desk) -> None:
    put(desk, *polls(0, 10))
    found = read_series(desk, "ups-a", "load_percent", Span.HOUR, T0 + timedelta(minutes=30))
    assert minutes(found) == [(10.0, 30.0, "not-polled", "")]
    put(desk, *polls(10.5, 12, state=State.TIMEOUT))
    found = read_series(desk, "ups-a", "load_percent", Span.HOUR, T0 + timedelta(minutes=30))
    assert minutes(found) == [(10.0, 12.0, "failed", "timeout"), (12.0, 30.0, "not-polled", "")]
    week = read_series(desk, "ups-a", "load_percent", Span.WEEK, T0 + timedelta(hours=5))
    assert [reason for _began, _ended, reason, _state in minutes(week)] == ["not-polled"]


def test_a_clock_set_forward_is_a_gap_of_its_own(desk: Desk) -> None:
    put(desk, *polls(0, 10))
    later = [
        Sample(one.source, one.kind, one.at + timedelta(minutes=20), one.state, took_s=0.0, ups=one.ups, boot=one.boot)
        for one in polls(10.5, 15)
    ]
    put(desk, *later)
    was, now = T0 + timedelta(minutes=10.5), T0 + timedelta(minutes=30.5)
    params = (("by", "1200.0"), ("was", was.isoformat()), ("now", now.isoformat()))
    with desk.store.write() as session:
        events.add(session, [Event(now, CLOCK, "clock-step", params)])
    found = read_series(desk, "ups-a", "load_percent", Span.HOUR, T0 + timedelta(minutes=35))
    assert [reason for _began, _ended, reason, _state in minutes(found)] == ["clock-set"]
    assert [step.code for step in found.steps] == ["clock-step"]


def test_a_week_shows_hours_with_their_extremes_and_the_hours_nobody_polled(desk: Desk) -> None:
    values = [
        Reading("ups-a", "load_percent", T0 + timedelta(hours=hour, minutes=minute), 30.0 + minute)
        for hour in (*range(10), *range(15, 24))
        for minute in (0, 20)
    ]
    counted = [HourOfPolls("ups-a", T0 + timedelta(hours=hour), 2, 0, 0) for hour in (*range(10), *range(15, 24))]
    counted += [HourOfPolls("ups-a", T0 + timedelta(hours=hour), 0, 0, 120) for hour in range(10, 13)]
    counted += [HourOfPolls("ups-a", T0 + timedelta(hours=hour), 0, 120, 0) for hour in range(13, 15)]
    with desk.store.write() as session:
        readings.put_history(session, values, counted)
    found = read_series(desk, "ups-a", "load_percent", Span.WEEK, T0 + timedelta(hours=24))
    assert found.by_hour
    assert {(point.low, point.mean, point.high, point.count) for point in found.points} == {(30.0, 40.0, 50.0, 2)}
    assert minutes(found)[-2:] == [(600, 780, "not-polled", ""), (780, 900, "failed", "")]


def test_a_day_older_than_the_raw_readings_is_shown_by_its_hours(desk: Desk) -> None:
    with desk.store.write() as session:
        readings.put_history(
            session, [Reading("ups-a", "load_percent", T0 + timedelta(minutes=n), 31) for n in range(90)]
        )
        readings.prune(session, T0 + timedelta(days=1))
    now = T0 + timedelta(days=60)
    found = read_series(desk, "ups-a", "load_percent", Span.DAY, now, T0 + timedelta(hours=20))
    assert found.by_hour
    assert [(point.at.hour, point.count) for point in found.points] == [(0, 60), (1, 30)]
    assert found.last == Reading("ups-a", "load_percent", T0 + timedelta(hours=1), 31.0)


def test_gaps_are_pruned_with_the_raw_readings(desk: Desk) -> None:
    put(desk, *polls(0, 10), *polls(10.5, 15, state=State.TIMEOUT), sample(16))
    with desk.store.write() as session:
        readings.prune(session, T0)
        assert len(poll_gaps.between(session, "ups-a", T0, T0 + timedelta(days=1))) == 1
        readings.prune(session, T0 + timedelta(days=1))
        assert poll_gaps.between(session, "ups-a", T0, T0 + timedelta(days=1)) == ()


def test_gaps_can_be_filled_in_with_a_period_of_history(desk: Desk) -> None:
    gap = Gap(T0, T0 + timedelta(minutes=5), GapReason.FAILED, "timeout")
    with desk.store.write() as session:
        readings.put_history(session, [], [], {"ups-a": [gap]})
        assert poll_gaps.between(session, "ups-a", T0, T0) == (gap,)
        assert poll_gaps.between(session, "pc", T0, T0) == ()


def test_every_query_of_a_chart_goes_by_a_key(desk: Desk) -> None:
    put(desk, *polls(0, 2))
    seen: list[str] = []
    with desk.store.read() as session:
        connection = session.connection()
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.set_trace_callback(seen.append)
        history.readings(session, "ups-a", "load_percent", T0, T0)
        history.hours(session, "ups-a", "load_percent", T0, T0)
        history.polls(session, "ups-a", T0, T0)
        history.last(session, "ups-a", "load_percent")
        poll_gaps.between(session, "ups-a", T0, T0)
        history.steps(session, T0, T0)
        raw.set_trace_callback(None)
        queries = [query for query in seen if query.lstrip().upper().startswith("SELECT")]
        plans = [str(row[3]) for query in queries for row in raw.execute(f"EXPLAIN QUERY PLAN {query}")]
    assert len(queries) >= 6
    assert plans
    assert not [plan for plan in plans if plan.startswith("SCAN")], plans


def test_a_month_of_one_series_is_read_in_milliseconds_beside_many_others(desk: Desk) -> None:
    start = T0 - timedelta(days=30)
    with desk.store.write() as session:
        for quantity in ("charge_percent", "load_percent", "input_voltage_v"):
            values = [Reading("ups-a", quantity, start + timedelta(minutes=20 * n), n % 50) for n in range(30 * 72)]
            readings.put_history(session, values)
    took = []
    for _n in range(5):
        began = clock.monotonic()
        found = read_series(desk, "ups-a", "load_percent", Span.MONTH, T0)
        took.append(clock.monotonic() - began)
    assert len(found.points) >= 29 * 24
    # A scan of all series would take as long as there are series; twenty times the usual, for a machine under load.
    assert min(took) < 0.2


def test_what_has_a_history_is_listed_with_what_its_kind_usually_has(desk: Desk) -> None:
    put(desk, *polls(0, 2))
    found = {one.quantity: one.last for one in quantities(desk, "ups-a")}
    assert found["load_percent"] == Reading("ups-a", "load_percent", T0 + timedelta(minutes=2), 31.0)
    assert found["runtime_s"] is None
    assert next(iter(found)) == "charge_percent"


def test_normal_limits_come_from_the_checklist_and_the_site(desk: Desk) -> None:
    load, runtime = limit_of(desk, "ups-a", "load_percent"), limit_of(desk, "ups-a", "runtime_s")
    assert load is not None
    assert load.normal is not None
    assert (load.normal.low, load.normal.high) == (0, 60)
    assert runtime is not None
    assert runtime.normal is not None
    assert runtime.normal.low == 21600.0
    assert limit_of(desk, "pc", "load_1m") is None
    assert limit_of(desk, "nobody", "load_percent") is None
