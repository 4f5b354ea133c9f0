"""Every screen and dialog of the program in a state that somebody left half done, each under a name.

Tests of the language, the size of the terminal and the colours go through all of them. A screen or dialog that no
scene shows fails `test_language_switch.py`: add a scene for it here.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual.command import CommandList
from textual.content import Content
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, Static

import screens
from dutyroom.doctor.check import Group, make
from dutyroom.model.people import Actor, Role
from dutyroom.model.reading import Kind, Verdict
from dutyroom.model.site import Tool
from dutyroom.words import _
from screens import sign_ins
from screens.addresses import AddressesScreen
from screens.app import DutyroomApp
from screens.chart import ChartScreen
from screens.device_page import DevicePage
from screens.dialogs.accept_ports import AcceptPortsDialog
from screens.dialogs.choose_trend import ChooseTrendDialog
from screens.dialogs.finding_acts import FindingActsDialog
from screens.dialogs.finding_form import FindingFormDialog
from screens.dialogs.sign_handover import SignHandoverDialog
from screens.discharge_test import DischargeTestScreen
from screens.doctor import DoctorScreen
from screens.export import ExportScreen
from screens.fill import FillScreen
from screens.finding_page import FindingPage
from screens.findings import FindingsScreen
from screens.handover import HandoverScreen
from screens.history import HistoryScreen
from screens.outage import OutageScreen
from screens.palette import NOTHING_FOUND
from screens.records import RecordsScreen
from screens.round_list import RoundListScreen
from screens.trend import TrendScreen
from screens.ups_page import UpsPage
from screens.zero_report import ZeroReportScreen
from tests.ui.address_samples import sweep_twice
from tests.ui.found_things import find_some
from tests.ui.kept_rounds import keep_november
from tests.ui.outage_rooms import bring_back, fail_mains, outage_site, work_on_it
from tests.ui.rooms import NAME, NOW, PASSWORD, Room, sit_down, until

Scene = Callable[[DutyroomApp, Pilot[None]], Awaitable[None]]
# What other screens are made from; they never stand in front themselves.
ABSTRACT = {
    "TranslatedScreen",
    "RoomScreen",
    "FieldsDialog",
    "DeviceScreen",
    "StripScreen",
    "WalkScreen",
    "AnsweringScreen",
}


async def board(_app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The first screen."""
    await pilot.pause()


def mode(key: str) -> Scene:
    """A mode with its second device chosen and the details scrolled."""

    async def scene(_app: DutyroomApp, pilot: Pilot[None]) -> None:
        await pilot.press(key)
        await pilot.pause()
        await pilot.press("down", "pagedown")
        await pilot.pause()

    return scene


async def sign_in(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """A name and half a password, with the cursor inside the password."""
    await pilot.press("4", "i")
    await pilot.pause()
    name, password = app.screen.query_one("#name", Input), app.screen.query_one("#password", Input)
    name.value, password.value = NAME, ""
    password.focus()
    await pilot.press(*"half", "left", "left")
    await pilot.pause()
    assert password.value == "half"


async def sign_in_refused(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """Why it was refused stands there, and the next password is begun."""
    await sign_in(app, pilot)
    await pilot.press("enter")
    refusal = app.screen.query_one("#refusal", Static)
    await until(pilot, lambda: refusal.has_class("refused"))
    await pilot.press("x")
    await pilot.pause()


async def help_dialog(_app: DutyroomApp, pilot: Pilot[None]) -> None:
    """Help of the network screen, scrolled."""
    await pilot.press("4", "question_mark")
    await pilot.pause()
    await pilot.press("down", "down")
    await pilot.pause()


async def palette(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """Half a search, on the second row of what was found."""
    await pilot.press("ctrl+p")
    await pilot.pause()
    await pilot.press(*"dem")
    await until(pilot, lambda: app.screen.query_one(CommandList).option_count >= 2)
    await pilot.press("down", "left")
    await pilot.pause()


async def palette_without_a_match(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """A search that finds nothing, and says so."""
    await pilot.press("ctrl+p")
    await pilot.pause()
    await pilot.press(*"qqq")
    found = app.screen.query_one(CommandList)
    await until(pilot, lambda: [one.prompt for one in found.options] == [Content(_(NOTHING_FOUND))])


async def tour(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The first look over the board."""
    await app.run_action("app.tour")
    await pilot.pause()
    await pilot.pause()


async def chart(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """A week of the second quantity, three days and a half ago."""
    await pilot.press("3", "g")
    await pilot.pause()
    await pilot.press("W", "left", "down")
    await until(pilot, lambda: isinstance(app.screen, ChartScreen) and not app.screen.reading)
    await pilot.pause()


async def ups_page(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """One UPS, scrolled, with half a filter."""
    app.selected[Kind.UPS] = "ups-a"
    await pilot.press("3")
    await pilot.pause()
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, UpsPage))
    await pilot.press("slash", *"bat", "left")
    await pilot.pause()


async def device_page(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The ports of the core switch, half a filter typed."""
    await open_switch(app, pilot)
    await pilot.press("slash", *"his", "left")
    await pilot.pause()


async def open_switch(app: DutyroomApp, pilot: Pilot[None]) -> DevicePage:
    """The page of the core switch."""
    app.selected[Kind.NETWORK] = "core-1"
    await pilot.press("4")
    await pilot.pause()
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, DevicePage))
    await pilot.pause()
    assert isinstance(app.screen, DevicePage)
    return app.screen


async def accept_ports(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """What would be accepted: the second port is critical, the third to be down, and half a label is typed."""
    page = await open_switch(app, pilot)
    sit_down(app, Actor(NAME, Role.ADMIN, "test"))
    page.action_baseline()
    await until(pilot, lambda: isinstance(app.screen, AcceptPortsDialog))
    await pilot.pause()
    await pilot.press("down", "f4", "down", "f3", "f5", *"pacs", "left")
    await pilot.pause()
    await pilot.pause()


async def records(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The rounds of this month: the one that was begun, on the page of the switch."""
    await begin(app, pilot)
    await pilot.press("escape", "4")
    await pilot.pause()
    await app.run_action("app.go_to_month(2026, 11)")
    await until(pilot, lambda: isinstance(app.screen, RecordsScreen) and bool(app.screen.found))
    await pilot.pause()


async def records_empty(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """A month without a round."""
    await app.run_action("app.go_to_month(2020, 2)")
    await until(pilot, lambda: isinstance(app.screen, RecordsScreen) and app.screen.found == ())
    await pilot.pause()


async def addresses(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """Addresses, filtered by half a word, the cursor inside it."""
    await addresses_seen(app, pilot)
    await pilot.press("slash", *"10.0.", "left")
    await pilot.pause()


async def address_open(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """All about the second address."""
    await addresses_seen(app, pilot)
    await pilot.press("down", "enter")
    await pilot.pause()


async def addresses_seen(app: DutyroomApp, pilot: Pilot[None]) -> AddressesScreen:
    """The page of the addresses after two sweeps, the learning week being over."""
    assert app.opened is not None
    sweep_twice(app.opened.desk)
    await until(pilot, lambda: app.board is not None and app.board.addresses.now.last_sweep_at == NOW)
    await pilot.press("4", "a")
    await until(pilot, lambda: isinstance(app.screen, AddressesScreen) and app.screen.book is not None)
    await pilot.pause()
    assert isinstance(app.screen, AddressesScreen)
    return app.screen


async def doctor(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The doctor's page: a check of every verdict, what to do under those that need it."""
    assert app.opened is not None
    app.opened.examine = lambda: CHECKS
    await pilot.press("d")
    await until(pilot, lambda: isinstance(app.screen, DoctorScreen) and app.screen.is_done)
    await pilot.pause()


CHECKS = (
    make(Group.MACHINE, "python", Verdict.OK, "python", version="3.11.7"),
    make(Group.TERMINAL, "width", Verdict.NOT_INSTALLED, "width-outside"),
    make(Group.SITE, "secrets", Verdict.FAULT, "secret-open", "chmod", path="/etc/dutyroom/a", mode="644"),
    make(Group.RECORDS, "backup", Verdict.ATTENTION, "backup-old", "backup", age_s="180000"),
    make(Group.WATCH, "watch", Verdict.OK, "watch", holder="duty-pc:4711", age_s="2"),
    make(
        Group.SOURCES, "source", Verdict.FAULT, "source-fails", "source-timeout", "core-1", state="timeout", detail="-"
    ),
    make(Group.SOURCES, "source", Verdict.UNKNOWN, "too-slow", "too-slow", "fw-1", seconds="40"),
)


async def begin(app: DutyroomApp, pilot: Pilot[None]) -> FillScreen:
    """Signs in and starts the round."""
    await app.run_action("app.open_round")
    await pilot.pause()
    app.screen.query_one("#name", Input).value = NAME
    app.screen.query_one("#password", Input).value = PASSWORD
    app.screen.query_one("#password", Input).focus()
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, FillScreen))
    await pilot.pause()
    assert isinstance(app.screen, FillScreen)
    return app.screen


async def at(item: str, app: DutyroomApp, pilot: Pilot[None]) -> FillScreen:
    """The round with the cursor on an item."""
    screen = await begin(app, pilot)
    screen.state.stand((item, ""))
    screen.show_walk()
    await pilot.pause()
    return screen


async def round_number(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """Half a number."""
    screen = await at("env.temp.room", app, pilot)
    await pilot.press("2", "4", "full_stop")
    await pilot.pause()
    assert screen.state.typed == "24."


async def round_choice(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """A choice that is not taken yet."""
    await at("fire.panel", app, pilot)
    await pilot.press("right", "right")
    await pilot.pause()


async def round_note(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """Half a note, with the cursor inside."""
    screen = await begin(app, pilot)
    await pilot.press("space")
    await until(pilot, lambda: not screen.state.saving)
    await pilot.press("minus")
    await pilot.pause()
    await pilot.press(*"lock", "left", "left")
    await pilot.pause()
    assert screen.note.asking


async def round_told(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """A sentence with a number in it stands below the round."""
    await begin(app, pilot)
    await pilot.press("f10")
    await pilot.pause()


async def review(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The review, scrolled, with half a password."""
    screen = await begin(app, pilot)
    assert screen.acts is not None
    for n, line in enumerate(screen.state.walk.lines):
        given = screen.state.given(line, "na", f"note {n}" if n < 20 else "not here")
        entries = screen.acts.entries([(line, given)])
        await screen.acts.save([(line, given)], entries)
    screen.action_review()
    await pilot.pause()
    await pilot.press(*"walk", "left", "down", "down")
    await pilot.pause()


async def new_pin(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The password given, half a PIN."""
    sit_down(app, Actor(NAME, Role.ADMIN, "test"))
    sign_ins.set_pin(app)
    await pilot.pause()
    await pilot.press(*"abc", "enter", *"7391", "left")
    await pilot.pause()


async def round_list(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The round that was begun, on the list."""
    await begin(app, pilot)
    await pilot.press("escape", "2")
    await until(pilot, lambda: isinstance(app.screen, RoundListScreen) and app.screen.here() is not None)
    await pilot.pause()


async def paper_times(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The first time is changed, the second is not one."""
    sit_down(app, Actor(NAME, Role.ADMIN, "test"))
    await pilot.press("2")
    await until(pilot, lambda: isinstance(app.screen, RoundListScreen) and app.screen.here() is not None)
    await pilot.press("plus")
    await until(pilot, lambda: type(app.screen).__name__ == "PaperTimesDialog")
    await pilot.pause()
    await pilot.press("enter", *"x", "enter")
    await pilot.pause()


async def unlock(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """Locked over the network screen, half a PIN typed."""
    await pilot.press("4")
    await pilot.pause()
    sit_down(app, Actor(NAME, Role.ADMIN, "test"))
    await pilot.press("ctrl+l")
    app.clear_notifications()
    await pilot.press("x")
    await pilot.pause()
    await pilot.press(*"7391", "left")
    await pilot.pause()
    assert app.screen.query_one("#password", Input).value == "7391"


async def history(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The month, filtered by half a word, on a day somebody chose."""
    assert app.opened is not None
    keep_november(app.opened.desk)
    await pilot.press("7")
    await until(pilot, lambda: isinstance(app.screen, HistoryScreen) and bool(app.screen.found))
    await pilot.press("left", "left", "slash", *"zha", "left")
    await pilot.pause()


async def export(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The workbook of a quarter that is to come, its language about to be chosen: no process starts for it."""
    await app.run_action("app.go_to_export(2027, 2)")
    await until(pilot, lambda: isinstance(app.screen, ExportScreen))
    await pilot.press("up", "right", "down", "down")
    here = app.screen
    assert isinstance(here, ExportScreen)
    await until(pilot, lambda: bool(here.trouble))
    await pilot.pause()


async def trend(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The trend of a temperature over 90 days, on its third answer."""
    assert app.opened is not None
    keep_november(app.opened.desk)
    await app.run_action("app.go_to_trend('env.temp.cold', '')")
    await until(pilot, lambda: isinstance(app.screen, TrendScreen) and app.screen.trend is not None)
    here = app.screen
    assert isinstance(here, TrendScreen)
    await pilot.press("s", "down", "down")
    await until(pilot, lambda: here.trend is not None and len(here.trend.points) == 18)
    await pilot.pause()


async def choose_trend(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """Half a word, and the second of what it finds."""
    await app.run_action("app.choose_trend")
    await until(pilot, lambda: isinstance(app.screen, ChooseTrendDialog))
    await pilot.press(*"tem", "down", "left")
    await pilot.pause()


async def handover(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """A sheet that is filled in: one thing counted, the second half typed."""
    site = app.site
    app.site = replace(site, tools=(Tool("keys of the room", 3), Tool("radio", 2)))
    assert app.opened is not None
    app.opened.desk = replace(app.opened.desk, site=app.site)
    await pilot.press("h")
    await until(pilot, lambda: isinstance(app.screen, HandoverScreen) and app.screen.prepared is not None)
    await pilot.pause()
    await pilot.press("space", "enter", *"1", "left")
    await pilot.pause()


async def sign_handover(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The signature of who gives the shift, half a password typed."""
    sit_down(app, Actor(NAME, Role.ADMIN, "test"))
    await handover(app, pilot)
    await pilot.press("enter", "f10")
    await until(pilot, lambda: isinstance(app.screen, SignHandoverDialog))
    await pilot.pause()
    await pilot.press(*"duty", "left")
    await pilot.pause()


async def zero_report(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The preview of the report that is due, scrolled."""
    await pilot.press("z")
    await until(pilot, lambda: isinstance(app.screen, ZeroReportScreen) and app.screen.page is not None)
    await pilot.press("down")
    await pilot.pause()


async def discharge_test(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The checklist of a discharge test with one line confirmed."""
    app.action_go_to_discharge_tests("ups-a")
    await until(pilot, lambda: isinstance(app.screen, DischargeTestScreen) and app.screen.page is not None)
    await pilot.press("space", "down")
    await pilot.pause()


async def findings(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """Every finding by class, filtered by half a word, on the second."""
    assert app.opened is not None
    find_some(app.opened.desk)
    await pilot.press("6", "a", "o", "o")
    await until(pilot, lambda: isinstance(app.screen, FindingsScreen) and len(app.screen.shown) == 6)
    await pilot.press("down", "slash", *"20", "left")
    await pilot.pause()


async def finding(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The page of a finding with two clocks, scrolled by a line."""
    assert app.opened is not None
    find_some(app.opened.desk)
    # Whoever found it was added a moment ago: the page calls people as the records do.
    await until(pilot, lambda: app.records is not None and "li" in app.records.people)
    await app.run_action("app.go_to_finding(2)")
    await until(pilot, lambda: isinstance(app.screen, FindingPage) and app.screen.of is not None)
    await pilot.press("down")
    await pilot.pause()


async def finding_acts(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """What may be done, the third line chosen."""
    sit_down(app, Actor(NAME, Role.ADMIN, "test"))
    await finding(app, pilot)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, FindingActsDialog))
    await pilot.press("down", "down")
    await pilot.pause()


async def finding_form(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """Somebody is chosen, and half a note typed."""
    sit_down(app, Actor(NAME, Role.ADMIN, "test"))
    await finding(app, pilot)
    await pilot.press("g")
    await until(pilot, lambda: isinstance(app.screen, FindingFormDialog))
    await pilot.press("right", "down", "down", *"soon", "left")
    await pilot.pause()


async def outage(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The outage screen by itself, somebody at work: the second load of what may be switched off."""
    await mains_failed(app, pilot)
    await pilot.press("tab", "down")
    await pilot.pause()


async def mains_failed(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The mains fail in a room with contacts and loads."""
    assert app.opened is not None
    folder = app.opened.desk.store.path.parents[1]
    app.site = outage_site(folder, app.site.language.value)
    app.opened.desk = replace(app.opened.desk, site=app.site)
    room = Room(app.site, app.opened.desk.store, app.opened.desk)
    fail_mains(room)
    work_on_it(room)
    await until(pilot, lambda: isinstance(app.screen, OutageScreen) and bool(app.screen.head.lines))
    await pilot.pause()


async def outage_over(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """Mains is back: the second thing to start again."""
    assert app.opened is not None
    await mains_failed(app, pilot)
    bring_back(Room(app.site, app.opened.desk.store, app.opened.desk))
    await until(pilot, lambda: app.board is not None and app.board.outage is not None and app.board.outage.is_over)
    await pilot.press("down")
    await pilot.pause()


async def outage_call(app: DutyroomApp, pilot: Pilot[None]) -> None:
    """The result of a call is chosen, and half a note typed."""
    await mains_failed(app, pilot)
    sit_down(app, Actor(NAME, Role.ADMIN, "test"))
    await pilot.press("a")
    await until(pilot, lambda: isinstance(app.screen, FindingFormDialog))
    await pilot.press("down", "right", "down", *"soon", "left")
    await pilot.pause()


SCENES: dict[str, Scene] = {
    "board": board,
    "power": mode("3"),
    "network": mode("4"),
    "servers": mode("5"),
    "sign-in": sign_in,
    "sign-in-refused": sign_in_refused,
    "new-pin": new_pin,
    "unlock": unlock,
    "help": help_dialog,
    "palette": palette,
    "palette-no-match": palette_without_a_match,
    "tour": tour,
    "chart": chart,
    "ups-page": ups_page,
    "device-page": device_page,
    "accept-ports": accept_ports,
    "records": records,
    "records-empty": records_empty,
    "addresses": addresses,
    "address-open": address_open,
    "doctor": doctor,
    "round-number": round_number,
    "round-choice": round_choice,
    "round-note": round_note,
    "round-told": round_told,
    "review": review,
    "history": history,
    "export": export,
    "trend": trend,
    "choose-trend": choose_trend,
    "handover": handover,
    "sign-handover": sign_handover,
    "round-list": round_list,
    "paper-times": paper_times,
    "zero-report": zero_report,
    "discharge-test": discharge_test,
    "findings": findings,
    "finding": finding,
    "finding-acts": finding_acts,
    "finding-form": finding_form,
    "outage": outage,
    "outage-over": outage_over,
    "outage-call": outage_call,
}

IN_FRONT: dict[str, str] = {
    "board": "BoardScreen",
    "power": "PowerScreen",
    "network": "NetworkScreen",
    "servers": "ServersScreen",
    "sign-in": "SignInDialog",
    "sign-in-refused": "SignInDialog",
    "new-pin": "SecretsDialog",
    "unlock": "UnlockDialog",
    "help": "HelpDialog",
    "palette": "RoomPalette",
    "palette-no-match": "RoomPalette",
    "tour": "TourDialog",
    "chart": "ChartScreen",
    "ups-page": "UpsPage",
    "device-page": "DevicePage",
    "accept-ports": "AcceptPortsDialog",
    "records": "RecordsScreen",
    "records-empty": "RecordsScreen",
    "addresses": "AddressesScreen",
    "address-open": "AddressesScreen",
    "doctor": "DoctorScreen",
    "round-number": "FillScreen",
    "round-choice": "FillScreen",
    "round-note": "FillScreen",
    "round-told": "FillScreen",
    "review": "SignRoundDialog",
    "history": "HistoryScreen",
    "export": "ExportScreen",
    "trend": "TrendScreen",
    "choose-trend": "ChooseTrendDialog",
    "handover": "HandoverScreen",
    "sign-handover": "SignHandoverDialog",
    "round-list": "RoundListScreen",
    "paper-times": "PaperTimesDialog",
    "zero-report": "ZeroReportScreen",
    "discharge-test": "DischargeTestScreen",
    "findings": "FindingsScreen",
    "finding": "FindingPage",
    "finding-acts": "FindingActsDialog",
    "finding-form": "FindingFormDialog",
    "outage": "OutageScreen",
    "outage-over": "OutageScreen",
    "outage-call": "FindingFormDialog",
}
"""The class of the screen or dialog that stands in front in each scene."""


def every_screen_class() -> set[type[Screen[Any]]]:
    """Every screen and dialog class the program has, whether it is opened somewhere or not."""
    for found in pkgutil.walk_packages([str(Path(screens.__path__[0]))], "screens."):
        importlib.import_module(found.name)
    known: set[type[Screen[Any]]] = set()
    new: set[type[Screen[Any]]] = {Screen}
    while new:
        known |= new
        new = {below for one in new for below in one.__subclasses__()} - known
    return {one for one in known if one.__module__.startswith("screens.") and one.__name__ not in ABSTRACT}
