"""The cover: what the manager reads first and signs."""

from __future__ import annotations

from dutyroom.report.month import accounting, figures_of, judgement, people_of, versions_of
from dutyroom.report.month_records import MonthRecords
from dutyroom.report.page import Cell, Page, height_of, height_of_texts
from dutyroom.words import N_, _, choose

COLUMNS = 12
COLUMN_WIDTH = 12.0
Put = tuple[str | int | float | None, str, int]
ROLE_WORDS = {
    "technician": N_("Technician"),
    "lead": N_("Duty lead"),
    "auditor": N_("Auditor"),
    "admin": N_("Administrator"),
}


class _Sheet:
    """Cells being put down from the top; `row` is the next free one."""

    def __init__(self) -> None:
        self.row = 1
        self.cells: list[Cell] = []
        self.heights: dict[int, float] = {}
        self.names: dict[str, tuple[int, int]] = {}

    def line(self, *cells: Put, height: float) -> None:
        """One row of (value, look, columns) from the left; without a look the columns stay empty."""
        column = 1
        for value, look, columns in cells:
            if look:
                self.cells.append(Cell(self.row, column, value, look, columns=columns))
            column += columns
        self.heights[self.row] = height
        self.row += 1

    def gap(self, height: float = 8) -> None:
        """An empty row."""
        self.heights[self.row] = height
        self.row += 1

    def full(self, text: str, look: str, size: float = 10) -> None:
        """A text over the whole width, as high as it needs."""
        self.line((text, look, COLUMNS), height=height_of_texts([(text, COLUMNS * COLUMN_WIDTH)], size))


def cover_page(records: MonthRecords) -> Page:
    """The cover sheet in the language in force."""
    sheet = _Sheet()
    _masthead(sheet, records)
    _figures(sheet, records)
    _tables(sheet, records)
    _method(sheet, records)
    _ledger(sheet, records)
    _signatures(sheet)
    return Page(
        title=_("Cover"),
        widths=(COLUMN_WIDTH,) * COLUMNS,
        cells=tuple(sheet.cells),
        heights=sheet.heights,
        names=sheet.names,
    )


def period_of(records: MonthRecords) -> str:
    """The period in words: first to last local day."""
    return _("{first} to {last}").format(first=records.first_day, last=records.last_day)


def _masthead(sheet: _Sheet, records: MonthRecords) -> None:
    year, month = records.month
    title = _("Machine-room duty, {year}-{month}").format(year=year, month=f"{month:02d}")
    sheet.line((title, "title", COLUMNS), height=36)
    sheet.gap(4)
    checklist = choose(records.checklist.words.en, records.checklist.words.zh)
    for left, right in (
        ((_("Hospital"), records.site.name), (_("Period"), period_of(records))),
        ((_("Room"), records.site.room), (_("Checklist"), checklist)),
    ):
        height = height_of_texts([(left[1], COLUMN_WIDTH * 4), (right[1], COLUMN_WIDTH * 4)])
        sheet.line(
            (left[0], "label", 2), (left[1], "text", 4), (right[0], "label", 2), (right[1], "text", 4), height=height
        )
    sheet.gap()
    sentence = judgement(records)
    sheet.line((sentence, "sentence", COLUMNS), height=height_of_texts([(sentence, COLUMNS * COLUMN_WIDTH)], 12) + 8)
    sheet.gap()


def _figures(sheet: _Sheet, records: MonthRecords) -> None:
    figures = figures_of(records)
    completion = figures.completion if figures.completion is not None else "–"
    shown: list[tuple[str, int | float | str, str]] = [
        (_("Rounds due so far"), figures.due, "key number"),
        (_("Signed"), figures.signed, "key number"),
        (_("Late"), figures.late, "key number"),
        (_("Missing"), figures.missed, "key number bad" if figures.missed else "key number"),
        (_("Abnormal answers"), figures.abnormal, "key number bad" if figures.abnormal else "key number"),
        (_("Completion rate"), completion, "key percent"),
    ]
    sheet.line(*((value, look, 2) for _label, value, look in shown), height=38)
    sheet.line(*((label, "key label", 2) for label, _value, _look in shown), height=18)


def _tables(sheet: _Sheet, records: MonthRecords) -> None:
    """Who signed on the left, checklist versions on the right."""
    sheet.line((_("Inspectors"), "heading", 7), (_("Checklist versions in force"), "heading", 5), height=28)
    sheet.line(
        (_("Name"), "head left", 2),
        (_("Role"), "head", 1),
        (_("Signed"), "head", 1),
        (_("Late"), "head", 1),
        (_("Abnormal"), "head", 1),
        (None, "", 1),
        (_("Version"), "head left", 2),
        (_("First day"), "head", 1),
        (_("Last day"), "head", 1),
        (_("Rounds"), "head", 1),
        height=18,
    )
    people, versions = people_of(records), versions_of(records)
    for place in range(max(len(people), len(versions))):
        cells: list[Put] = [(None, "", 7)]
        if place < len(people):
            person = people[place]
            cells = [
                (person.label, "text", 2),
                (_(ROLE_WORDS[person.role]) if person.role in ROLE_WORDS else person.role, "centre", 1),
                *((count, "count", 1) for count in (person.signed, person.late, person.abnormal)),
                (None, "", 1),
            ]
        if place < len(versions):
            version = versions[place]
            cells += [
                (version.version, "hash", 2),
                (version.first.isoformat(), "centre", 1),
                (version.last.isoformat(), "centre", 1),
                (version.rounds, "count", 1),
            ]
        label = people[place].label if place < len(people) else ""
        sheet.line(*cells, height=height_of_texts([(label, COLUMN_WIDTH * 2)]) + 2)


def _method(sheet: _Sheet, records: MonthRecords) -> None:
    sheet.line((_("How it was counted"), "heading", COLUMNS), height=28)
    for sentence in accounting(records):
        sheet.full(sentence, "plain")


def _ledger(sheet: _Sheet, records: MonthRecords) -> None:
    sheet.line((_("Ledger"), "heading", COLUMNS), height=28)
    for name, label, value in (
        ("ledger_first_hash", _("First hash of the month"), records.first_hash),
        ("ledger_last_hash", _("Newest hash when made"), records.last_hash),
    ):
        sheet.names[name] = (sheet.row, 3)
        sheet.line((label, "label", 2), (value, "hash", 10), height=height_of(1))
    made = records.generated_at.astimezone(records.zone)
    sheet.line(
        (_("Made at"), "label", 2), (f"{made:%Y-%m-%d %H:%M:%S} ({records.zone.key})", "text", 10), height=height_of(1)
    )
    sheet.gap(12)


def _signatures(sheet: _Sheet) -> None:
    sheet.line(
        (_("Prepared by"), "head left", 4),
        (_("Reviewed by"), "head left", 4),
        (_("Approved by"), "head left", 4),
        height=18,
    )
    sheet.line(*((_("Signature"), "sign", 4) for _place in range(3)), height=44)
    sheet.line(*((_("Date"), "sign", 4) for _place in range(3)), height=22)
