"""A period in words."""

from __future__ import annotations

from dutyroom.rules.report_period import PeriodKind, ReportPeriod, quarter_of
from dutyroom.words import N_, _

_MONTHS = (
    *(N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August")),
    *(N_("September"), N_("October"), N_("November"), N_("December")),
)


def period_words(period: ReportPeriod) -> str:
    """`October 2026`, `Week 43 of 2026`, `Quarter 4 of 2026`, `The year 2026`; a range by its days."""
    match period.kind:
        case PeriodKind.WEEK:
            year, week, _day = period.first.isocalendar()
            return _("Week {week} of {year}").format(week=week, year=year)
        case PeriodKind.MONTH:
            month = _(_MONTHS[period.first.month - 1])
            return _("{month} {year}").format(month=month, year=period.first.year)
        case PeriodKind.QUARTER:
            return _("Quarter {quarter} of {year}").format(quarter=quarter_of(period.first), year=period.first.year)
        case PeriodKind.YEAR:
            return _("The year {year}").format(year=period.first.year)
        case PeriodKind.RANGE:
            return _("{first} to {last}").format(first=period.first, last=period.last)


def period_days(period: ReportPeriod) -> str:
    """Its first and last local day and how many there are."""
    days = (period.last - period.first).days + 1
    return _("{first} to {last}, days: {days}").format(first=period.first, last=period.last, days=days)
