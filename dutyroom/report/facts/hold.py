"""Whether each UPS lasted as long as required, by what was on record at the cut-off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dutyroom.model.devices import Ups
from dutyroom.model.facts import Line, UpsFacts
from dutyroom.model.history import HourOfReadings
from dutyroom.model.hold import HoldEvidence
from dutyroom.model.reading import HoldVerdict
from dutyroom.model.runtime import Discharge
from dutyroom.report.frame import Frame
from dutyroom.rules.hold import hold_evidence
from dutyroom.store import discharges, history
from dutyroom.store.database import Session

HOUR = timedelta(hours=1)
NEWEST_WITHIN = timedelta(days=1)
"""Readings older than that at the cut-off tell nothing of the load then."""
QUANTITIES = ("load_percent", "charge_percent", "runtime_s")


@dataclass(frozen=True, slots=True)
class HoldFact:
    """One UPS at the cut-off: what is required, and on what the verdict stands.

    `load_percent` is the mean of the newest whole hour on record, `told_at` that hour's begin (UTC); None when the last
    day before the cut-off has none. `records` are the outage or test that proves, and that hour.
    """

    ups: str
    battery_installed: date | None
    evidence: HoldEvidence
    load_percent: float | None = None
    told_at: datetime | None = None
    records: tuple[str, ...] = ()

    @property
    def verdict(self) -> HoldVerdict:
        """What it comes to."""
        return self.evidence.verdict


def gather(session: Session, frame: Frame) -> tuple[HoldFact, ...]:
    """Every UPS of the site in its order; none of a period that has not begun. Raises StoreError."""
    if frame.cutoff <= frame.begins_at:
        return ()
    series = [(ups.name, quantity) for ups in frame.site.ups for quantity in QUANTITIES]
    found = history.hours_of_many(session, frame.cutoff - NEWEST_WITHIN, frame.cutoff, series=series)
    whole = [one for one in found if one.hour + HOUR <= frame.cutoff]
    return tuple(_of(session, frame, ups, [one for one in whole if one.source == ups.name]) for ups in frame.site.ups)


def _of(session: Session, frame: Frame, ups: Ups, hours: Sequence[HourOfReadings]) -> HoldFact:
    device = _as_it_was(session, frame, ups)
    proven = discharges.proving(session, ups.name, device.battery_installed, frame.cutoff)
    told_at = max((one.hour for one in hours if one.quantity == "load_percent"), default=None)
    of_hour = {one.quantity: one for one in hours if one.hour == told_at}
    load, charge, runtime = (of_hour.get(quantity) for quantity in QUANTITIES)
    # The least of the hour: what the UPS promised at any time of it, with the battery full all the time.
    facts = UpsFacts(
        line=Line.MAINS,
        load_percent=load.mean if load is not None else None,
        charge_percent=charge.low if charge is not None else None,
        runtime_s=runtime.low if runtime is not None else None,
    )
    evidence = hold_evidence(facts, device, frame.cutoff, None, proven, frame.site.hold)
    records = _proof_of(evidence, proven)
    if told_at is not None:
        records += (f"hours:{ups.name}@{told_at:%Y-%m-%dT%HZ}",)
    return HoldFact(ups.name, device.battery_installed, evidence, facts.load_percent, told_at, records)


def _as_it_was(session: Session, frame: Frame, ups: Ups) -> Ups:
    """The UPS with the battery it had at the cut-off: one that was installed later proves nothing of that time."""
    on = frame.cutoff.astimezone(frame.zone).date()
    if ups.battery_installed is None or ups.battery_installed <= on:
        return ups
    return replace(ups, battery_installed=discharges.battery_before(session, ups.name, frame.cutoff))


def _proof_of(evidence: HoldEvidence, proven: Sequence[Discharge]) -> tuple[str, ...]:
    if evidence.proof is None:
        return ()
    at = evidence.proof.at
    return tuple(
        f"discharge-test:{one.test_id}" if one.test_id is not None else f"outage:{one.outage_id}"
        for one in proven
        if (one.ended_at or one.began_at) == at and (one.test_id or one.outage_id) is not None
    )
