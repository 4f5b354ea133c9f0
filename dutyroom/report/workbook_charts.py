"""Charts of a page as Excel's own charts, quiet enough to print: thin frame, light grid, small grey axis text."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, cast

from openpyxl.chart import BarChart, LineChart
from openpyxl.chart.axis import ChartLines, DateAxis, NumericAxis, TextAxis
from openpyxl.chart.data_source import NumDataSource, NumFmt
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.legend import Legend, LegendEntry
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.colors import ColorChoice
from openpyxl.drawing.fill import PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)

from dutyroom.inert import inert
from dutyroom.report.chart import Chart, ChartKind, ChartSeries, Range
from dutyroom.report.looks import HAIR, INK, MUTED
from dutyroom.report.page import ROW_HEIGHT, Page
from dutyroom.report.workbook_chart_data import ChartData

GRID = "E3E8EE"
PAPER = "FFFFFF"
INSET = 25400
"""Two points from the upper edge of its row: on the edge itself its frame would print on the page before, too."""
POINT = 12700
"""English metric units in a point."""
QUARTER_TURN = -90 * 60000
TEXT_LIMIT = 255
MARKED_POINTS = 100
"""A line of more points has no dots; with fewer, a single value between two gaps is still seen."""
Mark = Literal["circle", "square", "triangle", "diamond"]
Dash = Literal["solid", "dash", "sysDot", "lgDashDot"]
MARKS: tuple[Mark, ...] = ("circle", "square", "triangle", "diamond")
DASHES: tuple[Dash, ...] = ("dash", "sysDot", "lgDashDot")
"""Of lines and of limits in their order: they differ without colours too."""
STACKED = (ChartKind.STACKED_COLUMNS, ChartKind.TIMELINE)
LYING = (ChartKind.BARS, ChartKind.TIMELINE)

Drawn = BarChart | LineChart


def drawn(chart: Chart, key: str, data: ChartData, face: str) -> Drawn:
    """The chart for the page of that key, anchored and sized, its texts inert and in the font `face`."""
    whole: list[Series] = []
    for place, one in enumerate(chart.series):
        numbers = data.numbers(_on(one.values, key))
        cells = one.values.last_row - one.values.first_row + 1
        series = _series(one, chart, place, cells if numbers.numCache is None else len(numbers.numCache.pt))
        series.cat = data.categories(_on(chart.categories, key))
        series.val = NumDataSource(numRef=numbers)
        whole.append(series)
    if chart.kind is ChartKind.LINES:
        result: Drawn = LineChart()
        result.series = whole
    else:
        # Limits among columns are lines over them. openpyxl takes series that look the same for the same one.
        result = _bars(chart.kind)
        result.series = [made for one, made in zip(chart.series, whole, strict=True) if not _is_line(one, chart.kind)]
    _frame(result, chart, data.page(key), face)
    _axes(result, chart, face)
    if chart.valued:
        letters = _rich(_letters(face, 8, INK))
        unsaid = dict.fromkeys(("showLegendKey", "showCatName", "showSerName", "showPercent", "showBubbleSize"), False)
        result.dLbls = DataLabelList(numFmt=chart.valued, txPr=letters, dLblPos="outEnd", showVal=True, **unsaid)
    over = [made for one, made in zip(chart.series, whole, strict=True) if _is_line(one, chart.kind)]
    if over and chart.kind is not ChartKind.LINES:
        lines = LineChart()
        lines.series = over
        lines.x_axis, lines.y_axis = result.x_axis, result.y_axis
        result += lines
    return result


def _is_line(one: ChartSeries, kind: ChartKind) -> bool:
    return kind is ChartKind.LINES or (one.limit and kind not in LYING)


def _on(cells: Range, key: str) -> Range:
    return cells if cells.sheet else replace(cells, sheet=key)


def _bars(kind: ChartKind) -> BarChart:
    bars = BarChart()
    bars.type = "bar" if kind in LYING else "col"
    bars.gapWidth = 60
    if kind in STACKED:
        bars.grouping, bars.overlap = "stacked", 100
    return bars


def _series(one: ChartSeries, chart: Chart, place: int, points: int) -> Series:
    """The series without its cells, of which so many have a number."""
    series = Series(idx=place, order=place, tx=SeriesLabel(v=inert(one.name, TEXT_LIMIT)))
    if _is_line(one, chart.kind):
        of_its_kind = sum(other.limit == one.limit for other in chart.series[:place])
        dash: Dash = DASHES[of_its_kind % len(DASHES)] if one.limit else "solid"
        series.smooth = False
        series.spPr = GraphicalProperties(ln=_line(one.colour, 1.0 if one.limit else 1.75, dash))
        series.marker = Marker(symbol="none")
        if not one.limit and points <= MARKED_POINTS:
            fill = GraphicalProperties(solidFill=one.colour, ln=LineProperties(noFill=True))
            series.marker = Marker(symbol=MARKS[of_its_kind % len(MARKS)], size=4, spPr=fill)
    elif chart.kind is ChartKind.TIMELINE and place == 0:
        series.spPr = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    else:
        series.invertIfNegative = False
        series.spPr = _filled(one)
    return series


def _filled(one: ChartSeries) -> GraphicalProperties:
    if not one.pattern:
        return GraphicalProperties(solidFill=one.colour, ln=LineProperties(noFill=True))
    ink, paper = (ColorChoice(srgbClr=cast(Any, colour)) for colour in (one.colour, PAPER))
    pattern = PatternFillProperties(prst=one.pattern, fgClr=ink, bgClr=paper)
    return GraphicalProperties(pattFill=pattern, ln=_line(one.colour, 0.75))


def _end(chart: Chart, page: Page) -> tuple[int, float]:
    """The row the chart ends in, and how many points below its upper edge."""
    row, left = chart.place[0], chart.height_cm / 2.54 * 72
    while left > (height := page.heights.get(row, ROW_HEIGHT)):
        row, left = row + 1, left - height
    return row, left


def _frame(result: Drawn, chart: Chart, page: Page, face: str) -> None:
    result.title = _title(chart.title, _letters(face, 11, INK, bold=True))
    # Held by the columns' edges: how wide a column is depends on the fonts of the reader.
    row, column = chart.place
    end, over = _end(chart, page)
    anchor = TwoCellAnchor(
        editAs="oneCell",
        _from=AnchorMarker(col=column - 1, row=row - 1, rowOff=INSET),
        to=AnchorMarker(col=column - 1 + chart.columns, row=end - 1, rowOff=round(over * POINT)),
    )
    # The stubs take the anchor for a name of a cell.
    vars(result).update(anchor=anchor)
    result.roundedCorners = False
    result.graphical_properties = GraphicalProperties(solidFill=PAPER, ln=_line(HAIR, 0.5))
    result.plot_area.graphicalProperties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    # Numbers may stand in hidden columns or on a sheet of their own, and a filter must not change the chart.
    result.visible_cells_only = False
    result.display_blanks = "gap"
    unseen = 1 if chart.kind is ChartKind.TIMELINE else 0
    result.legend = None
    if len(chart.series) - unseen > 1:
        result.legend = Legend(legendPos="b", overlay=False, txPr=_rich(_letters(face, 8, MUTED)))
        result.legend.legendEntry = [LegendEntry(0, delete=True)] * unseen


def _names(chart: Chart) -> TextAxis:
    """The axis of the categories."""
    if chart.dates is None:
        names = TextAxis()
        names.noMultiLvlLbl = True
        return names
    dates = DateAxis(crossAx=100, auto=False, baseTimeUnit="days")
    dates.numFmt = NumFmt(chart.dates.number_format, sourceLinked=False)
    dates.majorUnit, dates.majorTimeUnit = chart.dates.every, chart.dates.unit
    return dates


def _axes(result: Drawn, chart: Chart, face: str) -> None:
    names, values = _names(chart), NumericAxis()
    values.crossAx = names.axId
    for axis in (names, values):
        # Left out, some programs take the axes for deleted ones.
        axis.delete = False
        axis.majorTickMark = axis.minorTickMark = None
        axis.txPr = _rich(_letters(face, 8, MUTED))
        axis.graphicalProperties = GraphicalProperties(ln=_line(HAIR, 0.5))
    # Where values are below zero, the names still stand at the edge.
    names.tickLblPos = "low"
    if chart.kind in LYING:
        # A bar without its name says nothing.
        names.tickLblSkip = 1
    names.axPos, values.axPos = ("l", "b") if chart.kind in LYING else ("b", "l")
    if chart.kind in LYING:
        # The first row stands on top, as in the table; the values' axis must not go up with it.
        names.scaling.orientation = "maxMin"
        values.crosses = "max"
    values.tickLblPos = "nextTo"
    values.crossBetween = "between"
    values.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=_line(GRID, 0.5)))
    values.scaling.min, values.scaling.max = chart.low, chart.high
    values.majorUnit = chart.step
    values.numFmt = NumFmt(chart.number_format, sourceLinked=False)
    if chart.axis_title:
        values.title = _title(chart.axis_title, _letters(face, 8, MUTED), upright=chart.kind not in LYING)
    result.x_axis, result.y_axis = names, values


def _letters(face: str, size: float, colour: str, *, bold: bool = False) -> CharacterProperties:
    font = Font(typeface=face)
    return CharacterProperties(sz=round(size * 100), b=bold, solidFill=colour, latin=font, ea=font)


def _rich(letters: CharacterProperties) -> RichText:
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=letters), endParaRPr=letters)
    return RichText(bodyPr=RichTextProperties(), p=[paragraph])


def _title(text: str, letters: CharacterProperties, *, upright: bool = False) -> Title:
    run = RegularTextRun(rPr=letters, t=inert(text, TEXT_LIMIT))
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=letters), r=[run])
    body = RichTextProperties(rot=QUARTER_TURN, vert="horz") if upright else RichTextProperties()
    return Title(tx=Text(rich=RichText(bodyPr=body, p=[paragraph])), overlay=False)


def _line(colour: str, points: float, dash: Dash = "solid") -> LineProperties:
    return LineProperties(solidFill=colour, w=round(points * POINT), prstDash=dash)
