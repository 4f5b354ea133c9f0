"""Help and refusals of the command line speak the language in force, typer's own words included."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import typer.core

from dutyroom.cli.main import main
from dutyroom.cli.typer_words import MARKED, NEVER_SHOWN
from dutyroom.words import catalogue

ENGLISH = ("Usage", "Options", "Arguments", "Commands", "required", "default:", "Show this", "Install", "Try:")


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    main(["--lang", "zh_CN", *words])
    captured = capsys.readouterr()
    return captured.out + captured.err


def test_every_word_that_typer_marks_is_known() -> None:
    tree = ast.parse(Path(str(typer.core.__file__)).read_text("utf-8"))
    marked = {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_"
        if isinstance(call.args[0], ast.Constant)
    }
    assert marked == {*MARKED, *NEVER_SHOWN}
    assert all(catalogue("zh_CN").gettext(word) != word for word in MARKED)


@pytest.mark.parametrize("words", [(), ("operators",), ("operators", "add"), ("demo",), ("export", "month")])
def test_help_in_chinese_holds_none_of_typers_english(capsys: pytest.CaptureFixture[str], words: tuple[str]) -> None:
    text = said(capsys, *words, "--help")
    assert text.startswith("用法： dutyroom")
    assert [word for word in ENGLISH if word in text] == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("operators add", "缺少 NAME。"),
        ("oprators", "没有命令 'oprators' 是否想输入 'operators'？"),
        ("verify --jsn", "没有选项 --jsn。"),
        ("verify --config", "选项 --config 需要一个值。"),
        ("status --fresh=3", "选项 --fresh 不带值。"),
        ("status extra", "多余的内容：extra"),
        ("operators add x --role boss", "--role: 请从中选择：technician, lead, auditor, admin"),
        ("demo --days 199", "--days: 最大 120"),
        ("demo --days x", "--days: 需要整数"),
    ],
)
def test_a_refusal_is_one_chinese_sentence(capsys: pytest.CaptureFixture[str], words: str, sentence: str) -> None:
    assert said(capsys, *words.split()).splitlines()[0].startswith(sentence)
