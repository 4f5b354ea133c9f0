"""The completion matrix: lines by days of the month, as it hangs on the wall on paper."""

from __future__ import annotations

from collections.abc import Callable

from dutyroom.clock import local_date
from dutyroom.model.reading import Verdict
from dutyroom.report.month import DaySlot, DayState, slots_of
from dutyroom.report.month_records import MonthRecords
from dutyroom.report.page import Cell, Page, height_of, height_of_texts, width_of
from dutyroom.report.paper import breaks_of, fits_one_sheet
from dutyroom.report.rows import MatrixRow, matrix_rows, slot_mark
from dutyroom.show import NOTHING, symbol
from dutyroom.words import N_, _, language

WEEKDAYS = (N_("Mo"), N_("Tu"), N_("We"), N_("Th"), N_("Fr"), N_("Sa"), N_("Su"))
LABELS = 3
HEAD = 5
"""Rows above the body: title, legend, day, weekday, state of the round."""
SLOT_WIDTH = 3.4
TAIL_WIDTH = 7.5


def completion_page(records: MonthRecords) -> Page:
    """The completion sheet in the language in force."""
    slots, rows = slots_of(records), matrix_rows(records)
    widths = (*_label_widths(rows), *(SLOT_WIDTH,) * len(slots), *(TAIL_WIDTH,) * 3)
    cells, heights = _head(records, slots)
    heights |= _body_heights(rows, widths)
    foot, foot_heights = _foot(records, slots, HEAD + 1 + len(rows))
    heights |= foot_heights
    one_sheet = fits_one_sheet(widths, heights)
    breaks = () if one_sheet else breaks_of(widths, heights, HEAD, _blocks(rows))
    return Page(
        title=_("Completion"),
        widths=widths,
        cells=(*cells, *_body(rows, slots, breaks), *foot),
        heights=heights,
        body=(HEAD + 1, LABELS + 1),
        repeat=(1, HEAD),
        one_sheet=one_sheet,
        breaks=breaks,
    )


def _blocks(rows: tuple[MatrixRow, ...]) -> list[tuple[int, int]]:
    """What stays together on a page: the devices of an item; the last item and the foot."""
    areas = [first for first, _group in _spans(rows, _area)]
    items = [first for first, _group in _spans(rows, _item)]
    return [(item, max(area for area in areas if area <= item)) for item in items]


def _label_widths(rows: tuple[MatrixRow, ...]) -> tuple[float, float, float]:
    words = [word for row in rows for word in (row.area.split() if row.area.isascii() else [row.area])]
    area = max((width_of(word) for word in words), default=0)
    device = max((width_of(row.device) for row in rows), default=0)
    text = max((width_of(row.text) for row in rows), default=0)
    return min(16.0, max(7.0, area + 2.0)), min(38.0, max(22.0, text + 3.0)), min(24.0, max(9.0, device + 3.0))


def _spans(
    rows: tuple[MatrixRow, ...], name: Callable[[MatrixRow], str], breaks: tuple[int, ...] = ()
) -> list[tuple[int, list[MatrixRow]]]:
    """Neighbouring rows with the same name, with the sheet row where they begin: they share one cell of a page."""
    found: list[tuple[int, list[MatrixRow]]] = []
    for number, row in enumerate(rows, HEAD + 1):
        if found and number not in breaks and name(row) == name(found[-1][1][0]):
            found[-1][1].append(row)
        else:
            found.append((number, [row]))
    return found


def _area(row: MatrixRow) -> str:
    return row.area


def _item(row: MatrixRow) -> str:
    return f"{row.area}\n{row.text}"


def _body_heights(rows: tuple[MatrixRow, ...], widths: tuple[float, ...]) -> dict[int, float]:
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


def _head(records: MonthRecords, slots: tuple[DaySlot, ...]) -> tuple[list[Cell], dict[int, float]]:
    width = LABELS + len(slots) + 3
    year, month = records.month
    title = _("{hospital}, {room}: rounds of {year}-{month}").format(
        hospital=records.site.name, room=records.site.room, year=year, month=f"{month:02d}"
    )
    legend = _(
        "Answers: ✓ normal  ! attention  ✗ fault  ? unknown  – not applicable  blank: no signed round.   "
        "Rounds: ✓ on time  L late  B back-filled  M missing  S skipped  … open  ○ due  * amended after signing"
    )
    cells = [Cell(1, 1, title, "heading", columns=width), Cell(2, 1, legend, "quiet", columns=width)]
    for column, label in enumerate((_("Area"), _("Item"), _("Device")), 1):
        cells.append(Cell(3, column, label, "head", rows=2))
    cells.append(Cell(5, 1, _("Round"), "head left", columns=LABELS))
    for column, slot in enumerate(slots, LABELS + 1):
        look = "head weekend" if slot.is_weekend else "head"
        cells.append(Cell(3, column, slot.day.day, look))
        cells.append(Cell(4, column, _(WEEKDAYS[slot.day.weekday()]), look))
        cells.append(Cell(5, column, slot_mark(slot), _state_look(slot)))
    for column, label in enumerate((_("Normal"), _("Answers"), _("Abnormal")), LABELS + len(slots) + 1):
        cells.append(Cell(3, column, label, "head", rows=3))
    return cells, {1: 24, 2: height_of(1, 9) + 2, 3: height_of(1, 9), 4: height_of(1, 9), 5: height_of(1, 9) + 2}


def _state_look(slot: DaySlot) -> str:
    if slot.state is DayState.MISSED:
        return "mark fault"
    if slot.state in (DayState.LATE, DayState.BACK_FILLED, DayState.SKIPPED):
        return "mark attention"
    return "mark weekend" if slot.is_weekend else "mark"


def _answer_look(slot: DaySlot, verdict: Verdict | None) -> str:
    if verdict is Verdict.FAULT:
        return "mark fault"
    if verdict in (Verdict.ATTENTION, Verdict.UNKNOWN):
        return "mark attention"
    if slot.state is DayState.MISSED:
        return "mark missed"
    return "mark weekend" if slot.is_weekend else "mark"


def _body(rows: tuple[MatrixRow, ...], slots: tuple[DaySlot, ...], breaks: tuple[int, ...]) -> list[Cell]:
    cells = [Cell(first, 1, group[0].area, "area", rows=len(group)) for first, group in _spans(rows, _area, breaks)]
    for first, group in _spans(rows, _item):
        # An item of the whole room has no device and takes its column too.
        columns = 1 if any(row.device for row in group) else 2
        cells.append(Cell(first, 2, group[0].text, "text", rows=len(group), columns=columns))
    for number, row in enumerate(rows, HEAD + 1):
        if row.device:
            cells.append(Cell(number, 3, row.device, "text"))
        for column, (slot, verdict) in enumerate(zip(slots, row.verdicts, strict=True), LABELS + 1):
            cells.append(Cell(number, column, symbol(verdict) if verdict else None, _answer_look(slot, verdict)))
        last = LABELS + len(slots)
        cells += [
            Cell(number, last + 1, NOTHING if row.rate is None else row.rate, "percent"),
            Cell(number, last + 2, row.answered, "count"),
            Cell(number, last + 3, row.abnormal, "mark fault" if row.abnormal else "count"),
        ]
    return cells


def _foot(records: MonthRecords, slots: tuple[DaySlot, ...], row: int) -> tuple[list[Cell], dict[int, float]]:
    """The inspector of every round and when it was signed, written upright."""
    cells = [
        Cell(row, 1, _("Inspector"), "head left", columns=LABELS),
        Cell(row + 1, 1, _("Signed at"), "head left", columns=LABELS),
    ]
    names: list[str] = [""]
    longest_time = 5
    for column, slot in enumerate(slots, LABELS + 1):
        weekend = " weekend" if slot.is_weekend else ""
        held = slot.round if slot.state.is_signed else None
        name = records.label_of_operator(held.signed_by) if held is not None else ""
        names.append(name)
        stacked = 0 < len(name) <= 4 and width_of(name) == 2 * len(name)
        cells.append(Cell(row, column, name, ("stacked" if stacked else "upright") + weekend))
        signed_at = held.signed_at if held is not None else None
        another_day = signed_at is not None and local_date(signed_at, records.zone) != slot.day
        longest_time = 11 if another_day else longest_time
        cells.append(Cell(row + 1, column, signed_at, ("upright moment" if another_day else "upright time") + weekend))
    tall = 9 * (1.5 if language() == "zh_CN" else 1.2)
    name_height = max(len(name) * tall if width_of(name) == 2 * len(name) else width_of(name) * 5.2 for name in names)
    heights = {row: min(160.0, name_height + 10), row + 1: longest_time * 5.4 + 10}
    cells.append(Cell(row, LABELS + len(slots) + 1, None, "centre", rows=2, columns=3))
    return cells, heights
