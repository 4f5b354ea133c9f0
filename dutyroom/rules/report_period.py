"""What a report is about: a week, a month, a quarter, a year or any range of local days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
MONTHS_OF_QUARTER = 3
LONGEST = timedelta(days=3660)
"""Ten years: as long as records are kept."""
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


class PeriodKind(StrEnum):
    """How long a period is."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """Local days from `first` to `last`, both included."""

    kind: PeriodKind
    first: date
    last: date

    @property
    def name(self) -> str:
        """As it is written in commands and file names: `2026-W43` (ISO 8601), `2026-10`, `2026-Q4`, `2026`, `A..B`."""
        match self.kind:
            case PeriodKind.WEEK:
                year, week, _day = self.first.isocalendar()
                return f"{year}-W{week:02d}"
            case PeriodKind.MONTH:
                return f"{self.first:%Y-%m}"
            case PeriodKind.QUARTER:
                return f"{self.first.year:04d}-Q{quarter_of(self.first)}"
            case PeriodKind.YEAR:
                return f"{self.first.year:04d}"
            case PeriodKind.RANGE:
                return f"{self.first}..{self.last}"

    def begins_at(self, zone: ZoneInfo) -> datetime:
        """The first moment (UTC) of its first day."""
        return _midnight(self.first, zone)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        """The first moment (UTC) after its last day."""
        return _midnight(self.last + DAY, zone)

    def days(self) -> Iterator[date]:
        """Every local day, in order."""
        for number in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=number)

    def holds(self, day: date) -> bool:
        """True for a day of it."""
        return self.first <= day <= self.last

    @property
    def has_self_inspection(self) -> bool:
        """True for quarters and years, which the self-inspection is made for."""
        return self.kind in (PeriodKind.QUARTER, PeriodKind.YEAR)


def quarter_of(day: date) -> int:
    """1 to 4."""
    return (day.month - 1) // MONTHS_OF_QUARTER + 1


def holding(kind: PeriodKind, day: date) -> ReportPeriod:
    """The week (Monday to Sunday), month, quarter or year with that day; a range of that day alone."""
    match kind:
        case PeriodKind.WEEK:
            first = day - timedelta(days=day.weekday())
            return ReportPeriod(kind, first, first + timedelta(days=6))
        case PeriodKind.MONTH:
            return ReportPeriod(kind, day.replace(day=1), _last_of(day.year, day.month))
        case PeriodKind.QUARTER:
            last = quarter_of(day) * MONTHS_OF_QUARTER
            return ReportPeriod(kind, date(day.year, last - 2, 1), _last_of(day.year, last))
        case PeriodKind.YEAR:
            return ReportPeriod(kind, date(day.year, 1, 1), date(day.year, 12, 31))
        case PeriodKind.RANGE:
            return ReportPeriod(kind, day, day)


def stepped(period: ReportPeriod, by: int) -> ReportPeriod:
    """The next period of its kind (`by` 1) or the one before (-1); of a range one as long."""
    if period.kind is PeriodKind.RANGE:
        length = (period.last - period.first + DAY) * by
        return ReportPeriod(period.kind, period.first + length, period.last + length)
    return holding(period.kind, period.last + DAY if by > 0 else period.first - DAY)


class PeriodTooLong(ValueError):
    """A range of more than ten years."""


def parse(text: str) -> ReportPeriod:
    """The period of a name.

    Raises:
        PeriodTooLong: it is longer than ten years.
        ValueError: it names none, or ends before it begins.
    """
    if found := _RANGE.fullmatch(text):
        first, last = (date.fromisoformat(day) for day in found.groups())
        if last < first:
            raise ValueError(text)
        if last - first > LONGEST:
            raise PeriodTooLong(text)
        return ReportPeriod(PeriodKind.RANGE, first, last)
    if found := re.fullmatch(r"(\d{4})-W(\d{2})", text):
        return holding(PeriodKind.WEEK, date.fromisocalendar(int(found[1]), int(found[2]), 1))
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", text):
        return holding(PeriodKind.QUARTER, date(int(found[1]), int(found[2]) * MONTHS_OF_QUARTER, 1))
    if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
        return holding(PeriodKind.MONTH, date(int(found[1]), int(found[2]), 1))
    if re.fullmatch(r"\d{4}", text):
        return holding(PeriodKind.YEAR, date(int(text), 1, 1))
    raise ValueError(text)


def _last_of(year: int, month: int) -> date:
    return (date(year + 1, 1, 1) if month == MONTHS_OF_QUARTER * 4 else date(year, month + 1, 1)) - DAY


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    # A midnight that daylight saving skips moves on by the gap; of one that comes twice it is the first.
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
