"""Items by day, abnormal answers and readings: the answers of the signed rounds, as they stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from dutyroom.duty.desk import Desk
from dutyroom.duty.periods import open_period
from dutyroom.model.periods import PeriodKind
from dutyroom.report.page import Page, Value
from dutyroom.report.sheets.abnormal import abnormal_page
from dutyroom.report.sheets.items import items_pages
from dutyroom.report.sheets.readings import HEAD, TITLES, column_breaks, readings_page
from tests.report.round_room import LI, SHANGHAI, at, opened_room, report, text_of, walk, watch


def cn(text: str) -> datetime:
    return at(SHANGHAI, f"2026-10-{text}")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with opened_room(
        tmp_path_factory.mktemp("room"), SHANGHAI, text_of("daily"), text_of("noon", due_at="14:00")
    ) as room:
        watch(room, cn("05 00:01"))
        walk(room, cn("05 08:20"), temperature="22.5")
        walk(room, cn("05 14:20"), checklist="noon", who=LI)
        walk(room, cn("06 08:20"), temperature="30")
        yield room


def grid(page: Page) -> dict[tuple[int, int], Value]:
    made_later = page.stream.cells() if page.stream is not None else ()
    return {(cell.row, cell.column): cell.value for cell in (*page.cells, *made_later)}


def test_every_checklist_that_was_walked_has_its_items_by_day(desk: Desk) -> None:
    daily, noon = items_pages(report(desk, "2026-W41", cn("07 07:00")))
    assert (daily.key, noon.key) == ("items", "items.noon")
    held = grid(daily)
    row = next(place for place, value in held.items() if value == "Temperature")[0]
    assert [held[row, column] for column in range(4, 11)] == ["✓", "!", None, None, None, None, None]
    assert [held[row, column] for column in (11, 12, 13, 14)] == [0.5, 2, 1, "round:1,3"]
    assert daily.hidden == {14}


def test_a_period_longer_than_a_month_has_no_items_by_day(desk: Desk) -> None:
    assert items_pages(report(desk, "2026-Q4", cn("07 07:00"))) == ()
    assert len(items_pages(report(desk, "2026-10", cn("07 07:00")))) == 2


def test_every_abnormal_answer_is_listed_with_its_finding(desk: Desk) -> None:
    page = abnormal_page(report(desk, "2026-10", cn("07 07:00")))
    listed = [cell.value for cell in page.cells if cell.row == 4]
    assert listed[0] == cn("06 08:30")
    assert listed[3:7] == ["Temperature", "", "30 °C", "attention"]
    assert listed[-1] == "round:3 finding:1"


def test_readings_have_a_row_for_each_round_and_a_column_for_each_number(desk: Desk) -> None:
    page = readings_page(report(desk, "2026", cn("07 07:00")))
    held = grid(page)
    heads = [held[HEAD, column] for column in range(1, len(page.widths) + 1)]
    assert heads[TITLES:] == [
        "Temperature (°C)",
        "env.temp",
        "Load, UPS A (%)",
        "ups.load@ups-a",
        "Load, UPS B (%)",
        "ups.load@ups-b",
        "Records",
    ]
    assert len({*heads}) == len(heads)
    assert [held[HEAD + 1, column] for column in range(TITLES + 1, TITLES + 7)] == [22.5, "T", 31.0, "T", 31.0, "T"]
    assert [held[row, 1] for row in range(HEAD + 1, HEAD + 4)] == [1, 2, 3]
    assert {cell.columns for cell in page.cells if cell.row >= HEAD} == {1}
    assert page.rows_of == {"round:1": 5, "round:2": 6, "round:3": 7}
    assert (page.rows_held, page.last_row) == (HEAD, HEAD + 3), "the rows are made while they are written"


def test_the_numbers_of_a_column_of_readings_have_as_many_decimals_as_its_most_exact_one(desk: Desk) -> None:
    page = readings_page(report(desk, "2026", cn("07 07:00")))
    assert page.stream is not None
    looks = {(cell.row, cell.column): (cell.value, cell.look) for cell in page.stream.cells()}
    warm, load = TITLES + 1, TITLES + 3
    assert looks[HEAD + 1, warm] == (22.5, "number 1")
    assert looks[HEAD + 3, warm] == (30.0, "number 1"), "typed as 30"
    assert looks[HEAD + 1, load] == (31.0, "number 0")


@pytest.mark.parametrize("numbers", range(1, 80))
def test_no_printed_page_of_readings_has_a_lonely_column(numbers: int) -> None:
    edges = [TITLES + 1, *column_breaks(numbers), TITLES + 1 + 2 * numbers]
    shares = [(end - begin) // 2 for begin, end in pairwise(edges)]
    assert sum(shares) == numbers
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize("period", ["2026-02", "2027-03"])
def test_a_period_without_a_signed_round_has_empty_lists(desk: Desk, period: str) -> None:
    made = report(desk, period, cn("07 07:00"))
    assert items_pages(made) == ()
    assert "None in this period." in grid(readings_page(made)).values()
    assert "None in this period." in grid(abnormal_page(made)).values()


def test_more_rounds_than_a_sheet_has_room_for_are_laid_out_on_two_with_their_hours(tmp_path: Path) -> None:
    critical = text_of("critical", "period", more='every = "4h"\nearly = "30m"\nwindow = "60m"\n')
    with opened_room(tmp_path, SHANGHAI, text_of("daily"), critical) as room:
        watch(room, cn("01 00:01"))
        open_period(room, LI, cn("01 00:02"), PeriodKind.HOLIDAY, "National Day", cn("01 04:00"), cn("08 04:00"))
        walk(room, cn("01 04:00"), checklist="critical")
        first, second = items_pages(report(room, "2026-10", cn("09 07:00")))
    assert (first.key, second.key) == ("items", "items.critical.2")
    hours = [cell.value for cell in first.cells if cell.row == 4 and 4 <= cell.column < 25]
    assert (len(hours), hours[:6]) == (21, ["04", "08", "12", "16", "20", "00"])
    assert "(part 1 of 2)" in str(grid(first)[1, 1])
