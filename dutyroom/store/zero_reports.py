"""Zero reports, version after version, and what of the records falls into a duty day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from dutyroom.model.finding import FindingState
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import Entry, Round
from dutyroom.model.zero_content import ZeroItem, ZeroKind
from dutyroom.model.zero_report import ZeroReport, ZeroState
from dutyroom.store import rounds as round_rows
from dutyroom.store.finding_tables import FindingRow
from dutyroom.store.tables import RoundRow
from dutyroom.store.zero_tables import ZeroReportRow

_ABNORMAL = (Verdict.ATTENTION, Verdict.FAULT)


@dataclass(frozen=True, slots=True)
class FindingCounts:
    """Findings not over at a moment, of them overdue and known; and those verified since the day began."""

    open: int
    overdue: int
    known: int
    verified: int


def add(s: Session, report: ZeroReport) -> ZeroReport:
    """Stores a version; gives it with its number. The write session ends with StoreError when it is not the next."""
    row = ZeroReportRow(
        duty_day=report.duty_day,
        begins_at=report.begins_at,
        ends_at=report.ends_at,
        state=report.state.value,
        signed_at=report.signed_at,
        signed_by=report.signed_by,
        content=report.content,
        version=report.version,
        is_late=report.is_late,
        reason=report.reason,
        ledger_seq=report.ledger_seq,
        ledger_head=report.ledger_head,
    )
    s.add(row)
    s.flush()
    assert row.id is not None  # given by the flush
    return replace(report, id=row.id)


def versions(s: Session, first: date, last: date) -> tuple[ZeroReport, ...]:
    """Every version of the reports of the duty days from first to last, both included, in order."""
    query = select(ZeroReportRow).where(ZeroReportRow.duty_day >= first, ZeroReportRow.duty_day <= last)
    rows = s.exec(query.order_by(col(ZeroReportRow.duty_day), col(ZeroReportRow.version)))
    return tuple(_report(row) for row in rows)


def one(s: Session, number: int) -> ZeroReport | None:
    """The report of that number, or None."""
    row = s.get(ZeroReportRow, number)
    return None if row is None else _report(row)


def newest(s: Session, day: date) -> ZeroReport | None:
    """The version in force of a duty day, or None."""
    found = versions(s, day, day)
    return found[-1] if found else None


def reported(s: Session, since: date) -> frozenset[date]:
    """The duty days from `since` on that have a report."""
    rows = s.exec(select(col(ZeroReportRow.duty_day)).where(ZeroReportRow.duty_day >= since))
    return frozenset(rows)


def rounds_of(s: Session, day: date) -> tuple[Round, ...]:
    """The rounds of a duty day, by when they were due."""
    query = select(RoundRow.id).where(RoundRow.duty_day == day, RoundRow.due_on >= _before(day), RoundRow.due_on <= day)
    found = [round_rows.get(s, number or 0) for number in s.exec(query.order_by(col(RoundRow.due_at)))]
    return tuple(one for one in found if one is not None)


def abnormal(s: Session, of: Collection[Round]) -> tuple[Entry, ...]:
    """The answers of these rounds that are not normal and stand for no finding."""
    return tuple(
        entry
        for one in of
        if one.abnormal
        for entry in round_rows.entries(s, one.id)
        if entry.answer is not None and entry.verdict in _ABNORMAL and entry.finding_id is None
    )


def findings_of(s: Session, begins_at: datetime, until: datetime) -> tuple[ZeroItem, ...]:
    """The findings found from `begins_at` on, before `until`, by when; one of planned maintenance is planned."""
    query = select(FindingRow).where(FindingRow.found_at >= begins_at, FindingRow.found_at < until)
    # One that was withdrawn was none.
    query = query.where(FindingRow.state != FindingState.WITHDRAWN.value)
    return tuple(
        ZeroItem(
            ZeroKind.FINDING,
            row.device,
            row.found_at,
            ended_at=row.verified_at if row.verified_at is not None and row.verified_at <= until else None,
            reason=row.code,
            severity=row.severity,
            item=row.item,
            number=row.id,
            text=row.text,
            planned=row.silenced_by is not None,
        )
        for row in s.exec(query.order_by(col(FindingRow.found_at), col(FindingRow.id)))
    )


def finding_counts(s: Session, begins_at: datetime, until: datetime) -> FindingCounts:
    """How findings stood at `until`, told from their times."""
    rows = FindingRow
    is_open = (col(rows.found_at) < until) & (col(rows.state) != FindingState.WITHDRAWN.value)
    is_open = is_open & (col(rows.verified_at).is_(None) | (col(rows.verified_at) > until))
    undone = is_open & (col(rows.done_at).is_(None) | (col(rows.done_at) > until))
    verified = (col(rows.verified_at) >= begins_at) & (col(rows.verified_at) < until)
    asked = (is_open, undone & (col(rows.deadline) < until), is_open & (col(rows.known_until) > until), verified)
    return FindingCounts(*(s.exec(select(func.count()).select_from(rows).where(one)).one() for one in asked))


def _before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _report(row: ZeroReportRow) -> ZeroReport:
    return ZeroReport(
        duty_day=row.duty_day,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        state=ZeroState(row.state),
        signed_at=row.signed_at,
        signed_by=row.signed_by,
        content=row.content,
        version=row.version,
        is_late=row.is_late,
        reason=row.reason,
        ledger_seq=row.ledger_seq,
        ledger_head=row.ledger_head,
        id=row.id or 0,
    )
