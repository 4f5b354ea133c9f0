"""How texts wrap and where pages end."""

from __future__ import annotations

from itertools import pairwise
from time import process_time

from dutyroom.report.page import lines_of, width_of
from dutyroom.report.paper import breaks_of, scale_of


def test_pages_break_between_blocks_and_take_a_small_start_of_a_group_along() -> None:
    widths, head = [100.0], 1
    heights = dict.fromkeys(range(1, 102), 20.0)
    blocks = [(row, 2 if row < 50 else 50) for row in range(2, 102, 4)]
    breaks = breaks_of(widths, heights, head, blocks)
    rows_a_page = int(518 * 0.94 / scale_of(widths) / 20) - 1
    assert breaks
    assert all((row - 2) % 4 == 0 for row in breaks)
    assert max(after - before for before, after in pairwise((2, *breaks, 102))) <= rows_a_page


def test_wide_characters_take_two_columns_and_wrap_anywhere() -> None:
    assert width_of("UPS 机房") == 8
    assert lines_of("一二三四五", 4) == 3
    assert lines_of("two words", 5) == 2
    assert lines_of("a\nb", 10) == 2
    assert lines_of("abcdefghij", 4) == 3
    assert lines_of("", 4) == 1


def test_a_text_of_forty_thousand_characters_is_measured_at_once() -> None:
    texts = ("x" * 40_000, "x " * 20_000, "长" * 40_000, "a长" * 20_000)
    assert [lines_of(text, 40) for text in texts] == [1000, 1000, 2000, 1539]
    began = process_time()
    for text in texts:
        lines_of(text, 40)
    assert (process_time() - began) / len(texts) < 0.05
