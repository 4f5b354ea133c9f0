"""Running text in both languages: every line fits, nothing is lost, no line begins with a full stop."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from screens.flow import CLOSING, flowing

CHINESE = "应巡检 27 次，已签 23 次。首先处理：保持时间不足的 UPS 1。其次：（超时的）电力事件时限 3；本期尚未结束。"


def rows(text: str, width: int, most: int = 999) -> list[str]:
    return ["".join(run for run, _role in line) for line in flowing(text, width, "dim", most=most)]


@given(st.text(alphabet="ab 中文，。（）“”()./-1·", max_size=80), st.integers(2, 40))
def test_every_line_fits_and_nothing_is_lost(text: str, width: int) -> None:
    made = rows(text, width)
    assert all(cell_len(row) <= width for row in made)
    assert "".join("".join(made).split()) == "".join(text.split())


@pytest.mark.parametrize("width", range(20, 80))
def test_chinese_fills_its_lines_and_no_line_begins_with_what_ends_a_sentence(width: int) -> None:
    made = rows(CHINESE, width)
    assert not [row for row in made if row[0] in CLOSING or row[-1] == "（"]
    assert all(cell_len(row) >= width - 8 for row in made[:-1])


def test_english_is_broken_at_blanks_and_what_is_too_much_is_cut() -> None:
    assert rows("the disk is full. It takes 113 KiB", 12) == ["the disk is", "full. It", "takes 113", "KiB"]
    assert rows("one two three four", 5, most=2) == ["one", "two …"]
    assert rows("(see “a”b(c)) x", 9) == ["(see", "“a”b(c))", "x"]


def test_chinese_that_is_cut_gets_no_blank_where_its_line_would_have_ended() -> None:
    assert rows("市电中断后电池放电", 9, most=1) == ["市电中断…"]
    assert rows("市电 中断后电池放电", 10, most=1) == ["市电 中断…"]


def test_brackets_and_signs_of_english_stay_with_the_chinese_they_belong_to() -> None:
    assert rows("电池电压(直流),偏低:UPS“主用”", 8) == ["电池电压", "(直流),", "偏低:UPS", "“主用”"]
    assert rows("电池电压（", 8) == ["电池电压", "（"]


def test_a_short_item_of_a_chinese_list_stays_whole_and_a_long_one_fills_the_line() -> None:
    assert rows("未登记 2 · 一个端口多台设备 1 · 登记已过期 1", 45) == ["未登记 2 · 一个端口多台设备 1 · 登记已过期 1"]
    assert rows("未登记 2 · 一个端口多台设备 1 · 登记已过期 1", 42) == [
        "未登记 2 · 一个端口多台设备 1 ·",
        "登记已过期 1",
    ]
    assert rows("未登记 2 · 一个端口多台设备 1 · 已过期", 20) == ["未登记 2 · 一个端口", "多台设备 1 · 已过期"]
