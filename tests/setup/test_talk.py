"""Questions in plain lines."""

from __future__ import annotations

import re

import pytest

from dutyroom.cli.columns import width_of
from dutyroom.cli.talk import folded
from dutyroom.setup.talk import Back, agrees, ask, numbers, plain, walk
from tests.setup.rooms import ScriptTalk


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1 3-5", [1, 3, 4, 5]),
        ("1,2、2", [1, 2]),
        ("all", [1, 2, 3, 4, 5, 6]),
        ("全部", [1, 2, 3, 4, 5, 6]),
        ("none", []),
        ("7", None),
        ("0-2", None),
        ("5-3", None),
        ("x", None),
        ("", None),
    ],
)
def test_numbers_are_what_they_say_or_nothing(text: str, meant: list[int] | None) -> None:
    assert numbers(text, 6) == meant


def test_full_width_signs_are_the_plain_ones() -> None:
    assert plain("　１０．０。０．１：１６１ ") == "10.0.0.1:161"


def test_yes_and_no_in_both_languages() -> None:
    assert [agrees(ScriptTalk(word), "?", False) for word in ("y", "Ｙ", "是", "yes")] == [True] * 4
    assert [agrees(ScriptTalk(word), "?", True) for word in ("n", "否", "不")] == [False] * 3
    talk = ScriptTalk("maybe", "")
    assert agrees(talk, "?", True)
    assert talk.heard("answer y or n")


def test_a_needed_answer_is_asked_until_it_comes() -> None:
    assert ask(ScriptTalk("", "", " name "), "Name") == "name"


def test_back_skips_steps_that_ask_nothing() -> None:
    talk, order = ScriptTalk("one", "b", "two", "three"), []

    def asking(name: str) -> None:
        order.append(f"{name} {ask(talk, name)}")

    walk(talk, (lambda: asking("a"), lambda: order.append("quiet"), lambda: asking("c")))
    assert order == ["a one", "quiet", "quiet", "a two", "quiet", "c three"]


def test_back_from_the_first_step_leaves_the_walk() -> None:
    talk = ScriptTalk("b")
    with pytest.raises(Back):
        walk(talk, (lambda: None, lambda: talk.say(ask(talk, "a"))))


@pytest.mark.parametrize("width", [20, 40, 80])
@pytest.mark.parametrize(
    "line",
    [
        "  This sets up a room: its site file, its secrets and its first admin.",
        "  描述机房的唯一文件。放在自己目录下只归您用；/etc/dutyroom/site.toml 供本机服务和专用账号使用。",
        "short",
        "",
    ],
)
def test_lines_are_folded_at_blanks_and_between_chinese_characters(line: str, width: int) -> None:
    parts = folded(line, width)
    longest_word = max(map(len, re.findall(r"[!-~]+", line)), default=0)
    assert all(width_of(part) <= max(width, longest_word + 2) for part in parts)
    assert "".join(parts).replace(" ", "") == line.replace(" ", "")
    assert all(not part.lstrip().startswith(("。", "；", "，")) for part in parts)
