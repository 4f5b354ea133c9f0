"""Charts come as Excel's own charts, draw the cells they name, and their texts do no harm."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from dutyroom.report.chart import Chart, ChartKind, ChartSeries, DateLabels, Range, date_labels
from dutyroom.report.page import Cell, Page
from dutyroom.report.workbook import build, save
from dutyroom.words import speaking
from tests.report.month_seed import GENERATED_AT, ZONE

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
D = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
NAMES, MEANS, LIMITS = Range(2, 1, 4, 1), Range(2, 2, 4, 2), Range(2, 3, 4, 3)
MEAN = ChartSeries("mean", MEANS, "1F4E79")
LIMIT = ChartSeries("limit", LIMITS, "9B1C1C", limit=True)


def page(kind: ChartKind, *series: ChartSeries, title: str = "Temperature") -> Page:
    rows = ((date(2026, 10, 1), 21.5, 27), (date(2026, 10, 2), None, 27), (date(2026, 10, 3), 23.0, 27))
    heads = tuple(Cell(1, column, name, "head") for column, name in enumerate(("day", "mean", "limit"), 1))
    cells = tuple(
        Cell(row, column, value, "date" if column == 1 else "number 1")
        for row, values in enumerate(rows, 2)
        for column, value in enumerate(values, 1)
    )
    chart = Chart(kind, title, (6, 1), 2, 6.0, NAMES, series or (MEAN, LIMIT), low=15.0, high=30.0)
    return Page("Environment", (12.0, 8.0, 8.0), heads + cells, charts=(chart,), hidden=frozenset({3}))


def drawn(path: Path, *pages: Page) -> ElementTree.Element:
    save(build(pages, ZONE, "foot", GENERATED_AT), path)
    assert len(load_workbook(path).worksheets[0]._charts) == 1  # type: ignore[attr-defined]
    with zipfile.ZipFile(path) as archive:
        return ElementTree.fromstring(archive.read("xl/charts/chart1.xml"))


@pytest.mark.parametrize("kind", list(ChartKind))
def test_every_kind_draws_its_cells_with_the_gap_left_open(tmp_path: Path, kind: ChartKind) -> None:
    root = drawn(tmp_path / "book.xlsx", page(kind))
    series = {one.findtext(f"{C}tx/{C}v"): one for one in root.iter(f"{C}ser")}
    assert set(series) == {"mean", "limit"}
    assert series["mean"].findtext(f".//{C}val//{C}f") == "'Environment'!$B$2:$B$4"
    points = {one.get("idx"): one.findtext(f"{C}v") for one in series["mean"].iterfind(f".//{C}val//{C}pt")}
    assert points == {"0": "21.5", "2": "23"}
    assert series["mean"].findtext(f".//{C}cat//{C}formatCode") == "yyyy-mm-dd"
    settings = {tag: root.find(f".//{C}{tag}") for tag in ("dispBlanksAs", "plotVisOnly", "roundedCorners", "overlay")}
    assert {tag: one.get("val") if one is not None else None for tag, one in settings.items()} == {
        "dispBlanksAs": "gap",
        "plotVisOnly": "0",
        "roundedCorners": "0",
        "overlay": "0",
    }
    assert [one.get("val") for one in root.iter(f"{C}delete")][-2:] == ["0", "0"]


def test_a_limit_is_a_thin_dashed_line_over_columns_too(tmp_path: Path) -> None:
    root = drawn(tmp_path / "book.xlsx", page(ChartKind.COLUMNS))
    assert [one.findtext(f".//{C}tx/{C}v") for one in root.iter(f"{C}barChart")] == ["mean"]
    (line,) = root.iter(f"{C}lineChart")
    assert line.findtext(f".//{C}tx/{C}v") == "limit"
    (stroke,) = line.iterfind(f"{C}ser/{C}spPr/{A}ln")
    dash = stroke.find(f"{A}prstDash")
    assert dash is not None
    assert (stroke.get("w"), dash.get("val")) == ("12700", "dash")


def test_a_chart_ends_at_the_edge_of_its_last_column_and_at_its_own_height(tmp_path: Path) -> None:
    drawn(tmp_path / "book.xlsx", page(ChartKind.LINES))
    with zipfile.ZipFile(tmp_path / "book.xlsx") as archive:
        root = ElementTree.fromstring(archive.read("xl/drawings/drawing1.xml"))
    (anchor,) = root.iter(f"{D}twoCellAnchor")
    first, last = (
        {tag: int(anchor.findtext(f"{D}{end}/{D}{tag}") or -1) for tag in ("col", "colOff", "row", "rowOff")}
        for end in ("from", "to")
    )
    # From A6 over two columns; six centimetres are eleven rows of 15 points and 5.08 more.
    assert first["row"] == 5
    assert (last["col"], last["row"]) == (2, 16)
    assert last["rowOff"] == pytest.approx(5.08 * 12700, abs=127)


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        (date(2026, 10, 1), date(2026, 10, 31), DateLabels("d", 2)),
        (date(2026, 10, 19), date(2026, 10, 25), DateLabels("d", 1)),
        (date(2026, 9, 28), date(2026, 10, 4), DateLabels("mm-dd", 2)),
        (date(2026, 10, 1), date(2026, 12, 31), DateLabels("mm-dd", 14)),
        (date(2026, 1, 1), date(2026, 12, 31), DateLabels("yyyy-mm", 2, "months")),
        (date(2020, 1, 1), date(2026, 12, 31), DateLabels("yyyy", 1, "years")),
    ],
)
def test_an_axis_of_days_has_few_labels_and_each_day_in_its_place(
    tmp_path: Path, first: date, last: date, labels: DateLabels
) -> None:
    assert date_labels(first, last) == labels
    one = page(ChartKind.LINES)
    root = drawn(tmp_path / "book.xlsx", replace(one, charts=(replace(one.charts[0], dates=labels),)))
    (axis,) = root.iter(f"{C}dateAx")
    found = {tag: axis.find(f"{C}{tag}") for tag in ("majorUnit", "majorTimeUnit", "baseTimeUnit")}
    assert {tag: each.get("val") for tag, each in found.items() if each is not None} == {
        "majorUnit": str(labels.every),
        "majorTimeUnit": labels.unit,
        "baseTimeUnit": "days",
    }
    assert axis.find(f"{C}numFmt").get("formatCode") == labels.number_format  # type: ignore[union-attr]
    crossed = {axis.findtext(f"{C}axId") or axis.find(f"{C}axId").get("val")}  # type: ignore[union-attr]
    assert {each.find(f"{C}crossAx").get("val") for each in root.iter(f"{C}valAx")} == crossed  # type: ignore[union-attr]


def test_series_differ_in_print_without_colours(tmp_path: Path) -> None:
    more = tuple(ChartSeries(f"limit {n}", LIMITS, "9B1C1C", limit=True) for n in range(2))
    root = drawn(tmp_path / "book.xlsx", page(ChartKind.LINES, MEAN, replace(MEAN, name="other"), *more))
    marks = [one.get("val") for one in root.iterfind(f".//{C}marker/{C}symbol")]
    assert marks == ["circle", "square", "none", "none"]
    assert [one.get("val") for one in root.iterfind(f".//{C}ser/{C}spPr/{A}ln/{A}prstDash")][2:] == ["dash", "sysDot"]
    striped = replace(MEAN, pattern="wdUpDiag")
    root = drawn(tmp_path / "striped.xlsx", page(ChartKind.STACKED_COLUMNS, MEAN, striped))
    fills = [one.get("prst") for one in root.iter(f"{A}pattFill")]
    assert fills == ["wdUpDiag"]


def test_a_few_values_among_many_gaps_have_dots_and_many_values_have_none(tmp_path: Path) -> None:
    def marks(values: list[float | None], name: str) -> list[str | None]:
        cells = tuple(Cell(row, 2, value, "number 1") for row, value in enumerate(values, 2))
        rows = (2, len(values) + 1)
        one = ChartSeries("mean", Range(rows[0], 2, rows[1], 2), "1F4E79")
        chart = Chart(ChartKind.LINES, "x", (1, 3), 1, 3.0, Range(rows[0], 1, rows[1], 1), (one,))
        root = drawn(tmp_path / name, Page("Environment", (12.0, 8.0, 8.0), cells, charts=(chart,)))
        return [each.get("val") for each in root.iterfind(f".//{C}marker/{C}symbol")]

    assert marks([21.5, *[None] * 300, 22.0], "few.xlsx") == ["circle"]
    assert marks([21.5] * 300, "many.xlsx") == ["none"]


def test_bars_have_their_values_and_nothing_else_at_their_ends(tmp_path: Path) -> None:
    one = page(ChartKind.BARS, MEAN)
    one = replace(one, charts=(replace(one.charts[0], valued="0.00%"),))
    root = drawn(tmp_path / "book.xlsx", one)
    (labels,) = root.iter(f"{C}dLbls")
    said = {child.tag.removeprefix(C): child.get("val") for child in labels if child.tag.startswith(f"{C}show")}
    assert said.pop("showVal") == "1"
    assert set(said.values()) == {"0"}


def test_the_first_series_of_a_timeline_is_unseen_and_not_in_the_legend(tmp_path: Path) -> None:
    more = ChartSeries("longer", LIMITS, "777777")
    root = drawn(tmp_path / "book.xlsx", page(ChartKind.TIMELINE, ChartSeries("start", MEANS, "FFFFFF"), MEAN, more))
    first, *_rest = root.iter(f"{C}ser")
    assert first.find(f"{C}spPr/{A}noFill") is not None
    entries = root.findall(f".//{C}legendEntry")
    assert [one.find(f"{C}idx").get("val") for one in entries] == ["0"]  # type: ignore[union-attr]


def test_a_chart_may_draw_the_cells_of_another_sheet(tmp_path: Path) -> None:
    series = ChartSeries("mean", Range(2, 2, 4, 2, "readings"), "1F4E79")
    front = page(ChartKind.LINES, series)
    behind = Page("It's [data]", (8.0,), (Cell(2, 2, 7, "number"),), key="readings")
    root = drawn(tmp_path / "book.xlsx", front, behind)
    assert root.findtext(f".//{C}val//{C}f") == "'It s  data'!$B$2:$B$4"
    assert root.findtext(f".//{C}val//{C}pt/{C}v") == "7"


def test_chart_texts_are_inert_and_in_the_font_of_the_language(tmp_path: Path) -> None:
    nasty = "=1+1<b>&amp;]]>\x00\x1b[2J\ud800\ufffe\u202e😀" + "长" * 40_000
    one = page(ChartKind.LINES, ChartSeries(nasty, MEANS, "1F4E79"), LIMIT, title=nasty)
    with speaking("zh_CN"):
        root = drawn(tmp_path / "book.xlsx", one)
    title, name = root.findtext(f".//{A}t") or "", root.findtext(f".//{C}ser/{C}tx/{C}v") or ""
    assert title == name
    assert title.startswith("=1+1<b>&amp;]]>\ufffd\ufffd[2J\ufffd\ufffd\ufffd😀长")
    assert len(title) == 255
    assert {face.get("typeface") for face in root.iter(f"{A}ea")} == {"Microsoft YaHei"}


def test_hidden_columns_are_neither_shown_nor_printed_and_charts_are(tmp_path: Path) -> None:
    save(build([page(ChartKind.LINES)], ZONE, "foot", GENERATED_AT), tmp_path / "book.xlsx")
    sheet = load_workbook(tmp_path / "book.xlsx").worksheets[0]
    assert [sheet.column_dimensions[letter].hidden for letter in "ABC"] == [False, False, True]
    # Six centimetres are 170 points, so twelve rows of 15 from row 6 on.
    assert sheet.print_area == "'Environment'!$A$1:$B$17"


def test_wide_tables_break_between_columns_and_repeat_the_first_ones(tmp_path: Path) -> None:
    cells = tuple(Cell(1, column, column, "count") for column in range(1, 31))
    wide = Page("Readings", (12.0,) * 30, cells, repeat_columns=2, column_breaks=(12, 22), one_sheet=False)
    save(build([wide], ZONE, "foot", GENERATED_AT), tmp_path / "book.xlsx")
    sheet = load_workbook(tmp_path / "book.xlsx").worksheets[0]
    assert [one.id for one in sheet.col_breaks.brk] == [11, 21]
    assert sheet.print_title_cols == "$A:$B"
    assert not (sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage)
    scale = sheet.page_setup.scale
    # The widest part, 2 + 10 columns of 66.75 points, on 784 points, less what other fonts need.
    assert scale is not None
    assert 75 <= int(scale) <= 85
