"""What a checklist file can ask for, walked on a real store: versions, tables, conditions, each n-th time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom.checklists import parse
from dutyroom.duty import answering, rounds, signing, walks
from dutyroom.duty.answers import Given
from dutyroom.duty.desk import Desk
from dutyroom.duty.records import read_room
from dutyroom.errors import AnswerRefused, RoundRefused
from dutyroom.model.devices import Ups
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import Entry, RoundState
from dutyroom.store.verify import verify
from tests.desks import ACTOR, NOW, PASSWORD, opened_desk

HEAD = 'name = "daily"\nen = "Daily"\nzh = "每日"\n[[area]]\nid = "power"\nen = "Power"\nzh = "供电"\n'
PANEL = '[[item]]\nid = "ups.panel"\narea = "power"\nen = "Panel"\nzh = "面板"\nkind = "check"\nper = "ups"\n'
ALARM = (
    '[[item]]\nid = "ups.alarm"\narea = "power"\nen = "What it says"\nzh = "告警内容"\nkind = "text"\nper = "ups"\n'
    'show_if = { item = "ups.panel", answers = ["abnormal"] }\n'
)
CELLS = (
    '[[item]]\nid = "ups.cells"\narea = "power"\nen = "Cells"\nzh = "单体电压"\nkind = "table"\nunit = "V"\n'
    "cells = 4\nnormal = [13, 14]\ncritical = [12, 15]\nphysical = [0, 30]\n"
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        yield with_text(opened, HEAD + PANEL + ALARM + CELLS)


def with_text(desk: Desk, text: str) -> Desk:
    return replace(desk, checklist=parse(text, desk.site.limit_profile, "daily.toml"), checklist_text=text)


def say(desk: Desk, walk: walks.Walk, item: str, text: str, device: str = "", note: str = "") -> Entry:
    line = next(line for line in walk.every_line if line.key == (item, device))
    return answering.record_answer(desk, ACTOR, walk.round.id, line, Given(text, note), NOW)


def keys(walk: walks.Walk) -> list[tuple[str, str]]:
    return [line.key for line in walk.lines]


@pytest.mark.parametrize(
    ("typed", "stored", "verdict"),
    [
        ("13.2 13.3 13.5 13.1", "13.2 13.3 13.5 13.1", Verdict.OK),
        ("  13.2;13.3；13.50\n13.1 ", "13.2 13.3 13.5 13.1", Verdict.OK),
        ("１３．２　13.3 13.5 14.6", "13.2 13.3 13.5 14.6", Verdict.ATTENTION),
        ("13.2 2.1 13.5 14.6", "13.2 2.1 13.5 14.6", Verdict.FAULT),
    ],
)
def test_a_table_is_its_numbers_judged_by_the_worst_cell(desk: Desk, typed: str, stored: str, verdict: Verdict) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    entry = say(desk, walk, "ups.cells", typed, note="seen")
    assert (entry.answer, entry.value, entry.verdict) == (stored, None, verdict)
    kept = walks.load_walk(desk, walk.round.id).entries["ups.cells", ""]
    assert kept.answer == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("13.2 13.3 13.5", "cells"),
        ("13.2 13.3 13.5 13.1 13.1", "cells"),
        ("  ", "cells"),
        ("13.2 x 13.5 13.1", "not-a-number"),
        ("13.2 132 13.5 13.1", "impossible"),
    ],
)
def test_a_table_of_another_length_or_with_an_impossible_cell_is_refused(desk: Desk, typed: str, code: str) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    with pytest.raises(AnswerRefused) as refused:
        say(desk, walk, "ups.cells", typed)
    assert refused.value.code == code
    assert walks.load_walk(desk, walk.round.id).entries == {}


def test_a_condition_is_asked_of_the_same_device_and_an_answer_never_vanishes(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    panels = [("ups.panel", "ups-a"), ("ups.panel", "ups-b")]
    assert keys(walk) == [*panels, ("ups.cells", "")]
    walk = walk.with_entry(say(desk, walk, "ups.panel", "abnormal", "ups-a", note="buzzer"))
    asked = [panels[0], ("ups.alarm", "ups-a"), panels[1], ("ups.cells", "")]
    assert keys(walk) == asked == keys(walks.load_walk(desk, walk.round.id))
    say(desk, walk, "ups.panel", "normal", "ups-a")
    assert keys(walks.load_walk(desk, walk.round.id)) == [*panels, ("ups.cells", "")]
    say(desk, walk, "ups.alarm", "overload", "ups-a")
    assert keys(walks.load_walk(desk, walk.round.id)) == asked


def test_a_line_whose_condition_holds_must_be_answered_before_the_signature(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    for device in ("ups-a", "ups-b"):
        say(desk, walk, "ups.panel", "normal", device)
    say(desk, walk, "ups.cells", "13 13 13 13")
    assert not walks.load_walk(desk, walk.round.id).open_lines()
    say(desk, walk, "ups.panel", "na", "ups-b", note="bypassed")
    assert signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, NOW).state is RoundState.SIGNED


def test_an_incomplete_condition_keeps_the_round_open(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    say(desk, walk, "ups.panel", "abnormal", "ups-a", note="buzzer")
    say(desk, walk, "ups.panel", "normal", "ups-b")
    say(desk, walk, "ups.cells", "13 13 13 13")
    with pytest.raises(RoundRefused):
        signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, NOW)


def test_a_published_change_touches_new_rounds_only(desk: Desk) -> None:
    first = rounds.start_round(desk, ACTOR, NOW)
    say(desk, first, "ups.cells", "13 13 13 13")
    changed = with_text(desk, HEAD + PANEL.replace("Panel", "Display") + CELLS.replace("cells = 4", "cells = 2"))
    old = walks.load_walk(changed, first.round.id)
    assert old.checklist == desk.checklist
    assert old.checklist != changed.checklist
    assert [item.words.en for item in old.checklist.items] == ["Panel", "What it says", "Cells"]
    say(changed, old, "ups.cells", "13 13 13 13.5")
    new = rounds.start_round(changed, ACTOR, NOW + timedelta(days=1))
    assert (old.round.version, new.round.version) == (desk.checklist.version, changed.checklist.version)
    assert [item.words.en for item in new.checklist.items] == ["Display", "Cells"]
    with changed.store.read() as session:
        assert verify(session).faults == ()


def test_a_signed_round_keeps_its_lines_when_the_room_grows(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    for device in ("ups-a", "ups-b"):
        say(desk, walk, "ups.panel", "normal", device)
    say(desk, walk, "ups.cells", "13 13 13 13")
    before = keys(walks.load_walk(desk, walk.round.id))
    grown = replace(desk, site=replace(desk.site, ups=(*desk.site.ups, Ups("ups-c", "UPS-C", 10800))))
    assert ("ups.panel", "ups-c") in keys(walks.load_walk(grown, walk.round.id))
    signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, NOW)
    assert keys(walks.load_walk(grown, walk.round.id)) == before
    shrunk = replace(desk, site=replace(desk.site, ups=desk.site.ups[:1]))
    assert set(keys(walks.load_walk(shrunk, walk.round.id))) == set(before)


def test_an_item_of_each_second_day_is_asked_on_each_second_day(desk: Desk) -> None:
    own = with_text(desk, HEAD + PANEL + CELLS + "every = 2\n")
    asked = [("ups.cells", "") in keys(rounds.start_round(own, ACTOR, NOW + timedelta(days=day))) for day in range(4)]
    assert asked in ([True, False, True, False], [False, True, False, True])


def test_the_board_counts_the_lines_that_are_asked_as_the_answers_stand(desk: Desk) -> None:
    assert read_room(desk, NOW).lines == 3
    walk = rounds.start_round(desk, ACTOR, NOW)
    say(desk, walk, "ups.panel", "abnormal", "ups-a", note="buzzer")
    counted = read_room(desk, NOW)
    assert (counted.answered, counted.lines) == (1, 4)
    changed = with_text(desk, HEAD + CELLS)
    assert read_room(changed, NOW).lines == 4
