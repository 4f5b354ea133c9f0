"""The sheet of completion: what became of every round, by day and by person, on screen and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dutyroom.duty import skipping
from dutyroom.duty.desk import Desk
from dutyroom.model.rounds import SkipReason
from dutyroom.report.book import footer_of
from dutyroom.report.chart import Range
from dutyroom.report.page import Page, Value
from dutyroom.report.report import Report
from dutyroom.report.sheets.completion import completion_page
from dutyroom.report.sheets.slot_grid import RECORDS
from dutyroom.report.workbook import build, save
from dutyroom.words import speaking
from tests.report.round_room import LI, SHANGHAI, at, from_paper, opened_room, report, text_of, walk, watch

HOSTILE = '=HYPERLINK("http://example.invalid")\x00\x1b[31m 配电房检修 🔧'


def cn(text: str) -> datetime:
    return at(SHANGHAI, f"2026-10-{text}")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Three days of the first week: on time, late, back-filled, skipped, missed, and one that may still be signed."""
    with opened_room(
        tmp_path_factory.mktemp("room"), SHANGHAI, text_of("daily"), text_of("noon", due_at="14:00")
    ) as room:
        watch(room, cn("05 00:01"))
        walk(room, cn("05 08:20"))
        walk(room, cn("06 11:00"), temperature="30", who=LI)
        watch(room, cn("08 08:10"))
        from_paper(room, cn("08 08:15"), cn("07 08:40"), cn("07 08:30"))
        skipping.skip_round(room, LI, cn("08 08:20"), SkipReason.MAINTENANCE, HOSTILE, "", cn("08 08:30"))
        yield room


@pytest.fixture
def week(desk: Desk) -> Report:
    return report(desk, "2026-W41", cn("08 14:10"))


def grid(page: Page) -> dict[tuple[int, int], Value]:
    return {(cell.row, cell.column): cell.value for cell in page.cells}


def row_of(page: Page, label: str) -> int:
    return next(cell.row for cell in page.cells if cell.column == 1 and cell.value == label)


def values(page: Page, where: Range) -> list[Value]:
    held = grid(page)
    rows, columns = range(where.first_row, where.last_row + 1), range(where.first_column, where.last_column + 1)
    return [held.get((row, column)) for row in rows for column in columns]


def test_every_round_of_the_week_stands_under_its_day(week: Report) -> None:
    page = completion_page(week)
    held, daily, noon = grid(page), row_of(page, "Daily round"), row_of(page, "Noon round")
    assert [held[daily, column] for column in range(2, 9)] == ["✓", "L", "B", "S", "○", "○", "○"]
    assert [held[noon, column] for column in range(2, 9)] == ["M", "M", "M", "…", "○", "○", "○"]
    assert [held[daily, column] for column in (9, 12, 15)] == [4, 3, 0.75]
    assert held[daily, RECORDS] == "round:1-3,6"
    total = row_of(page, "All rounds")
    assert [held[total, column] for column in (9, 12)] == [7, 3]


def test_the_chart_draws_the_counts_of_each_day_and_leaves_days_to_come_empty(week: Report) -> None:
    page = completion_page(week)
    (chart,) = page.charts
    assert values(page, chart.categories) == [5, 6, 7, 8, 9, 10, 11]
    drawn = {one.name: values(page, one.values) for one in chart.series}
    assert drawn == {
        "on time": [1, 0, 0, 0, None, None, None],
        "late": [0, 1, 0, 0, None, None, None],
        "back-filled": [0, 0, 1, 0, None, None, None],
        "skipped": [0, 0, 0, 1, None, None, None],
        "missed": [1, 1, 1, 0, None, None, None],
    }


def test_every_slot_that_counts_is_found_from_its_record(week: Report) -> None:
    page = completion_page(week)
    assert {slot.record for slot in week.rounds.slots} == set(page.rows_of)
    held = grid(page)
    late = next(slot for slot in week.rounds.slots if slot.state == "late")
    assert held[page.rows_of[late.record], 1] == late.due_at
    assert [held[page.rows_of[late.record], column] for column in (2, 9, 13)] == ["Daily round", "late", "Li Xiuying"]


def test_the_sentence_and_the_people_say_who_did_what(week: Report) -> None:
    page = completion_page(week)
    held = grid(page)
    assert held[2, 1] == (
        "3 of 7 rounds signed, 1 of them on time; late: 1, back-filled: 1, skipped: 1, missed: 3. "
        "1 may still be signed and are not counted yet. The period is not over; counted up to 2026-10-08 14:10."
    )
    zhang, li = row_of(page, "Zhang Wei"), row_of(page, "Li Xiuying")
    assert [held[zhang, column] for column in range(7, 31, 3)] == ["–", 2, 1, 0.5, 0, 1, 0, 10.0]
    assert [held[li, column] for column in range(7, 31, 3)] == ["–", 1, 0, 0.0, 1, 0, 1, 10.0]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_hostile_note_arrives_as_text(week: Report, tmp_path: Path, language: str) -> None:
    with speaking(language):
        pages = (completion_page(week),)
        book = build(pages, week.frame.zone, footer_of(week), week.frame.made_at)
        path = save(book, tmp_path / "week.xlsx")
    cells = [cell for row in load_workbook(path).worksheets[0].iter_rows() for cell in row]
    note = next(cell for cell in cells if isinstance(cell.value, str) and "HYPERLINK" in cell.value)
    assert (note.data_type, "\x1b" in str(note.value), "配电房检修" in str(note.value)) == ("s", False, True)


def test_a_long_period_has_a_table_by_week_or_month_and_a_block_for_each_month_with_rounds(desk: Desk) -> None:
    made = report(desk, "2026", cn("08 14:10"))
    page = completion_page(made)
    (chart,) = page.charts
    assert values(page, chart.categories) == [f"2026-{month:02}" for month in range(1, 13)]
    missed = next(one for one in chart.series if one.name == "missed")
    assert values(page, missed.values) == [None] * 9 + [3, None, None]
    months = [cell.value for cell in page.cells if cell.column == 2 and str(cell.value).startswith("2026-")]
    assert months == ["2026-10", "2026-11", "2026-12"]
    assert any("2026-01, 2026-02" in str(cell.value) for cell in page.cells)
    quarter = completion_page(report(desk, "2026-Q4", cn("08 14:10")))
    assert values(quarter, quarter.charts[0].categories)[0] == "2026-W40"


def test_a_page_never_begins_within_the_block_of_a_month(desk: Desk) -> None:
    page = completion_page(report(desk, "2026-01-01..2028-12-31", cn("08 14:10")))
    tops = {cell.row for cell in page.cells if cell.column == 1 and cell.value == "Checklist"}
    totals = {cell.row for cell in page.cells if cell.column == 1 and cell.value == "All rounds"}
    assert len(tops) == 27
    for first in page.breaks:
        before = max((top for top in tops if top < first), default=0)
        assert not before or any(before < total < first for total in totals)


@pytest.mark.parametrize("period", ["2026-02", "2026-01-30..2026-02-03", "2027-03", "2025"])
def test_a_period_without_a_round_says_so(desk: Desk, period: str) -> None:
    page = completion_page(report(desk, period, cn("08 14:10")))
    assert "No round was due in this period so far." in str(grid(page)[2, 1])
    assert page.charts == ()
    assert row_of(page, "Nobody signed a round.")


def test_a_range_over_the_end_of_a_month_is_one_block_that_names_both_months(desk: Desk) -> None:
    page = completion_page(report(desk, "2026-09-28..2026-10-27", cn("08 14:10")))
    assert [cell.value for cell in page.cells if cell.value in ("2026-09", "2026-10")] == ["2026-09", "2026-10"]
    assert row_of(page, "Daily round")
