"""Everything the workbook of one month is made of."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dutyroom.model.checklist import Checklist
from dutyroom.model.finding import Finding
from dutyroom.model.people import Operator
from dutyroom.model.rounds import Entry, Round
from dutyroom.model.site import Site
from dutyroom.model.zero_report import ZeroDay


def last_day_of(month: tuple[int, int]) -> date:
    """The last day of (year, month)."""
    return date(*month, monthrange(*month)[1])


@dataclass(frozen=True, slots=True)
class MonthRecords:
    """What the workbook is made of. `month` is (year, month); rounds and entries of other months are left aside.

    `first_hash` is the ledger's first of the month, `last_hash` its newest when the workbook is made: that one covers
    also what was signed or amended after the month. `generated_at` is UTC. `findings` are those found in the month and
    older ones that were not over when it began. `zero` are its duty days so far, in order.
    """

    site: Site
    checklist: Checklist
    month: tuple[int, int]
    rounds: tuple[Round, ...]
    entries: tuple[Entry, ...]
    operators: tuple[Operator, ...]
    first_hash: str
    last_hash: str
    generated_at: datetime
    findings: tuple[Finding, ...] = ()
    zero: tuple[ZeroDay, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The site's zone."""
        return self.site.timezone

    @property
    def first_day(self) -> date:
        """The first local day of the month."""
        return date(*self.month, 1)

    @property
    def last_day(self) -> date:
        """The last local day of the month."""
        return last_day_of(self.month)

    def label_of_operator(self, name: str | None) -> str:
        """What people call the operator of that name; the name itself when nobody has it, empty for nobody."""
        return next((person.label for person in self.operators if person.name == name), name or "")
