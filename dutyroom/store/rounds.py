"""Rounds and their entries. Signed, approved, missed and skipped rounds are sealed by triggers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, func, select

from dutyroom.model.reading import Origin, Verdict
from dutyroom.model.rounds import Entry, Mark, Round, RoundState, SkipReason
from dutyroom.rules.schedule import Slot
from dutyroom.store import amendments
from dutyroom.store.tables import EntryRow, RoundRow, table
from dutyroom.store.trouble import not_found

SIGNED = (RoundState.SIGNED.value, RoundState.APPROVED.value)


def round_of_row(row: RoundRow) -> Round:
    """The round a row holds."""
    assert row.id is not None  # every stored round has one
    return Round(
        checklist=row.checklist,
        version=row.version,
        due_at=row.due_at,
        due_on=row.due_on,
        duty_day=row.duty_day,
        state=RoundState(row.state),
        items=row.items,
        id=row.id,
        started_at=row.started_at,
        started_by=row.started_by,
        signed_at=row.signed_at,
        signed_by=row.signed_by,
        marks=tuple(Mark(mark) for mark in row.marks.split()),
        abnormal=row.abnormal,
        clock_reason=row.clock_reason,
        revision=row.revision or 1,
        approved_at=row.approved_at,
        approved_by=row.approved_by,
        skip_reason=SkipReason(row.skip_reason) if row.skip_reason is not None else None,
        skip_note=row.skip_note,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        paper_from=row.paper_from,
        paper_to=row.paper_to,
        period_id=row.period_id,
    )


def _fields(one: Round) -> dict[str, Any]:
    return {
        "checklist": one.checklist,
        "version": one.version,
        "due_at": one.due_at,
        "due_on": one.due_on,
        "duty_day": one.duty_day,
        "state": one.state.value,
        "items": one.items,
        "started_at": one.started_at,
        "started_by": one.started_by,
        "signed_at": one.signed_at,
        "signed_by": one.signed_by,
        "marks": " ".join(mark.value for mark in one.marks),
        "abnormal": one.abnormal,
        "clock_reason": one.clock_reason,
        # Null for the first one, as in every line of the ledger written before there were others.
        "revision": one.revision if one.revision > 1 else None,
        "approved_at": one.approved_at,
        "approved_by": one.approved_by,
        "skip_reason": one.skip_reason.value if one.skip_reason is not None else None,
        "skip_note": one.skip_note,
        "closed_at": one.closed_at,
        "closed_by": one.closed_by,
        "paper_from": one.paper_from,
        "paper_to": one.paper_to,
        "period_id": one.period_id,
    }


def entry_of_row(row: EntryRow) -> Entry:
    """The answer a row holds."""
    return Entry(
        round_id=row.round_id,
        item=row.item,
        device=row.device,
        answer=row.answer,
        verdict=Verdict(row.verdict),
        at=row.at,
        by=row.by,
        value=row.value,
        unit=row.unit,
        origin=Origin(row.origin),
        live_value=row.live_value,
        source=row.source,
        age_s=row.age_s,
        note=row.note,
        finding_id=row.finding_id,
    )


def add(s: Session, new: Round) -> Round:
    """Stores a new round and gives it back with its id (the given id is ignored).

    The write session ends with StoreError `exists` when the slot (checklist, due_at) is taken: ask `by_slot` first.
    """
    row = RoundRow(**_fields(new))
    s.add(row)
    s.flush()
    assert row.id is not None  # given by the flush
    return replace(new, id=row.id)


def update(s: Session, changed: Round) -> None:
    """Stores every field of a round under its id.

    Raises:
        StoreError: `not-found`; the write session ends with `sealed` for a round that may not change any more.
    """
    row = s.get(RoundRow, changed.id)
    if row is None:
        raise not_found(f"round:{changed.id}")
    for name, value in _fields(changed).items():
        setattr(row, name, value)
    s.flush()


def get(s: Session, round_id: int) -> Round | None:
    """The round of that id, or None."""
    row = s.get(RoundRow, round_id)
    return None if row is None else round_of_row(row)


def by_slot(s: Session, checklist: str, due_at: datetime) -> Round | None:
    """The round of that checklist due at that moment, or None."""
    query = select(RoundRow).where(RoundRow.checklist == checklist, RoundRow.due_at == due_at)
    row = s.exec(query).one_or_none()
    return None if row is None else round_of_row(row)


def of_slot(s: Session, checklist: str, slot: Slot) -> Round | None:
    """The round of that slot, or None.

    Of a calendar checklist it is also found by its day, when the hour it is due at is another one since it was begun.
    """
    found = by_slot(s, checklist, slot.due_at)
    if found is not None or slot.period_id is not None:
        return found
    query = select(RoundRow).where(
        RoundRow.checklist == checklist, RoundRow.due_on == slot.due_on, col(RoundRow.period_id).is_(None)
    )
    row = s.exec(query.order_by(col(RoundRow.id)).limit(1)).one_or_none()
    return None if row is None else round_of_row(row)


def slots_taken(s: Session, checklist: str, since: datetime) -> tuple[tuple[datetime, date, int | None], ...]:
    """(due_at, due_on, period_id) of every round of a checklist due from `since` on."""
    query = select(col(RoundRow.due_at), col(RoundRow.due_on), col(RoundRow.period_id)).where(
        RoundRow.checklist == checklist, RoundRow.due_at >= since
    )
    return tuple((due_at, due_on, period_id) for due_at, due_on, period_id in s.exec(query))


def rounds(
    s: Session, *, since: date | None = None, until: date | None = None, limit: int | None = None
) -> tuple[Round, ...]:
    """Rounds due on local dates from `since` to `until`, both included; newest last, only the newest `limit`."""
    query = select(RoundRow).order_by(col(RoundRow.due_at).desc(), col(RoundRow.id).desc())
    if since is not None:
        query = query.where(RoundRow.due_on >= since)
    if until is not None:
        query = query.where(RoundRow.due_on <= until)
    if limit is not None:
        query = query.limit(limit)
    return tuple(round_of_row(row) for row in reversed(s.exec(query).all()))


def of_person(s: Session, name: str, limit: int) -> tuple[Round, ...]:
    """The newest `limit` rounds that an operator started or signed; newest first."""
    query = select(RoundRow).where((col(RoundRow.started_by) == name) | (col(RoundRow.signed_by) == name))
    rows = s.exec(query.order_by(col(RoundRow.due_at).desc(), col(RoundRow.id).desc()).limit(limit))
    return tuple(round_of_row(row) for row in rows)


def last_signed(s: Session, checklist: str | None = None) -> Round | None:
    """The round signed last (of that checklist), or None."""
    # By the moment of signing, which the index has in order; by state SQLite would sort every signed round there is.
    query = select(RoundRow).where(col(RoundRow.signed_at).is_not(None))
    if checklist is not None:
        query = query.where(RoundRow.checklist == checklist)
    row = s.exec(query.order_by(col(RoundRow.signed_at).desc()).limit(1)).one_or_none()
    return None if row is None else round_of_row(row)


def open_rounds(s: Session) -> tuple[Round, ...]:
    """Rounds that are being walked, oldest first."""
    query = select(RoundRow).where(RoundRow.state == RoundState.OPEN.value).order_by(col(RoundRow.due_at))
    return tuple(round_of_row(row) for row in s.exec(query))


def answered(s: Session, round_id: int) -> int:
    """How many lines of a round have an answer."""
    query = select(func.count()).select_from(EntryRow)
    return s.exec(query.where(EntryRow.round_id == round_id, col(EntryRow.answer).is_not(None))).one()


def entries(s: Session, round_id: int) -> tuple[Entry, ...]:
    """The entries in force of a round, as signed or as amended, by item and device; undone ones too, with no answer."""
    return amendments.in_force(entries_as_signed(s, round_id), amendments.of_rounds(s, [round_id]))


def entries_as_signed(s: Session, round_id: int) -> tuple[Entry, ...]:
    """The entries of a round as they were when it was signed, whatever was amended since; by item and device."""
    query = select(EntryRow).where(EntryRow.round_id == round_id).order_by(col(EntryRow.item), col(EntryRow.device))
    return tuple(entry_of_row(row) for row in s.exec(query))


def entry(s: Session, round_id: int, item: str, device: str) -> Entry | None:
    """The entry of that line, an undone one too, or None."""
    row = s.get(EntryRow, (round_id, item, device))
    return None if row is None else entry_of_row(row)


def put_entry(s: Session, entry: Entry) -> None:
    """Stores an entry under its (round, item, device), in place of an earlier one.

    The write session ends with StoreError `sealed` when the round is not open.
    """
    s.merge(EntryRow(**_entry_fields(entry)))
    s.flush()


def put_entries(s: Session, entries: Sequence[Entry]) -> None:
    """Stores entries of lines that had none, in one go.

    The write session ends with StoreError `sealed` when the round is not open, `exists` when a line had one.
    """
    if entries:
        s.connection().execute(insert(table("entries")), [_entry_fields(entry) for entry in entries])


def _entry_fields(entry: Entry) -> dict[str, Any]:
    return {
        "round_id": entry.round_id,
        "item": entry.item,
        "device": entry.device,
        "answer": entry.answer,
        "verdict": entry.verdict.value,
        "at": entry.at,
        "by": entry.by,
        "value": entry.value,
        "unit": entry.unit,
        "origin": entry.origin.value,
        "live_value": entry.live_value,
        "source": entry.source,
        "age_s": entry.age_s,
        "note": entry.note,
        "finding_id": entry.finding_id,
    }


def recent_values(
    s: Session, item: str, device: str, before: datetime, limit: int = 14
) -> tuple[tuple[datetime, float], ...]:
    """(time, value) of the newest `limit` numbers in force in signed rounds due before `before`, oldest first."""
    amended = amendments.values_of(s, item, device, before)
    query = (
        select(RoundRow.id, RoundRow.due_at, EntryRow.at, EntryRow.value)
        .join(RoundRow, col(EntryRow.round_id) == col(RoundRow.id))
        .where(EntryRow.item == item, EntryRow.device == device, col(EntryRow.value).is_not(None))
        .where(RoundRow.due_at < before, col(RoundRow.state).in_(SIGNED))
        .order_by(col(RoundRow.due_at).desc())
        # An amendment can take away so many numbers at most.
        .limit(limit + len(amended))
    )
    found = {number: (due_at, at, value) for number, due_at, at, value in s.exec(query).all()} | amended
    told = sorted((due_at, at, value) for due_at, at, value in found.values() if value is not None)
    return tuple((at, value) for _due_at, at, value in told[-limit:])
