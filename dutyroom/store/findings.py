"""Findings and their history. What is over, and what a finding is about, is sealed by triggers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from dutyroom.model.finding import OVER, Finding, FindingOrigin, FindingState, FindingStep, Severity, Step
from dutyroom.store.finding_tables import FindingRow, FindingStepRow
from dutyroom.store.tables import EntryRow
from dutyroom.store.trouble import not_found

_OVER = tuple(state.value for state in OVER)
# SQLite takes so many parameters in one statement at least.
_AT_ONCE = 500
# Columns that hold what the field of that name holds.
_SAME = (
    *("key", "found_at", "found_by", "deadline", "item", "device", "round_id", "code", "text", "assignee"),
    *("contained_at", "contained_by", "reported_at", "reported_by", "authority_at", "authority_by"),
    *("done_at", "done_by", "verified_at", "verified_by", "known_until", "known_owner", "known_reason"),
    *("gone_at", "times", "returned", "silenced_by"),
)


def next_id(s: Session) -> int:
    """The number the next finding gets; true for as long as the write session lasts."""
    return (s.exec(select(func.max(FindingRow.id))).one() or 0) + 1


def add(s: Session, new: Finding) -> Finding:
    """Stores a new finding and gives it back with its number (the given one is ignored)."""
    row = FindingRow(**_fields(new))
    s.add(row)
    s.flush()
    return _finding(row)


def update(s: Session, changed: Finding) -> None:
    """Stores every field of a finding under its number.

    Raises:
        StoreError: `not-found`; the write session ends with `sealed` for what may not change (any more).
    """
    row = s.get(FindingRow, changed.id)
    if row is None:
        raise not_found(f"finding:{changed.id}")
    for name, value in _fields(changed).items():
        setattr(row, name, value)
    s.flush()


def get(s: Session, number: int) -> Finding | None:
    """The finding of that number, or None."""
    row = s.get(FindingRow, number)
    return None if row is None else _finding(row)


def standing(s: Session, key: str) -> Finding | None:
    """The finding that is not over of that fault, or None; of several the newest."""
    query = select(FindingRow).where(FindingRow.key == key, col(FindingRow.state).not_in(_OVER))
    row = s.exec(query.order_by(col(FindingRow.id).desc()).limit(1)).one_or_none()
    return None if row is None else _finding(row)


def newest(s: Session, key: str) -> Finding | None:
    """The newest finding of that fault, over or not; None when it was never found."""
    row = s.exec(select(FindingRow).where(FindingRow.key == key).order_by(col(FindingRow.id).desc()).limit(1)).first()
    return None if row is None else _finding(row)


def not_over(s: Session, origin: FindingOrigin | None = None) -> tuple[Finding, ...]:
    """Every finding that is not over (of that origin), by number."""
    query = select(FindingRow).where(col(FindingRow.state).not_in(_OVER))
    if origin is not None:
        query = query.where(FindingRow.origin == origin.value)
    return tuple(_finding(row) for row in s.exec(query.order_by(col(FindingRow.id))))


def every(s: Session, limit: int | None = None) -> tuple[Finding, ...]:
    """The newest `limit` findings there ever were, by number."""
    query = select(FindingRow).order_by(col(FindingRow.id).desc())
    if limit is not None:
        query = query.limit(limit)
    return tuple(_finding(row) for row in reversed(s.exec(query).all()))


def between(s: Session, since: datetime, until: datetime) -> tuple[Finding, ...]:
    """Those that were found from `since` on and before `until`, and older ones that were not over at `since`."""
    query = select(FindingRow).where(
        FindingRow.found_at < until,
        (col(FindingRow.found_at) >= since)
        | col(FindingRow.state).not_in(_OVER)
        | (col(FindingRow.verified_at).is_not(None) & (col(FindingRow.verified_at) >= since)),
    )
    return tuple(_finding(row) for row in s.exec(query.order_by(col(FindingRow.id))))


def with_steps(s: Session, since: datetime, until: datetime) -> tuple[tuple[Finding, tuple[Step, ...]], ...]:
    """Findings with their whole history, by number: those on record before `until` that had not ended at `since`.

    Ended is verified or withdrawn; a finding is on record from the first line of its history on.
    """
    first = select(FindingStepRow.finding_id).where(FindingStepRow.at < until)
    later = select(FindingStepRow.finding_id).where(FindingStepRow.at >= since)
    query = select(FindingRow).where(
        col(FindingRow.id).in_(first), col(FindingRow.state).not_in(_OVER) | col(FindingRow.id).in_(later)
    )
    found = [_finding(row) for row in s.exec(query.order_by(col(FindingRow.id)))]
    history: dict[int, list[Step]] = {one.id: [] for one in found}
    ids = list(history)
    for begin in range(0, len(ids), _AT_ONCE):
        lines = select(FindingStepRow).where(col(FindingStepRow.finding_id).in_(ids[begin : begin + _AT_ONCE]))
        for row in s.exec(lines.order_by(col(FindingStepRow.id))):
            history[row.finding_id].append(_step(row))
    return tuple((one, tuple(history[one.id])) for one in found)


def by_numbers(s: Session, numbers: Iterable[int]) -> dict[int, Finding]:
    """The findings of these numbers; a number no finding has is left out."""
    rows = s.exec(select(FindingRow).where(col(FindingRow.id).in_(set(numbers))))
    return {found.id: found for found in map(_finding, rows)}


def answers(s: Session, number: int) -> int:
    """How many answers, in open and signed rounds, stand for the finding."""
    query = select(func.count()).where(EntryRow.finding_id == number, col(EntryRow.answer).is_not(None))
    return s.exec(query).one()


def add_step(s: Session, new: Step) -> Step:
    """Appends a line to a finding's history; gives it with its number."""
    row = FindingStepRow(
        finding_id=new.finding_id,
        at=new.at,
        by=new.by,
        step=new.step.value,
        note=new.note,
        params=_to_text(new.params),
    )
    s.add(row)
    s.flush()
    return _step(row)


def steps(s: Session, number: int) -> tuple[Step, ...]:
    """The history of a finding, oldest first."""
    query = select(FindingStepRow).where(FindingStepRow.finding_id == number).order_by(col(FindingStepRow.id))
    return tuple(_step(row) for row in s.exec(query))


def steps_between(s: Session, since: datetime, until: datetime) -> tuple[Step, ...]:
    """What happened to any finding from `since` on and before `until`, in order."""
    query = select(FindingStepRow).where(FindingStepRow.at >= since, FindingStepRow.at < until)
    return tuple(_step(row) for row in s.exec(query.order_by(col(FindingStepRow.id))))


def _to_text(params: tuple[tuple[str, str], ...]) -> str:
    return json.dumps(dict(params), ensure_ascii=False)


def _to_params(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), str(value)) for key, value in json.loads(text).items())


def _fields(one: Finding) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in _SAME},
        "origin": one.origin.value,
        "severity": one.severity.value,
        "state": one.state.value,
        "params": _to_text(one.params),
    }


def _finding(row: FindingRow) -> Finding:
    return Finding(
        **{name: getattr(row, name) for name in _SAME},
        origin=FindingOrigin(row.origin),
        severity=Severity(row.severity),
        state=FindingState(row.state),
        params=_to_params(row.params),
        id=row.id or 0,
    )


def _step(row: FindingStepRow) -> Step:
    return Step(
        finding_id=row.finding_id,
        at=row.at,
        by=row.by,
        step=FindingStep(row.step),
        note=row.note,
        params=_to_params(row.params),
        id=row.id or 0,
    )
