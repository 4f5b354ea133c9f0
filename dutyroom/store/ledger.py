"""The ledger: one line per act that creates or changes a record, in the same transaction, chained by hashes.

A line's `hash` is the SHA-256 of the canonical JSON (see `dutyroom.store.canonical`) of all its other fields:
`seq at actor role terminal act subject row_sha256 previous`. `previous` is the hash of the line before, 64 zeros for
the first. `row_sha256` is the SHA-256 of the canonical row the act left, empty for an act that leaves none.

The chain shows every single edit. A cut tail or a whole rewrite shows only against a head that left the machine (in
the workbook and on the zero report).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, func, insert, literal
from sqlmodel import Session, col, select

from dutyroom.model.events import LedgerLine
from dutyroom.model.people import Act, Actor
from dutyroom.store.canonical import Evidence, sha256, subject_of
from dutyroom.store.evidence import stored_row
from dutyroom.store.tables import LedgerRow, RoundRow, table
from dutyroom.store.trouble import not_found

GENESIS = "0" * 64
# Not the bare column: for its lowest or highest value SQLite goes through the lines instead of the index of times.
_NUMBER = col(LedgerRow.seq) + 0


def head(s: Session) -> str:
    """The hash of the newest line; 64 zeros for an empty ledger."""
    newest = s.exec(select(LedgerRow.hash).order_by(col(LedgerRow.seq).desc()).limit(1)).one_or_none()
    return newest if newest is not None else GENESIS


def newest_at(s: Session) -> datetime | None:
    """The latest time of any line, None for an empty ledger.

    Counted from the last round that was signed against the clock with a reason: a clock that once ran far ahead must
    not hold up every signature until that time has come.
    """
    against = select(literal("round:") + cast(col(RoundRow.id), String)).where(col(RoundRow.clock_reason).is_not(None))
    excused = select(func.coalesce(func.max(LedgerRow.seq), 0)).where(
        LedgerRow.act == Act.SIGN_ROUND.value, col(LedgerRow.subject).in_(against)
    )
    return s.exec(select(func.max(LedgerRow.at)).where(LedgerRow.seq >= excused.scalar_subquery())).one()


def first_between(s: Session, since: datetime, until: datetime) -> LedgerLine | None:
    """The line of the lowest number at or after `since` and before `until`, or None."""
    return _numbered(s, select(func.min(_NUMBER)).where(LedgerRow.at >= since, LedgerRow.at < until))


def last_before(s: Session, until: datetime) -> LedgerLine | None:
    """The line of the highest number before `until`, or None."""
    latest = s.exec(select(LedgerRow.seq).where(LedgerRow.at < until).order_by(col(LedgerRow.at).desc()).limit(1))
    seq, newest = latest.one_or_none() or 0, s.exec(select(func.max(LedgerRow.seq))).one() or 0
    # Where the clock was set back, one of a higher number may be of an earlier time: looked for among the lines that
    # follow, or, where these are many, in the index of times.
    if 4 * (newest - seq) < seq:
        after = select(func.max(LedgerRow.seq)).where(LedgerRow.seq > seq, LedgerRow.at < until)
        return _numbered(s, select(func.coalesce(after.scalar_subquery(), seq)))
    return _numbered(s, select(func.max(_NUMBER)).where(LedgerRow.at < until))


def _numbered(s: Session, number: Any) -> LedgerLine | None:
    row = s.exec(select(LedgerRow).where(LedgerRow.seq == number.scalar_subquery())).one_or_none()
    return None if row is None else line_of_row(row)


def first_at(s: Session, subjects: Iterable[str]) -> dict[str, datetime]:
    """When each of these records was first told of; one the ledger never told of is absent."""
    query = select(LedgerRow.subject, func.min(LedgerRow.at)).where(col(LedgerRow.subject).in_({*subjects}))
    return dict(s.exec(query.group_by(col(LedgerRow.subject))).all())


def append(
    s: Session, *, at: datetime, actor: Actor, act: Act, subject: str, row: Mapping[str, object] | None
) -> LedgerLine:
    """Appends a line about `subject`; `row` is the canonical row the act left, None when it left none.

    For operators, checklists, rounds and entries use `append_row`, which takes the row from the store.

    Raises:
        ValueError: a datetime without a time zone.
    """
    newest = s.exec(select(LedgerRow).order_by(col(LedgerRow.seq).desc()).limit(1)).one_or_none()
    fields: dict[str, object] = {
        "seq": newest.seq + 1 if newest is not None else 1,
        "at": at,
        "actor": actor.name,
        "role": actor.role.value,
        "terminal": actor.terminal,
        "act": act.value,
        "subject": subject,
        "row_sha256": "" if row is None else sha256(row),
        "previous": newest.hash if newest is not None else GENESIS,
    }
    stored = LedgerRow.model_validate({**fields, "hash": sha256(fields)})
    s.add(stored)
    s.flush()
    return line_of_row(stored)


def append_row(s: Session, *, at: datetime, actor: Actor, act: Act, of: Evidence) -> LedgerLine:
    """Appends a line about a record that was just stored: the hash is taken from the row as it stands in the store.

    `of` names the record; only its key counts (name, version, id, or round and item and device).

    Raises:
        StoreError: `not-found` when the record was not stored before.
    """
    subject = subject_of(of)
    row = stored_row(s, of)
    if row is None:
        raise not_found(subject)
    return append(s, at=at, actor=actor, act=act, subject=subject, row=row)


def append_rows(
    s: Session, *, at: datetime | Sequence[datetime], actor: Actor, act: Act, of: Sequence[Evidence]
) -> None:
    """Appends a line about each record, as `append_row` does, in one go: an import changes thousands.

    `at` is one moment for all of them or one for each.

    Raises:
        StoreError: `not-found` when a record was not stored before.
    """
    newest = s.exec(select(LedgerRow).order_by(col(LedgerRow.seq).desc()).limit(1)).one_or_none()
    seq, previous = (newest.seq, newest.hash) if newest is not None else (0, GENESIS)
    made: list[dict[str, object]] = []
    moments = [at] * len(of) if isinstance(at, datetime) else at
    for moment, record in zip(moments, of, strict=True):
        subject = subject_of(record)
        row = stored_row(s, record)
        if row is None:
            raise not_found(subject)
        seq += 1
        fields: dict[str, object] = {
            "seq": seq,
            "at": moment,
            "actor": actor.name,
            "role": actor.role.value,
            "terminal": actor.terminal,
            "act": act.value,
            "subject": subject,
            "row_sha256": sha256(row),
            "previous": previous,
        }
        previous = sha256(fields)
        made.append({**fields, "hash": previous})
    if made:
        s.connection().execute(insert(table("ledger")), made)


def hash_of(s: Session, seq: int) -> str | None:
    """The hash of the line of that number, or None when there is none."""
    return s.exec(select(LedgerRow.hash).where(LedgerRow.seq == seq)).one_or_none()


def exported(s: Session, row_sha256: Sequence[str]) -> LedgerLine | None:
    """The newest line about an export that left one of these rows, or None."""
    query = select(LedgerRow).where(LedgerRow.act == Act.EXPORT.value, col(LedgerRow.row_sha256).in_(row_sha256))
    row = s.exec(query.order_by(col(LedgerRow.seq).desc()).limit(1)).one_or_none()
    return None if row is None else line_of_row(row)


def newest_under(s: Session, prefix: str) -> LedgerLine | None:
    """The newest line whose subject begins with `prefix`, or None; read from the index of subjects alone.

    Raises:
        ValueError: an empty prefix.
    """
    if not prefix:
        raise ValueError("every subject begins with nothing")
    # A range, because LIKE cannot use the index: up to the prefix with its last character raised by one.
    beyond = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    seq = s.exec(select(func.max(LedgerRow.seq)).where(LedgerRow.subject >= prefix, LedgerRow.subject < beyond)).one()
    row = s.get(LedgerRow, seq) if seq is not None else None
    return None if row is None else line_of_row(row)


def lines(s: Session, *, subject: str | None = None, limit: int | None = None) -> tuple[LedgerLine, ...]:
    """The ledger's lines (of one subject), oldest first; only the newest `limit`."""
    query = select(LedgerRow).order_by(col(LedgerRow.seq).desc())
    if subject is not None:
        query = query.where(LedgerRow.subject == subject)
    if limit is not None:
        query = query.limit(limit)
    return tuple(line_of_row(row) for row in reversed(s.exec(query).all()))


def line_of_row(row: LedgerRow) -> LedgerLine:
    """The line a row holds."""
    return LedgerLine(
        seq=row.seq,
        at=row.at,
        actor=row.actor,
        role=row.role,
        terminal=row.terminal,
        act=row.act,
        subject=row.subject,
        row_sha256=row.row_sha256,
        previous=row.previous,
        hash=row.hash,
    )
