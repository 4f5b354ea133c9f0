"""What people said of the rows of the self-check."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from dutyroom.model.self_check import CheckResult, SelfCheckAnswer
from dutyroom.store.self_check_tables import SelfCheckAnswerRow


def add(s: Session, answer: SelfCheckAnswer) -> SelfCheckAnswer:
    """Stores an answer; gives it with its number."""
    row = SelfCheckAnswerRow(
        row=answer.row,
        result=answer.result.value if answer.result is not None else "",
        text=answer.text,
        plan=answer.plan,
        set_at=answer.set_at,
        set_by=answer.set_by,
    )
    s.add(row)
    s.flush()
    return _answer(row)


def newest(s: Session, until: datetime) -> dict[str, SelfCheckAnswer]:
    """The last answer of each row that was set before `until`, by the row's id."""
    query = select(SelfCheckAnswerRow).where(SelfCheckAnswerRow.set_at < until).order_by(col(SelfCheckAnswerRow.id))
    return {row.row: _answer(row) for row in s.exec(query)}


def one(s: Session, number: int) -> SelfCheckAnswer | None:
    """The answer of that number, or None."""
    row = s.get(SelfCheckAnswerRow, number)
    return None if row is None else _answer(row)


def _answer(row: SelfCheckAnswerRow) -> SelfCheckAnswer:
    return SelfCheckAnswer(
        row=row.row,
        result=CheckResult(row.result) if row.result else None,
        text=row.text,
        plan=row.plan,
        set_at=row.set_at,
        set_by=row.set_by,
        id=row.id or 0,
    )
