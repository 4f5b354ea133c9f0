"""What a recorded discharge proves of a battery at today's load.

A discharge to the end gives a number. One that was stopped gives what was seen, and never more; what the fall of its
charge promises in proportion is used downwards only: it can tell that the battery is too short, not that it lasts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from math import inf

from dutyroom.model.devices import Ups
from dutyroom.model.hold import HoldBasis, HoldRules, HoldUnknown, Proof
from dutyroom.model.runtime import Discharge, DischargeEnd, DischargePoint
from dutyroom.rules.loads import BELIEVED, PEUKERT

YEAR_S = 365 * 86400.0
# A discharge that began above it began with a full battery.
FULL_ENOUGH_PERCENT = 95.0
# A smaller fall of the charge says nothing of the rest: the gauge moves in steps, and fastest at the beginning.
LEAST_FALL_PERCENT = 20.0


def of_battery(device: Ups, proven: Iterable[Discharge]) -> list[Discharge]:
    """The discharges of this battery that are over, oldest first: what another one did proves nothing for it."""
    own = [
        one
        for one in proven
        if one.ups == device.name and one.battery_installed == device.battery_installed and one.ended_at is not None
    ]
    return sorted((one for one in own if one.held_s > 0), key=lambda one: one.began_at)


def proof_of(one: Discharge, load_now_percent: float | None, now: datetime, rules: HoldRules) -> Proof | HoldUnknown:
    """What a discharge that is over proves at today's load, or why it proves nothing.

    With more than twice its load it proves nothing either, and still tells what cannot be exceeded.
    """
    then = mean_load(one.points)
    if then is None:
        return HoldUnknown.LOAD_THEN
    if load_now_percent is None:
        return HoldUnknown.LOAD_NOW
    ratio = then / load_now_percent if load_now_percent > 0 else inf
    if ratio > BELIEVED:
        return HoldUnknown.LOAD_DIFFERS
    at = one.ended_at or one.began_at
    age_s = max(0.0, (now - at).total_seconds())
    kept = max(0.0, 1.0 - rules.derate_per_year * age_s / YEAR_S) * max(ratio, 1 / BELIEVED) ** PEUKERT
    high_s, is_complete = _most(one)
    low_s = one.held_s if ratio >= 1 / BELIEVED else 0.0
    return Proof(
        HoldBasis.TEST if one.test_id is not None else HoldBasis.OUTAGE,
        at,
        one.held_s,
        then,
        load_now_percent,
        low_s * kept,
        high_s * kept if high_s is not None else None,
        is_complete,
        is_old=age_s > rules.old_after_s,
        ended_at_percent=next(
            (at.charge_percent for at in reversed(one.points) if at.charge_percent is not None), None
        ),
    )


def mean_load(points: tuple[DischargePoint, ...]) -> float | None:
    """The load, in percent, that would have drawn as much from the battery in the same time; None where none is known.

    A point without a load stands for the one before it, at the beginning for the one after.
    """
    load = next((point.load_percent for point in points if point.load_percent is not None), None)
    if load is None or not points or points[-1].at_s <= 0:
        return None
    drawn, since = 0.0, 0.0
    for point in points:
        drawn += (point.at_s - since) * load**PEUKERT
        since = point.at_s
        load = point.load_percent if point.load_percent is not None else load
    mean = (drawn / since) ** (1 / PEUKERT)
    return mean if mean > 0 else None


def _most(one: Discharge) -> tuple[float | None, bool]:
    """The most it could have held from full, in seconds (None: nothing says), and whether it went to the end."""
    charges = [point.charge_percent for point in one.points if point.charge_percent is not None]
    began_full = not charges or charges[0] >= FULL_ENOUGH_PERCENT
    # A gauge that is not there does not make a discharge to the end prove more: the time seen is its number.
    if one.end in (DischargeEnd.LOW, DischargeEnd.EMPTY) and began_full:
        return one.held_s, True
    if not charges or charges[0] - charges[-1] < LEAST_FALL_PERCENT:
        return None, False
    return one.held_s * 100.0 / (charges[0] - charges[-1]), False


def best_of(proofs: list[Proof]) -> Proof | None:
    """What a battery's discharges prove together, given oldest first: the newest to the end, and what was seen since.

    One that was stopped since then may prove more (it did hold that long) or tell less (its charge fell faster).
    """
    complete = next((at for at in range(len(proofs) - 1, -1, -1) if proofs[at].is_complete), None)
    best = proofs[complete] if complete is not None else None
    for newer in proofs[complete + 1 if complete is not None else 0 :]:
        best = newer if best is None else _joined(best, newer)
    return best


def _joined(old: Proof, new: Proof) -> Proof:
    """Both together: where they disagree the newer one is right. It carries the facts of the one that decides."""
    high_s = min(_or_endless(old), _or_endless(new))
    low_s = max(min(old.low_s, high_s), new.low_s)
    high_s = max(high_s, low_s)
    decides = new if new.low_s > old.low_s or _or_endless(new) < _or_endless(old) else old
    return replace(decides, low_s=low_s, high_s=None if high_s == inf else high_s, is_complete=old.is_complete)


def _or_endless(proof: Proof) -> float:
    return inf if proof.high_s is None else proof.high_s
