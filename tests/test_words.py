"""Every text of the code has its Chinese words, and the language in force decides which are shown."""

from __future__ import annotations

import ast
import re
import string
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from textual.app import App
from textual.binding import Binding
from textual.command import CommandList, CommandPalette
from textual.containers import ScrollableContainer
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.scroll_view import ScrollView
from textual.widgets import DataTable, Footer, Input, OptionList

from dutyroom import show, words
from dutyroom.checklists import shipped, shipped_names
from dutyroom.cli.asked import language_of_environment
from dutyroom.model.site import LimitProfile
from dutyroom.words import speaking
from tests import catalogue

TEXTUALS: tuple[type[DOMNode], ...] = (
    *(App, Screen, ModalScreen, ScrollView, ScrollableContainer, Footer),
    *(Input, OptionList, DataTable, CommandPalette, CommandList),
)
# Texts that are the same word in Chinese.
SAME_IN_BOTH = {"cpu", "cpu {percent}", "UPS"}
# Latin words a translation may hold although its source writes them otherwise ("UPSes", "MACs", "registered on").
LATIN = {"ups", "mac", "ip"}


@pytest.fixture(scope="module")
def chinese() -> dict[str, str]:
    """Source text to translation, as the .po holds them."""
    return catalogue.translations()


def test_every_text_of_the_code_has_chinese_words(chinese: dict[str, str]) -> None:
    waiting = {text: places for text, places in catalogue.source_strings().items() if not chinese.get(text)}
    assert not waiting, "run python -m tests.catalogue, then translate these"


def test_no_translation_is_left_whose_text_is_gone(chinese: dict[str, str]) -> None:
    assert not chinese.keys() - catalogue.source_strings().keys(), "run python -m tests.catalogue"


def test_the_compiled_catalogue_is_that_of_the_po(chinese: dict[str, str]) -> None:
    assert catalogue.compiled() == chinese, "run python -m tests.catalogue"


def test_the_files_hold_nothing_that_changes_by_itself(chinese: dict[str, str]) -> None:
    po, _mo = catalogue.files_of(chinese)
    assert catalogue.PO.read_bytes() == po, "run python -m tests.catalogue"
    assert not re.search(rb"-Date:|^#:|^#~|fuzzy|Generated-By|" + str(catalogue.ROOT).encode(), po, re.MULTILINE)


def test_every_placeholder_survives_with_its_format(chinese: dict[str, str]) -> None:
    differ = {text: told for text, told in chinese.items() if _fields(text) != _fields(told)}
    assert not differ


def test_blanks_at_both_ends_survive_because_they_are_layout(chinese: dict[str, str]) -> None:
    differ = [text for text, told in chinese.items() if _edges(text) != _edges(told)]
    assert not differ


def test_no_translation_is_english(chinese: dict[str, str]) -> None:
    english = [
        text
        for text, told in chinese.items()
        if re.search("[A-Za-z]", _without_fields(told)) and not _has_chinese(told) and text not in SAME_IN_BOTH
    ]
    assert not english
    assert all(not _has_chinese(chinese[text]) for text in SAME_IN_BOTH)


def test_latin_words_of_a_translation_stand_in_its_source_too(chinese: dict[str, str]) -> None:
    strange = {text: sorted(left) for text, told in chinese.items() if (left := _latin(told) - _latin(text) - LATIN)}
    assert not strange


def test_only_whole_texts_are_marked_for_translation() -> None:
    wrong = [
        f"{path.relative_to(catalogue.ROOT)}:{call.lineno}"
        for path, call in _marking_calls()
        if not isinstance(call.args[0], ast.Constant | ast.Name | ast.Attribute | ast.Subscript | ast.Call)
    ]
    assert not wrong, "an f-string or a sum of texts never reaches the catalogue"


@pytest.mark.parametrize("widget", TEXTUALS, ids=lambda widget: widget.__name__)
def test_textuals_own_key_descriptions_have_chinese_words(widget: type[DOMNode], chinese: dict[str, str]) -> None:
    described = {one.description for one in Binding.make_bindings(widget.BINDINGS) if one.description}
    assert described
    assert not described - chinese.keys(), "add them to screens/textual_words.py"


def test_the_catalogue_is_found_where_the_program_looks() -> None:
    words.install("zh_CN")
    assert words.language() == "zh_CN"
    assert words._("battery") == "电池"
    words.install("en")
    assert words._("battery") == "battery"


def test_times_are_said_as_in_china() -> None:
    words.install("zh_CN")
    said = [show.duration(seconds) for seconds in (11, 250, 18720, 187200)]
    assert said == ["11 秒", "4 分", "5 时 12 分", "2 天 4 时"]
    assert show.hours(21600) == "6 时"
    assert show.ago(4) == "4 秒前"
    assert show.day(date(2026, 11, 24)) == "11月24日 周二"


def test_a_text_without_translation_stays_english_and_an_empty_one_stays_empty() -> None:
    words.install("zh_CN")
    assert words._("no such text in the code") == "no such text in the code"
    # gettext answers an empty text with the header of the catalogue.
    assert words._("") == ""


def test_an_export_speaks_its_own_language_while_the_screen_goes_on_in_another() -> None:
    words.install("en")
    with ThreadPoolExecutor(1) as pool, words.speaking("zh_CN"):
        assert (words.language(), words._("mains")) == ("zh_CN", "市电")
        assert pool.submit(lambda: (words.language(), words._("mains"))).result() == ("en", "mains")
        with words.speaking("en"):
            assert words._("mains") == "mains"
        assert words._("mains") == "市电"
    assert (words.language(), words._("mains")) == ("en", "mains")


def test_of_a_text_in_both_languages_the_one_in_force_is_chosen() -> None:
    words.install("zh_CN")
    assert words.choose("Wall thermometer", "室内温度计") == "室内温度计"
    assert words.choose("Wall thermometer", "") == "Wall thermometer"
    words.install("en")
    assert words.choose("Wall thermometer", "室内温度计") == "Wall thermometer"


def test_an_unknown_language_is_refused_and_the_one_in_force_stays() -> None:
    words.install("zh_CN")
    with pytest.raises(FileNotFoundError, match="dutyroom"):
        words.install("fr")
    with pytest.raises(FileNotFoundError, match="dutyroom"), words.speaking("fr"):
        pass
    assert (words.language(), words._("mains")) == ("zh_CN", "市电")


def test_an_environment_in_an_unknown_language_is_answered_in_english() -> None:
    assert language_of_environment({"LANG": "fr_FR.UTF-8"}) == "en"
    assert language_of_environment({"LANG": "C.UTF-8"}) == "en"
    assert language_of_environment({"LANG": "zh_CN.GB18030"}) == "zh_CN"


def _fields(text: str) -> Counter[tuple[str, str, str]]:
    """Name, format and conversion of every placeholder, and how often it stands there; doubled braces count too."""
    parsed = list(string.Formatter().parse(text))
    named = Counter((name, form or "", how or "") for _literal, name, form, how in parsed if name is not None)
    named["{{", "", ""] = sum(literal.count("{") for literal, _name, _form, _how in parsed)
    return named


def _without_fields(text: str) -> str:
    return " ".join(literal for literal, *_rest in string.Formatter().parse(text))


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _has_chinese(text: str) -> bool:
    return re.search("[\u4e00-\u9fff]", text) is not None


def _latin(text: str) -> set[str]:
    return set(re.findall("[a-z]{2,}", _without_fields(text).casefold()))


def _marking_calls() -> Iterator[tuple[Path, ast.Call]]:
    for package in catalogue.PACKAGES:
        for path in sorted((catalogue.ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_"):
                    yield path, node


def test_every_unit_of_the_shipped_checklists_that_is_a_word_is_chinese_in_chinese() -> None:
    units = {item.unit for name in shipped_names() for item in shipped(name, LimitProfile.HOUSE).items if item.unit}
    words_of_units = {unit for unit in units if len(unit) > 2 and unit.isalpha() and unit.islower()}
    assert {"days", "hosts", "min"} <= words_of_units
    with speaking("zh_CN"):
        assert [unit for unit in sorted(words_of_units) if show.unit_name(unit).isascii()] == []
        assert show.unit_name("days") == "天"
