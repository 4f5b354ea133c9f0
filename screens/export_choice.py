"""What is to be exported: period, language and folder, as the arrows and what is typed set them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from dutyroom import words
from dutyroom.errors import DutyroomError
from dutyroom.rules.report_period import LONGEST, PeriodKind, ReportPeriod, holding, stepped
from dutyroom.words import _

KINDS = tuple(PeriodKind)
# Dates of workbooks begin with 1900; nobody waits for the next century.
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
FIRST, LAST = date(1900, 1, 1), date(2099, 12, 31)


class Row(StrEnum):
    """The lines on which something is chosen, in their order."""

    KIND = "kind"
    WHICH = "which"
    LANGUAGE = "language"
    FOLDER = "folder"


ROWS = tuple(Row)


class WrongEntry(DutyroomError):
    """Days or a folder that cannot be taken as they were typed."""

    code = "wrong-entry"


@dataclass(slots=True)
class Choice:
    """The choice so far. Without a language the one in force is taken, without a folder that of the workbooks.

    `is_folder_made`: the folder was not there when it was typed, and is made with the workbook.
    """

    period: ReportPeriod
    row: Row = Row.WHICH
    chosen_language: str = ""
    folder: Path | None = None
    is_folder_made: bool = False
    _came_from: ReportPeriod | None = None

    @property
    def language(self) -> str:
        """The language of the workbook."""
        return self.chosen_language or words.language()

    def move(self, by: int) -> None:
        """The next line, or one before."""
        self.row = ROWS[max(0, min(len(ROWS) - 1, ROWS.index(self.row) + by))]

    def change(self, by: int) -> None:
        """The next value of the line, or the one before."""
        if self.row is Row.KIND:
            # Through all kinds and back it is the period it was.
            self._came_from = self._came_from or self.period
            self._take_kind(KINDS[(KINDS.index(self.period.kind) + by) % len(KINDS)])
        elif self.row is Row.WHICH:
            moved = stepped(self.period, by)
            if moved.first >= FIRST and moved.last <= LAST:
                self.period, self._came_from = moved, None
        elif self.row is Row.LANGUAGE:
            at = (words.LANGUAGES.index(self.language) + by) % len(words.LANGUAGES)
            self.chosen_language = words.LANGUAGES[at]

    def _take_kind(self, kind: PeriodKind) -> None:
        """Of the period it came from a longer one around it, of a shorter kind the first in it, or its days."""
        origin = self._came_from or self.period
        if kind is origin.kind:
            self.period = origin
        elif kind is PeriodKind.RANGE:
            self.period = ReportPeriod(kind, origin.first, origin.last)
        else:
            self.period = holding(kind, origin.first)

    def take_days(self, first: str, last: str) -> None:
        """The range between two days as they were typed. Raises WrongEntry."""
        begins, ends = _day(first), _day(last)
        if ends < begins:
            raise WrongEntry(_("The last day is before the first."))
        if ends - begins > LONGEST:
            raise WrongEntry(_("A workbook holds ten years at most."))
        self.period, self.row = ReportPeriod(PeriodKind.RANGE, begins, ends), Row.WHICH
        self._came_from = None


def _day(typed: str) -> date:
    """Raises WrongEntry."""
    text = typed.strip()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        if DAY.fullmatch(text):
            raise WrongEntry(_("There is no day {day}.").format(day=text)) from None
        raise WrongEntry(_("Write the days as 2026-10-05.")) from None
    if not FIRST <= day <= LAST:
        raise WrongEntry(_("Write the days as 2026-10-05."))
    return day


def folder_of(typed: str) -> Path | None:
    """The folder as it was typed; nothing typed is the folder of the workbooks: None. Raises WrongEntry."""
    text = typed.strip()
    if not text:
        return None
    try:
        folder = Path(text).expanduser()
    except RuntimeError:
        folder = Path(text)
    if not folder.is_absolute() or "\0" in text:
        raise WrongEntry(_("Write the whole path, such as /mnt/reports."))
    return folder
