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


def answers_as_signed(s: Session, rounds: Sequence[int]) -> Iterator[tuple[int, Sequence[Entry]]]:
    """Each of these rounds with its entries as they were signed, by item and device; amendments are not in them.

    Read in portions. What is the same text in many of them stands in memory once: a year has a hundred thousand.
    """
    entries, once = table("entries"), _Once()
    names = ("round_id", "item", "device", "answer", "verdict", "at", "by", "value", "unit", "origin", "live_value")
    query = select(*(entries.c[name] for name in (*names, "source", "age_s", "note", "finding_id")))
    ordered = query.order_by(entries.c.round_id, entries.c.item, entries.c.device)
    for some in _portions(rounds):
        found: dict[int, list[Entry]] = {number: [] for number in some}
        for row in s.execute(ordered.where(entries.c.round_id.in_(some))):
            found[row.round_id].append(_entry(row, once))
        yield from found.items()


def signed_against_clock(s: Session, since: datetime, until: datetime) -> tuple[int, ...]:
    """The numbers of the rounds signed at or after `since` and before `until` although the clock stood wrong."""
    query = select(RoundRow.id).where(
        col(RoundRow.clock_reason).is_not(None), col(RoundRow.signed_at) >= since, col(RoundRow.signed_at) < until
    )
    return tuple(number for number in s.exec(query.order_by(col(RoundRow.id))) if number is not None)


def answers_of(s: Session, ids: Iterable[int]) -> dict[int, Sequence[Entry]]:
    """By round the entries of these rounds as they were signed, in order of item and device."""
    return dict(answers_as_signed(s, sorted({*ids})))


class _Once(dict[str | None, str | None]):
    """Texts by themselves: gives the one that was asked for first."""

    def __missing__(self, text: str | None) -> str | None:
        self[text] = text
        return text


def _entry(row: Any, once: _Once) -> Entry:
    round_id, item, device, answer, verdict, at, by, value, unit, origin, live, source, age_s, note, finding = row
    return Entry(
        round_id=round_id,
        item=once[item] or "",
        device=once[device] or "",
        answer=once[answer],
        verdict=Verdict(verdict),
        at=at,
        by=once[by] or "",
        value=value,
        unit=once[unit] or "",
        origin=Origin(origin),
        live_value=once[live],
        source=once[source],
        age_s=age_s,
        note=once[note] or "",
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
