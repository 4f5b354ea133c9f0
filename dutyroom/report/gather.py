"""Takes the records of a month out of the store, in one consistent view."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from dutyroom.clock import at_local
from dutyroom.model.checklist import Checklist
from dutyroom.model.site import Site
from dutyroom.model.zero_report import ZeroDay
from dutyroom.report.month_records import MonthRecords, last_day_of
from dutyroom.rules.zero_window import stand, window_at
from dutyroom.store import findings, ledger, people, rounds, zero_reports
from dutyroom.store.database import Session, Store


def month_records(
    store: Store, site: Site, checklist: Checklist, month: tuple[int, int], now: datetime
) -> MonthRecords:
    """The records of (year, month) by local due date, as they stand at `now` (UTC).

    Raises:
        StoreError: the store could not be read.
    """
    first, last = date(*month, 1), last_day_of(month)
    begins = at_local(first, time.min, site.timezone)
    ends = at_local(last + timedelta(days=1), time.min, site.timezone)
    with store.read() as s:
        return MonthRecords(
            site=site,
            checklist=checklist,
            month=month,
            rounds=rounds.rounds(s, since=first, until=last),
            entries=rounds.entries_between(s, first, last),
            operators=people.operators(s),
            first_hash=ledger.first_hash(s, begins, ends),
            last_hash=ledger.head(s),
            generated_at=now,
            findings=findings.between(s, begins, ends),
            zero=_zero(s, site, first, last, now),
        )


def _zero(s: Session, site: Site, first: date, last: date, now: datetime) -> tuple[ZeroDay, ...]:
    """The duty days of the month since there was anybody."""
    began = min((one.created_at for one in people.operators(s)), default=None)
    if began is None:
        return ()
    rules = (site.zero_report_at, site.timezone, site.zero_report_grace_s)
    in_use = window_at(began, *rules).duty_day
    return stand(zero_reports.versions(s, first, last), max(first, in_use), last, now, *rules)
