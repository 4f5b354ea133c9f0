"""List sheets: the order of what stands on them, tiles, charts over the list, traces, and a list of nothing."""

from __future__ import annotations

import pytest

from dutyroom.report.chart import ChartKind, Range
from dutyroom.report.figure import Figure, Shown
from dutyroom.report.list_page import STREAMED_FROM, Band, ListChart, ListRow, ListSeries, list_page, spans_of
from dutyroom.report.looks import LOOKS
from dutyroom.report.page import Page
from dutyroom.words import speaking

COLUMNS = [("No.", 8.0), ("What", 40.0), ("Days", 10.0), ("By", 14.0)]
ROWS = [
    ListRow([(7, "count"), ("wet floor", "text"), (3, "count"), ("Li", "text")], ("finding:7", "round:12", "round:13")),
    ListRow([(9, "count"), ("no answer " * 30, "text"), (None, "count"), ("", "text")], ("finding:9", "round:13")),
]
FIGURES = [Figure(f"x.{n}", f"label {n}", n) for n in range(6)]


def at(page: Page, row: int, column: int) -> object:
    """The value of the cell there."""
    return next((cell.value for cell in page.cells if (cell.row, cell.column) == (row, column)), None)


def test_a_list_has_its_records_in_a_hidden_last_column_and_tells_the_row_of_each() -> None:
    page = list_page("findings", "Findings", "What was wrong.", COLUMNS, ROWS)
    assert page.key == "findings"
    assert [at(page, 3, place) for place in range(1, 6)] == ["No.", "What", "Days", "By", "Records"]
    assert at(page, 4, 5) == "finding:7 round:12-13"
    assert page.hidden == {5}
    assert page.rows_of == {"finding:7": 4, "round:12": 4, "round:13": 4, "finding:9": 5}
    assert (page.filter_row, page.body, page.repeat) == (3, (4, 1), (1, 3))
    assert page.heights[5] > page.heights[4]


def test_figures_stand_over_their_labels_within_the_width_of_the_list() -> None:
    page = list_page("x", "X", "Why.", COLUMNS, ROWS, lines=[("Two are open.", "sentence")], figures=FIGURES)
    assert at(page, 3, 1) == "Two are open."
    tiles = [cell for cell in page.cells if cell.look.startswith("figure")]
    assert [cell.value for cell in tiles] == [0, 1, 2, 3, 4, 5]
    assert {(cell.row, cell.column, cell.columns) for cell in tiles if cell.row == 4} == {
        (4, 1, 1),
        (4, 2, 1),
        (4, 3, 2),
    }
    assert max(cell.column + cell.columns - 1 for cell in tiles) == 4
    assert at(page, 5, 1) == "label 0"
    assert page.repeat is not None
    assert at(page, page.repeat[0], 2) == "What"


def test_an_unknown_figure_is_a_dash_and_a_bad_one_is_seen() -> None:
    figures = [Figure("a.b", "a", None, Shown.PERCENT), Figure("a.c", "c", 0.5, Shown.PERCENT, is_bad=True)]
    page = list_page("x", "X", "Why.", COLUMNS, ROWS, figures=figures)
    tiles = {cell.value: cell.look for cell in page.cells if cell.row == 3}
    assert tiles == {"–": "figure text", 0.5: "figure percent bad"}


@pytest.mark.parametrize("shown", list(Shown))
def test_every_way_to_show_a_figure_has_its_look(shown: Shown) -> None:
    assert {f"figure {shown}", f"figure {shown} bad"} <= set(LOOKS)


def test_charts_stand_between_the_figures_and_the_list_and_draw_its_columns() -> None:
    lines = ListChart(ChartKind.LINES, "Days", 1, (ListSeries("days", 3, "1F4E79"),), rows=(1, 1))
    bars = ListChart(ChartKind.BARS, "All", 1, (ListSeries("days", 3, "1F4E79"),), height_cm=8)
    page = list_page("x", "X", "Why.", COLUMNS, ROWS, charts=[lines, bars, lines], across=2, frozen_columns=1)
    assert [chart.place for chart in page.charts] == [(3, 1), (3, 3), (4, 1)]
    assert page.charts[0].categories == Range(7, 1, 7, 1)
    assert page.charts[1].series[0].values == Range(6, 3, 7, 3)
    assert page.heights[3] > 8 * 28
    assert at(page, 5, 1) == "No."
    assert page.body == (1, 2), "charts that stayed in sight would leave no room for the rows"


def test_the_rows_of_a_long_list_are_made_while_it_is_written_and_are_the_same() -> None:
    short = list_page("x", "X", "Why.", COLUMNS, ROWS)
    long = list_page("x", "X", "Why.", COLUMNS, ROWS * STREAMED_FROM)
    assert short.stream is None
    assert long.stream is not None
    assert long.stream.rows == 2 * STREAMED_FROM
    assert long.rows_held == 3
    made = list(long.stream.cells())
    assert (*long.cells, *made[:10]) == short.cells
    assert [cell.value for cell in made[-5:]] == [cell.value for cell in short.cells[-5:]]
    assert made[-1].row == long.last_row == 3 + 2 * STREAMED_FROM


def test_a_band_is_a_row_of_its_own_above_the_list() -> None:
    page = list_page("x", "X", "Why.", COLUMNS, ROWS, bands=[Band([(1, 2, "skips", "text"), (3, 1, 4, "count")], 18)])
    assert (at(page, 3, 1), at(page, 3, 3), at(page, 4, 1)) == ("skips", 4, "No.")


def test_a_list_of_nothing_says_so_in_the_language_in_force() -> None:
    chart = ListChart(ChartKind.LINES, "Days", 1, (ListSeries("days", 3, "1F4E79"),))
    with speaking("zh_CN"):
        page = list_page("x", "X", "Why.", COLUMNS, [], charts=[chart])
    assert at(page, 4, 1) == "本期无。"
    assert page.charts == ()
    assert page.filter_row is None


def test_a_list_of_a_little_more_than_a_sheet_is_made_to_fit_and_a_longer_one_is_not() -> None:
    wide = [(label, width * 2) for label, width in COLUMNS]
    fitted, broken = (list_page("x", "X", "Why.", wide, [ROWS[0]] * rows) for rows in (36, 60))
    assert fitted.one_sheet
    assert not broken.one_sheet


def test_tiles_are_as_even_as_the_columns_allow() -> None:
    assert spans_of(3, [10.0, 10.0, 20.0, 5.0, 15.0]) == [(1, 2), (3, 1), (4, 2)]
