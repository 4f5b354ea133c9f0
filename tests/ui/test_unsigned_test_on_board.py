"""The board and `status` say that a discharge test waits for its signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dutyroom.board import make_board
from dutyroom.cli import status_lines
from dutyroom.duty.desk import Desk
from dutyroom.duty.discharge_tests import sign
from dutyroom.duty.records import read_room
from dutyroom.model.people import Actor, Role
from dutyroom.model.runtime import DischargeTest, TestState
from dutyroom.store import discharge_tests
from screens import unsigned_lines
from tests.ui.rooms import NAME, NOW, PASSWORD, Room, make_room, running, screen_text, until

LEAD = Actor(NAME, Role.LEAD, "test")
SAID = {
    "en": "Discharge test of UPS A main feed waits for its signature",
    "zh_CN": "UPS A 主路 的放电测试待签字",
}


def on_record(room: Room, state: TestState, ups: str = "ups-a") -> DischargeTest:
    """A test of half an hour, on record."""
    began = NOW - timedelta(hours=1)
    ended_at = None if state is TestState.RUNNING else NOW - timedelta(minutes=30)
    signed = (NOW, NAME) if state is TestState.SIGNED else (None, None)
    made = DischargeTest(ups, began, NAME, 40.0, None, state, began, ended_at, "low", 1800.0)
    made = replace(made, signed_at=signed[0], signed_by=signed[1])
    with room.store.write() as session:
        return discharge_tests.add(session, made)


def told(desk: Desk) -> tuple[str, str]:
    """What the duty panel and `status` say of it."""
    records = read_room(desk, NOW)
    board = make_board(desk.site, desk.checklist, records, NOW)
    panel = unsigned_lines.lines(board, 40)
    status = [line for line in status_lines.lines(board, ZoneInfo("Asia/Shanghai")) if "signature" in line]
    return " ".join("".join(text for text, _role in line).strip() for line in panel), "; ".join(status)


async def test_the_board_says_that_a_test_that_ended_is_not_signed(tmp_path: Path, language: str) -> None:
    room = make_room(tmp_path, language)
    on_record(room, TestState.ENDED)
    app = room.app()
    async with running(app, (120, 40)) as pilot:
        first = SAID[language].split(" waits")[0].removesuffix(" 的放电测试待签字")
        await until(pilot, lambda: first in screen_text(app))


@pytest.mark.parametrize("state", [TestState.RUNNING, TestState.SIGNED, TestState.ABANDONED])
def test_no_signature_is_owed_for_a_test_that_runs_was_signed_or_given_up(tmp_path: Path, state: TestState) -> None:
    room = make_room(tmp_path)
    on_record(room, state)
    assert told(room.desk) == ("", "")


def test_every_test_that_is_owed_a_signature_is_named_until_it_has_one(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    first = on_record(room, TestState.ENDED)
    on_record(room, TestState.ENDED, "ups-gone")
    panel, status = told(room.desk)
    gone = "Discharge test of ups-gone waits for its signature"
    assert panel == f"! {SAID['en']} ! {gone}"
    assert status == f"! {SAID['en']}; ! {gone}"
    sign(room.desk, LEAD, first.id, PASSWORD, "as planned", NOW)
    assert told(room.desk) == (f"! {gone}", f"! {gone}")
