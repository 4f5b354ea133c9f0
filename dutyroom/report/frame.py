"""What every sheet of a report shares: the site, the period, up to when it counts, the checklists and the people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from dutyroom.model.checklist import Checklist
from dutyroom.model.people import Operator
from dutyroom.model.site import Site
from dutyroom.rules.report_period import ReportPeriod


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of a report. Moments are UTC.

    `made_at` is the one stated time of making: rounds of the period stand as they stood then, however late they were
    signed or amended. Everything else stands as it stood at `cutoff`: the end of the period, or `made_at` while it is
    not over. So the report of a period that is over changes only where its own rounds changed. `checklists` are those
    in force at the cut-off by name, `versions` every version that rounds of the period refer to, `operators` those who
    were there at `made_at`. `used_from` is the moment the first
    operator was added; None before anybody was.
    """

    site: Site
    period: ReportPeriod
    made_at: datetime
    checklists: Mapping[str, Checklist] = field(default_factory=dict)
    versions: Mapping[str, Checklist] = field(default_factory=dict)
    operators: tuple[Operator, ...] = ()
    used_from: datetime | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The site's zone."""
        return self.site.timezone

    @property
    def begins_at(self) -> datetime:
        """The first moment of the period."""
        return self.period.begins_at(self.zone)

    @property
    def ends_at(self) -> datetime:
        """The first moment after the period."""
        return self.period.ends_at(self.zone)

    @property
    def is_over(self) -> bool:
        """True when the period had ended when this was made."""
        return self.made_at >= self.ends_at

    @property
    def cutoff(self) -> datetime:
        """Up to when it counts."""
        return min(self.made_at, self.ends_at)

    def person(self, name: str | None) -> str:
        """What people call the operator of that name; the name itself when nobody has it, empty for nobody."""
        return next((one.label for one in self.operators if one.name == name), name or "")

    def checklist_of(self, version: str, name: str) -> Checklist | None:
        """The checklist a round was walked with; the one in force for a round nobody began."""
        return self.versions.get(version) or self.checklists.get(name)
