"""The five checklists together: their items, their schedules, what they share."""

from __future__ import annotations

import unicodedata
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutyroom.checklists import expand, parse, shipped, shown, text_of
from dutyroom.errors import ChecklistError
from dutyroom.model.checklist import Cadence, Checklist, Item, ItemKind, Mode, Schedule
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import Entry
from dutyroom.model.site import LimitProfile
from dutyroom.resources import data_path
from dutyroom.rules.occurrences import occurrence
from tests.checklists.test_checklist_refusals import CHECK, HEAD, NUMBER, SHOW
from tests.checklists.test_daily_checklist import site
from tests.desks import NOW

NAMES = ("daily", "weekly", "monthly", "quarterly", "critical")
HOUR = 3600.0


@pytest.fixture(scope="module")
def five() -> dict[str, Checklist]:
    return {name: shipped(name, LimitProfile.GB50174) for name in NAMES}


def test_the_five_files_are_those_that_come_with_dutyroom(five: dict[str, Checklist]) -> None:
    assert sorted(path.stem for path in data_path("checklists").glob("*.toml")) == sorted(NAMES)
    assert {name: one.name for name, one in five.items()} == {name: name for name in NAMES}
    assert [len(one.items) for one in five.values()] == [43, 28, 24, 23, 22]
    assert len({item.id for one in five.values() for item in one.items}) == 91
    by_mode = {name: [sum(i.mode is mode for i in one.items) for mode in Mode] for name, one in five.items()}
    assert by_mode == {
        "daily": [16, 11, 16],
        "weekly": [6, 2, 20],
        "monthly": [2, 3, 19],
        "quarterly": [2, 1, 20],
        "critical": [10, 5, 7],
    }


def test_an_item_is_the_same_in_every_checklist_that_asks_it(five: dict[str, Checklist]) -> None:
    """A trend goes over all checklists, so their limits, units and words must not differ."""
    met: dict[str, Item] = {}
    for one in five.values():
        for item in one.items:
            assert met.setdefault(item.id, item) == item, (one.name, item.id)


def test_every_text_of_the_five_is_there_in_both_languages(five: dict[str, Checklist]) -> None:
    for one in five.values():
        words = [one.words, *(item.words for item in one.items), *(area for _id, area in one.areas)]
        words += [choice.words for item in one.items for choice in item.choices]
        for word in words:
            assert word.en.isascii()
            assert any(unicodedata.name(character).startswith("CJK") for character in word.zh), word
            assert not set(word.zh) & set("(),;:"), word


def test_each_has_its_schedule(five: dict[str, Checklist]) -> None:
    morning = time(8, 30)
    assert {name: one.schedule for name, one in five.items()} == {
        "daily": Schedule(Cadence.DAILY, morning, 1800, 1.5 * HOUR),
        "weekly": Schedule(Cadence.WEEKLY, morning, 1800, 33.5 * HOUR, weekday=1),
        "monthly": Schedule(Cadence.MONTHLY, morning, 1800, (4 * 24 + 15.5) * HOUR, day=1),
        "quarterly": Schedule(Cadence.QUARTERLY, morning, 1800, (9 * 24 + 15.5) * HOUR, day=-10),
        "critical": Schedule(Cadence.PERIOD, morning, 1800, HOUR, every_s=4 * HOUR),
    }


@pytest.mark.parametrize(
    ("day", "extra"),
    [
        (date(2026, 3, 22), set()),
        (date(2026, 6, 21), {"fire.simalarm"}),
        (date(2026, 9, 21), set()),
        (date(2026, 12, 22), {"fire.simalarm", "pwr.ground"}),
        (date(2027, 12, 22), {"fire.simalarm", "pwr.ground"}),
    ],
)
def test_what_is_due_each_second_or_fourth_quarter_is_asked_then_only(
    five: dict[str, Checklist], day: date, extra: set[str]
) -> None:
    quarterly = five["quarterly"]
    asked = {line.item.id for line in expand(quarterly, site(), occurrence(Cadence.QUARTERLY, day))}
    assert asked & {"fire.simalarm", "pwr.ground"} == extra
    assert len(asked) == 21 + len(extra)
    assert len(expand(quarterly, site())) == 23


def test_every_second_week_and_third_month_follow_the_calendar() -> None:
    weeks = [occurrence(Cadence.WEEKLY, date(2026, 12, day)) for day in (14, 20, 21, 28)]
    assert weeks[0] is not None
    assert weeks == [weeks[0], weeks[0], weeks[0] + 1, weeks[0] + 2]
    turns = [month for month in range(1, 13) if (occurrence(Cadence.MONTHLY, date(2026, month, 1)) or 1) % 3 == 0]
    assert turns == [3, 6, 9, 12]
    assert occurrence(Cadence.PERIOD, date(2026, 10, 1)) is None


def test_a_line_with_a_condition_comes_and_goes_and_an_answered_one_stays() -> None:
    own = parse(HEAD + CHECK + NUMBER + SHOW.format("env.smell", "abnormal"), LimitProfile.HOUSE, "own.toml")
    lines = expand(own, site())

    def seen(**answers: str | None) -> list[str]:
        entries = {
            (item, ""): Entry(1, item, "", answer, Verdict.OK, NOW, "li")
            for item, answer in {key.replace("_", "."): value for key, value in answers.items()}.items()
        }
        return [line.item.id for line in shown(lines, entries)]

    assert seen() == ["env.smell"]
    assert seen(env_smell="normal") == ["env.smell"]
    assert seen(env_smell="abnormal") == ["env.smell", "env.rh"]
    assert seen(env_smell=None, env_rh=None) == ["env.smell"]
    assert seen(env_smell="normal", env_rh="44") == ["env.smell", "env.rh"]


def test_the_tables_are_the_cell_voltages(five: dict[str, Checklist]) -> None:
    tables = {item.id for one in five.values() for item in one.items if item.kind is ItemKind.TABLE}
    assert tables == {"ups.cells"}


KEYS = (
    *(
        "area",
        "kind",
        "mode",
        "per",
        "unit",
        "normal",
        "critical",
        "physical",
        "choices",
        "tolerance",
        "every",
        "cells",
    ),
    *("show_if", "source", "live", "knid"),
)
VALUES = (
    *('""', '"env"', '"number"', '"table"', "0", "-1", "2.5", "[]", "[1]", "[9, 1]", "[1, 2]", "{}", '"nan"', "true"),
    *("[{}]", '{ item = "duty.remark", answers = ["x"] }'),
)


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(NAMES),
    at=st.integers(1, 20),
    key=st.sampled_from(KEYS),
    value=st.sampled_from(VALUES),
)
def test_whatever_is_wrong_in_an_item_the_sentence_names_file_and_item(
    name: str, at: int, key: str, value: str
) -> None:
    head, *blocks = text_of(name).split("[[item]]\n")
    item = blocks[at].split('id = "', 1)[1].split('"', 1)[0]
    # A multi-line list of choices and the profiles behind the last item stay as they are.
    kept = [line for line in blocks[at].split("\n") if not line.startswith(f"{key} =") or line.endswith("[")]
    if len(kept) == len(blocks[at].split("\n")) and f"\n{key} =" in blocks[at]:
        return
    blocks[at] = f"{key} = {value}\n" + "\n".join(kept)
    said = f"own.toml: {item}"
    try:
        parse("[[item]]\n".join([head, *blocks]), LimitProfile.STRICT, "own.toml")
    except ChecklistError as refused:
        said = str(refused)
    assert said.startswith("own.toml: ")
    assert item in said
