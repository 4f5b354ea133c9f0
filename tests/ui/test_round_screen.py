"""A round is walked by keys, and every answer shown as saved is in the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from dutyroom import clock
from dutyroom.duty import answering, walks
from dutyroom.model.reading import Origin, Verdict
from dutyroom.model.rounds import Entry, RoundState
from dutyroom.store.verify import verify
from screens.app import DutyroomApp
from screens.fill import FillScreen
from tests.desks import stand_for_findings
from tests.ui.room_samples import ups_sample
from tests.ui.rooms import (
    NAME,
    NOW,
    PASSWORD,
    Room,
    assert_fits,
    assert_golden,
    make_room,
    make_site,
    running,
    screen_text,
    until,
)

SIZES = [(80, 24), (120, 40)]


def room_with_probe(folder: Path, language: str = "en") -> Room:
    """The room of the other screens, with both UPSes answering and a probe that measures the air."""
    live = (("env.temp.cold", ("ups-a", "ambient.temperature")), ("env.rh", ("ups-a", "ambient.humidity")))
    room = make_room(folder, language, site=replace(make_site(folder, language), live=live))
    probe = {"ambient.temperature": "23.4", "ambient.humidity": "52", "battery.runtime": "25200"}
    at = NOW - timedelta(seconds=4)
    room.put(ups_sample("ups-a", at, probe), ups_sample("ups-b", at, {"battery.runtime": "6840"}))
    return room


async def begin(app: DutyroomApp, pilot: Pilot[None]) -> FillScreen:
    """Signs in and starts the round."""
    await pilot.press("enter")
    await pilot.pause()
    await pilot.press(*NAME, "enter", *[key if key != "-" else "minus" for key in PASSWORD], "enter")
    await until(pilot, lambda: isinstance(app.screen, FillScreen))
    await pilot.pause()
    screen = app.screen
    assert isinstance(screen, FillScreen)
    return screen


async def saved(pilot: Pilot[None], screen: FillScreen) -> None:
    """Waits until nothing is being saved."""
    await pilot.pause()
    await until(pilot, lambda: not screen.state.saving)


def stored(room: Room, item: str, device: str = "") -> Entry | None:
    with room.store.read() as session:
        from dutyroom.store import rounds as rows

        return next((e for e in rows.entries(session, 1) if e.key == (item, device)), None)


async def go_to(pilot: Pilot[None], screen: FillScreen, item: str, device: str = "") -> None:
    screen.state.stand((item, device))
    screen.show_walk()
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)
async def test_the_round_is_as_kept(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    app = room_with_probe(tmp_path, language).app()
    async with running(app, size) as pilot:
        screen = await begin(app, pilot)
        name = f"{size[0]}x{size[1]}-{language}"
        assert_golden(app, f"round-start-{name}")
        await pilot.press("space", "space", "minus")
        await pilot.press(*"no key", "enter")
        await saved(pilot, screen)
        assert_golden(app, f"round-noted-{name}")
        await pilot.press("enter")
        await saved(pilot, screen)
        assert_golden(app, f"round-found-{name}")
        await pilot.press("enter", "2", "4", "full_stop", "1")
        await saved(pilot, screen)
        assert_golden(app, f"round-typed-{name}")
        await go_to(pilot, screen, "*power", "ups-a")
        assert_golden(app, f"round-folded-{name}")
        await pilot.press("plus")
        await saved(pilot, screen)
        assert_golden(app, f"round-accepted-{name}")
        await go_to(pilot, screen, "fire.panel")
        assert_golden(app, f"round-choices-{name}")


async def test_an_answer_is_in_the_store_when_its_line_says_saved(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await pilot.press("space")
        await saved(pilot, screen)
        entry = stored(room, "duty.handover")
        assert entry is not None
        assert (entry.answer, entry.by, entry.origin) == ("normal", NAME, Origin.TYPED)
        assert screen.state.cursor == ("acc.door", "")


async def test_an_abnormal_answer_asks_for_its_note_before_it_is_stored(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await pilot.press("minus")
        assert screen.note.asking
        assert stored(room, "duty.handover") is None
        await pilot.press("enter")
        assert screen.note.asking, "an empty note is no note"
        await pilot.press(*"late", "enter")
        await saved(pilot, screen)
        entry = stored(room, "duty.handover")
        assert entry is not None
        assert (entry.answer, entry.note, entry.verdict) == ("abnormal", "late", Verdict.FAULT)


async def test_escape_leaves_the_note_then_the_round_and_loses_nothing(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await pilot.press("space")
        await saved(pilot, screen)
        await pilot.press("minus", "x", "escape")
        assert app.screen is screen
        await pilot.press("escape")
        assert app.screen is not screen
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, FillScreen))
        again = app.screen
        assert isinstance(again, FillScreen)
        assert again.state.walk.round.id == screen.state.walk.round.id
        assert again.state.cursor == ("acc.door", "")


async def test_an_impossible_number_is_refused_and_the_cursor_stays(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await go_to(pilot, screen, "env.temp.room")
        await pilot.press("3", "0", "0", "enter")
        await pilot.pause()
        assert "impossible" in screen_text(app)
        assert screen.state.cursor == ("env.temp.room", "")
        assert stored(room, "env.temp.room") is None


async def test_full_width_digits_are_digits(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await go_to(pilot, screen, "env.temp.room")
        for character in "２３。５":
            assert screen.state.type(character)
        await pilot.press("enter")
        await saved(pilot, screen)
        entry = stored(room, "env.temp.room")
        assert entry is not None
        assert entry.value == 23.5


async def test_enter_takes_the_live_value_with_its_source_and_age(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await go_to(pilot, screen, "env.temp.cold")
        await pilot.press("enter")
        await saved(pilot, screen)
        entry = stored(room, "env.temp.cold")
        assert entry is not None
        assert (entry.value, entry.origin, entry.source, entry.age_s) == (23.4, Origin.MEASURED, "ups-a", 4.0)


async def test_a_panel_reading_hides_the_live_value_until_it_is_typed(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await go_to(pilot, screen, "ups.in.v", "ups-a")
        assert "229" not in screen_text(app)
        await pilot.press("enter")
        assert stored(room, "ups.in.v", "ups-a") is None
        await pilot.press("2", "2", "8", "enter")
        await saved(pilot, screen)
        await go_to(pilot, screen, "ups.in.v", "ups-a")
        assert "live 229" in screen_text(app)


async def test_a_panel_reading_too_far_from_the_source_is_told_and_may_be_typed_again(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await go_to(pilot, screen, "ups.in.v", "ups-a")
        await pilot.press("2", "1", "2", "enter")
        await until(pilot, lambda: "The source says 229.4 V, 17.4 off" in screen_text(app))
        assert screen.note.asking
        assert stored(room, "ups.in.v", "ups-a") is None
        await pilot.press("escape")
        await pilot.press("backspace", "backspace", "2", "8", "enter")
        await saved(pilot, screen)
        entry = stored(room, "ups.in.v", "ups-a")
        assert entry is not None
        assert (entry.value, entry.verdict, entry.live_value) == (228.0, Verdict.OK, "229.4")


async def test_a_difference_that_is_explained_is_marked_for_good(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app, (120, 40)) as pilot:
        screen = await begin(app, pilot)
        await go_to(pilot, screen, "ups.in.v", "ups-a")
        await pilot.press("2", "1", "2", "enter", *"read twice", "enter", "enter")
        await saved(pilot, screen)
        await until(pilot, lambda: "≠ live 229.4 V" in screen_text(app))
        entry = stored(room, "ups.in.v", "ups-a")
        assert entry is not None
        assert (entry.verdict, entry.note) == (Verdict.ATTENTION, "read twice")


async def test_plus_accepts_a_folded_device_each_item_as_its_own_answer(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await go_to(pilot, screen, "*power", "ups-a")
        await pilot.press("plus")
        await saved(pilot, screen)
        for item in ("ups.status", "ups.batt.charge", "ups.runtime", "ups.autonomy"):
            entry = stored(room, item, "ups-a")
            assert entry is not None, item
            assert entry.origin is Origin.MEASURED
        assert stored(room, "ups.in.v", "ups-a") is None


async def test_an_item_out_of_its_limits_is_never_folded(tmp_path: Path) -> None:
    app = room_with_probe(tmp_path).app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        folded = {line.key for stop in screen.state.stops() for line in stop.folded}
        assert ("ups.autonomy", "ups-a") in folded
        assert ("ups.autonomy", "ups-b") not in folded


async def test_a_measurement_that_grew_old_unfolds_and_cannot_be_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(seconds=40))
        app.show_now()
        await pilot.pause()
        assert not [stop for stop in screen.state.stops() if stop.device == "ups-a" and stop.folded]
        await go_to(pilot, screen, "env.temp.cold")
        await pilot.press("enter")
        await pilot.pause()
        assert stored(room, "env.temp.cold") is None


async def test_space_never_replaces_an_answer(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await pilot.press("minus", *"late", "enter", "enter")
        await saved(pilot, screen)
        await go_to(pilot, screen, "duty.handover")
        await pilot.press("space")
        await saved(pilot, screen)
        entry = stored(room, "duty.handover")
        assert entry is not None
        assert entry.answer == "abnormal"
        assert "⌫ undoes it first" in screen_text(app)


async def test_undo_opens_the_line_again(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await pilot.press("space")
        await saved(pilot, screen)
        await pilot.press("u")
        await until(pilot, lambda: screen.state.cursor == ("duty.handover", ""))
        entry = stored(room, "duty.handover")
        assert entry is not None
        assert entry.answer is None


async def test_a_digit_takes_the_choice_it_stands_before(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await go_to(pilot, screen, "fire.panel")
        await pilot.press("1")
        await saved(pilot, screen)
        entry = stored(room, "fire.panel")
        assert entry is not None
        assert (entry.answer, entry.verdict) == ("auto-normal", Verdict.OK)


async def test_with_open_lines_review_goes_to_the_first_of_them(tmp_path: Path) -> None:
    app = room_with_probe(tmp_path).app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        await go_to(pilot, screen, "duty.remark")
        await pilot.press("f10")
        await pilot.pause()
        assert app.screen is screen
        assert "have no answer yet" in screen_text(app)


async def test_a_signed_round_is_read_only_and_shows_who_signed(tmp_path: Path, language: str) -> None:
    room = room_with_probe(tmp_path, language)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        answer_all(room, screen)
        screen.state.walk = walks.load_walk(room.desk, 1)
        await pilot.press("f10")
        await pilot.pause()
        assert_golden(app, f"round-review-80x24-{language}")
        await pilot.press(*[key if key != "-" else "minus" for key in PASSWORD], "enter")
        await until(pilot, lambda: app.screen is screen)
        await pilot.pause()
        assert_golden(app, f"round-signed-80x24-{language}")
        await pilot.press("space", "minus", "u", "f10")
        await pilot.pause()
        assert app.screen is screen
        await pilot.press("escape")
        await until(pilot, lambda: app.records is not None and app.records.last_signed is not None)
        await pilot.pause()
        assert_golden(app, f"board-signed-80x24-{language}")
    assert_signed_and_whole(tmp_path, room)


def answer_all(room: Room, screen: FillScreen) -> None:
    """Answers every line as somebody would whose room is fine but for one thing."""
    from dutyroom.model.people import Actor, Role

    answer_open_lines(room, screen)
    stand_for_findings(room.desk, 1, NOW, Actor(NAME, Role.ADMIN, "test"))


def answer_open_lines(room: Room, screen: FillScreen) -> None:
    """An answer for each line that has none; those that are not normal stand for no finding yet."""
    from dutyroom.duty.answers import Given
    from dutyroom.model.people import Actor, Role

    actor = Actor(NAME, Role.ADMIN, "test")
    for line in screen.state.walk.open_lines():
        live = screen.state.lives.get(line.key)
        if line.item.choices:
            given = Given(line.item.choices[0].value, "as seen", live)
        elif line.item.kind == "text":
            given = Given("normal")
        else:
            low = line.item.limit.normal.low if line.item.limit.normal else 1.0
            given = Given(f"{low:g}", "as read", live)
        answering.record_answer(room.desk, actor, 1, line, given, NOW)


def assert_signed_and_whole(folder: Path, room: Room) -> None:
    from dutyroom.store import rounds as rows
    from dutyroom.store.database import Store

    store = Store.open(room.site.store_url)
    with store.read() as session:
        found = rows.get(session, 1)
        assert found is not None
        assert (found.state, found.signed_by) == (RoundState.SIGNED, NAME)
        assert verify(session).faults == ()
    store.close()


async def test_an_answer_somebody_else_gave_meanwhile_is_shown_and_not_replaced(tmp_path: Path) -> None:
    room = room_with_probe(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        screen = await begin(app, pilot)
        from dutyroom.duty.answers import Given
        from dutyroom.model.people import Actor, Role

        other, line = Actor("li", Role.TECHNICIAN, "elsewhere"), screen.state.walk.lines[0]
        answering.record_answer(room.desk, other, 1, line, Given("abnormal", "not handed over"), NOW)
        await pilot.press("space")
        await saved(pilot, screen)
        await until(pilot, lambda: "li answered “" in screen_text(app))
        assert "not handed over" in screen_text(app)
        entry = stored(room, "duty.handover")
        assert entry is not None
        assert (entry.answer, entry.by) == ("abnormal", "li")


@pytest.mark.parametrize("size", [(60, 20), (160, 50)], ids="{0[0]}x{0[1]}".format)
async def test_no_row_is_wider_than_the_terminal(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    app = room_with_probe(tmp_path, language).app()
    async with running(app, size) as pilot:
        screen = await begin(app, pilot)
        for key in [stop.key for stop in screen.state.stops()][::9]:
            await go_to(pilot, screen, *key)
            assert_fits(app)
