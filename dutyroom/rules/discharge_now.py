"""How does a discharge test stand? Told from its records and from the newest reading of each UPS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from dutyroom.model.devices import Ups
from dutyroom.model.discharge_test import StopSign, TestNow, TestPhase
from dutyroom.model.events import Event
from dutyroom.model.facts import Line
from dutyroom.model.reading import Latest
from dutyroom.model.runtime import Discharge, DischargePoint, DischargeTest, TestState
from dutyroom.model.site import Site
from dutyroom.rules.discharge_signs import stop_signs, to_stop_s
from dutyroom.rules.discharge_start import facts_now
from dutyroom.rules.discharge_test import INPUT_DEAD, LOST_S, STOP, WAIT_S, point_of
from dutyroom.rules.low_battery import low_of
from dutyroom.rules.runtime import Estimator


def test_now(
    test: DischargeTest,
    discharge: Discharge | None,
    earlier: Sequence[Discharge],
    told: Iterable[Event],
    latest: Mapping[str, Latest],
    site: Site,
    now: datetime,
) -> TestNow:
    """The test at `now`; `earlier` are the discharges on record of that battery, `told` the events of its UPS
    since the test was started, `latest` the newest readings."""
    told = tuple(told)
    stands = TestNow(
        test,
        TestPhase.OVER,
        discharge,
        test.held_s,
        met=tuple(StopSign(one.param("sign")) for one in told if one.code == STOP),
        gaps_s=_gaps(discharge),
    )
    if test.state is not TestState.RUNNING:
        return stands
    stands = replace(stands, elsewhere=_elsewhere(test, latest, site, now), input_dead=_is_dead(told))
    if discharge is None:
        return replace(stands, phase=TestPhase.WAITING, wait_left_s=_wait_left(test, now))
    device = next((ups for ups in site.ups if ups.name == test.ups), None)
    return _discharging(stands, discharge, earlier, (device, latest.get(test.ups)), now)


def _discharging(
    stands: TestNow,
    discharge: Discharge,
    earlier: Sequence[Discharge],
    seen: tuple[Ups | None, Latest | None],
    now: datetime,
) -> TestNow:
    points = list(discharge.points) or [DischargePoint(0.0)]
    device, newest = seen
    good = newest.good if newest is not None else None
    facts = good.ups if good is not None else None
    if good is not None and facts is not None and facts.line is not Line.MAINS:
        at_s = (good.at - discharge.began_at).total_seconds()
        if at_s > discharge.held_s:
            points.append(point_of(facts, at_s))
    last = points[-1]
    followed = Estimator(replace(discharge, points=tuple(points)), earlier, low_of(facts, device))
    lost_s = max(0.0, (now - discharge.began_at).total_seconds() - last.at_s)
    return replace(
        stands,
        phase=TestPhase.LOST if lost_s > LOST_S else TestPhase.DISCHARGING,
        held_s=last.at_s,
        charge_percent=last.charge_percent,
        load_percent=last.load_percent,
        temperature_c=facts.temperature_c if facts is not None else None,
        to_stop_s=to_stop_s(stands.test, points),
        left=followed.at(last.at_s + lost_s),
        lost_s=lost_s if lost_s > LOST_S else None,
        signs=stop_signs(stands.test, facts, last.at_s, device) if facts is not None else (),
    )


def _elsewhere(test: DischargeTest, latest: Mapping[str, Latest], site: Site, now: datetime) -> tuple[str, ...]:
    """The other UPSes that are on battery."""
    facts = {ups.name: facts_now(site, ups.name, latest, now) for ups in site.ups if ups.name != test.ups}
    return tuple(name for name, one in facts.items() if one is not None and one.line is Line.BATTERY)


def _wait_left(test: DischargeTest, now: datetime) -> float:
    return max(0.0, (test.started_at + timedelta(seconds=WAIT_S) - now).total_seconds())


def _is_dead(told: Iterable[Event]) -> bool:
    return any(one.code == INPUT_DEAD for one in told)


def _gaps(discharge: Discharge | None) -> tuple[float, ...]:
    """The seconds in which nothing was read, longer than what counts as lost contact."""
    if discharge is None:
        return ()
    return tuple(after.at_s - was.at_s for was, after in pairwise(discharge.points) if after.at_s - was.at_s > LOST_S)
