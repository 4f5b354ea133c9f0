"""Outages as JSON. Pure; times are UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dutyroom.cli.documents import SCHEMA, Document, moment
from dutyroom.duty.outage_lists import OutageLine, OutagePage
from dutyroom.model.outage import EventStep
from dutyroom.model.runtime import RuntimeEstimate
from dutyroom.rules.event_clocks import EventClock
from dutyroom.rules.outage_proof import Proof


def outages(found: Sequence[OutageLine], labels: Mapping[str, str]) -> Document:
    """`outages list --json`; `labels` are what people call the UPSes, by name."""
    return {"schema": SCHEMA, "outages": [_listed(one, labels) for one in found]}


def one_outage(page: OutagePage, labels: Mapping[str, str]) -> Document:
    """`outages show ID --json`: the document of the list with that one outage, what it proves, and its power event."""
    event = page.event
    return {
        **outages([page.line], labels),
        "proof": _proof(page.proof),
        "left": _left(page.left, page),
        "event": {
            "id": event.id,
            "state": event.state.value,
            "began_at": moment(event.began_at),
            "restored_at": moment(event.restored_at),
            "major": event.is_major,
            "seen_at": moment(event.seen_at),
            "seen_by": event.seen_by,
            "clocks": [_clock(one) for one in page.clocks],
            "off": sorted(page.off),
            "closing_text": event.closing_text or None,
            "closed_at": moment(event.closed_at),
            "closed_by": event.closed_by,
            "others": [one.outage.id for one in page.others],
        },
        "steps": [_step(one) for one in page.steps],
    }


def _listed(line: OutageLine, labels: Mapping[str, str]) -> Document:
    one = line.outage
    return {
        "id": one.id,
        "ups": one.ups,
        "label": labels.get(one.ups),
        "state": one.state.value,
        "began_at": moment(one.began_at),
        "ended_at": moment(one.ended_at),
        "critical_at": moment(one.critical_at),
        "phases": [
            {"phase": change.phase.value, "at": moment(change.at), "params": dict(change.params)}
            for change in line.phases
        ],
        "transfers": one.transfers,
        "charge_at_start_percent": one.charge_at_start_percent,
        "lowest_charge_percent": line.lowest_charge_percent,
        "load_at_start_percent": one.load_at_start_percent,
        "load_percent": line.load_percent,
        "estimate_at_start_s": one.estimate_at_start_s,
        "estimate_basis": one.estimate_basis.value if one.estimate_basis is not None else None,
        "on_battery_s": one.on_battery_s,
        "battery_installed": one.battery_installed.isoformat() if one.battery_installed is not None else None,
        "signs": list(one.signs),
        "event_id": one.event_id,
    }


def _proof(proof: Proof) -> Document:
    return {
        "on_battery_s": proof.on_battery_s,
        "to_low_s": proof.to_low_s,
        "ended_by": proof.ended_by.value if proof.ended_by is not None else None,
        "required_s": proof.required_s,
        "verdict": proof.verdict.value,
    }


def _left(left: RuntimeEstimate | None, page: OutagePage) -> Document | None:
    if left is None:
        return None
    return {
        "told_at": moment(page.told_at),
        "seconds": left.seconds,
        "basis": left.basis.value if left.basis is not None else None,
        "at_least": left.at_least,
        "to_low_s": left.to_low_s,
    }


def _clock(clock: EventClock) -> Document:
    return {
        "clock": clock.name,
        "limit_s": clock.limit_s,
        "needed": clock.needed,
        "stamped_at": moment(clock.stamped_at),
        "stamped_by": clock.stamped_by,
        "took_s": clock.took_s,
        "left_s": clock.left_s,
        "late": clock.is_late,
    }


def _step(step: EventStep) -> Document:
    return {
        "at": moment(step.at),
        "by": step.by,
        "act": step.act.value,
        "subject": step.subject or None,
        "result": step.result.value if step.result is not None else None,
        "note": step.note,
    }
