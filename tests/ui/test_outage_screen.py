"""The outage screen comes by itself, over whatever is open, and every act on it is of the moment of its key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from dutyroom import clock, words
from dutyroom.duty.zero_reports import page_of
from dutyroom.model.facts import RuntimeBasis
from dutyroom.model.outage import EventAct, EventState, EventStep, Outage, Phase, PhaseChange, PowerEvent
from dutyroom.model.people import Act, Actor, Role
from dutyroom.model.runtime import Candidate, RuntimeEstimate
from dutyroom.model.zero_content import ZeroKind
from dutyroom.report.zero_report import text_of
from dutyroom.rules.session import LockReason
from dutyroom.store import ledger, outages, power_events
from dutyroom.zero_words import ZeroNames
from screens.app import DutyroomApp
from screens.dialogs.finding_form import FindingFormDialog
from screens.dialogs.unlock import UnlockDialog
from screens.fill import FillScreen
from screens.outage import OutageScreen
from tests.ui.outage_rooms import BEGAN, bring_back, fail_mains, make_outage_room, outage_site, read, work_on_it
from tests.ui.room_samples import NOW
from tests.ui.rooms import (
    NAME,
    PASSWORD,
    Room,
    assert_fits,
    assert_golden,
    make_room,
    running,
    screen_text,
    sit_down,
    until,
)
from tests.ui.scenes import at, begin

ZHANG = Actor(NAME, Role.ADMIN, "test")


async def in_front(app: DutyroomApp, pilot: Pilot[None]) -> OutageScreen:
    """The outage screen, drawn."""
    await until(pilot, lambda: isinstance(app.screen, OutageScreen) and bool(app.screen.head.lines))
    await pilot.pause()
    assert isinstance(app.screen, OutageScreen)
    return app.screen


def event_of(room: Room) -> PowerEvent:
    """The power event as the store has it."""
    with room.store.read() as session:
        found = power_events.get(session, 1)
    assert found is not None
    return found


def steps_of(room: Room) -> tuple[EventStep, ...]:
    with room.store.read() as session:
        return power_events.steps(session, 1)


class Bell:
    """Counts."""

    def __init__(self, app: DutyroomApp, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rung = 0
        monkeypatch.setattr(app, "bell", self._ring)

    def _ring(self) -> None:
        self.rung += 1


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_it_looks_like_this_while_it_runs_and_when_it_is_over(
    tmp_path: Path, language: str, size: tuple[int, int]
) -> None:
    room = make_outage_room(tmp_path, language)
    work_on_it(room)
    app = room.app()
    kept = f"{size[0]}x{size[1]}-{language}"
    async with running(app, size) as pilot:
        screen = await in_front(app, pilot)
        assert_golden(app, f"outage-{kept}")
        for name in ("shedding", "loads", "upses", "timeline"):
            await pilot.press("tab")
            await pilot.pause()
            assert screen.chosen == name
            assert_golden(app, f"outage-{name}-{kept}")
        await pilot.press("escape")
        await pilot.pause()
        assert_fits(app)
        red = screen_text(app).split("\n")[1]
        assert "08:33:38" in red
        assert red.endswith("[0]")
        bring_back(room)
        await until(pilot, lambda: app.board is not None and app.board.outage is not None and app.board.outage.is_over)
        await pilot.press("0")
        await in_front(app, pilot)
        assert_golden(app, f"outage-over-{kept}")


async def test_it_takes_the_screen_by_itself_and_rings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = make_room(tmp_path, site=outage_site(tmp_path))
    app = room.app()
    async with running(app) as pilot:
        bell = Bell(app, monkeypatch)
        await pilot.press("4")
        fail_mains(room)
        await in_front(app, pilot)
        assert bell.rung == 1
        assert "MAINS FAILED 08:33:38" in screen_text(app)
        await pilot.press("escape")
        assert app.current_mode == "network"
        assert "MAINS FAILED 08:33:38" in screen_text(app)


async def test_left_it_stays_away_until_another_ups_fails_or_one_becomes_critical(tmp_path: Path) -> None:
    room = make_outage_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        await in_front(app, pilot)
        await pilot.press("escape")
        app.show_now()
        app.show_now()
        await pilot.pause()
        assert not isinstance(app.screen, OutageScreen)
        with room.store.write() as session:
            outages.add_phase(session, PhaseChange(1, NOW, Phase.LOW))
        await in_front(app, pilot)
        assert "battery low" in screen_text(app)


async def test_a_round_below_goes_on_where_it_was(tmp_path: Path) -> None:
    room = make_room(tmp_path, site=outage_site(tmp_path))
    app = room.app()
    async with running(app) as pilot:
        screen = await at("env.temp.room", app, pilot)
        await pilot.press("2", "4")
        app.session._key_s -= 60
        fail_mains(room)
        await in_front(app, pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is screen
        assert screen.state.typed == "24"
        assert "MAINS FAILED" in screen_text(app)
        assert "ctrl+o" in screen_text(app)
        await pilot.press("ctrl+o")
        await in_front(app, pilot)


async def test_the_keys_of_somebody_who_types_are_not_taken_for_acts(tmp_path: Path) -> None:
    room = make_room(tmp_path, site=outage_site(tmp_path))
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await pilot.press("minus", *"dus")
        assert screen.note.asking
        fail_mains(room)
        over = await in_front(app, pilot)
        assert over._deaf_until > 0
        # However slow this machine is.
        over._deaf_until = clock.monotonic() + 60
        await pilot.press("c", "space", "escape")
        await pilot.pause()
        assert isinstance(app.screen, OutageScreen)
        assert steps_of(room) == ()
        app.screen._deaf_until = 0.0
        await pilot.press("c")
        await until(pilot, lambda: event_of(room).contained_at == NOW)
        await pilot.press("escape")
        assert screen.note.value == "dus"


async def test_over_a_lock_it_is_read_and_an_act_keeps_the_time_of_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make_room(tmp_path, site=outage_site(tmp_path))
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        await pilot.press("ctrl+l", "x")
        await until(pilot, lambda: isinstance(app.screen, UnlockDialog))
        app.session._key_s -= 60
        fail_mains(room)
        screen = await in_front(app, pilot)
        assert app.session.locked is not None
        await pilot.press("tab", "down")
        assert screen.chosen == "shedding"
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, UnlockDialog))
        await pilot.pause()
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=40))
        await pilot.press(*PASSWORD, "enter")
        await until(pilot, lambda: event_of(room).contained_at is not None)
        assert event_of(room).contained_at == NOW
        assert event_of(room).contained_by == NAME
        assert app.screen is screen


async def test_signing_in_on_the_way_keeps_the_time_too_and_esc_does_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make_outage_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        await in_front(app, pilot)
        await pilot.press("g")
        await until(pilot, lambda: bool(app.screen.query("#name")))
        await pilot.press("escape")
        assert event_of(room).reported_at is None
        await pilot.press("g")
        await until(pilot, lambda: bool(app.screen.query("#name")))
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=25))
        app.screen.query_one("#name", Input).value = NAME
        app.screen.query_one("#password", Input).focus()
        await pilot.press(*PASSWORD, "enter")
        await until(pilot, lambda: event_of(room).reported_at is not None)
        assert event_of(room).reported_at == NOW


async def test_locked_nothing_on_it_acts(tmp_path: Path) -> None:
    room = make_outage_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        await in_front(app, pilot)
        sit_down(app, ZHANG)
        await pilot.press("ctrl+l")
        for key in ("c", "g", "a", "space", "n", "m", "s", "enter", "f10", "f3", "f4", "f6", "f8", "f9"):
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, UnlockDialog))
            while app.screen.is_modal:
                await pilot.press("escape")
                await pilot.pause()
        assert app.session.locked is LockReason.KEY
        assert steps_of(room) == ()
        assert event_of(room).state is EventState.RUNNING


async def test_a_question_with_half_a_password_is_gone_when_the_screens_lock_and_the_outage_stays(
    tmp_path: Path,
) -> None:
    room = make_room(tmp_path, site=outage_site(tmp_path))
    app = room.app()
    async with running(app) as pilot:
        sit_down(app, ZHANG)
        await pilot.press("i", *"half")
        app.session._key_s -= 60
        fail_mains(room)
        await in_front(app, pilot)
        assert any(screen.is_modal for screen in app.screen_stack)
        await pilot.press("ctrl+l")
        await in_front(app, pilot)
        assert not any(screen.is_modal for screen in app.screen_stack)


async def filled(app: DutyroomApp, pilot: Pilot[None], *keys: str) -> None:
    """A form is answered."""
    await until(pilot, lambda: isinstance(app.screen, FindingFormDialog))
    await pilot.pause()
    await pilot.press(*keys)
    await until(pilot, lambda: not app.screen.is_modal)


async def test_a_whole_event_by_keys(tmp_path: Path, language: str) -> None:
    room = make_outage_room(tmp_path, language)
    app = room.app()
    async with running(app, (120, 40)) as pilot:
        screen = await in_front(app, pilot)
        sit_down(app, ZHANG)

        async def comes(act: EventAct, count: int = 1) -> None:
            await until(pilot, lambda: sum(one.act is act for one in steps_of(room)) == count)
            await until(pilot, lambda: told(app) >= len(steps_of(room)))

        await pilot.press("c")
        await comes(EventAct.CONTAINED)
        await pilot.press("a")
        await filled(app, pilot, "down", "right", "enter")
        await comes(EventAct.CALLED)
        assert screen.outage is not None
        assert screen.outage.next_call is not None
        assert screen.outage.next_call.contact.order == 2
        await pilot.press("a")
        await filled(app, pilot, "down", "down", *"comes", "enter")
        await comes(EventAct.CALLED, 2)
        await pilot.press("g")
        await comes(EventAct.REPORTED)
        for n in (1, 2, 3):
            await pilot.press("space")
            await comes(EventAct.SHED, n)
        await pilot.press("m")
        await filled(app, pilot, *"theatre", "enter")
        await comes(EventAct.MAJOR)
        await pilot.press("m")
        await filled(app, pilot, "enter")
        await comes(EventAct.AUTHORITY)
        await pilot.press("f10")
        await filled(app, pilot, *"too early", "enter", "escape")
        bring_back(room)
        await until(pilot, lambda: screen.outage is not None and screen.outage.is_over)
        for n in (1, 2):
            await pilot.press("space")
            await comes(EventAct.RESTARTED, n)
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(app.screen, FindingFormDialog))
        await pilot.press("enter")
        assert isinstance(app.screen, FindingFormDialog), "closed without a text"
        await filled(app, pilot, *"feeder tripped", "enter")
        await until(pilot, lambda: event_of(room).state is EventState.CLOSED)
        await until(pilot, lambda: not isinstance(app.screen, OutageScreen))
        assert event_of(room).closing_text == "feeder tripped"
        await pilot.press("0")
        await pilot.pause()
        assert not isinstance(app.screen, OutageScreen)
    called = [(one.subject, one.result) for one in steps_of(room) if one.act is EventAct.CALLED]
    assert called == [(room.site.contacts[0].name, "no-answer"), (room.site.contacts[1].name, "answered")]
    shed = [one.subject for one in steps_of(room) if one.act is EventAct.SHED]
    assert shed == ["pacs-archive", "test-servers", "report-db"]
    assert [one.subject for one in steps_of(room) if one.act is EventAct.RESTARTED] == ["ac-1", "his-db-1"]
    page = page_of(room.desk, clock.duty_day(NOW, room.site.zero_report_at, room.site.timezone), NOW)
    assert not page.content.is_zero
    assert {one.source for one in page.content.items if one.kind is ZeroKind.OUTAGE} == {"ups-a", "ups-b"}
    (power,) = page.content.power
    assert (power.text, power.state, power.by) == ("feeder tripped", "closed", ZHANG.name)
    assert "feeder tripped" in text_of(page, ZeroNames(room.site, page.people, {}))
    with room.store.read() as session:
        acts = [line.act for line in ledger.lines(session)]
    # Stamps change the event too; the closing is an act of its own.
    assert acts.count(Act.WORK_ON_EVENT) == len(steps_of(room)) - 1 + 4
    assert acts.count(Act.CLOSE_EVENT) == 2


def told(app: DutyroomApp) -> int:
    """How many acts stand in the timeline on the board."""
    found = app.board.outage if app.board is not None else None
    return sum(one.step is not None for one in found.timeline) if found is not None else 0


async def test_a_load_that_was_ticked_off_can_be_on_again(tmp_path: Path) -> None:
    room = make_outage_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        await in_front(app, pilot)
        sit_down(app, ZHANG)
        await pilot.press("space")
        await until(pilot, lambda: told(app) == 1)
        await pilot.press("tab", "up", "u")
        await until(pilot, lambda: told(app) == 2)
        assert [(one.act, one.subject) for one in steps_of(room)] == [
            (EventAct.SHED, "pacs-archive"),
            (EventAct.UNSHED, "pacs-archive"),
        ]


async def test_time_that_is_not_known_is_said_to_be_unknown(tmp_path: Path) -> None:
    room = make_room(tmp_path, site=outage_site(tmp_path))
    with room.store.write() as session:
        event = power_events.add(session, PowerEvent(BEGAN))
        one = outages.add(session, Outage("ups-a", event.id, BEGAN))
        outages.add_phase(session, PhaseChange(one.id, BEGAN, Phase.ON_BATTERY))
        frozen = Candidate(RuntimeBasis.REPORTED, 65535.0, "frozen")
        left = RuntimeEstimate(candidates=(Candidate(RuntimeBasis.SLOPE, None, "early"), frozen))
        read(session, one, NOW, left, charge=None)
    app = room.app()
    async with running(app) as pilot:
        await in_front(app, pilot)
        shown = screen_text(app)
        assert "time left unknown: slope: too little has fallen" in shown
        assert "charge –" in shown
        assert "not known whether that is met" in shown
        assert "(stands still)" in shown
        assert "0:00" not in shown


async def test_the_bell_rings_until_somebody_says_that_it_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make_outage_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        await in_front(app, pilot)
        bell = Bell(app, monkeypatch)
        seconds = clock.monotonic()
        monkeypatch.setattr(clock, "monotonic", lambda: seconds + 31)
        app.alarm.mind(app)
        app.alarm.mind(app)
        monkeypatch.undo()
        monkeypatch.setattr(clock, "now", lambda: NOW)
        assert bell.rung == 1
        sit_down(app, ZHANG)
        await pilot.press("s")
        await until(pilot, lambda: event_of(room).seen_at == NOW)
        await until(pilot, lambda: told(app) == 1)
        bell = Bell(app, monkeypatch)
        app.alarm._rung_at = None
        app.alarm.mind(app)
        assert bell.rung == 0


async def test_hostile_names_are_shown_as_text(tmp_path: Path) -> None:
    from tests.ui.rooms import HOSTILE

    site = outage_site(tmp_path)
    site = replace(
        site,
        contacts=tuple(replace(one, name=HOSTILE, role=HOSTILE, phone=HOSTILE) for one in site.contacts[:1]),
        loads=tuple(replace(one, label=HOSTILE, owner=HOSTILE, how=HOSTILE) for one in site.loads),
        ups=tuple(replace(one, label=HOSTILE) for one in site.ups),
    )
    app = make_outage_room(tmp_path, site=site).app()
    async with running(app) as pilot:
        await in_front(app, pilot)
        sit_down(app, ZHANG)
        for _n in range(5):
            await pilot.press("tab")
            await pilot.pause()
            assert_fits(app)
            assert "\x1b" not in screen_text(app)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, FindingFormDialog))
        await pilot.pause()
        assert_fits(app)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (100, 30), (109, 50), (110, 34), (160, 50)])
async def test_it_fits_every_terminal_with_no_contact_no_load_and_a_round_under_it(
    tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    room = make_outage_room(tmp_path, language, site=replace(outage_site(tmp_path, language), contacts=(), loads=()))
    app = room.app()
    async with running(app, size) as pilot:
        screen = await in_front(app, pilot)
        for _n in range(5):
            await pilot.press("tab", "down")
            await pilot.pause()
            assert_fits(app)
        await pilot.press("f2")
        await pilot.pause()
        assert words.language() != language
        assert screen.panes[screen.chosen].region.height >= 3
        await pilot.press("f2")


async def test_pressed_twice_a_stamp_stays_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = make_outage_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        await in_front(app, pilot)
        sit_down(app, ZHANG)
        await pilot.press("c")
        await until(pilot, lambda: event_of(room).contained_at is not None)
        later: Callable[[], datetime] = lambda: NOW + timedelta(seconds=9)  # noqa: E731
        monkeypatch.setattr(clock, "now", later)
        await pilot.press("c")
        await until(pilot, lambda: any("on record already" in one.message for one in app._notifications))
        assert event_of(room).contained_at == NOW


async def test_another_person_who_unlocks_by_an_act_does_it_under_their_own_name(tmp_path: Path) -> None:
    from dutyroom.duty.operators import add_operator

    room = make_room(tmp_path, site=outage_site(tmp_path))
    add_operator(room.store, ZHANG, "li", "Li Na", Role.TECHNICIAN, PASSWORD, NOW)
    app = room.app()
    async with running(app) as pilot:
        await begin(app, pilot)
        await pilot.press("ctrl+l")
        app.session._key_s -= 60
        fail_mains(room)
        await in_front(app, pilot)
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, UnlockDialog))
        await pilot.pause()
        app.screen.query_one("#name", Input).value = "li"
        await pilot.press(*PASSWORD, "enter")
        await until(pilot, lambda: event_of(room).contained_by == "li")
        await in_front(app, pilot)
        assert not any(isinstance(screen, FillScreen) for screen in app.screen_stack)
