"""A roster as people keep it in Excel: by shift, by day, and as a table of people and days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

import pytest

from dutyroom.model.roster import ShiftTime
from dutyroom.report.imports import BadCell, ImportRefused
from dutyroom.report.roster_form import read_roster
from tests.report.test_imports import workbook

TWO = (ShiftTime("day", "白班", time(8), time(20)), ShiftTime("night", "夜班", time(20), time(8)))
ONE = (ShiftTime("duty", "", time(15), time(15)),)


def read(
    folder: Path, rows: Sequence[Sequence[object]], times: Sequence[ShiftTime] = TWO, title: str = ""
) -> tuple[list[tuple[str, str, tuple[str, ...]]], tuple[BadCell, ...]]:
    sheet = read_roster(workbook(folder, rows, title=title), times)
    return [(f"{line.day:%m-%d}", line.shift, line.people) for line in sheet.lines], sheet.bad


def test_a_row_for_each_shift_with_merged_dates_and_several_people(tmp_path: Path) -> None:
    rows = [
        ("日期", "星期", "班次", "值班人"),
        (datetime(2026, 12, 1), "二", "白班", "张伟、李娜"),  # noqa: DTZ001
        (None, None, "夜班", "王工"),
        ("2026年12月2日(周三)", "三", "day", "zhang / li"),
        ("2026/12/2", "三", "夜", ""),
    ]
    lines, bad = read(tmp_path, rows, title="2026年12月信息科值班表")
    assert bad == ()
    assert lines == [
        ("12-01", "day", ("张伟", "李娜")),
        ("12-01", "night", ("王工",)),
        ("12-02", "day", ("zhang", "li")),
        ("12-02", "night", ()),
    ]


def test_a_row_for_each_day_with_a_column_for_each_shift(tmp_path: Path) -> None:
    rows = [("Date", "Day", "night", "Phone"), (date(2026, 12, 1), "Li Na", "Wang", 1), ("2026-12-02", None, "–", 2)]
    times = (ShiftTime("day", "Day shift", time(8), time(20)), ShiftTime("night", "Night", time(20), time(8)))
    rows[0] = ("Date", "Day shift", "night", "Phone")
    lines, bad = read(tmp_path, rows, times)
    assert bad == ()
    assert lines[:3] == [("12-01", "day", ("Li Na",)), ("12-01", "night", ("Wang",)), ("12-02", "day", ())]


def test_with_one_shift_a_date_and_a_name_are_enough(tmp_path: Path) -> None:
    lines, bad = read(tmp_path, [("值班日期", "值班员"), ("20261201", "张伟"), ("20261202", "李娜")], ONE)
    assert (lines, bad) == ([("12-01", "duty", ("张伟",)), ("12-02", "duty", ("李娜",))], ())


def test_a_table_of_people_and_days_below_a_title_with_the_month(tmp_path: Path) -> None:
    rows = [
        ("姓名", 1, 2, 3, 4, 5, 31),
        ("张伟", "白", "白班", "休", "夜", None, "白"),
        ("李娜", "夜", "", "白", "-", "day", "夜"),
    ]
    lines, bad = read(tmp_path, rows, title="2026年12月 排班表")
    assert bad == ()
    by_slot = {(day, shift): people for day, shift, people in lines}
    # What the table leaves empty is nobody, not unknown.
    assert len(by_slot) == 12
    assert by_slot[("12-01", "day")] == ("张伟",)
    assert by_slot[("12-01", "night")] == ("李娜",)
    assert by_slot[("12-03", "day")] == ("李娜",)
    assert by_slot[("12-03", "night")] == ()
    assert by_slot[("12-31", "night")] == ("李娜",)


def test_every_bad_cell_is_told_with_its_row_and_what_stands_there(tmp_path: Path) -> None:
    rows = [
        ("日期", "班次", "值班人"),
        ("2026-12-01", "白班", "=A1"),
        ("2026-13-01", "白班", "张伟"),
        ("2026-12-03", "中班", "张伟"),
        ("2026-12-04", "夜班", "李娜"),
    ]
    lines, bad = read(tmp_path, rows)
    assert lines == [("12-04", "night", ("李娜",))]
    assert bad == (
        BadCell(2, "people", "formula", "=A1"),
        BadCell(3, "day", "not-a-date", "2026-13-01"),
        BadCell(4, "shift", "no-shift", "中班"),
    )


def test_a_mark_that_is_no_shift_is_told_with_its_day(tmp_path: Path) -> None:
    rows = [("姓名", *range(1, 8)), ("张伟", "白", "中", None, None, None, None, None)]
    _lines, bad = read(tmp_path, rows, title="2026年12月")
    assert bad == (BadCell(4, "2026-12-02", "no-shift", "中"),)


@pytest.mark.parametrize(
    "rows", [[("IP", "MAC"), ("10.0.0.1", "x")], [("姓名", 1, 2, 3, 4, 5, 6)], [("日期", "值班人")]]
)
def test_a_file_of_none_of_the_three_forms_is_refused(tmp_path: Path, rows: list[tuple[object, ...]]) -> None:
    with pytest.raises(ImportRefused) as caught:
        read(tmp_path, rows)
    assert caught.value.code == "no-header"


def test_signs_that_would_run_in_a_terminal_are_made_inert(tmp_path: Path) -> None:
    lines, _bad = read(tmp_path, [("日期", "值班人"), ("2026-12-01", "张\u202e伟")], ONE)
    assert "\u202e" not in lines[0][2][0]
