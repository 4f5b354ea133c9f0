"""`dutyroom outages`: what a script reads of an outage, what a person reads, and what is stamped over SSH."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from dutyroom import clock, words
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.rules.plausibility import ups_facts
from dutyroom.store import discharges, outages, power_events
from dutyroom.watch.outages import OutageKeeper
from tests.cli.rooms import UPSES, RoomFolder
from tests.ui.room_samples import HOSTILE

LOADS = """
[[load]]
name = "pacs-1"
fed_by = ["ups-a"]
watts = 300
shed_group = 1
[[contact]]
role = "commander"
name = "Chen Jie"
phone = "0000-0001"
order = 1
"""


@pytest.fixture
def staffed(room: RoomFolder) -> RoomFolder:
    """A room with two UPSes, a load, somebody to call, a technician and an admin."""
    room.write(UPSES, LOADS)
    room.enrol()
    return room


@pytest.fixture
def chinese() -> Iterator[None]:
    yield
    words.install("en")


def play_outage(room: RoomFolder, *script: float | str, ups: str = "ups-a") -> datetime:
    """Gives the keeper readings: seconds from now and status, each twice; gives the moment the seconds count from."""
    desk, now = room.desk(), clock.now()
    keeper = OutageKeeper(desk.site)
    for at_s, status in zip(script[::2], script[1::2], strict=True):
        for later_s in (0.0, 2.0):
            told = {
                "ups.status": str(status),
                "battery.charge": "19" if "LB" in str(status) else "90",
                "battery.runtime": "3600",
                "ups.load": "31",
                "input.voltage": "0" if "OB" in str(status) else "229",
            }
            at = now + timedelta(seconds=float(at_s) + later_s)
            with desk.store.write() as session:
                keeper.take(session, [Sample(ups, Kind.UPS, at, State.OK, ups=ups_facts(told))])
    desk.store.close()
    return now


def signed(room: RoomFolder, who: str = "zhang") -> tuple[str, ...]:
    return ("--as", who, "--password-file", room.password_file())


def test_without_an_outage_the_list_says_so(staffed: RoomFolder) -> None:
    said = staffed.run("outages", "list")
    assert (said.code, said.out.strip()) == (0, "No outage is on record.")
    assert staffed.run("outages", "list", "--json").document == {"schema": 1, "outages": []}


def test_the_document_of_an_outage_is_what_the_store_holds(staffed: RoomFolder) -> None:
    now = play_outage(staffed, -7200, "OL", -7000, "OB", -6000, "OB LB", -5000, "OL CHRG", -4900, "OL CHRG")
    (one,) = staffed.run("outages", "list", "--json").document["outages"]
    desk = staffed.desk()
    with desk.store.read() as session:
        stored = outages.get(session, 1)
    desk.store.close()
    assert stored is not None
    wanted = {"id": 1, "ups": "ups-a", "state": "closed", "transfers": 1, "event_id": 1, "lowest_charge_percent": 19.0}
    assert wanted.items() <= one.items()
    assert one["load_percent"] == stored.load_percent == 31.0
    assert one["estimate_at_start_s"] == stored.estimate_at_start_s
    assert [each["phase"] for each in one["phases"]] == ["on battery", "low", "restored"]
    assert [round((datetime.fromisoformat(each["at"]) - now).total_seconds()) for each in one["phases"]] == [
        -7000, -6000, -5000,
    ]  # fmt: skip
    assert (one["began_at"], one["ended_at"]) == (one["phases"][0]["at"], one["phases"][2]["at"])
    shown = staffed.run("outages", "show", "1", "--json").document
    assert shown["outages"] == [one]
    assert shown["proof"] == {
        "on_battery_s": 2000.0, "to_low_s": 1000.0, "ended_by": "low", "required_s": 21600.0, "verdict": "short",
    }  # fmt: skip
    assert (shown["left"], shown["event"]["state"]) == (None, "restored")
    assert [(each["clock"], each["late"]) for each in shown["event"]["clocks"]] == [
        ("contained", True), ("reported", True), ("authority", False),
    ]  # fmt: skip


def test_while_it_is_open_charge_and_load_come_from_its_discharge(staffed: RoomFolder) -> None:
    play_outage(staffed, -120, "OB")
    play_outage(staffed, -60, "OB", ups="ups-b")
    listed = staffed.run("outages", "list", "--json")
    first, second = listed.document["outages"]
    desk = staffed.desk()
    with desk.store.read() as session:
        assert discharges.extremes(session, 1) == (first["lowest_charge_percent"], first["load_percent"]) == (90, 31)
    desk.store.close()
    assert (listed.code, first["state"], first["ended_at"], first["on_battery_s"]) == (1, "open", None, None)
    assert first["event_id"] == second["event_id"]
    shown = staffed.run("outages", "show", "1", "--json").document
    assert shown["event"]["others"] == [2]
    assert 118 <= shown["proof"]["on_battery_s"] <= 180
    assert shown["proof"]["ended_by"] is None
    assert 0 < shown["left"]["seconds"] <= 3600 - 118


def test_only_what_was_not_over_on_a_day_is_listed_since_it(staffed: RoomFolder) -> None:
    day = 86400
    play_outage(staffed, -5 * day, "OB", -5 * day + 60, "OL", -5 * day + 200, "OL")
    play_outage(staffed, -60, "OB", ups="ups-b")
    since = str((clock.now() - timedelta(days=2)).date())
    assert [one["id"] for one in staffed.run("outages", "list", "--since", since, "--json").document["outages"]] == [2]
    assert len(staffed.run("outages", "list", "--json").document["outages"]) == 2
    assert staffed.run("outages", "list", "--since", "yesterday").code == 2


def test_the_whole_event_is_carried_through_over_ssh(staffed: RoomFolder) -> None:
    play_outage(staffed, -100, "OB", -90, "OB")
    for act in (
        ("contain", "1", "--note", "generator asked for"),
        ("call", "1", "Chen Jie", "--result", "no-answer"),
        ("call", "1", "Chen Jie", "--result", "answered", "--note", "comes"),
        ("report", "1"),
        ("major", "1"),
        ("authority", "1"),
        ("shed", "1", "pacs-1"),
        ("note", "1", "--note", "the hall is dark"),
    ):
        said = staffed.run("outages", *act, *signed(staffed))
        assert said.code == 0, said.err
        assert "Power event 1: runs" in said.out
    early = staffed.run("outages", "close", "1", "--text", "over", *signed(staffed))
    assert (early.code, "not over" in early.err) == (1, True)
    assert staffed.run("outages", "show", "1", "--json").document["event"]["off"] == ["pacs-1"]
    play_outage(staffed, -5, "OL", 90, "OL")
    for act in (
        ("unshed", "1", "pacs-1"),
        ("restarted", "1", "pacs-1"),
        ("close", "1", "--text", "Fuse of the feeder."),
    ):
        said = staffed.run("outages", *act, *signed(staffed))
        assert said.code == 0, said.err
    shown = staffed.run("outages", "show", "1")
    assert shown.code == 0
    for part in (
        *("UPS A 主路", "Zhang Wei", "generator asked for", "called Chen Jie: no answer", "called Chen Jie: answered"),
        *("pacs-1 is off", "the hall is dark", "Fuse of the feeder.", "closed, major event", "6 h: no evidence"),
        "mains came back in time",
    ):
        assert part in shown.out
    document = staffed.run("outages", "show", "1", "--json").document
    assert [step["act"] for step in document["steps"]] == [
        *("contained", "called", "called", "reported", "major", "authority", "shed", "noted"),
        *("unshed", "restarted", "closed"),
    ]
    assert {one["late"] for one in document["event"]["clocks"]} == {False}
    desk = staffed.desk()
    with desk.store.read() as session:
        event = power_events.get(session, 1)
    desk.store.close()
    assert event is not None
    assert (event.closing_text, event.closed_by, event.contained_by) == ("Fuse of the feeder.", "zhang", "zhang")
    assert staffed.run("verify").code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "7"), 1),
        (("contain", "7"), 1),
        (("authority", "1"), 1),
        (("call", "1", "Nobody", "--result", "busy"), 1),
        (("call", "1", "Chen Jie", "--result", "maybe"), 2),
        (("shed", "1", "no-such"), 1),
        (("unshed", "1", "pacs-1"), 1),
        (("note", "1", "--note", " "), 1),
        (("close", "1", "--text", "too early"), 1),
    ],
)
def test_what_cannot_be_done_is_one_sentence(staffed: RoomFolder, arguments: tuple[str, ...], code: int) -> None:
    play_outage(staffed, -100, "OB")
    who = () if arguments[0] == "show" else signed(staffed)
    said = staffed.run("outages", *arguments, *who)
    assert (said.code, said.out) == (code, "")
    assert said.err.strip()


def test_a_stamp_is_set_once_and_is_of_the_moment_of_the_command(
    staffed: RoomFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    play_outage(staffed, -100, "OB")
    given = clock.now()
    moments = iter([given])
    # The command was given then; typing the password took two minutes.
    monkeypatch.setattr(clock, "now", lambda: next(moments, given + timedelta(minutes=2)))
    assert staffed.run("outages", "contain", "1", *signed(staffed)).code == 0
    (contained, *_others) = staffed.run("outages", "show", "1", "--json").document["event"]["clocks"]
    assert (contained["stamped_at"], contained["late"]) == (
        given.isoformat(timespec="milliseconds").replace("+00:00", "Z"), False,
    )  # fmt: skip
    again = staffed.run("outages", "contain", "1", *signed(staffed))
    assert (again.code, "on record already" in again.err) == (1, True)


def test_status_names_the_power_event_until_it_is_closed(staffed: RoomFolder) -> None:
    assert "power event" not in staffed.run("status").out
    play_outage(staffed, -120, "OB")
    assert "✗ power event 1: 1 of 2 UPSes on battery for 2 m; least time left" in staffed.run("status").out
    play_outage(staffed, -90, "OL", -20, "OL")
    assert "! power event 1: mains is back, the closing text is owed" in staffed.run("status").out
    assert staffed.run("outages", "close", "1", "--text", "Fuse.", *signed(staffed)).code == 0
    assert "power event" not in staffed.run("status").out


def test_hostile_names_and_notes_stay_inert(staffed: RoomFolder) -> None:
    play_outage(staffed, -100, "OB")
    staffed.write(UPSES.replace("UPS A 主路", "\\u001b]0;owned\\u0007[/]"), LOADS)
    assert staffed.run("outages", "note", "1", "--note", HOSTILE, *signed(staffed)).code == 0
    for said in (staffed.run("outages", "list"), staffed.run("outages", "show", "1")):
        assert not {"\x1b", "\x07"} & set(said.out)
    assert "owned" in staffed.run("outages", "show", "1").out


def test_phases_clocks_and_acts_are_told_in_chinese(staffed: RoomFolder, chinese: None) -> None:
    play_outage(staffed, -3000, "OB", -2000, "OB LB")
    staffed.run("outages", "shed", "1", "pacs-1", *signed(staffed))
    listed = staffed.run("outages", "list", "--lang", "zh_CN").out
    shown = staffed.run("outages", "show", "1", "--lang", "zh_CN").out
    assert "电力事件 1" in listed
    for part in ("停电 1", "已卸载 pacs-1", "已超时", "开始时 90 %，最低 19 %", "要求保持时间", "6 时"):
        assert part in shown
