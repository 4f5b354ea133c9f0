"""Does a UPS last as long as is required of it, and on what does the answer stand?

The own record of this battery comes first, then a plausible runtime that the UPS reports with the battery full, then
nothing. Where both are there the smaller number decides. What is not known never makes the answer better: while a
record cannot be compared because the load or the charge of today is not known, a runtime alone does not say `met`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf

from dutyroom.model.devices import Ups
from dutyroom.model.facts import Line, UpsFacts
from dutyroom.model.hold import HoldBasis, HoldEvidence, HoldRules, HoldUnknown, Proof
from dutyroom.model.reading import HoldVerdict
from dutyroom.model.runtime import Discharge
from dutyroom.rules.hold_records import FULL_ENOUGH_PERCENT, best_of, of_battery, proof_of
from dutyroom.rules.plausibility import flags

DEFAULT = HoldRules()


@dataclass(frozen=True, slots=True)
class _Own:
    """What the own record says: at least `low_s`, at most `high_s`. `blocks`: it could contradict a `met`."""

    low_s: float = 0.0
    high_s: float = inf
    proof: Proof | None = None
    why_not: HoldUnknown | None = None
    blocks: bool = False


def hold_evidence(
    facts: UpsFacts,
    device: Ups,
    now: datetime,
    on_battery_s: float | None = None,
    proven: Iterable[Discharge] = (),
    rules: HoldRules = DEFAULT,
) -> HoldEvidence:
    """The verdict on the hold time of a UPS, with both numbers. `proven` are its recorded discharges.

    On mains it is that of a full battery. On battery the time already held is added; when it is not known since when
    (`on_battery_s` is None), there is no evidence. On bypass or with the output off the battery carries
    nothing, whatever its runtime says.
    """
    required_s = device.hold_time_s
    if not flags(facts.status).isdisjoint(("BYPASS", "OFF")):
        why = HoldUnknown.NOT_CARRYING
        return HoldEvidence(HoldVerdict.NO_EVIDENCE, required_s, proof_why_not=why, reported_why_not=why)
    held_s = on_battery_s if facts.line is Line.BATTERY else None
    own, old = _own(facts, device, now, proven, rules)
    if facts.line is Line.BATTERY:
        own = _on_battery(own, facts, held_s)
    reported_s, reported_why = _reported(facts, held_s)
    made = _decided(own, old, reported_s, required_s)
    short_by_s = required_s - (made.seconds or 0.0) if made.verdict is HoldVerdict.SHORT else None
    return replace(
        made,
        short_by_s=short_by_s,
        reported_s=reported_s,
        reported_why_not=reported_why,
        held_s=held_s,
    )


def no_contact(device: Ups) -> HoldEvidence:
    """The evidence about a UPS that cannot be read now: none."""
    why = HoldUnknown.NO_CONTACT
    return HoldEvidence(HoldVerdict.NO_EVIDENCE, device.hold_time_s, proof_why_not=why, reported_why_not=why)


def _own(
    facts: UpsFacts, device: Ups, now: datetime, proven: Iterable[Discharge], rules: HoldRules
) -> tuple[_Own, Proof | None]:
    """What the records that count say together, and what those say that are too old to count."""
    given = tuple(proven)
    known = of_battery(device, given)
    proofs = [proof_of(one, facts.load_percent, now, rules) for one in known]
    usable = [proof for proof in proofs if isinstance(proof, Proof)]
    fresh, old = best_of([one for one in usable if not one.is_old]), best_of([one for one in usable if one.is_old])
    if fresh is not None:
        high_s = inf if fresh.high_s is None else fresh.high_s
        return _Own(fresh.low_s, high_s, fresh), old
    if old is not None:
        return _Own(proof=old, why_not=HoldUnknown.OLD), old
    if proofs and isinstance(proofs[-1], HoldUnknown):
        # Only a load that is not known today can hide a number that is short: what was never known cannot come back.
        return _Own(why_not=proofs[-1], blocks=HoldUnknown.LOAD_NOW in proofs), None
    return _Own(why_not=HoldUnknown.OTHER_BATTERY if given else HoldUnknown.NO_RECORD), None


def _on_battery(own: _Own, facts: UpsFacts, held_s: float | None) -> _Own:
    """What the record says while the battery discharges: what was held, and the record's share of the charge left."""
    if held_s is None:
        return replace(
            own, low_s=0.0, high_s=inf, why_not=HoldUnknown.SINCE, blocks=own.proof is not None or own.blocks
        )
    if facts.charge_percent is None:
        blocks, why = own.proof is not None or own.blocks, own.why_not or HoldUnknown.CHARGE
        return replace(own, low_s=held_s, high_s=max(held_s, own.high_s), why_not=why, blocks=blocks)
    left = facts.charge_percent / 100
    low_s = max(held_s, min(own.low_s, held_s + own.low_s * left))
    high_s = own.high_s if own.high_s == inf else max(low_s, min(own.high_s, held_s + own.high_s * left))
    return replace(own, low_s=low_s, high_s=high_s)


def _reported(facts: UpsFacts, held_s: float | None) -> tuple[float | None, HoldUnknown | None]:
    """How long it holds in all by the runtime that the UPS reports, or why that does not count."""
    if facts.runtime_s is None:
        odd = any(one.variable == "battery.runtime" and one.why != "no-value" for one in facts.implausible)
        return None, HoldUnknown.IMPLAUSIBLE if odd else HoldUnknown.NO_RUNTIME
    if facts.line is Line.BATTERY:
        return (facts.runtime_s + held_s, None) if held_s is not None else (None, HoldUnknown.SINCE)
    if facts.line is not Line.MAINS:
        return None, HoldUnknown.LINE
    if facts.charge_percent is None:
        return None, HoldUnknown.CHARGE
    # A runtime reported while the battery still recharges is not the design value.
    return (facts.runtime_s, None) if facts.charge_percent >= FULL_ENOUGH_PERCENT else (None, HoldUnknown.NOT_FULL)


def _decided(own: _Own, old: Proof | None, reported_s: float | None, required_s: float) -> HoldEvidence:
    """The verdict of the two numbers, the smaller one deciding."""
    told = inf if reported_s is None else reported_s
    basis = own.proof.basis if own.proof is not None else HoldBasis.OUTAGE if own.low_s > 0 else HoldBasis.NONE
    base = HoldEvidence(
        HoldVerdict.NO_EVIDENCE,
        required_s,
        proof=own.proof,
        proven_s=(own.low_s or own.proof.low_s or None) if own.proof is not None else None,
        proof_why_not=own.why_not,
    )

    def by(verdict: HoldVerdict, seconds: float, proof_basis: HoldBasis = basis) -> HoldEvidence:
        decides = HoldBasis.REPORTED if told <= seconds else proof_basis
        return replace(base, verdict=verdict, seconds=min(seconds, told), basis=decides)

    if own.high_s < required_s:
        return by(HoldVerdict.SHORT, own.high_s)
    if own.low_s >= required_s:
        return by(HoldVerdict.MET if told >= required_s else HoldVerdict.SHORT, own.low_s)
    if own.proof is not None and own.why_not is None:
        base = replace(base, proof_why_not=HoldUnknown.PARTIAL if own.low_s > 0 else HoldUnknown.LOAD_DIFFERS)
    if told < required_s:
        return by(HoldVerdict.SHORT, told)
    if old is not None and (reported_s is None or (old.high_s if old.high_s is not None else inf) < required_s):
        found = replace(base, proof=old, proven_s=old.low_s, proof_why_not=HoldUnknown.OLD)
        return replace(found, verdict=HoldVerdict.EVIDENCE_OLD, seconds=old.low_s, basis=old.basis)
    if reported_s is None or own.blocks:
        return replace(base, seconds=base.proven_s, basis=basis if base.proven_s is not None else HoldBasis.NONE)
    return by(HoldVerdict.MET, own.high_s)
