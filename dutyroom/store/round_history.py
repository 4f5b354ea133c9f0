"""Rounds of a span of days for reports: in a few statements whatever its length, and since when each was on record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, cast, func, literal
from sqlmodel import Session, col, select

from dutyroom.model.reading import Origin, Verdict
from dutyroom.model.roster import RosterEntry
from dutyroom.model.rounds import Amendment, Entry
from dutyroom.store import amendments
from dutyroom.store.handover_tables import RosterRow
from dutyroom.store.round_change_tables import AmendmentRow
from dutyroom.store.tables import ChecklistRow, LedgerRow, RoundRow, table

AT_ONCE = 500
"""Ids in one statement: SQLite takes some thousand parameters, older ones 999."""


def recorded_at(s: Session, first: date, last: date) -> dict[int, datetime]:
    """By round due from `first` to `last`: the time of its first line in the ledger; absent for one without a line."""
    subject = literal("round:") + cast(col(RoundRow.id), String)
    lines = select(func.min(LedgerRow.seq)).where(LedgerRow.subject == subject).correlate(RoundRow).scalar_subquery()
    query = select(RoundRow.id, LedgerRow.at).join(LedgerRow, col(LedgerRow.seq) == lines)
    found = s.exec(query.where(RoundRow.due_on >= first, RoundRow.due_on <= last))
    return {number: at for number, at in found if number is not None}


def amended_between(s: Session, first: date, last: date) -> tuple[Amendment, ...]:
    """Every amendment of the rounds due from `first` to `last`, by round and revision."""
    query = (
        select(AmendmentRow.round_id)
        .join(RoundRow, col(AmendmentRow.round_id) == col(RoundRow.id))
        .where(RoundRow.due_on >= first, RoundRow.due_on <= last)
        .distinct()
        .order_by(col(AmendmentRow.round_id))
    )
    numbers = s.exec(query).all()
    return tuple(one for some in _portions(numbers) for one in amendments.of_rounds(s, some))


def answers_as_signed(s: Session, first: date, last: date) -> Iterator[Entry]:
    """The entries of the signed rounds due from `first` to `last` as they were signed, in order of their rounds.

    Streamed; amendments are not in them.
    """
    entries, rounds = table("entries"), table("rounds")
    query = (
        _answers()
        .join(rounds, entries.c.round_id == rounds.c.id)
        .where(rounds.c.due_on >= first, rounds.c.due_on <= last, rounds.c.signed_at.is_not(None))
        .order_by(rounds.c.due_at, rounds.c.id, entries.c.item, entries.c.device)
    )
    return (_entry(row) for row in s.execute(query))


def answers_of(s: Session, ids: Iterable[int]) -> dict[int, list[Entry]]:
    """By round the entries of these rounds as they were signed, in order of item and device."""
    entries = table("entries")
    found: dict[int, list[Entry]] = {}
    for some in _portions(sorted({*ids})):
        query = _answers().where(entries.c.round_id.in_(some))
        for row in s.execute(query.order_by(entries.c.round_id, entries.c.item, entries.c.device)):
            found.setdefault(row[0], []).append(_entry(row))
    return found


def _answers() -> Any:
    entries = table("entries")
    names = ("round_id", "item", "device", "answer", "verdict", "at", "by", "value", "unit", "origin", "live_value")
    return select(*(entries.c[name] for name in (*names, "source", "age_s", "note", "finding_id")))


def _entry(row: Sequence[Any]) -> Entry:
    round_id, item, device, answer, verdict, at, by, value, unit, origin, live, source, age_s, note, finding = row
    return Entry(
        round_id=round_id,
        item=item,
        device=device,
        answer=answer,
        verdict=Verdict(verdict),
        at=at,
        by=by,
        value=value,
        unit=unit,
        origin=Origin(origin),
        live_value=live,
        source=source,
        age_s=age_s,
        note=note,
        finding_id=finding,
    )


def in_force_since(s: Session) -> dict[str, datetime]:
    """When each checklist was first published, by its name."""
    query = select(ChecklistRow.name, func.min(ChecklistRow.published_at)).group_by(ChecklistRow.name)
    return dict(s.exec(query).all())


def roster_at(s: Session, first: date, last: date, at: datetime) -> tuple[RosterEntry, ...]:
    """The roster of the local days from `first` to `last` as it stood before `at`; by day, in the order stored."""
    query = select(RosterRow).where(RosterRow.day >= first, RosterRow.day <= last, RosterRow.imported_at < at)
    there = col(RosterRow.replaced_at).is_(None) | (col(RosterRow.replaced_at) >= at)
    rows = s.exec(query.where(there).order_by(col(RosterRow.day), col(RosterRow.id)))
    return tuple(
        RosterEntry(row.day, row.shift, row.person, row.imported_at, row.imported_by, row.id or 0) for row in rows
    )


def _portions(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for begin in range(0, len(numbers), AT_ONCE):
        yield numbers[begin : begin + AT_ONCE]
