"""Samples in, history and hourly counts out."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutyroom.model.facts import (
    DeviceFacts,
    Implausible,
    Interface,
    Line,
    Link,
    Part,
    RuntimeBasis,
    ServerFacts,
    Temperature,
    UpsFacts,
    Volume,
)
from dutyroom.model.history import HourOfPolls, HourOfReadings, Reading
from dutyroom.model.reading import Kind, Latest, Sample, StaleBy, State
from dutyroom.store import readings
from dutyroom.store.database import Store
from dutyroom.store.headline import NETWORK, SERVER, UPS, headline
from dutyroom.store.hours import HOUR_S, hour_of, missed_polls

T0 = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
END = T0 + timedelta(days=2)


def after(seconds: float) -> datetime:
    """That many seconds after eight o'clock."""
    return T0 + timedelta(seconds=seconds)


def ups(at: datetime, **facts: object) -> Sample:
    """A UPS on mains that answered."""
    whole = UpsFacts(
        status=("OL", "CHRG"),
        line=Line.MAINS,
        charge_percent=100.0,
        runtime_s=5400.0,
        runtime_basis=RuntimeBasis.REPORTED,
        load_percent=31.5,
        input_voltage_v=229.0,
        output_voltage_v=230.0,
        battery_voltage_v=54.1,
        temperature_c=25.0,
        alarm="更换电池",
        model="Smart-UPS 8000",
        implausible=(Implausible("battery.runtime", "65535", "sentinel"),),
        variables=(("battery.charge", "100"), ("ups.mfr", "施耐德")),
    )
    return Sample("ups-a", Kind.UPS, at, State.OK, took_s=0.04, ups=replace(whole, **facts))  # type: ignore[arg-type]


def switch(at: datetime) -> Sample:
    """A switch with one port up and one down, whose fan table was missing."""
    device = DeviceFacts(
        sys_name="core-1",
        sys_descr="交换机",
        sys_object_id="1.3.6.1.4.1.2011.2.23.276",
        vendor="Huawei",
        uptime_s=17470829.7,
        cpu_percent=7.0,
        fans=(Part("fan 1", "ok"),),
        power_supplies=(Part("psu 2", "fault"),),
        interfaces=(
            Interface(6, "GE0/0/1", "port", "上联", 6, "up", "up", 10**9, 2**63, 1, 2, 3, 4, 5),
            Interface(7, "GE0/0/2", admin="up", oper="down"),
        ),
    )
    return Sample("core-1", Kind.NETWORK, at, State.PARTIAL, "no fan table", took_s=1.0, device=device)


def server(at: datetime) -> Sample:
    """A server with two sensors and two volumes."""
    facts = ServerFacts(
        cpu_percent=12.0,
        memory_percent=48.0,
        load_1m=0.4,
        uptime_s=86400.0,
        boot_time=T0,
        temperatures=(Temperature("cpu", 41.0), Temperature("disk", 44.5)),
        network=(Link("eth0", True, 0),),
        volumes=(Volume("/", 61.0), Volume("/备份", 83.0)),
    )
    return Sample("duty-pc", Kind.SERVER, at, State.OK, server=facts)


def failed(at: datetime, source: str = "ups-a", took_s: float | None = None) -> Sample:
    """A poll that got no answer."""
    return Sample(source, Kind.UPS, at, State.TIMEOUT, "no answer in 2 s", StaleBy.DRIVER, took_s)


def put(store: Store, *samples: Sample, interval: float = 5.0) -> None:
    """Stores the samples in one transaction, every source polled alike."""
    with store.write() as s:
        readings.put_samples(s, samples, {sample.source: interval for sample in samples})


def none_by_hour(store: Store, source: str = "ups-a") -> dict[int, int]:
    """Hour of the day to polls never made, where there are any."""
    with store.read() as s:
        found = readings.polls(s, T0 - timedelta(days=2), END)
    return {hour.hour.hour: hour.none for hour in found if hour.source == source and hour.none}


def test_samples_of_every_kind_round_trip_whole(store: Store) -> None:
    samples = (ups(after(0.25)), switch(after(1)), server(after(2)))
    put(store, *samples)
    with store.read() as s:
        found = readings.latest(s)
    assert [(one.sample, one.good) for one in found.values()] == [(sample, sample) for sample in samples]
    assert list(found) == ["ups-a", "core-1", "duty-pc"]


def test_a_port_that_was_up_once_is_remembered(store: Store) -> None:
    put(store, switch(after(0)))
    down = DeviceFacts(interfaces=(Interface(6, "GE0/0/1", admin="up", oper="down"),))
    put(store, replace(switch(after(30)), device=down), ups(after(30)))
    put(store, Sample("core-1", Kind.NETWORK, after(60), State.TIMEOUT))
    with store.read() as s:
        found = readings.latest(s)
    assert found["core-1"].ever_up == ("GE0/0/1",)
    assert found["ups-a"].ever_up == ()


def test_a_failure_stands_beside_the_last_good_sample(store: Store) -> None:
    good, bad, worse = ups(after(0)), failed(after(5)), failed(after(10))
    put(store, bad)
    with store.read() as s:
        assert readings.latest(s)["ups-a"] == Latest(bad, None)
    put(store, good, bad)
    put(store, worse)
    with store.read() as s:
        assert readings.latest(s)["ups-a"] == Latest(worse, good)
    again = ups(after(15))
    put(store, again)
    with store.read() as s:
        assert readings.latest(s)["ups-a"] == Latest(again, again)


def test_headlines_are_those_that_are_known() -> None:
    assert tuple(headline(ups(T0))) == UPS
    assert headline(switch(T0)) == {"cpu_percent": 7.0, "ports_up": 1.0, "ports_down": 1.0}
    assert set(headline(switch(T0))) < set(NETWORK)
    assert headline(server(T0)) == dict(zip(SERVER, (12.0, 48.0, 0.4, 83.0, 44.5), strict=True))
    assert "runtime_s" not in headline(ups(T0, runtime_s=None))
    assert "runtime_s" not in headline(ups(T0, runtime_s=math.nan))
    # A failed sample has no headline even when facts were left in it.
    assert headline(replace(ups(T0), state=State.STALE)) == {}
    assert headline(Sample("core-1", Kind.NETWORK, T0, State.OK, device=DeviceFacts())) == {}


def test_raw_readings_are_one_a_minute_and_the_hour_counts_all(store: Store) -> None:
    for n in range(120):
        put(store, ups(after(5 * n), load_percent=float(n)))
    with store.read() as s:
        raw = readings.history(s, "ups-a", "load_percent", T0, END)
        assert raw == tuple(Reading("ups-a", "load_percent", after(60 * n), 12.0 * n) for n in range(10))
        assert readings.hours(s, "ups-a", "load_percent", T0, END) == (
            HourOfReadings("ups-a", "load_percent", T0, 120, 0.0, 59.5, 119.0),
        )
        assert readings.history(s, "ups-a", "load_percent", after(60), after(120)) == raw[1:2]
        assert readings.history(s, "ups-b", "load_percent", T0, END) == ()


def test_one_batch_is_thinned_like_many(store: Store) -> None:
    put(store, *(ups(after(5 * n)) for n in range(25)))
    with store.read() as s:
        assert len(readings.history(s, "ups-a", "runtime_s", T0, END)) == 3


def test_a_clock_set_back_stops_neither_readings_nor_counts(store: Store) -> None:
    put(store, ups(after(8 * 3600)))
    put(store, ups(after(0)), ups(after(5)), ups(after(60)), interval=30.0)
    with store.read() as s:
        assert [r.at for r in readings.history(s, "ups-a", "runtime_s", T0, END)] == [
            after(0),
            after(60),
            after(8 * 3600),
        ]
    assert none_by_hour(store) == {}


def test_failed_polls_leave_no_reading(store: Store) -> None:
    put(store, failed(after(0)), failed(after(5)))
    with store.read() as s:
        assert readings.hours(s, "ups-a", "runtime_s", T0, END) == ()
        assert readings.polls(s, T0, END) == (HourOfPolls("ups-a", T0, 0, 2, 0),)


def test_polls_are_counted_by_hour_and_source(store: Store) -> None:
    put(store, ups(after(3590)), failed(after(3595)), ups(after(3600)), failed(after(3600), "ups-b"))
    with store.read() as s:
        assert readings.polls(s, T0, END) == (
            HourOfPolls("ups-a", T0, 1, 1, 0),
            HourOfPolls("ups-a", after(3600), 1, 0, 0),
            HourOfPolls("ups-b", after(3600), 0, 1, 0),
        )
        assert [hour.hour for hour in readings.polls(s, after(10), after(3600))] == [T0]


def test_polls_never_made_are_spread_over_their_hours(store: Store) -> None:
    put(store, ups(after(3000)))
    # Due every 300 s from 3300 on: 3300 in the first hour, 3600..6900 in the second, 7200 and 7500 in the third.
    put(store, replace(ups(after(7800)), took_s=0.0), interval=300.0)
    assert none_by_hour(store) == {8: 1, 9: 12, 10: 2}


def test_nothing_is_missing_before_the_first_sample_or_within_two_intervals(store: Store) -> None:
    put(store, ups(after(0)))
    put(store, replace(ups(after(10)), took_s=0.0))
    assert none_by_hour(store) == {}
    put(store, replace(ups(after(20.1)), took_s=0.0))
    assert none_by_hour(store) == {8: 1}


def test_a_slow_answer_is_no_missed_poll(store: Store) -> None:
    put(store, ups(after(0)), failed(after(25), took_s=20.0))
    assert none_by_hour(store) == {}


def test_a_source_without_interval_misses_nothing(store: Store) -> None:
    with store.write() as s:
        readings.put_samples(s, [ups(after(0)), ups(after(3600))], {})
    assert none_by_hour(store) == {}


@given(
    ended=st.floats(0, 10_000),
    gap=st.floats(-100, 100_000),
    interval=st.sampled_from([0.0, 0.7, 2.0, 5.0, 30.0, 4000.0]),
)
def test_missed_polls_add_up_and_lie_in_the_gap(ended: float, gap: float, interval: float) -> None:
    # What floating-point leaves of the gap is the gap that is asked about.
    gap = (ended + gap) - ended
    found = dict(missed_polls(ended, ended + gap, interval))
    expected = [] if interval <= 0 or gap <= 2 * interval else range(1, math.floor(gap / interval))
    hours: dict[int, int] = {}
    for k in expected:
        hour = hour_of(ended + k * interval)
        hours[hour] = hours.get(hour, 0) + 1
    assert sum(found.values()) == sum(hours.values())
    # On the very border of an hour rounding may put one poll to either side.
    assert all(abs(found.get(hour, 0) - hours.get(hour, 0)) <= 1 for hour in found | hours)
    assert all(hour % HOUR_S == 0 and hour_of(ended) <= hour <= ended + gap for hour in found)


def test_a_year_without_polls_is_counted_at_once() -> None:
    found = dict(missed_polls(0.0, 365 * 86400.0, 5.0))
    assert len(found) == 365 * 24
    assert sum(found.values()) == 365 * 86400 // 5 - 1


def test_history_is_put_in_bulk_and_rolled_up(store: Store) -> None:
    told = [Reading("ups-a", "load_percent", after(20 * n), float(n)) for n in range(360)]
    with store.write() as s:
        readings.put_history(s, told, [HourOfPolls("ups-a", T0, 180, 0, 0)])
        readings.put_history(s, [Reading("ups-a", "load_percent", after(7200), 1.0)])
    with store.read() as s:
        assert readings.history(s, "ups-a", "load_percent", T0, after(7200)) == tuple(told)
        assert readings.hours(s, "ups-a", "load_percent", T0, after(7200)) == (
            HourOfReadings("ups-a", "load_percent", T0, 180, 0.0, 89.5, 179.0),
            HourOfReadings("ups-a", "load_percent", after(3600), 180, 180.0, 269.5, 359.0),
        )
        assert readings.polls(s, T0, END) == (HourOfPolls("ups-a", T0, 180, 0, 0),)


def test_pruning_takes_whole_rolled_up_hours_and_leaves_the_roll_ups(store: Store) -> None:
    told = [Reading("ups-a", "load_percent", after(60 * n), 1.0) for n in range(180)]
    with store.write() as s:
        readings.put_history(s, told)
        s.connection().exec_driver_sql("DELETE FROM hourly_readings WHERE hour_s = ?", (int(T0.timestamp()),))
    with store.write() as s:
        assert readings.prune(s, after(2.5 * 3600)) == 60
        assert readings.prune(s, after(2.5 * 3600)) == 0
    with store.read() as s:
        left = readings.history(s, "ups-a", "load_percent", T0, END)
        # The first hour is not rolled up, the third is not over.
        assert [r.at for r in left] == [r.at for r in told[:60] + told[120:]]
        assert len(readings.hours(s, "ups-a", "load_percent", T0, END)) == 2


def test_times_without_a_zone_are_refused(store: Store) -> None:
    naive = T0.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        put(store, ups(naive))
    with pytest.raises(ValueError, match="time zone"), store.write() as s:
        readings.put_history(s, [Reading("ups-a", "x", naive, 1.0)])
    with pytest.raises(ValueError, match="time zone"), store.read() as s:
        readings.polls(s, naive, END)
    with store.read() as s:
        assert readings.latest(s) == {}


def test_what_a_probe_at_the_ups_tells_of_the_room_is_kept_and_nonsense_is_not() -> None:
    told = (("ambient.humidity", "52.0"), ("ambient.temperature", "23,4"))
    values = headline(Sample("ups-a", Kind.UPS, T0, State.OK, ups=UpsFacts(variables=told)))
    assert (values["ambient_temperature_c"], values["ambient_humidity_percent"]) == (23.4, 52.0)
    nonsense = (("ambient.humidity", "NA"), ("ambient.temperature", "6553.5"))
    assert headline(Sample("ups-a", Kind.UPS, T0, State.OK, ups=UpsFacts(variables=nonsense))) == {}


def test_what_live_gives_to_the_room_has_history_under_its_own_name(store: Store) -> None:
    told = ServerFacts(cpu_percent=3.0, temperatures=(Temperature("Inlet", 22.5), Temperature("CPU 1", 61.0)))
    samples = [Sample("his-1", Kind.SERVER, after(n * 60), State.OK, server=told) for n in range(2)]
    also = {"his-1": ("temperature:Inlet", "link:eth0", "temperature:Gone", "cpu_percent")}
    with store.write() as session:
        readings.put_samples(session, samples, {}, also)
    with store.read() as session:
        (hour,) = readings.hours(session, "his-1", "temperature:Inlet", T0, END)
        assert (hour.low, hour.mean, hour.high, hour.count) == (22.5, 22.5, 22.5, 2)
        (cpu,) = readings.hours(session, "his-1", "cpu_percent", T0, END)
        assert cpu.count == 2
        for unknown in ("link:eth0", "temperature:Gone", "temperature:CPU 1"):
            assert readings.hours(session, "his-1", unknown, T0, END) == ()


def test_a_probe_at_a_ups_keeps_its_one_name() -> None:
    sample = ups(T0, variables=(("ambient.temperature", "24.5"),))
    assert headline(sample, ("ambient.temperature",)) == headline(sample)
    assert headline(sample)["ambient_temperature_c"] == 24.5
