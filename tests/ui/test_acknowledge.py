"""Notifications on the board: one line while they wait or did not arrive, and one key that says somebody knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.model.events import Heartbeat
from dutyroom.model.finding import Severity
from dutyroom.model.notification import Attempt, AttemptState, Cause, MessageKind, Recipient, Topic
from dutyroom.model.people import Act, Actor, Role
from dutyroom.store import events, ledger, notifications
from tests.ui.rooms import NOW, Room, make_room, make_site, running, screen_text, sit_down, until

PERSON = Actor("zhang", Role.TECHNICIAN, "test")
WAITS = {"en": "1 notifications not acknowledged for 12 m", "zh_CN": "1 条通知待确认"}
KNOWN = {"en": "Acknowledged:", "zh_CN": "已确认："}


def told_room(folder: Path, language: str = "en") -> Room:
    """A room with a notification that waits, and a recipient it did not reach."""
    site = replace(make_site(folder, language), recipients=(Recipient("desk", command=("tell",)),))
    room = make_room(folder, language, site=site)
    since = clock.now() - timedelta(minutes=12, seconds=5)
    with room.store.write() as session:
        cause = Cause("on-battery:ups-a", Topic.POWER, Severity.MAJOR, since, "on-battery", "ups-a")
        one = notifications.add(session, cause, since)
        notifications.begin(session, Attempt(one.id, "desk", MessageKind.TOLD, "b", 1, since, since))
        notifications.end(session, "b", AttemptState.FAILED, "not-sent", since)
    return room


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids="{0[0]}x{0[1]}".format)
async def test_what_waits_is_one_line_and_f6_says_that_somebody_knows(
    tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    room = told_room(tmp_path, language)
    app = room.app()
    async with running(app, size) as pilot:
        sit_down(app, PERSON)
        await until(pilot, lambda: WAITS[language] in screen_text(app))
        (line,) = [text for text in screen_text(app).splitlines() if WAITS[language] in text]
        assert "F6" in line
        await pilot.press("f6")
        await until(pilot, lambda: any(KNOWN[language] in one.message for one in app._notifications))
        await until(pilot, lambda: app.board is not None and app.board.notifications.unacknowledged == 0)
        assert app.board is not None
        assert app.board.notifications.failing == ("desk",), "that it did not arrive is not changed by that"
        await pilot.press("a")
        await until(pilot, lambda: len(app._notifications) == 2)
    with room.store.read() as session:
        (written,) = ledger.lines(session, subject="acknowledgement:1")
    assert (written.actor, written.act) == ("zhang", Act.ACKNOWLEDGE.value)


async def test_nobody_acknowledges_without_a_name(tmp_path: Path) -> None:
    room = told_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        await until(pilot, lambda: WAITS["en"] in screen_text(app))
        await pilot.press("f6")
        await until(pilot, lambda: bool(app.screen.query("#name")))
    with room.store.read() as session:
        found = notifications.one(session, 1)
    assert found is not None
    assert not found.is_acknowledged


async def test_a_watch_that_was_silent_for_minutes_is_a_red_line(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    then = NOW - timedelta(minutes=20)
    with room.store.write() as session:
        events.beat(session, Heartbeat("duty-pc", 4711, then, then, room.site.fingerprint))
    app = room.app()
    async with running(app) as pilot:
        await until(pilot, lambda: "✗ Nobody has watched this room for 20 m" in screen_text(app))
