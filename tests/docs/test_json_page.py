"""The page of the JSON documents names every key the commands print, and no other."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dutyroom import clock, reason_words
from dutyroom.cli import discharge_document, documents, duty_document
from dutyroom.duty.addresses import record_sweep
from dutyroom.model.addresses import AddressTables, ArpRow, Mismatch
from dutyroom.model.discharge_test import StartItem, StopSign, TestNow, TestPhase
from dutyroom.model.events import CLOCK, WATCH, Event, Fault, Verification
from dutyroom.model.facts import Line, Neighbour, RuntimeBasis
from dutyroom.model.finding import FindingOrigin, FindingState, FindingStep, Severity
from dutyroom.model.handover import (
    Handover,
    HandoverCount,
    HandoverEvent,
    HandoverFinding,
    HandoverOutage,
    HandoverSheet,
)
from dutyroom.model.history import GapReason, Span
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.outage import CallResult, EventAct, EventState, OutageState
from dutyroom.model.people import Act, Actor, Role
from dutyroom.model.periods import CriticalPeriod, PeriodKind
from dutyroom.model.reading import HoldVerdict, Kind, Sample, StaleBy, State, Verdict
from dutyroom.model.rounds import Mark, RoundState
from dutyroom.model.runtime import Discharge, DischargePoint, DischargeTest, TestState
from dutyroom.model.self_check import CheckResult, SelfCheckAnswer
from dutyroom.report.recheck import Difference, Recheck
from dutyroom.resources import data_path
from dutyroom.rules.outage_proof import EndedBy
from dutyroom.store import events, ledger, maintenance, periods, self_check
from tests.check_samples import CHECKS, backup_sample, line_sample, system_sample
from tests.cli.rooms import HOST, SWITCH, UPSES, RoomFolder
from tests.cli.test_outages import play_outage
from tests.cli.test_records import begin_round
from tests.docs.check import tables
from tests.docs.commands import leaves, tree
from tests.docs.pages import DOCS
from tests.snmp_fakes import FakeAgent, integer, switch
from tests.ui.room_samples import network_sample, server_sample, switch_ports, ups_sample

HOUR = timedelta(hours=1)
PAGE = (DOCS / "json.md").read_text("utf-8")
REGISTER = '[[register]]\nip = "10.0.0.7"\nname = "his-db-1"\n'
# Documents that go on from another one: the keys of both.
GOES_ON = {
    "rounds show": "rounds list",
    "findings show": "findings list",
    "outages show": "outages list",
    "handover show": "handover list",
    "checklist show": "checklist check",
    "profile check": "profile list",
    "zero show": "zero list",
    "discharge show": "discharge list",
}


def sections() -> dict[str, str]:
    """The text under each heading; a command stands without its arguments and `--json`, such as `rounds show`."""
    found = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
    named = {said.partition("\n")[0].strip("`"): said.partition("\n")[2] for said in found}
    return {re.sub(r"^dutyroom | --json$| daily| [A-Z]+\b", "", said): text for said, text in named.items()}


def told(command: str) -> set[str]:
    """The keys the page names for a command."""
    text = sections()[command]
    keys = {row[0].strip("`").removesuffix("[]") for head, *rows in tables(text) if head[0] == "key" for row in rows}
    return keys | (told(GOES_ON[command]) if command in GOES_ON else set())


def printed(document: Any, path: str = "") -> set[str]:
    """The paths of every value in a document; lists are `[]`, an empty one or a null has no more below it."""
    if isinstance(document, dict):
        return set().union(*(printed(value, f"{path}.{key}" if path else key) for key, value in document.items()))
    if isinstance(document, list) and document:
        return set().union(*(printed(value, f"{path}[]") for value in document))
    return {path.removesuffix("[]")}


def leaves_of(paths: set[str]) -> set[str]:
    """Without what is null here and has keys elsewhere."""
    return {path for path in paths if not any(one.startswith((f"{path}.", f"{path}[]")) for one in paths)}


def with_neighbour(sample: Sample) -> Sample:
    """The switch with something at the other end of a port."""
    assert sample.device is not None
    there = (Neighbour("GigabitEthernet0/0/1", "access-1", "GigabitEthernet0/0/48", "lldp"),)
    return replace(sample, device=replace(sample.device, neighbours=there))


@pytest.fixture
def room(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> RoomFolder:
    """A room in which there is some of everything."""
    monkeypatch.setenv("DUTYROOM_TEST_COMMUNITY", "public")
    made, now = RoomFolder(tmp_path, capsys), clock.now()
    made.write(UPSES, SWITCH, HOST, CHECKS, REGISTER)
    made.enrol()
    made.record(
        ups_sample("ups-a", now, {"battery.runtime": "65535"}),
        with_neighbour(network_sample("core-1", now, switch_ports(4))),
        server_sample("duty-pc", now, 97.0),
        system_sample(now),
        line_sample(now),
        backup_sample(now, writing=True),
    )
    desk = made.desk()
    arp = (ArpRow("10.0.0.9", "00:11:22:33:44:55", "Vlanif1"),)
    record_sweep(desk.store, desk.site, [AddressTables("core-1", now, State.OK, arp=arp)], now)
    window = MaintenanceWindow(now - HOUR, now + HOUR, ("duty-pc",), "new memory", now - HOUR, "zhang")
    with desk.store.write() as session:
        actor = Actor("zhang", Role.TECHNICIAN, "test")
        entered = maintenance.add(session, window)
        period = CriticalPeriod(PeriodKind.DRILL, "drill", "critical", now, now + HOUR, 1800.0, now - HOUR, "zhang")
        opened = periods.add(session, period)
        ledger.append_row(session, at=now, actor=actor, act=Act.OPEN_PERIOD, of=opened)
        ledger.append_row(session, at=now, actor=actor, act=Act.PLAN_MAINTENANCE, of=entered)
        events.add(
            session,
            [
                Event(now, CLOCK, "clock-step", (("by", "90.0"),)),
                Event(now, WATCH, "site-file-refused", (("file", "/etc/dutyroom/site.toml"), ("key", "[[ups]] #1"))),
            ],
        )
        said = SelfCheckAnswer("room.static", CheckResult.MET, "raised floor", "", now - HOUR, "zhang")
        ledger.append_row(session, at=now, actor=actor, act=Act.SET_SELF_CHECK, of=self_check.add(session, said))
    desk.store.close()
    begin_round(made)
    return made


def test_every_command_with_json_stands_on_the_page() -> None:
    spoken = {" ".join(path) for path, command in leaves(tree()) if any(one.name == "json" for one in command.params)}
    headed = {re.sub(r" --[a-z-]+", "", said) for said in sections()}
    assert headed - {"Failure"} == {said.removeprefix("dutyroom ") for said in spoken}


@pytest.mark.parametrize(
    "words",
    [
        *("status", "rounds list", "rounds show 1", "operators list", "checklist check", "checklist show daily"),
        *("baseline show core-1", "config check", "config show", "backup", "backup --list", "doctor", "register list"),
        *("profile list", "maintenance list", "period list", "self-check list"),
    ],
)
def test_the_page_names_the_keys_a_command_prints(room: RoomFolder, words: str) -> None:
    if "--list" in words:
        assert room.run("backup").code == 0
    if words.startswith("baseline"):
        signed = ("--as", "admin", "--password-file", room.password_file())
        assert room.run("baseline", "accept", "core-1", *signed).code == 0
    command = re.sub(r" (1|daily|core-1)$", "", words)
    document = room.run(*words.split(), "--json").document
    for check in (*document.get("checks", ()), *document.get("addresses", {}).get("rows", ())):
        check["params"] = None
    wanted, found = told(command), leaves_of(printed(document))
    if words == "rounds show 1":
        wanted |= {"entries[].answer"}
    assert found == wanted


def test_the_page_names_the_keys_of_a_profile(room: RoomFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = data_path("profiles", "huawei.toml")
    assert leaves_of(printed(room.run("profile", "check", str(shipped), "--json").document)) == told(
        "profile check"
    ) - {"profiles[].descriptions[]"}
    monkeypatch.setenv("DUTYROOM_TEST_COMMUNITY", "plain")
    tree = switch(2)
    tree[(1, 3, 6, 1, 4, 1, 2011, 5, 25, 31, 1, 1, 10, 1, 7, 0, 1)] = integer(1)
    with FakeAgent(tree) as agent:
        asked = ("profile", "try", "127.0.0.1", "--port", str(agent.port), "--community-env", "DUTYROOM_TEST_COMMUNITY")
        document = room.run(*asked, "--json").document
    # A probe that finds nothing has no parts and saw nothing.
    whole = [one for one in document["device"]["probes"] if one["parts"]]
    assert leaves_of(printed(document | {"device": document["device"] | {"probes": whole}})) == told("profile try")


def test_the_page_names_the_keys_of_a_history(room: RoomFolder) -> None:
    room.record(Sample("ups-a", Kind.UPS, clock.now(), State.TIMEOUT))
    found: set[str] = set()
    for words in ("", "load_percent", "load_percent --span week"):
        found |= leaves_of(printed(room.run("history", "ups-a", *words.split(), "--json").document))
    assert found - {"quantities[].last"} == told("history")


def test_the_page_names_the_keys_of_a_roster_and_a_handover(room: RoomFolder) -> None:
    assert leaves_of(printed(room.run("roster", "show", "--json").document)) == told("roster show")
    finding = HandoverFinding(3, Severity.MAJOR, FindingState.OPEN, clock.now())
    sheet = HandoverSheet(
        (finding,),
        (HandoverOutage("ups-a", clock.now()),),
        (7,),
        (HandoverCount("keys", 3, 2),),
        "one lost",
        ("li",),
        (HandoverEvent(1, clock.now()),),
    )
    day = date(2026, 11, 24)
    one = Handover(day, "day", day, "night", clock.now(), "zhang", sheet)
    assert leaves_of(printed(duty_document.handovers([one]))) == told("handover list")
    assert leaves_of(printed(duty_document.one_handover(one))) == told("handover show")


def test_the_page_names_the_keys_of_a_finding(room: RoomFolder) -> None:
    signed = ("--as", "admin", "--password-file", room.password_file())
    assert room.run("findings", "add", "--class", "major", "--text", "water", *signed).code == 0
    until = str(clock.now().date() + timedelta(days=9))
    known = room.run("findings", "known", "1", "--owner", "works", "--reason", "roof", "--until", until, *signed)
    assert known.code == 0, known.err
    listed = room.run("findings", "list", "--json").document
    shown = room.run("findings", "show", "1", "--json").document
    for one in (*listed["findings"], *shown["findings"], *shown["steps"]):
        one["params"] = None
    assert leaves_of(printed(listed)) == told("findings list")
    assert leaves_of(printed(shown)) == told("findings show")


def test_the_page_names_the_keys_of_notifications(room: RoomFolder) -> None:
    with room.config.open("a", encoding="utf-8") as file:
        file.write('[[recipient]]\nname = "pager"\ncommand = ["true"]\n')
    assert leaves_of(printed(room.run("notify", "test", "--json").document)) == told("notify test")
    assert leaves_of(printed(room.run("notify", "list", "--json").document)) == told("notify list")


def test_the_page_names_the_keys_of_an_outage(room: RoomFolder) -> None:
    play_outage(room, -600, "OB")
    play_outage(room, -600, "OB", ups="ups-b")
    signed = ("--as", "zhang", "--password-file", room.password_file())
    assert room.run("outages", "contain", "1", *signed).code == 0
    listed = room.run("outages", "list", "--json").document
    shown = room.run("outages", "show", "1", "--json").document
    for one in (*listed["outages"], *shown["outages"]):
        one["phases"][0]["params"] = None
    assert leaves_of(printed(listed)) == told("outages list")
    assert leaves_of(printed(shown)) == told("outages show")


def test_the_page_names_the_keys_of_a_zero_report(room: RoomFolder) -> None:
    desk = room.desk()
    with desk.store.write() as session:
        events.add(session, [Event(clock.now() - HOUR, "core-1", "restarted")])
    play_outage(room, -3600, "OB", -3580, "OL", -3500, "OL")
    site, signed = desk.site, ("--as", "zhang", "--password-file", room.password_file())
    # The day of the restart, which may have ended within this hour.
    day = clock.duty_day(clock.now() - HOUR, site.zero_report_at, site.timezone)
    began = clock.at_local(day - timedelta(days=1), site.zero_report_at, site.timezone)
    desk.store.close()
    shown = room.run("zero", "show", str(day), "--json").document
    assert [one["kind"] for one in shown["content"]["items"]] == ["outage", "restarted"]
    shown["ledger_line"] = {"seq": 1, "hash": ""}
    before = str((began - HOUR).astimezone(site.timezone).date())
    assert room.run("zero", "sign", before, *signed).code == 0
    listed = room.run("zero", "list", "--json").document
    versions = leaves_of(printed(listed)) - {"zero_reports[].versions"}
    assert versions == told("zero list")
    assert leaves_of(printed(shown)) - {"zero_reports[].versions"} | versions == told("zero show")


def test_the_page_names_the_keys_of_a_discharge_test(room: RoomFolder) -> None:
    test = DischargeTest("ups-a", clock.now(), "zhang", 40.0, id=1)
    points = (DischargePoint(0.0, 100.0),)
    now = TestNow(
        test,
        TestPhase.LOST,
        Discharge("ups-a", clock.now(), test_id=1, points=points),
        signs=(StopSign.LOW,),
        met=(StopSign.LOW,),
        elsewhere=("ups-b",),
        gaps_s=(90.0,),
    )
    assert leaves_of(printed(discharge_document.test(now))) == told("discharge show")
    assert leaves_of(printed(discharge_document.tests([test]))) == told("discharge list")
    checked = room.run("discharge", "check", "ups-a", "--json").document
    assert leaves_of(printed(checked)) == told("discharge check")


def test_the_page_names_the_keys_of_faults_failures_and_a_restore(room: RoomFolder) -> None:
    again = Recheck("1.0", difference=Difference("Cover", "B7", "1", "2", "round:1"))
    faults = (Fault("row-changed", "round:1", 1),)
    faulty = documents.verification(Verification(1, 1, "0" * 64, faults), "changed", again)
    assert leaves_of(printed(faulty)) == told("verify")
    failed = room.run("rounds", "show", "99", "--json").document
    assert {row[0].strip("`") for row in tables(sections()["Failure"])[0][1:]} == printed(failed)
    room.run("backup")
    (backup,) = (room.path / "backups").glob("*.db")
    planned = room.run("restore", str(backup), "--dry-run", "--json").document
    planned["backup"] = None
    assert leaves_of(printed(planned)) == told("restore --dry-run")


def test_the_page_lists_every_code() -> None:
    codes = set(re.findall(r"`([a-z-]+)`", PAGE))
    for words in (State, Verdict, HoldVerdict, Line, RuntimeBasis, StaleBy, RoundState, Mark, Role, GapReason, Span):
        assert {str(one.value) for one in words} <= codes
    for of_outages in (EndedBy, OutageState, EventState, EventAct, CallResult):
        assert {str(one.value) for one in of_outages} <= codes
    for of_findings in (FindingOrigin, FindingState, FindingStep, Severity):
        assert {str(one.value) for one in of_findings} <= codes
    for of_tests in (StartItem, StopSign, TestPhase, TestState):
        assert {str(one.value) for one in of_tests} <= codes
    assert reason_words.REASONS.keys() <= codes
    assert {code.value for code in Mismatch} <= codes


def test_a_key_that_is_missing_or_invented_is_found() -> None:
    assert leaves_of(printed({"a": [{"b": 1}, {"b": None, "c": []}], "d": None})) == {"a[].b", "a[].c", "d"}
