"""The roster and handovers as JSON. Pure; times are UTC, days are local."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dutyroom.cli.documents import SCHEMA, Document, moment
from dutyroom.model.handover import Handover
from dutyroom.model.roster import Shift


def roster(shifts: Sequence[Shift], until: date | None) -> Document:
    """`roster show --json`."""
    return {
        "schema": SCHEMA,
        "until": until.isoformat() if until is not None else None,
        "shifts": [
            {
                "day": one.day.isoformat(),
                "shift": one.code,
                "label": one.label or None,
                "begins_at": moment(one.begins_at),
                "ends_at": moment(one.ends_at),
                "people": list(one.people),
            }
            for one in shifts
        ],
    }


def handovers(found: Sequence[Handover]) -> Document:
    """`handover list --json`."""
    return {"schema": SCHEMA, "handovers": [_handover(one) for one in found]}


def one_handover(found: Handover) -> Document:
    """`handover show ID --json`: the document of the list with that one, and its sheet."""
    sheet = found.sheet
    return {
        **handovers([found]),
        "sheet": {
            "findings": [
                {
                    "id": one.id,
                    "severity": one.severity.value,
                    "state": one.state.value,
                    "deadline": moment(one.deadline),
                    "known": one.known,
                }
                for one in sheet.findings
            ],
            "on_battery": [
                {"ups": one.ups, "since": moment(one.since), "outage": one.outage, "event": one.event}
                for one in sheet.on_battery
            ],
            "power_events": [
                {"event": one.event, "began_at": moment(one.began_at), "restored_at": moment(one.restored_at)}
                for one in sheet.power_events
            ],
            "open_rounds": list(sheet.open_rounds),
            "counts": [{"name": one.name, "expected": one.expected, "counted": one.counted} for one in sheet.counts],
            "remarks": sheet.remarks,
            "people": list(sheet.people),
        },
    }


def _handover(one: Handover) -> Document:
    return {
        "id": one.id,
        "from": {"day": one.from_day.isoformat(), "shift": one.from_shift},
        "to": {"day": one.to_day.isoformat(), "shift": one.to_shift},
        "state": one.state.value,
        "given_at": moment(one.given_at),
        "given_by": one.given_by,
        "accepted_at": moment(one.accepted_at),
        "accepted_by": one.accepted_by,
        "accept_note": one.accept_note,
        "override_by": one.override_by,
        "override_reason": one.override_reason,
        "findings": len(one.sheet.findings),
        "major": list(one.sheet.major),
    }
