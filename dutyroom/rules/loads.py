"""Which loads are fed, until when, and what would switching some of them off gain?

A load falls when fewer supplies feed it than it needs: with k needed, at the k-th longest time of its UPSes, not at the
shortest. Nothing that is not known makes a number better: it makes it a lower bound, or no number. The time left goes
with load to the power of -1.15 (Peukert's law as NUT's nutdrv_qx uses it, with the exponent of a lead battery).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import inf

from dutyroom.model.devices import Load
from dutyroom.model.facts import Line
from dutyroom.model.loads import (
    HangingLoad,
    LoadNow,
    RestartKind,
    RestartStep,
    ShedEffect,
    ShedStep,
    ShedUnknown,
    Supply,
    SupplyState,
    UpsLoads,
    UpsNow,
)
from dutyroom.model.site import Site

PEUKERT = 1.15
# The power law is believed from half of a load to twice of it. Beyond, half the load is as good as any less.
BELIEVED = 2.0


def supply_state(now: UpsNow | None) -> SupplyState:
    """What one UPS does for its loads; None is one that was never read."""
    if now is None:
        return SupplyState.UNKNOWN
    if now.off and now.known:
        return SupplyState.GONE
    if now.line is Line.BATTERY:
        # One that still answers still feeds, whatever its estimate says.
        ran_out = not now.known and not now.at_least and now.runtime_s is not None and now.runtime_s <= 0
        return SupplyState.GONE if ran_out else SupplyState.BATTERY
    return SupplyState.MAINS if now.known and now.line is Line.MAINS else SupplyState.UNKNOWN


def loads_now(loads: Iterable[Load], upses: Mapping[str, UpsNow], shed: Collection[str] = ()) -> tuple[LoadNow, ...]:
    """Every load as it is fed now, the one that falls first at the top; shed ones, and those without an end, last.

    Of those whose time is not known nobody knows which falls first: they come before those with a number.
    """
    made = [load_now(load, upses, shed=load.name in shed) for load in loads]
    return tuple(sorted(made, key=lambda one: (one.shed, one.endless, one.seconds or 0.0)))


def load_now(load: Load, upses: Mapping[str, UpsNow], *, shed: bool = False) -> LoadNow:
    """One load: its supplies, and how long it has."""
    supplies = tuple(_supply(name, upses.get(name)) for name in load.fed_by)
    # At the worst a supply ends at the lower number, at the best at the higher one.
    low = _kth([_shortest(supply) for supply in supplies], load.needs)
    high = _kth([_longest(supply) for supply in supplies], load.needs)
    if low == inf:
        return LoadNow(load, supplies, endless=True, shed=shed)
    if low == 0 and high > 0:
        return LoadNow(load, supplies, shed=shed)
    return LoadNow(load, supplies, low, at_least=low < high, shed=shed)


def _supply(name: str, now: UpsNow | None) -> Supply:
    state = supply_state(now)
    if now is None or state is not SupplyState.BATTERY or now.runtime_s is None:
        return Supply(name, state)
    return Supply(name, state, max(0.0, now.runtime_s), now.at_least)


def _shortest(supply: Supply) -> float:
    return inf if supply.state is SupplyState.MAINS else supply.seconds or 0.0


def _longest(supply: Supply) -> float:
    if supply.state is SupplyState.GONE:
        return 0.0
    return inf if supply.seconds is None or supply.at_least else supply.seconds


def _kth(times: Sequence[float], needs: int) -> float:
    """The k-th longest; 0 where there are fewer than needed."""
    ordered = sorted(times, reverse=True)
    return inf if needs <= 0 else ordered[needs - 1] if needs <= len(ordered) else 0.0


def share_w(load: Load, upses: Mapping[str, UpsNow], ups: str) -> float | None:
    """What of a load's watts goes through one UPS: equal parts over those that are not gone; None is not known.

    A supply of which nothing is known counts as one that feeds: the parts, and what shedding gains, are then smaller.
    """
    if supply_state(upses.get(ups)) is SupplyState.GONE:
        return 0.0
    if load.watts is None:
        return None
    return load.watts / sum(supply_state(upses.get(name)) is not SupplyState.GONE for name in load.fed_by)


def hanging_on(
    ups: str,
    loads: Iterable[Load],
    upses: Mapping[str, UpsNow],
    shed: Collection[str] = (),
    rated_w: float | None = None,
) -> UpsLoads:
    """What hangs on a UPS, in the order it would be shed: those of no group last."""
    hang = [load for load in loads if ups in load.fed_by]
    hang.sort(key=lambda load: inf if load.shed_group is None else load.shed_group)
    rows = tuple(
        HangingLoad(
            load,
            fed=sum(supply_state(upses.get(name)).feeds for name in load.fed_by),
            of=len(load.fed_by),
            watts=share_w(load, upses, ups),
            shed=load.name in shed,
        )
        for load in hang
    )
    drawn = [row.watts for row in rows if not row.shed]
    return UpsLoads(
        ups,
        rows,
        watts=sum(watts for watts in drawn if watts is not None),
        unknown=drawn.count(None),
        measured_w=_measured_w(upses.get(ups), rated_w),
    )


def _measured_w(now: UpsNow | None, rated_w: float | None) -> float | None:
    if now is None or not now.known or now.load_percent is None or rated_w is None:
        return None
    return rated_w * now.load_percent / 100


def shed_steps(site: Site, upses: Mapping[str, UpsNow], shed: Collection[str] = ()) -> tuple[ShedStep, ...]:
    """The shedding groups in order, 1 first, with what shedding up to each of them gains. Loads of no group stay on."""
    rated = {ups.name: ups.rated_w for ups in site.ups}
    groups = sorted({load.shed_group for load in site.loads if load.shed_group is not None})
    made: list[ShedStep] = []
    for group in groups:
        own = [load for load in site.loads if load.shed_group == group]
        off = {load.name for load in site.loads if load.shed_group is not None and load.shed_group <= group} - {*shed}
        touched = [ups.name for ups in site.ups if any(ups.name in load.fed_by for load in own)]
        effects = [_effect(name, site.loads, upses, shed, off, rated[name]) for name in touched]
        effects = [effect for effect in effects if effect.state is not SupplyState.GONE]
        effects.sort(key=_need)
        watts = [load.watts for load in own if load.name not in shed]
        made.append(
            ShedStep(
                group,
                tuple(load_now(load, upses, shed=load.name in shed) for load in own),
                watts=sum(one for one in watts if one is not None),
                unknown=watts.count(None),
                effects=tuple(effects),
            )
        )
    return tuple(made)


def _need(effect: ShedEffect) -> tuple[bool, bool, float]:
    """On battery first, then the least time; one whose time is not known after those with a number."""
    left = effect.left_s
    return effect.state is not SupplyState.BATTERY, left is None, left or 0.0


def _effect(
    ups: str,
    loads: Sequence[Load],
    upses: Mapping[str, UpsNow],
    shed: Collection[str],
    off: Collection[str],
    rated_w: float | None,
) -> ShedEffect:
    """What switching `off` these does on one UPS, while those of `shed` are off already."""
    now, state = upses.get(ups), supply_state(upses.get(ups))
    left_s = now.runtime_s if now is not None else None

    def unknown(why: ShedUnknown, load_percent: float | None = None) -> ShedEffect:
        return ShedEffect(ups, state, left_s, load_percent, why_not=why)

    if now is None or not now.known or state is SupplyState.UNKNOWN:
        return unknown(ShedUnknown.UPS)
    if now.load_percent is None:
        return unknown(ShedUnknown.LOAD)
    if rated_w is None or rated_w <= 0:
        return unknown(ShedUnknown.RATED)
    hang = hanging_on(ups, loads, upses, shed, rated_w)
    going = [row.watts for row in hang.loads if row.load.name in off and not row.shed]
    watts = sum(one for one in going if one is not None)
    measured = rated_w * now.load_percent / 100
    # Watts are often those of the nameplate: together the loads draw no more than what the UPS measures.
    too_much = hang.watts > measured
    if None in going and (too_much or watts == 0):
        return unknown(ShedUnknown.WATTS)
    if too_much:
        watts *= measured / hang.watts
    after = max(0.0, now.load_percent - 100 * watts / rated_w)
    if left_s is None:
        return unknown(ShedUnknown.RUNTIME, after)
    gain_s, capped = gain(left_s, now.load_percent, after)
    return ShedEffect(ups, state, left_s, after, gain_s, at_least=capped or now.at_least or None in going)


def gain(left_s: float, load_percent: float, after_percent: float) -> tuple[float, bool]:
    """Seconds that a lower load adds to the time left, and whether that is a lower bound (below half the load)."""
    if after_percent >= load_percent:
        return 0.0, False
    ratio = load_percent / after_percent if after_percent > 0 else inf
    return max(0.0, left_s) * (min(ratio, BELIEVED) ** PEUKERT - 1), ratio > BELIEVED


def restart_steps(site: Site) -> tuple[RestartStep, ...]:
    """What to start again, in order: the air conditioners are looked at first, then the loads by `restart_order`.

    Loads without one come last, in the order of the site file.
    """
    cooling = [RestartStep(RestartKind.COOLING, ac.name, ac.label) for ac in site.air_conditioners]
    ordered = sorted(site.loads, key=lambda load: inf if load.restart_order is None else load.restart_order)
    return (
        *cooling,
        *(RestartStep(RestartKind.LOAD, load.name, load.label, load.owner, load.phone) for load in ordered),
    )
