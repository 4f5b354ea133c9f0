"""Items by day: the lines of a checklist by its rounds, as the sheet hangs on the wall on paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dutyroom import show
from dutyroom.clock import local_date
from dutyroom.model.reading import Verdict
from dutyroom.report.facts.standing import SlotState
from dutyroom.report.figure import traced
from dutyroom.report.frame import Frame
from dutyroom.report.list_page import RECORDS_WIDTH
from dutyroom.report.page import Cell, Page, height_of, height_of_texts, width_of
from dutyroom.report.paper import even_breaks_of, fits_one_sheet
from dutyroom.report.report import Report
from dutyroom.report.sheets.item_rows import Column, ItemRow, Section, sections_of
from dutyroom.report.sheets.slot_grid import DAYS
from dutyroom.report.sheets.slot_marks import WEEKDAYS, checklist_name, is_weekend, legend, mark_look, mark_of
from dutyroom.show import NOTHING, symbol
from dutyroom.words import _, language

LABELS = 3
HEAD = 5
"""Rows above the body: title, legend, day, weekday, state of the round."""
SLOT_WIDTH = 3.1
TAIL_WIDTH = 7.5
TITLE_ROOM = 150.0
"""The title and the legend of a sheet of few columns reach over the paper, not over the columns."""
MOST_TEXT = 31.0
"""The text of an item takes two lines rather than more room: the print would be smaller."""
STACKED = 4
"""Names of at most so many wide characters are written one under the other."""


def items_pages(report: Report) -> tuple[Page, ...]:
    """A sheet for each checklist walked in the period; none for periods longer than a month."""
    if (report.frame.period.last - report.frame.period.first).days >= DAYS:
        return ()
    pages: list[Page] = []
    for section in sections_of(report):
        pages.append(_page(report, section, is_first=not pages))
    return tuple(pages)


def _page(report: Report, section: Section, *, is_first: bool) -> Page:
    rows, columns = section.rows, section.columns
    widths = (*_label_widths(rows), *(SLOT_WIDTH,) * len(columns), *(TAIL_WIDTH,) * 3)
    spare = TITLE_ROOM - sum(widths)
    if spare > 0:
        widths = (widths[0], widths[1] + spare, *widths[2:])
    cells, heights = _head(report.frame, section, widths)
    heights |= _body_heights(rows, widths)
    foot, foot_heights = _foot(report.frame, columns, HEAD + 1 + len(rows))
    heights |= foot_heights
    one_sheet = fits_one_sheet(widths, heights)
    breaks = () if one_sheet else even_breaks_of(widths, heights, HEAD, _blocks(rows))
    name = checklist_name(report.frame, section.checklist, _versions(section))
    more = f" {section.part}" if section.parts > 1 else ""
    return Page(
        title=_("Items by day") if is_first else _("Items: {checklist}").format(checklist=name) + more,
        widths=(*widths, RECORDS_WIDTH),
        cells=(*cells, *_body(rows, columns, breaks), *_records(section, len(widths) + 1), *foot),
        heights=heights,
        body=(HEAD + 1, LABELS + 1),
        repeat=(1, HEAD),
        one_sheet=one_sheet,
        breaks=breaks,
        hidden=frozenset({len(widths) + 1}),
        key="items" if is_first else f"items.{section.checklist}" + (f".{section.part}" if section.parts > 1 else ""),
    )


def _versions(section: Section) -> tuple[str, ...]:
    walked = [column.slot.round for column in reversed(section.columns) if column.slot is not None]
    return tuple(held.version for held in walked if held is not None)


def _blocks(rows: Sequence[ItemRow]) -> list[tuple[int, int]]:
    """What stays together on a page: the devices of an item; the last item and the foot."""
    areas = [first for first, _group in _spans(rows, _area)]
    items = [first for first, _group in _spans(rows, _item)]
    return [(item, max(area for area in areas if area <= item)) for item in items]


def _label_widths(rows: Sequence[ItemRow]) -> tuple[float, float, float]:
    words = [word for row in rows for word in (row.area.split() if row.area.isascii() else [row.area])]
    area = max((width_of(word) for word in words), default=0)
    device = max((_room_for(row.device) for row in rows), default=0)
    text = max((_room_for(row.text) for row in rows), default=0)
    return min(16.0, max(7.0, area + 2.0)), min(MOST_TEXT, max(22.0, text + 3.0)), min(24.5, max(9.0, device + 3.0))


def _room_for(text: str) -> float:
    """Columns' units the text takes on a line: letters of 10 points are narrower than the digits that are the unit."""
    return width_of(text) * (0.9 if text.isascii() else 1.0)


def _spans(
    rows: Sequence[ItemRow], name: Callable[[ItemRow], str], breaks: Sequence[int] = ()
) -> list[tuple[int, list[ItemRow]]]:
    """Neighbouring rows with the same name, with the sheet row where they begin: they share one cell of a page."""
    found: list[tuple[int, list[ItemRow]]] = []
    for number, row in enumerate(rows, HEAD + 1):
        if found and number not in breaks and name(row) == name(found[-1][1][0]):
            found[-1][1].append(row)
        else:
            found.append((number, [row]))
    return found


def _area(row: ItemRow) -> str:
    return row.area


def _item(row: ItemRow) -> str:
    return f"{row.area}\n{row.text}"


def _body_heights(rows: Sequence[ItemRow], widths: Sequence[float]) -> dict[int, float]:
    heights = {HEAD + 1 + place: height_of_texts([(row.device, widths[2])]) for place, row in enumerate(rows)}
    shared = [(first, group, group[0].area, widths[0] + 1) for first, group in _spans(rows, _area)]
    for first, group in _spans(rows, _item):
        room = widths[1] if any(row.device for row in group) else widths[1] + widths[2]
        shared.append((first, group, group[0].text, room))
    # A cell shared by several rows is as high as its text; where they are too low the first one grows.
    for first, group, text, room in shared:
        others = sum(heights[first + place] for place in range(1, len(group)))
        heights[first] = max(heights[first], height_of_texts([(text, room)]) - others)
    return heights


def _head(frame: Frame, section: Section, widths: Sequence[float]) -> tuple[list[Cell], dict[int, float]]:
    columns, width = section.columns, len(widths)
    title = _("{hospital}, {room}: {checklist}, {period}").format(
        hospital=frame.site.name,
        room=frame.site.room,
        checklist=checklist_name(frame, section.checklist, _versions(section)),
        period=frame.period.name,
    )
    if section.parts > 1:
        title += " " + _("(part {part} of {parts})").format(part=section.part, parts=section.parts)
    signs = _("Answers: ✓ normal  ! attention  ✗ fault  ? unknown  – not applicable  blank: no signed round.")
    told = f"{signs}   {legend()}"
    cells = [Cell(1, 1, title, "heading", columns=width), Cell(2, 1, told, "quiet", columns=width)]
    for place, label in enumerate((_("Area"), _("Item"), _("Device")), 1):
        cells.append(Cell(3, place, label, "head", rows=2))
    cells.append(Cell(5, 1, _("Round"), "head left", columns=LABELS))
    for place, column in enumerate(columns, LABELS + 1):
        look = "head weekend" if is_weekend(column.day) else "head"
        cells.append(Cell(3, place, column.day.day, look))
        cells.append(Cell(4, place, _second_line(frame, section, column), look))
        cells.append(Cell(5, place, mark_of(column.slot) if column.slot else None, mark_look(column.day, column.slot)))
    for place, label in enumerate((_("Normal"), _("Answers"), _("Abnormal")), LABELS + len(columns) + 1):
        cells.append(Cell(3, place, label, "head", rows=3))
    legend_height = height_of_texts([(told, sum(widths))], 9)
    one = height_of(1, 9)
    return cells, {1: 24, 2: max(legend_height, one + 2), 3: one, 4: one, 5: one + 2}


def _second_line(frame: Frame, section: Section, column: Column) -> str:
    """The day of the week; where a day has more than one round, the hour of each."""
    days = [one.day for one in section.columns]
    if column.slot is None or len({*days}) == len(days):
        return _(WEEKDAYS[column.day.weekday()])
    return show.time_of_day(column.slot.due_at, frame.zone)[:2]


def _answer_look(column: Column, verdict: Verdict | None) -> str:
    if verdict is Verdict.FAULT:
        return "mark fault"
    if verdict in (Verdict.ATTENTION, Verdict.UNKNOWN):
        return "mark attention"
    if column.slot is not None and column.slot.state is SlotState.MISSED:
        return "mark missed"
    return "mark weekend" if is_weekend(column.day) else "mark"


def _body(rows: Sequence[ItemRow], columns: Sequence[Column], breaks: Sequence[int]) -> list[Cell]:
    cells = [Cell(first, 1, group[0].area, "area", rows=len(group)) for first, group in _spans(rows, _area, breaks)]
    for first, group in _spans(rows, _item):
        # An item of the whole room has no device and takes its column too.
        over = 1 if any(row.device for row in group) else 2
        cells.append(Cell(first, 2, group[0].text, "text", rows=len(group), columns=over))
    for number, row in enumerate(rows, HEAD + 1):
        if row.device:
            cells.append(Cell(number, 3, row.device, "text"))
        for place, (column, verdict) in enumerate(zip(columns, row.verdicts, strict=True), LABELS + 1):
            cells.append(Cell(number, place, symbol(verdict) if verdict else None, _answer_look(column, verdict)))
        last = LABELS + len(columns)
        cells += [
            Cell(number, last + 1, NOTHING if row.rate is None else row.rate, "percent"),
            Cell(number, last + 2, row.answered, "count"),
            Cell(number, last + 3, row.abnormal, "mark fault" if row.abnormal else "count"),
        ]
    return cells


def _records(section: Section, column: int) -> list[Cell]:
    """The rounds behind each line's answers, and above them all rounds of the sheet."""
    records = [one.slot.record if one.slot is not None else "" for one in section.columns]
    signed = [one.slot.record for one in section.columns if one.slot is not None and one.slot.state.is_signed]
    cells = [Cell(3, column, _("Records"), "head"), Cell(HEAD, column, traced(signed), "records")]
    for number, row in enumerate(section.rows, HEAD + 1):
        answered = (record for record, verdict in zip(records, row.verdicts, strict=True) if verdict is not None)
        cells.append(Cell(number, column, traced(answered), "records"))
    return cells


def _foot(frame: Frame, columns: Sequence[Column], row: int) -> tuple[list[Cell], dict[int, float]]:
    """The inspector of every round and when it was signed, written upright."""
    cells = [
        Cell(row, 1, _("Inspector"), "head left", columns=LABELS),
        Cell(row + 1, 1, _("Signed at"), "head left", columns=LABELS),
    ]
    names: list[str] = [""]
    longest_time = 5
    for place, column in enumerate(columns, LABELS + 1):
        weekend = " weekend" if is_weekend(column.day) else ""
        slot = column.slot
        held = slot.round if slot is not None and slot.state.is_signed else None
        name = frame.person(held.signed_by) if held is not None else ""
        names.append(name)
        stacked = 0 < len(name) <= STACKED and width_of(name) == 2 * len(name)
        cells.append(Cell(row, place, name, ("stacked" if stacked else "upright") + weekend))
        signed_at = held.signed_at if held is not None else None
        another_day = signed_at is not None and local_date(signed_at, frame.zone) != column.day
        longest_time = 11 if another_day else longest_time
        cells.append(Cell(row + 1, place, signed_at, ("upright moment" if another_day else "upright time") + weekend))
    tall = 9 * (1.5 if language() == "zh_CN" else 1.2)
    name_height = max(len(name) * tall if width_of(name) == 2 * len(name) else width_of(name) * 5.2 for name in names)
    heights = {row: min(160.0, name_height + 10), row + 1: longest_time * 5.4 + 10}
    cells.append(Cell(row, LABELS + len(columns) + 1, None, "centre", rows=2, columns=3))
    return cells, heights
