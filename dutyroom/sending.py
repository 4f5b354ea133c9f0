"""What is sent away: made by the report, put on record by the duty; one way for commands and screens."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from dutyroom.board import make_board
from dutyroom.duty.desk import Desk, require
from dutyroom.duty.exports import Recorded, put_on_record
from dutyroom.duty.records import read_room
from dutyroom.duty.zero_reports import signed_page
from dutyroom.errors import ExportError
from dutyroom.inert import inert
from dutyroom.model.people import Act, Actor
from dutyroom.model.zero_page import ZeroPage
from dutyroom.report.file_trouble import NotWritten, joined, not_written
from dutyroom.report.files import move_in_place, opened_by, require_place
from dutyroom.rules.outage_card import subject_of
from dutyroom.rules.report_period import ReportPeriod
from dutyroom.words import _
from dutyroom.zero_words import ZeroNames


def zero_names(desk: Desk, page: ZeroPage) -> ZeroNames:
    """What the names in a report stand for."""
    return ZeroNames(desk.site, page.people, {one.checklist.name: one.checklist for one in desk.published()})


def zero_folder(desk: Desk) -> Path:
    """Where the screens put what is to be sent: `zero-reports` beside the database."""
    return desk.store.path.parent / "zero-reports"


def zero_files(desk: Desk, page: ZeroPage) -> tuple[Path, ...]:
    """The files of the version in force that lie in that folder."""
    from dutyroom.report.zero_report import file_name

    paths = [zero_folder(desk) / file_name(page.day, ending) for ending in ("txt", "xlsx")]
    return tuple(path for path in paths if page.day.report is not None and path.is_file())


def write_zero_report(
    desk: Desk, actor: Actor, day: date, folder: Path, language: str, now: Callable[[], datetime]
) -> tuple[Path, ...]:
    """Writes text and workbook of a signed report and a line in the ledger for each; where they are.

    Raises ZeroReportRefused (`nothing-to-send`), NotAllowed, ExportError, StoreError.
    """
    from dutyroom.report.zero_report import export_zero_report

    page = signed_page(desk, day, now())
    make_folder(folder)

    recorded: list[Recorded] = []

    def enter(made: Path, _target: Path) -> None:
        recorded.append(put_on_record(desk, actor, f"zero-report:{day}", made, now()))

    with _told_when_recorded(recorded):
        return export_zero_report(page, zero_names(desk, page), folder, language, enter)


def card_folder(desk: Desk) -> Path:
    """Where the screens put the outage card: `outage-card` beside the database."""
    return desk.store.path.parent / "outage-card"


def card_name(desk: Desk, now: datetime) -> str:
    """`outage-card-2026-11-24.xlsx`: the day in the room."""
    return f"outage-card-{now.astimezone(desk.site.timezone).date()}.xlsx"


def write_outage_card(desk: Desk, actor: Actor, path: Path, now: datetime) -> Path:
    """Writes the outage card with the hold times as they are proven now, and a line in the ledger; where it is.

    Raises NotAllowed, ExportError, StoreError.
    """
    from dutyroom.report.outage_card import export_outage_card
    from dutyroom.report.proven import proven_now

    require(actor, Act.EXPORT)
    proven = proven_now(make_board(desk.site, desk.checklist, read_room(desk, now), now), desk.site)
    subject = subject_of(desk.site, {name: one.verdict for name, one in proven.items()})

    recorded: list[Recorded] = []

    def enter(made: Path, _target: Path) -> None:
        recorded.append(put_on_record(desk, actor, subject, made, now))

    with _told_when_recorded(recorded):
        return export_outage_card(desk.site, proven, path, now, enter)


@dataclass(frozen=True, slots=True)
class SentWorkbook:
    """A workbook in its place and on record: size in bytes, SHA-256, number of its line in the ledger.

    `used_from` (UTC) is the moment the first operator was added. `open_by` is who had the older file open meanwhile
    (empty when that is not told), None when nobody is known to have.
    """

    path: Path
    size: int
    sha256: str
    line: int
    used_from: datetime | None = None
    open_by: str | None = None


def workbook_folder(desk: Desk) -> Path:
    """Where the screens put workbooks: `workbooks` beside the database."""
    return desk.store.path.parent / "workbooks"


def write_period(
    desk: Desk,
    actor: Actor,
    period: ReportPeriod,
    path: Path,
    language: str,
    now: Callable[[], datetime],
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> SentWorkbook:
    """Writes the workbook of a period in this process, and a line in the ledger before it takes its place.

    `tell` hears how many steps of reading are done, and of how many.

    Raises NotAllowed, ExportError (`future` for a period that has not begun), StoreError, ChecklistError.
    """
    from dutyroom.report.book import export
    from dutyroom.report.collect import report_of

    require(actor, Act.EXPORT)
    made_at = now()
    require_begun(desk, period, made_at)
    require_place(path)
    checklists = [one.checklist for one in desk.published()]
    report = report_of(desk.store, desk.site, checklists, period, made_at, tell)
    recorded: list[Recorded] = []

    def enter(made: Path, _target: Path) -> None:
        recorded.append(put_on_record(desk, actor, f"period:{period.name}", made, now()))

    with _told_when_recorded(recorded):
        target = export(report, path, language, enter)
    return _sent(target, recorded[0], report.frame.used_from)


def put_workbook_in_place(
    desk: Desk, actor: Actor, period: ReportPeriod, made: Path, path: Path, now: datetime, used_from: datetime | None
) -> SentWorkbook:
    """Enters a workbook that another process made, then puts it in its place.

    Raises NotAllowed, ExportError, StoreError; an older file at `path` is then as it was.
    """
    recorded: list[Recorded] = []

    def enter(file: Path, _target: Path) -> None:
        recorded.append(put_on_record(desk, actor, f"period:{period.name}", file, now))

    with _told_when_recorded(recorded):
        target = move_in_place(made, path, enter)
    return _sent(target, recorded[0], used_from)


@contextmanager
def _told_when_recorded(recorded: list[Recorded]) -> Iterator[None]:
    """A file that is on record and cannot take its place is told so, with its line: no line is taken back."""
    try:
        yield
    except NotWritten as trouble:
        raise (trouble.on_record(recorded[-1].line) if trouble.obstacle.replaces else trouble) from trouble


def _sent(path: Path, recorded: Recorded, used_from: datetime | None) -> SentWorkbook:
    return SentWorkbook(path, path.stat().st_size, recorded.sha256, recorded.line, used_from, open_by=opened_by(path))


def still_open(path: Path, open_by: str | None) -> str:
    """The warning about a file that was replaced while somebody had the older one open; empty when nobody has."""
    if open_by is None:
        return ""
    if open_by:
        sentence = _("{who} seems to have the older {file} open: saving it there would overwrite this one.")
    else:
        sentence = _("Somebody seems to have the older {file} open: saving it there would overwrite this one.")
    return joined(sentence.format(who=open_by, file=inert(path.name)), _("Close it there without saving."))


def require_begun(desk: Desk, period: ReportPeriod, now: datetime) -> None:
    """Raises ExportError (`future`) for a period that lies wholly in the future."""
    if period.begins_at(desk.site.timezone) > now:
        raise ExportError(not_begun(period), code="future")


def not_begun(period: ReportPeriod) -> str:
    """The sentence for a period that is still to come."""
    sentence = _("{period} begins on {day}; nothing is on record yet. Choose one that has begun.")
    return sentence.format(period=period.name, day=period.first)


def before_use(desk: Desk, period: ReportPeriod, used_from: datetime | None) -> str:
    """The sentence for a period that was over before dutyroom was used here; empty for any other."""
    zone = desk.site.timezone
    if used_from is None or used_from < period.ends_at(zone):
        return ""
    sentence = _("dutyroom is used here since {day}: this workbook is about a time before that.")
    return sentence.format(day=used_from.astimezone(zone).date())


def make_folder(folder: Path) -> None:
    """Makes a folder that only its owner reads, unless it is there. Raises NotWritten."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise not_written(folder, error) from error


def makes_folder(folder: Path) -> bool:
    """Whether an export into that folder makes it. Raises NotWritten where it could not."""
    try:
        found = os.stat(folder)
    except FileNotFoundError as error:
        if os.path.isdir(folder.parent):
            return True
        raise not_written(folder, error) from error
    except OSError as error:
        raise not_written(folder, error) from error
    if not stat.S_ISDIR(found.st_mode):
        raise not_written(folder, NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)))
    return False
