"""The matrix of backups: a block for each month, a column a day, of each job a row of signs, of sizes and of ages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from dutyroom import show
from dutyroom.report.facts.backup_days import BAD, BackupDay, BackupResult
from dutyroom.report.facts.backups import JobDays
from dutyroom.report.frame import Frame
from dutyroom.report.list_page import ListRow, Shown
from dutyroom.report.sheets.slot_marks import WEEKDAYS, is_weekend
from dutyroom.report.tables_page import Table
from dutyroom.words import N_, _

DAYS = 31
GRID = (27.0, *(3.5,) * DAYS, *(8.0,) * 4)
"""Widths of the columns that all tables of the sheet share."""
WORDS = {
    BackupResult.OK: N_("well"),
    BackupResult.FAILED: N_("failed"),
    BackupResult.MISSING: N_("no backup"),
    BackupResult.OLD: N_("too old"),
    BackupResult.PARTIAL: N_("partial"),
    BackupResult.UNKNOWN: N_("not known"),
    BackupResult.RUNNING: N_("day not over"),
}
UNITS = ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "B"))
TENTHS_BELOW, LEAST = 100, 0.1
FEW = 6
"""Of more jobs the signs stand together, and sizes and ages in a table of their own."""


def word(result: BackupResult) -> str:
    """A result as people read it."""
    return _(WORDS[result])


def legend() -> str:
    """What the signs of the matrix mean."""
    return _("✓ well  F failed  N no backup  O too old  P partial  ? not known  … day not over")


def matrix_tables(frame: Frame, jobs: Sequence[JobDays]) -> Iterator[Table]:
    """Signs of every job by day, and what is known of sizes and ages, of many jobs behind them.

    One block of the days where they are at most 31, else one for each month.
    """
    days = [*frame.period.days()]
    blocks = [days]
    if len(days) > DAYS:
        blocks = [[*some] for _month, some in groupby(days, key=lambda day: (day.year, day.month))]
    told = [(block, [one for job in jobs if (one := _Told.of(job, block)) is not None]) for block in blocks]
    together = len(jobs) <= FEW
    for number, (block, some) in enumerate(told):
        rows = [row for one in some for row in (one.signs(), *(one.details("") if together else ()))]
        if rows or len(blocks) == 1:
            title = _("Backups by day: {first} to {last}").format(first=block[0], last=block[-1])
            yield Table(title, [*_columns(block), *_tail(block)], rows, legend() if not number else "")
    for block, some in told if not together else ():
        if rows := [row for one in some for row in one.details(one.job.label)]:
            title = _("Sizes and ages by day: {first} to {last}").format(first=block[0], last=block[-1])
            yield Table(title, _columns(block), rows)


def size_unit(sizes: Sequence[float]) -> tuple[float, str]:
    """Bytes of the unit in which the largest size is best read, and its name."""
    largest = max(sizes, default=0.0)
    return next((one for one in UNITS if largest >= one[0] * 0.9995), UNITS[-1])


def size_number(size: float | None, factor: float) -> float | str | None:
    """A size in a unit, as short as a narrow cell asks for; what is there is never shown as nothing."""
    if size is None:
        return None
    if 0 < size < LEAST * factor:
        return f"<{LEAST}"
    return round(size / factor, 1) if size / factor < TENTHS_BELOW else round(size / factor)


def _columns(days: Sequence[date]) -> list[tuple[str, int]]:
    over = DAYS // len(days)
    heads = [(f"{day.day}\n{_(WEEKDAYS[day.weekday()])}", over) for day in days]
    return [(_("Job"), 1), *heads]


def _tail(days: Sequence[date]) -> list[tuple[str, int]]:
    rest = DAYS % len(days)
    return [(_("Well"), 1 + rest), (_("Not well"), 1), (_("Not known"), 1), (_("Answers only"), 1)]


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of a job in a block of days; `days` has None for one that is not told."""

    job: JobDays
    block: Sequence[date]
    days: Sequence[BackupDay | None]

    @classmethod
    def of(cls, job: JobDays, block: Sequence[date]) -> _Told | None:
        by_day = {one.day: one for one in job.days}
        days = [by_day.get(day) for day in block]
        return cls(job, block, days) if any(days) else None

    @property
    def known(self) -> list[BackupDay]:
        return [one for one in self.days if one is not None]

    @property
    def records(self) -> tuple[str, ...]:
        return tuple(record for one in self.known for record in one.records)

    def signs(self) -> ListRow:
        job, over = self.job, [one for one in self.known if one.is_over]
        signs = [_sign(day, one) for day, one in zip(self.block, self.days, strict=True)]
        label = job.label if job.is_listed else _("{job} (no longer in the site file)").format(job=job.label)
        counts: list[Shown] = [
            (sum(one.result is BackupResult.OK for one in over), "count"),
            _count(sum(one.result.is_bad for one in over), "count fault"),
            _count(sum(one.result is BackupResult.UNKNOWN for one in over), "count attention"),
            (sum(one.is_by_answers for one in over), "count"),
        ]
        return ListRow([(label, "text strong"), *signs, *counts], self.records)

    def details(self, label: str) -> Iterator[ListRow]:
        """Sizes and ages, where any is known; under `label` in a table of their own, else under the signs."""
        sizes = [one.size for one in self.known if one.size is not None]
        if sizes:
            factor, unit = size_unit(sizes)
            numbers = [size_number(one.size, factor) if one is not None else None for one in self.days]
            yield self._row(label, _("size, {unit}").format(unit=unit), numbers)
        if any(one.age_s is not None for one in self.known):
            ages = [one.age_s if one is not None else None for one in self.days]
            hours = [round(age / 3600) if age is not None else None for age in ages]
            yield self._row(label, _("age at the end of the day, h"), hours)

    def _row(self, label: str, what: str, numbers: Sequence[float | str | None]) -> ListRow:
        cells = [(number, _plain(day)) for day, number in zip(self.block, numbers, strict=True)]
        if label:
            return ListRow([(_("{job}: {what}").format(job=label, what=what), "label"), *cells], self.records)
        return ListRow([(what, "label"), *cells, *[(None, "count")] * 4], self.records)


def _sign(day: date, one: BackupDay | None) -> Shown:
    if one is None:
        return None, _plain(day)
    # One message, because a single letter means another thing elsewhere; the legend names the four.
    letters = dict(zip(BAD, _("F N O P").split(), strict=True))
    others = {BackupResult.OK: "✓", BackupResult.UNKNOWN: "?", BackupResult.RUNNING: "…"}
    if one.result.is_bad:
        return letters[one.result], "mark attention" if one.result is BackupResult.PARTIAL else "mark fault"
    return others[one.result], "mark attention" if one.result is BackupResult.UNKNOWN else _plain(day)


def _plain(day: date) -> str:
    return "mark weekend" if is_weekend(day) else "mark"


def _count(number: int, look: str) -> Shown:
    return number, look if number else "count"


def size_text(size: float | None) -> str:
    """A size alone, in the unit that fits; a dash where it is not known."""
    if size is None:
        return show.NOTHING
    factor, unit = size_unit([size])
    return show.number(round(size / factor, 1), unit)
