"""Amendments of signed rounds: written once, beside the answers they take the place of, which stay as they were signed.

What a reader gets of a round are the answers in force: those of the newest amendment where there is one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from dutyroom.model.reading import Origin, Verdict
from dutyroom.model.rounds import Amendment, Entry
from dutyroom.store.round_change_tables import AmendmentRow
from dutyroom.store.tables import RoundRow


def entries_text(entries: Sequence[Entry]) -> str:
    """The JSON list of an amendment's answers as it is stored: every field but the round, times in UTC."""
    told = [
        {
            "item": one.item,
            "device": one.device,
            "answer": one.answer,
            "verdict": one.verdict.value,
            "at": one.at.astimezone(UTC).isoformat(),
            "by": one.by,
            "value": one.value,
            "unit": one.unit,
            "origin": one.origin.value,
            "live_value": one.live_value,
            "source": one.source,
            "age_s": one.age_s,
            "note": one.note,
            "finding_id": one.finding_id,
        }
        for one in entries
    ]
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _entry(round_id: int, told: dict[str, Any]) -> Entry:
    return Entry(
        round_id=round_id,
        item=told["item"],
        device=told["device"],
        answer=told["answer"],
        verdict=Verdict(told["verdict"]),
        at=datetime.fromisoformat(told["at"]),
        by=told["by"],
        value=told["value"],
        unit=told["unit"],
        origin=Origin(told["origin"]),
        live_value=told["live_value"],
        source=told["source"],
        age_s=told["age_s"],
        note=told["note"],
        finding_id=told["finding_id"],
    )


def _amendment(row: AmendmentRow) -> Amendment:
    return Amendment(
        round_id=row.round_id,
        revision=row.revision,
        at=row.at,
        by=row.by,
        reason=row.reason,
        entries=tuple(_entry(row.round_id, told) for told in json.loads(row.entries)),
        withdrew_by=row.withdrew_by,
        withdrew_at=row.withdrew_at,
        id=row.id or 0,
    )


def add(s: Session, one: Amendment) -> Amendment:
    """Stores an amendment; gives it with its number. The round itself is updated after it, in the same transaction.

    The write session ends with StoreError `sealed` when it is not the next revision of a signed round.
    """
    row = AmendmentRow(
        round_id=one.round_id,
        revision=one.revision,
        at=one.at,
        by=one.by,
        reason=one.reason,
        entries=entries_text(one.entries),
        withdrew_by=one.withdrew_by,
        withdrew_at=one.withdrew_at,
    )
    s.add(row)
    s.flush()
    assert row.id is not None  # given by the flush
    return replace(one, id=row.id)


def one(s: Session, number: int) -> Amendment | None:
    """The amendment of that number, or None."""
    row = s.get(AmendmentRow, number)
    return None if row is None else _amendment(row)


def of_rounds(s: Session, ids: Iterable[int]) -> tuple[Amendment, ...]:
    """The amendments of these rounds, by round and revision."""
    wanted = list(ids)
    if not wanted:
        return ()
    query = select(AmendmentRow).where(col(AmendmentRow.round_id).in_(wanted))
    rows = s.exec(query.order_by(col(AmendmentRow.round_id), col(AmendmentRow.revision)))
    return tuple(_amendment(row) for row in rows)


def between(s: Session, since: datetime, until: datetime) -> tuple[Amendment, ...]:
    """The amendments made from `since` until before `until`, oldest first."""
    query = select(AmendmentRow).where(AmendmentRow.at >= since, AmendmentRow.at < until)
    return tuple(_amendment(row) for row in s.exec(query.order_by(col(AmendmentRow.at), col(AmendmentRow.id))))


def in_force(entries: Iterable[Entry], amendments: Iterable[Amendment]) -> tuple[Entry, ...]:
    """The answers in force: each in its place, amended or not; after them, by item and device, those added later."""
    found = {(one.round_id, *one.key): one for one in entries}
    signed = len(found)
    for amendment in amendments:
        for one in amendment.entries:
            found[(one.round_id, *one.key)] = one
    ordered = list(found.values())
    return (*ordered[:signed], *sorted(ordered[signed:], key=lambda one: one.key))


def values_of(
    s: Session, item: str, device: str, before: datetime
) -> dict[int, tuple[datetime, datetime, float | None]]:
    """By round: (due_at, time, number or None) of a line that was amended, in rounds due before `before`."""
    needle = json.dumps(item, ensure_ascii=False)
    query = (
        select(AmendmentRow, RoundRow.due_at)
        .join(RoundRow, col(AmendmentRow.round_id) == col(RoundRow.id))
        .where(RoundRow.due_at < before, func.instr(AmendmentRow.entries, needle) > 0)
        .order_by(col(AmendmentRow.revision))
    )
    found: dict[int, tuple[datetime, datetime, float | None]] = {}
    for row, due_at in s.exec(query):
        for one in _amendment(row).entries:
            if one.key == (item, device):
                found[row.round_id] = (due_at, one.at, one.value)
    return found
