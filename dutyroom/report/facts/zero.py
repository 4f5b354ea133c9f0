"""The zero reports of a period: every duty day, those without a report too, as they stood at the cut-off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dutyroom.model.zero_report import ZeroDay, ZeroState
from dutyroom.report.figure import Figure, ids
from dutyroom.report.frame import Frame
from dutyroom.rules.zero_window import stand, window_at
from dutyroom.store import zero_reports
from dutyroom.store.database import Session
from dutyroom.words import _


@dataclass(frozen=True, slots=True)
class ZeroFacts:
    """The duty days whose end lies in the period, in order, from the one on in which the first operator was added.

    `due` are those that had ended at the cut-off and were reported, or missing; one that may still be sent is not due.
    """

    days: tuple[ZeroDay, ...] = ()

    @property
    def due(self) -> tuple[ZeroDay, ...]:
        """The duty days whose report was sent or is missing."""
        return tuple(day for day in self.days if day.state is not ZeroState.DUE)

    def figures(self) -> tuple[Figure, ...]:
        """The key figures, in the language in force."""
        missing = [day for day in self.days if day.state is ZeroState.MISSING]
        late = [day for day in self.due if day.is_late]
        on_time = [day for day in self.due if day.report is not None and not day.is_late]
        amended = [day for day in self.due if day.is_amended]
        return (
            Figure("zero.due", _("Zero reports due"), len(self.due), records=_records(self.due)),
            Figure("zero.on_time", _("Sent in time"), len(on_time), records=_records(on_time)),
            Figure("zero.late", _("Sent late"), len(late), records=_records(late), is_bad=bool(late)),
            Figure("zero.missing", _("Missing"), len(missing), records=_records(missing), is_bad=bool(missing)),
            Figure("zero.amended", _("Amended afterwards"), len(amended), records=_records(amended)),
        )


def records_of(day: ZeroDay) -> tuple[str, ...]:
    """The versions of a day; of a day without one the day itself, `zero-day:2026-10-09`."""
    return ids("zero-report", (one.id for one in day.versions)) or (f"zero-day:{day.window.duty_day.isoformat()}",)


def gather(session: Session, frame: Frame) -> ZeroFacts:
    """The duty days of the period; a version signed at or after the cut-off does not count. Raises StoreError."""
    if frame.used_from is None:
        return ZeroFacts()
    site, first, last = frame.site, frame.period.first, frame.period.last
    rules = (site.zero_report_at, site.timezone, site.zero_report_grace_s)
    in_use = window_at(frame.used_from, *rules).duty_day
    signed = [one for one in zero_reports.versions(session, first, last) if one.signed_at < frame.cutoff]
    return ZeroFacts(stand(signed, max(first, in_use), last, frame.cutoff, *rules))


def _records(days: Sequence[ZeroDay]) -> tuple[str, ...]:
    return tuple(record for day in days for record in records_of(day))
