"""The matrix of backups: a block for each month, a column a day, of each job a row of signs, of sizes and of ages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
TENTHS_BELOW = 100


def word(result: BackupResult) -> str:
    """A result as people read it."""
    return _(WORDS[result])


def legend() -> str:
    """What the signs of the matrix mean."""
    return _("✓ well  F failed  N no backup  O too old  P partial  ? not known  … day not over")


def matrix_tables(frame: Frame, jobs: Sequence[JobDays]) -> Iterator[Table]:
    """One block of the days where they are at most 31, else one for each month."""
    days = [*frame.period.days()]
    blocks = [days]
    if len(days) > DAYS:
        blocks = [[*some] for _month, some in groupby(days, key=lambda day: (day.year, day.month))]
    for number, block in enumerate(blocks):
        rows = [row for job in jobs for row in _rows(job, block)]
        if rows or len(blocks) == 1:
            title = _("Backups by day: {first} to {last}").format(first=block[0], last=block[-1])
            yield Table(title, _columns(block), rows, legend() if not number else "")


def size_unit(sizes: Sequence[float]) -> tuple[float, str]:
    """Bytes of the unit in which the largest size is best read, and its name."""
    largest = max(sizes, default=0.0)
    return next((one for one in UNITS if largest >= one[0] * 0.9995), UNITS[-1])


def size_number(size: float | None, factor: float) -> float | None:
    """A size in a unit, as short as a narrow cell asks for."""
    if size is None:
        return None
    return round(size / factor, 1) if size / factor < TENTHS_BELOW else round(size / factor)


def _columns(days: Sequence[date]) -> list[tuple[str, int]]:
    over = DAYS // len(days)
    heads = [(f"{day.day}\n{_(WEEKDAYS[day.weekday()])}", over) for day in days]
    rest = DAYS - over * len(days)
    filler = [("", rest)] if rest else []
    return [
        (_("Job"), 1),
        *heads,
        *filler,
        *((_("Well"), 1), (_("Not well"), 1), (_("Not known"), 1), (_("By answers only"), 1)),
    ]


def _rows(job: JobDays, days: Sequence[date]) -> Iterator[ListRow]:
    """The rows of a job: its signs, and what is known of its sizes and ages; nothing where no day is told."""
    by_day = {one.day: one for one in job.days}
    told = [by_day.get(day) for day in days]
    known = [one for one in told if one is not None]
    if not known:
        return
    over = [one for one in known if one.is_over]
    counts: list[Shown] = [
        (sum(one.result is BackupResult.OK for one in over), "count"),
        _count(sum(one.result.is_bad for one in over), "count fault"),
        _count(sum(one.result is BackupResult.UNKNOWN for one in over), "count attention"),
        (sum(one.is_by_answers for one in over), "count"),
    ]
    filler: list[Shown] = [(None, "mark")] if DAYS % len(days) else []
    signs = [_sign(day, one) for day, one in zip(days, told, strict=True)]
    records = tuple(record for one in known for record in one.records)
    label = job.label if job.is_listed else _("{job} (no longer in the site file)").format(job=job.label)
    yield ListRow([(label, "text strong"), *signs, *filler, *counts], records)
    blank: list[Shown] = [*filler, *[(None, "count")] * 4]
    sizes = [one.size for one in known if one.size is not None]
    if sizes:
        factor, unit = size_unit(sizes)
        numbers = [size_number(one.size, factor) if one is not None else None for one in told]
        cells = [(number, _plain(day)) for day, number in zip(days, numbers, strict=True)]
        yield ListRow([(_("size, {unit}").format(unit=unit), "label"), *cells, *blank], records)
    if any(one.age_s is not None for one in known):
        ages = [round(one.age_s / 3600) if one is not None and one.age_s is not None else None for one in told]
        cells = [(number, _plain(day)) for day, number in zip(days, ages, strict=True)]
        yield ListRow([(_("age at the end of the day, h"), "label"), *cells, *blank], records)


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
    return show.number(size_number(size, factor), unit)
