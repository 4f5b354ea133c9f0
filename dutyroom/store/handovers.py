"""Handovers. A sheet is written once; only its acceptance is added to it, and from then on it is sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from dutyroom.model.finding import FindingState, Severity
from dutyroom.model.handover import (
    Handover,
    HandoverCount,
    HandoverEvent,
    HandoverFinding,
    HandoverOutage,
    HandoverSheet,
    HandoverState,
)
from dutyroom.store.handover_tables import HandoverRow
from dutyroom.store.trouble import not_found


def sheet_text(sheet: HandoverSheet) -> str:
    """The JSON object of a sheet as it is stored: times in UTC, absent values null."""
    return json.dumps(
        {
            "findings": [
                {
                    "id": one.id,
                    "severity": one.severity.value,
                    "state": one.state.value,
                    "deadline": one.deadline.isoformat(),
                    "known": one.known,
                }
                for one in sheet.findings
            ],
            "on_battery": [
                {"ups": one.ups, "since": one.since.isoformat(), "outage": one.outage, "event": one.event}
                for one in sheet.on_battery
            ],
            "power_events": [
                {
                    "event": one.event,
                    "began_at": one.began_at.isoformat(),
                    "restored_at": one.restored_at.isoformat() if one.restored_at is not None else None,
                }
                for one in sheet.power_events
            ],
            "open_rounds": list(sheet.open_rounds),
            "counts": [{"name": one.name, "expected": one.expected, "counted": one.counted} for one in sheet.counts],
            "remarks": sheet.remarks,
            "people": list(sheet.people),
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def _sheet(text: str) -> HandoverSheet:
    told: Mapping[str, Any] = json.loads(text)
    return HandoverSheet(
        findings=tuple(
            HandoverFinding(
                one["id"],
                Severity(one["severity"]),
                FindingState(one["state"]),
                datetime.fromisoformat(one["deadline"]),
                one["known"],
            )
            for one in told["findings"]
        ),
        on_battery=tuple(
            HandoverOutage(one["ups"], datetime.fromisoformat(one["since"]), one.get("outage"), one.get("event"))
            for one in told["on_battery"]
        ),
        open_rounds=tuple(told["open_rounds"]),
        counts=tuple(HandoverCount(one["name"], one["expected"], one["counted"]) for one in told["counts"]),
        remarks=told["remarks"],
        people=tuple(told["people"]),
        # A sheet from before there were power events on record has none.
        power_events=tuple(
            HandoverEvent(
                one["event"],
                datetime.fromisoformat(one["began_at"]),
                datetime.fromisoformat(one["restored_at"]) if one["restored_at"] is not None else None,
            )
            for one in told.get("power_events", ())
        ),
    )


def _handover(row: HandoverRow) -> Handover:
    return Handover(
        from_day=row.from_day,
        from_shift=row.from_shift,
        to_day=row.to_day,
        to_shift=row.to_shift,
        given_at=row.given_at,
        given_by=row.given_by,
        sheet=_sheet(row.sheet),
        state=HandoverState(row.state),
        accepted_at=row.accepted_at,
        accepted_by=row.accepted_by,
        accept_note=row.accept_note,
        override_by=row.override_by,
        override_reason=row.override_reason,
        id=row.id or 0,
    )


def add(s: Session, one: Handover) -> Handover:
    """Stores a handover that was given; gives it with its number."""
    row = HandoverRow(
        from_day=one.from_day,
        from_shift=one.from_shift,
        to_day=one.to_day,
        to_shift=one.to_shift,
        given_at=one.given_at,
        given_by=one.given_by,
        sheet=sheet_text(one.sheet),
        state=one.state.value,
        override_by=one.override_by,
        override_reason=one.override_reason,
    )
    s.add(row)
    s.flush()
    return _handover(row)


def accept(s: Session, one: Handover) -> None:
    """Adds the acceptance. StoreError `not-found`; the write session ends with `sealed` when it was accepted before."""
    row = s.get(HandoverRow, one.id)
    if row is None:
        raise not_found(f"handover:{one.id}")
    row.state, row.accepted_at, row.accepted_by = one.state.value, one.accepted_at, one.accepted_by
    row.accept_note = one.accept_note
    s.flush()


def handover(s: Session, number: int) -> Handover | None:
    """The handover of that number, or None."""
    row = s.get(HandoverRow, number)
    return None if row is None else _handover(row)


def newest(s: Session, limit: int | None = None) -> tuple[Handover, ...]:
    """The newest ones first."""
    query = select(HandoverRow).order_by(col(HandoverRow.id).desc())
    return tuple(_handover(row) for row in s.exec(query if limit is None else query.limit(limit)))


def given_to(s: Session, day: date, shift: str) -> Handover | None:
    """What the shift was given last: an earlier one that nobody accepted does not count."""
    query = select(HandoverRow).where(HandoverRow.to_day == day, HandoverRow.to_shift == shift)
    row = s.exec(query.order_by(col(HandoverRow.id).desc()).limit(1)).one_or_none()
    return None if row is None else _handover(row)


def last_accepted(s: Session) -> Handover | None:
    """The newest handover that was accepted, or None. Of two only the newer one can still be accepted."""
    query = select(HandoverRow).where(HandoverRow.state == HandoverState.ACCEPTED.value)
    row = s.exec(query.order_by(col(HandoverRow.id).desc()).limit(1)).one_or_none()
    return None if row is None else _handover(row)
