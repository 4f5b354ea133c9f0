"""What is not normal becomes a finding in the walk itself: one key more, under its own line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from dutyroom.duty import answer_findings, answering
from dutyroom.duty.answers import Given
from dutyroom.duty.desk import Desk
from dutyroom.duty.findings import know
from dutyroom.model.people import Actor, Role
from dutyroom.rules.finding_life import unresolved
from dutyroom.store import findings
from tests.ui.room_samples import NOW
from tests.ui.rooms import NAME, Room, running, screen_text, until
from tests.ui.test_round_screen import answer_open_lines, begin, go_to, room_with_probe, saved, stored

LEAD = Actor(NAME, Role.ADMIN, "test")


def known_fault(room: Room) -> int:
    """A leak at the first air conditioner, known for ten days."""
    from dutyroom.duty.rounds import start_round

    walk = start_round(room.desk, LEAD, NOW)
    line = next(line for line in walk.lines if line.item.id == "env.water")
    entry = answering.record_answer(room.desk, LEAD, walk.round.id, line, Given("abnormal", "drip at the pipe"), NOW)
    _entry, made = answer_findings.link_new(room.desk, LEAD, entry, NOW)
    know(room.desk, LEAD, made.id, owner=NAME, reason="part ordered", until=NOW + timedelta(days=10), now=NOW)
    return made.id


def found(desk: Desk, actor: Actor, item: str) -> None:
    """Yesterday's finding of an item, nobody on it yet."""
    from dutyroom.duty.finding_steps import keep
    from dutyroom.model.finding import Finding, FindingOrigin, FindingStep, Severity
    from dutyroom.model.people import Act
    from dutyroom.rules.finding_life import key_of_entry

    at = NOW - timedelta(days=1)
    one = Finding(
        FindingOrigin.ENTRY, key_of_entry(item, ""), Severity.OTHER, at, actor.name, NOW + timedelta(days=6), item=item
    )
    with desk.store.write() as session:
        keep(session, actor, Act.FIND, one, FindingStep.FOUND, at)


async def test_enter_after_the_note_makes_a_finding_of_its_own_and_goes_on(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await pilot.press("minus", *"late", "enter")
        await until(pilot, lambda: "Which finding is it?" in screen_text(app))
        assert screen.state.cursor == ("duty.handover", "")
        await pilot.press("enter")
        await until(pilot, lambda: "→ finding 1" in screen_text(app))
        assert screen.state.cursor == ("acc.door", "")
        with room.store.read() as session:
            made = findings.get(session, 1)
        assert made is not None
        assert (made.item, made.text, made.found_by) == ("duty.handover", "late", NAME)
        entry = stored(room, "duty.handover")
        assert entry is not None
        assert entry.finding_id == 1


async def test_undo_takes_the_answer_back_and_asks_for_no_finding_any_more(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await pilot.press("minus", *"late", "enter", "u")
        await saved(pilot, screen)
        await until(pilot, lambda: "Which finding is it?" not in screen_text(app))
        await pilot.press("space")
        await saved(pilot, screen)
        entry = stored(room, "duty.handover")
        assert entry is not None
        assert (entry.answer, entry.finding_id) == ("normal", None)


async def test_keys_faster_than_the_disk_make_the_same_finding(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await pilot.press("minus", *"late", "enter", "enter", "space", "minus", *"open", "enter", "enter", "space")
        await saved(pilot, screen)
        await until(pilot, lambda: not unresolved(screen.state.walk.entries.values()))
        assert [(e.item, e.finding_id) for e in screen.state.walk.entries.values() if e.finding_id] == [
            ("duty.handover", 1),
            ("acc.window", 2),
        ]


async def test_the_arrows_choose_a_fault_that_is_known(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    known = known_fault(room)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await go_to(pilot, screen, "env.clean")
        await pilot.press("minus", *"wet", "enter")
        await until(pilot, lambda: "drip at the pipe · known until" in screen_text(app))
        await pilot.press("down", "enter")
        await until(pilot, lambda: (entry := stored(room, "env.clean")) is not None and entry.finding_id == known)
        assert screen.state.cursor == ("env.smell", "")


async def test_a_fault_that_is_found_already_is_met_again_without_a_question(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await pilot.press("minus", *"late", "enter", "enter")
        await until(pilot, lambda: "→ finding 1" in screen_text(app))
        found(room.desk, LEAD, "acc.door")
        await pilot.press("minus", *"open again", "enter")
        await until(pilot, lambda: (entry := stored(room, "acc.door")) is not None and entry.finding_id == 2)
        await until(pilot, lambda: screen.state.cursor == ("acc.window", ""))
        assert screen.state.finding is None


async def test_what_is_left_for_later_is_asked_again_before_the_round_is_signed(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await pilot.press("minus", *"late", "enter", "escape")
        await saved(pilot, screen)
        assert app.screen is screen
        assert "→ no finding yet" in screen_text(app)
        answer_open_lines(room, screen)
        await screen.reload()
        await pilot.press("f10")
        await until(pilot, lambda: "stand for no finding yet" in screen_text(app))
        assert screen.state.cursor == ("duty.handover", "")
        assert app.screen is screen
        while unresolved(screen.state.walk.entries.values()):
            await pilot.press("f10")
            await until(pilot, lambda: screen.state.finding is not None)
            left = len(unresolved(screen.state.walk.entries.values()))
            await pilot.press("enter")
            await until(pilot, lambda left=left: len(unresolved(screen.state.walk.entries.values())) < left)  # type: ignore[misc]
        await pilot.press("f10")
        await until(pilot, lambda: type(app.screen).__name__ == "SignRoundDialog")
