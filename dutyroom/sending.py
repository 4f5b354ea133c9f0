"""What is sent away: made by the report, put on record by the duty; one way for commands and screens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from dutyroom.board import make_board
from dutyroom.duty.desk import Desk, require
from dutyroom.duty.exports import put_on_record
from dutyroom.duty.records import read_room
from dutyroom.duty.zero_reports import signed_page
from dutyroom.errors import ExportError
from dutyroom.model.people import Act, Actor
from dutyroom.model.zero_page import ZeroPage
from dutyroom.rules.outage_card import subject_of
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

    def enter(made: Path, _target: Path) -> None:
        put_on_record(desk, actor, f"zero-report:{day}", made, now())

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

    def enter(made: Path, _target: Path) -> None:
        put_on_record(desk, actor, subject, made, now)

    return export_outage_card(desk.site, proven, path, now, enter)


def make_folder(folder: Path) -> None:
    """Makes a folder that only its owner reads, unless it is there. Raises ExportError."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        sentence = _("The folder {path} cannot be made: {why}.")
        raise ExportError(sentence.format(path=folder, why=error.strerror or type(error).__name__)) from error
