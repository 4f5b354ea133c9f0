"""Completion: which rounds were due and what became of each, by day and by person, and what did not go as planned."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import groupby

from dutyroom import show
from dutyroom.report.chart import Chart, ChartKind, ChartSeries, Range
from dutyroom.report.facts.rounds import counts
from dutyroom.report.facts.standing import COUNTED, SlotFact, SlotState
from dutyroom.report.list_page import shown
from dutyroom.report.page import Cell, Page, height_of_texts
from dutyroom.report.report import Report
from dutyroom.report.sentences import joined
from dutyroom.report.sheets.paper_lines import PaperLines
from dutyroom.report.sheets.people_table import people_lines
from dutyroom.report.sheets.slot_exceptions import exception_lines
from dutyroom.report.sheets.slot_grid import (
    DAYS,
    RECORDS,
    WIDTHS,
    day_counts,
    grid_cells,
)
from dutyroom.report.sheets.slot_marks import STATE_COLOURS, STATE_PATTERNS, STATE_WORDS, legend
from dutyroom.report.sheets.slot_spans import column_of, span_cells, span_of
from dutyroom.words import _

VISIBLE = WIDTHS[: RECORDS - 1]
CHART_CM = 6.4
CHART_ROW = 4
"""The row the chart stands in, under title, sentence, figures and their labels."""
FEW = 8
"""Up to so many rounds a day each has its own line in the chart."""
TILES = (
    ("rounds.due", 1, 1),
    *((f"rounds.{name}", 2 + place * 5, 5) for place, name in enumerate(("signed", "on_time", "late", "back_filled"))),
    ("rounds.skipped", 22, 5),
    ("rounds.missed", 27, 5),
    ("rounds.completion", 32, RECORDS - 32),
)
"""Figure, first column, columns."""


def completion_page(report: Report) -> Page:
    """The completion sheet in the language in force."""
    sheet = PaperLines(VISIBLE)
    days = [*report.frame.period.days()]
    sheet.keep()
    _top(sheet, report)
    if len(days) <= DAYS:
        chart = _by_day(sheet, report, days)
    else:
        chart = _by_span(sheet, report, days)
    _lists(sheet, report)
    return Page(
        title=_("Completion"),
        widths=WIDTHS,
        cells=tuple(sheet.cells),
        heights=sheet.heights,
        body=(1, 2),
        one_sheet=False,
        breaks=sheet.breaks,
        key="completion",
        charts=(chart,) if report.rounds.due else (),
        hidden=frozenset({RECORDS}),
        rows_of=sheet.places,
    )


def completion_sentence(report: Report) -> str:
    """What a manager asks first, in a sentence or two."""
    states, due = counts(report.rounds.slots), len(report.rounds.due)
    if not due:
        told = [_("No round was due in this period so far.")]
    else:
        sentence = _(
            "{signed} of {due} rounds signed, {on_time} of them on time; late: {late}, back-filled: {back_filled}, "
            "skipped: {skipped}, missed: {missed}."
        )
        told = [
            sentence.format(
                signed=len(report.rounds.signed),
                due=due,
                on_time=states[SlotState.ON_TIME],
                late=states[SlotState.LATE],
                back_filled=states[SlotState.BACK_FILLED],
                skipped=states[SlotState.SKIPPED],
                missed=states[SlotState.MISSED],
            )
        ]
    if states[SlotState.PENDING]:
        told.append(_("{n} may still be signed and are not counted yet.").format(n=states[SlotState.PENDING]))
    if not report.frame.is_over:
        at = show.moment(report.frame.made_at, report.frame.zone)
        told.append(_("The period is not over; counted up to {at}.").format(at=at))
    return joined(told)


def _top(sheet: PaperLines, report: Report) -> None:
    site = report.frame.site
    title = _("{hospital}, {room}: completion of rounds, {period}")
    text = title.format(hospital=site.name, room=site.room, period=report.frame.period.name)
    sheet.line(text, "heading", 26)
    sheet.line(completion_sentence(report), "sentence", size=12)
    figures = {one.name: one for one in report.rounds.figures()}
    values, labels = [], []
    for name, column, columns in TILES:
        value, look = shown(figures[name])
        values.append(Cell(sheet.row, column, value, look, columns=columns))
        labels.append(Cell(sheet.row + 1, column, figures[name].label, "key label", columns=columns))
    room = [(figures[name].label, sum(WIDTHS[column - 1 : column - 1 + columns])) for name, column, columns in TILES]
    sheet.put([*values, *labels], {sheet.row: 27.0, sheet.row + 1: height_of_texts(room, 9)})
    if report.rounds.due:
        sheet.gap(CHART_CM / 2.54 * 72 + 8)


def _chart(title: str, categories: Range, values: Callable[[int], Range], most: int) -> Chart:
    """`most` is the highest column."""
    return Chart(
        kind=ChartKind.STACKED_COLUMNS,
        title=title,
        place=(CHART_ROW + 1, 1),
        columns=len(VISIBLE),
        height_cm=CHART_CM,
        categories=categories,
        series=tuple(
            ChartSeries(
                _(STATE_WORDS[state]), values(number), STATE_COLOURS[state], pattern=STATE_PATTERNS.get(state, "")
            )
            for number, state in enumerate(COUNTED)
        ),
        low=0,
        high=most if most <= FEW else None,
        step=1 if most <= FEW else None,
        number_format="0",
    )


def _most(spans: Iterable[str]) -> int:
    """How many rounds were due in the span that had most of them."""
    return max(Counter(spans).values(), default=0)


def _by_day(sheet: PaperLines, report: Report, days: Sequence[date]) -> Chart:
    """One block, under it the counts of each day."""
    sheet.line(legend(), "quiet", size=9)
    slots, top = report.rounds.slots, sheet.row
    _block(sheet, report, days, slots)
    first = sheet.row
    sheet.put(*day_counts(days, slots, first))
    last = len(days) + 1
    return _chart(
        _("Completion by day"),
        Range(top + 1, 2, top + 1, last),
        lambda number: Range(first + number, 2, first + number, last),
        _most(slot.due_on.isoformat() for slot in report.rounds.due),
    )


def _by_span(sheet: PaperLines, report: Report, days: Sequence[date]) -> Chart:
    """The counts by week, month or year, then one block for each month."""
    slots = report.rounds.slots
    title, span = span_of(report.frame)
    top = sheet.row
    cells, heights, count = span_cells(days, slots, span, top)
    sheet.put(cells, heights)
    chart = _chart(
        title,
        Range(top + 1, 1, top + count, 1),
        lambda number: Range(top + 1, column_of(2 + number), top + count, column_of(2 + number)),
        _most(span(slot.due_on) for slot in report.rounds.due),
    )
    by_month: dict[tuple[int, int], list[SlotFact]] = defaultdict(list)
    for slot in slots:
        by_month[slot.due_on.year, slot.due_on.month].append(slot)
    sheet.gap(14)
    sheet.keep()
    sheet.line(legend(), "quiet", size=9)
    empty: list[str] = []
    drawn = 0
    for month, some in groupby(days, key=lambda day: (day.year, day.month)):
        if month not in by_month:
            empty.append(f"{month[0]}-{month[1]:02}")
            continue
        if drawn:
            sheet.keep()
            sheet.gap(14)
        _block(sheet, report, [*some], by_month[month])
        drawn += 1
    if empty:
        told = _("Months in which no round was due nor is to come: {months}.")
        sheet.line(told.format(months=", ".join(empty)), "quiet", size=9)
    return chart


def _block(sheet: PaperLines, report: Report, days: Sequence[date], slots: Sequence[SlotFact]) -> None:
    cells, heights, places = grid_cells(report.frame, days, slots, sheet.row)
    sheet.put(cells, heights)
    sheet.places |= places


def _lists(sheet: PaperLines, report: Report) -> None:
    sheet.list_of(_("Rounds that were not on time"), exception_lines(report))
    sheet.list_of(_("Who walked"), people_lines(report))
