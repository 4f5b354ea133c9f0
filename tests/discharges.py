"""A discharge test as it is played in tests: what the UPS says meanwhile, and the watch that takes it in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from dutyroom.duty.desk import Desk
from dutyroom.duty.discharge_tests import StopAt, start
from dutyroom.model.events import Heartbeat
from dutyroom.model.facts import Line
from dutyroom.model.reading import Sample
from dutyroom.model.runtime import DischargeTest
from dutyroom.store import events, readings
from dutyroom.watch.discharge_tests import TestKeeper
from tests.desks import ACTOR, NOW, failed, ups_sample

VOUCHED = ("feeds", "person", "agreed")


def on_battery(later_s: float, charge: float | None, name: str = "ups-a", **facts: object) -> Sample:
    """A UPS on battery, so many seconds after NOW."""
    at = NOW + timedelta(seconds=later_s)
    known: dict[str, object] = {"status": ("OB", "DISCHRG"), "line": Line.BATTERY, "input_voltage_v": 229.0}
    return ups_sample(name, at, **{**known, "charge_percent": charge, "runtime_s": 3600.0, **facts})


def on_mains(later_s: float, charge: float = 100.0, name: str = "ups-a", **facts: object) -> Sample:
    """The same UPS on mains."""
    return ups_sample(name, NOW + timedelta(seconds=later_s), charge_percent=charge, **facts)


def silent(later_s: float, name: str = "ups-a") -> Sample:
    """The same UPS not answering."""
    return failed(ups_sample(name, NOW + timedelta(seconds=later_s)))


def record(desk: Desk, *samples: Sample, keeper: TestKeeper | None = None, at: datetime | None = None) -> None:
    """One transaction of the recorder, with its sign of life."""
    with desk.store.write() as session:
        readings.put_samples(session, samples, {})
        beat = at or max((one.at for one in samples), default=NOW)
        events.beat(session, Heartbeat("test", 1, NOW - timedelta(hours=1), beat, desk.site.fingerprint))
        if keeper is not None:
            events.add(session, keeper.take(session, samples))


def begun(desk: Desk, stop: StopAt = StopAt(40.0)) -> DischargeTest:
    """A test of UPS A that waits for its first reading on battery."""
    record(desk, on_mains(0), on_mains(0, name="ups-b"))
    return start(desk, ACTOR, "ups-a", stop, VOUCHED, NOW)


def asked_at_once(keeper: TestKeeper) -> TestKeeper:
    """The keeper, which forgets that it asked the store just now."""
    keeper._asked_s = float("-inf")
    return keeper


def with_test(sample: Sample, **facts: object) -> Sample:
    """The sample with other facts."""
    assert sample.ups is not None
    return replace(sample, ups=replace(sample.ups, **facts))  # type: ignore[arg-type]
