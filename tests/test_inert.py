"""Whatever comes in is plain text afterwards: nothing in it can reach the terminal or hide."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutyroom.inert import decode, inert


@given(st.text())
def test_no_control_or_format_character_survives(text: str) -> None:
    cleaned = inert(text)
    assert all(unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co") for character in cleaned)
    assert inert(cleaned) == cleaned


@given(st.binary())
def test_any_bytes_become_inert_text(raw: bytes) -> None:
    text = decode(raw)
    assert inert(text) == text


@pytest.mark.parametrize("hostile", ["\x1b]52;c;aGk=\x07", "\x9b31m", "a\u202eb", "a\u200bb", "\x1b[2J", "x\ud800y"])
def test_what_a_terminal_obeys_is_taken_out(hostile: str) -> None:
    assert not {"\x1b", "\x9b", "\u202e", "\u200b", "\x07", "\ud800"} & set(inert(hostile))


def test_something_taken_out_leaves_a_mark_so_that_digits_do_not_join() -> None:
    assert inert("54\x0000") == "54\ufffd00"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("机房A 主 UPS".encode(), "机房A 主 UPS"),
        ("机房".encode("gb18030"), "机房"),
        (b"port-1\x00\x00", "port-1"),
        (b"D-Link  ", "D-Link"),
    ],
)
def test_names_of_devices_are_read_as_they_were_meant(raw: bytes, text: str) -> None:
    assert decode(raw) == text


def test_long_text_is_cut_and_says_so() -> None:
    assert inert("x" * 100, 10) == "x" * 9 + "…"


def test_one_value_stays_one_line() -> None:
    assert inert("a\r\nb\tc") == "a b c"
    assert inert("a\r\nb", lines=True) == "a\nb"
