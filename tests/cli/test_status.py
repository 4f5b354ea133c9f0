"""`dutyroom status`: the promised document, what a failure looks like in it, and the exit codes."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from dutyroom import clock
from dutyroom.model.events import Heartbeat
from dutyroom.model.facts import Implausible, Line
from dutyroom.model.reading import State
from dutyroom.store import events
from tests.cli.rooms import HOST, SWITCH, UPSES, RoomFolder
from tests.desks import all_samples, failed, server_sample, switch_sample, ups_sample
from tests.fakes import FakeUpsd

SOURCE = {"name", "label", "kind", "state", "verdict", "at", "age_s", "detail", "reasons", "stale_by"}
SOURCE |= {"last_good_at", "last_good_age_s", "maintenance"}
UPS = {
    *("status", "line", "charge_percent", "runtime_s", "runtime_basis", "load_percent", "input_voltage_v"),
    *("output_voltage_v", "battery_voltage_v", "temperature_c", "alarm", "model", "hold_time_s", "hold_verdict"),
    *("hold_evidence", "implausible"),
}
DEVICE = {
    *("sys_name", "sys_descr", "sys_object_id", "vendor", "uptime_s", "cpu_percent", "memory_percent"),
    *("temperature_c", "fans", "power_supplies", "counts", "interfaces", "neighbours", "cpu_basis", "origins"),
}
INTERFACE = {
    *("index", "name", "alias", "type", "admin", "oper", "speed_bps", "in_octets", "out_octets", "in_errors"),
    *("out_errors", "in_discards", "out_discards", "in_bps", "out_bps", "new_errors", "new_discards"),
}
LISTS = ("fans", "power_supplies", "interfaces", "neighbours")
SERVER = {"cpu_percent", "memory_percent", "load_1m", "uptime_s", "boot_time", "temperatures", "network", "volumes"}


def source(document: Any, name: str) -> Any:
    """The source of that name in a status document."""
    return next(one for one in document["sources"] if one["name"] == name)


def stored(room: RoomFolder) -> None:
    """One good sample of everything, as young as can be."""
    room.write(UPSES, SWITCH, HOST)
    room.record(*all_samples(clock.now()))


def test_the_document_has_every_promised_key(room: RoomFolder) -> None:
    stored(room)
    ended = room.run("status", "--json")
    document = ended.document
    assert ended.code == 0
    assert set(document) == {
        "schema",
        "at",
        "site",
        "room",
        "verdict",
        "watch",
        "backup",
        "space",
        "clock_step",
        "sources",
        "addresses",
        "notifications",
    }
    assert (document["space"]["state"], document["space"]["use"], document["clock_step"]) == ("ok", "store", None)
    assert (document["schema"], document["site"], document["verdict"]) == (1, "县人民医院", "ok")
    assert document["watch"] == {
        "running": False,
        "holder": None,
        "last_cycle_at": None,
        "site_file_current": False,
        "site_file_refused": None,
        "silent_s": None,
        "blind_s": None,
    }
    assert document["notifications"] == {"unacknowledged": 0, "oldest_at": None, "failing": []}
    assert document["at"].endswith("Z")
    assert [set(one) - SOURCE for one in document["sources"]] == [{"ups"}, {"ups"}, {"device"}, {"server"}]
    ups, core, host = (source(document, name) for name in ("ups-a", "core-1", "duty-pc"))
    assert set(ups["ups"]) == UPS
    assert set(core["device"]) == DEVICE
    assert set(host["server"]) == SERVER
    assert {frozenset(row) for row in core["device"]["interfaces"]} == {frozenset(INTERFACE)}
    assert core["device"]["counts"] == {"total": 4, "up": 4, "down": 0, "admin_down": 0, "other": 0}
    assert host["server"]["volumes"] == [{"mount": "/", "used_percent": 61.0}]
    assert (ups["label"], ups["ups"]["line"], ups["ups"]["status"]) == ("UPS A 主路", "mains", ["OL"])
    assert (ups["ups"]["runtime_s"], ups["ups"]["hold_time_s"], ups["ups"]["hold_verdict"]) == (25200, 21600, "met")
    assert ups["ups"]["runtime_basis"] == "reported"
    assert ups["ups"]["temperature_c"] is None
    datetime.fromisoformat(ups["at"])
    assert ups["age_s"] == round(ups["age_s"], 1)


def test_the_watch_is_told_from_its_heartbeat(room: RoomFolder) -> None:
    stored(room)
    desk = room.desk()
    now = clock.now()
    with desk.store.write() as session:
        events.beat(session, Heartbeat("duty-pc", 4711, now, now, desk.site.fingerprint))
    desk.store.close()
    watch = room.run("status", "--json").document["watch"]
    assert (watch["running"], watch["holder"], watch["site_file_current"]) == (True, "duty-pc:4711", True)
    assert "duty-pc:4711" in room.run("status").out


def test_a_source_that_failed_has_no_values_however_young_its_last_ones_are(room: RoomFolder) -> None:
    stored(room)
    now = clock.now()
    room.record(
        failed(ups_sample(at=now), State.STALE), failed(switch_sample(now)), failed(server_sample(now), State.PROTOCOL)
    )
    document = room.run("status", "--json").document
    ups, core, host = (source(document, name) for name in ("ups-a", "core-1", "duty-pc"))
    assert (ups["state"], ups["verdict"], core["state"], host["state"]) == ("stale", "unknown", "timeout", "protocol")
    empty = {"status": [], "line": "unknown", "implausible": [], "hold_time_s": 21600, "hold_verdict": "no-evidence"}
    hold = ups["ups"].pop("hold_evidence")
    assert ups["ups"] == {key: empty.get(key) for key in UPS - {"hold_evidence"}}
    assert {key: value for key, value in hold.items() if value is not None} == {
        "basis": "none",
        "proven_why_not": "no-contact",
        "reported_why_not": "no-contact",
    }
    assert core["device"] == {key: [] if key in LISTS else None for key in DEVICE} | {"origins": {}}
    assert host["server"] == {key: [] if key in ("temperatures", "network", "volumes") else None for key in SERVER}


def test_a_silent_watch_makes_every_value_unknown(room: RoomFolder) -> None:
    room.write(UPSES, SWITCH, HOST)
    room.record(*all_samples(clock.now() - timedelta(hours=1)))
    ended = room.run("status", "--json")
    assert ended.code == 1
    for one in ended.document["sources"]:
        assert (one["state"], one["stale_by"], one["verdict"]) == ("stale", "watcher", "unknown")
        assert one["age_s"] >= 3600
    assert source(ended.document, "ups-a")["ups"]["charge_percent"] is None


def test_reasons_and_implausible_values_are_listed(room: RoomFolder) -> None:
    room.write(UPSES, SWITCH, HOST)
    now = clock.now()
    odd = (Implausible("battery.runtime", "65535", "sentinel"),)
    room.record(
        ups_sample("ups-a", now, runtime_s=5400.0),
        ups_sample("ups-b", now, runtime_s=None, runtime_basis=None, implausible=odd),
        switch_sample(now, down=(1,)),
        server_sample(now),
    )
    document = room.run("status", "--json").document
    assert source(document, "ups-a")["reasons"] == [
        {"code": "hold-time-short", "quantity": "runtime", "value": 5400, "limit": 21600}
    ]
    ups = source(document, "ups-a")["ups"]
    assert ups["hold_verdict"] == "short"
    hold = ups["hold_evidence"]
    assert (hold["basis"], hold["seconds"], hold["short_by_s"], hold["reported_s"]) == ("reported", 5400, 16200, 5400)
    assert (hold["proven_s"], hold["proven_why_not"]) == (None, "no-record")
    assert source(document, "ups-b")["ups"]["implausible"] == [
        {"variable": "battery.runtime", "raw": "65535", "why": "sentinel"}
    ]
    assert source(document, "ups-b")["ups"]["runtime_s"] is None
    reason = {"code": "port-changed", "quantity": "port", "value": "Gi0/0/1", "limit": "up"}
    assert source(document, "core-1")["reasons"] == [reason]
    assert source(document, "core-1")["device"]["counts"]["down"] == 1


def test_a_source_that_was_never_asked_says_so(room: RoomFolder) -> None:
    room.write(UPSES)
    room.record(ups_sample(at=clock.now()))
    never = source(room.run("status", "--json").document, "ups-b")
    assert (never["state"], never["verdict"], never["at"], never["age_s"]) == ("never", "unknown", None, None)
    assert never["ups"]["charge_percent"] is None


def test_text_has_the_worst_first_with_symbol_word_and_age(room: RoomFolder) -> None:
    stored(room)
    now = clock.now()
    room.record(ups_sample("ups-b", now, status=("OB",), line=Line.BATTERY), failed(server_sample(now)))
    ended = room.run("status")
    assert ended.code == 1
    marks = [line.split()[:3] for line in ended.out.splitlines() if line[:1] in "✓!✗?" and line[:1]]
    assert [mark[0] for mark in marks] == ["✗", "?", "✓", "✓"]
    assert [mark[2] for mark in marks][:2] == ["ups-b", "duty-pc"]
    assert "on battery" in ended.out
    assert re.search(r"\b\d s ago", ended.out)
    # A Chinese character takes two cells: one column, wherever a label is Chinese.
    assert "UPS A 主路  " in ended.out


def test_without_records_the_next_step_is_told(room: RoomFolder) -> None:
    room.write(UPSES)
    told = room.run("status")
    assert told.code == 5
    assert "--fresh" in told.err
    document = room.run("status", "--json").document
    assert document["error"]["code"] == "missing"
    assert not room.database.exists()


def test_a_damaged_store_ends_with_five(room: RoomFolder) -> None:
    room.write(UPSES)
    room.database.write_bytes(b"no database, but long enough to be looked at" * 30)
    told = room.run("status")
    assert told.code == 5
    assert "Traceback" not in told.err


def test_fresh_asks_every_source_and_stores_nothing(room: RoomFolder, upsd: FakeUpsd) -> None:
    room.write(UPSES, nut=upsd.port)
    ended = room.run("status", "--fresh", "--json")
    assert ended.code == 0
    ups = source(ended.document, "ups-a")
    assert (ups["state"], ups["ups"]["charge_percent"], ups["ups"]["model"]) == ("ok", 100.0, "Example 8000")
    assert upsd.connections == 1
    assert not room.database.exists()


def test_fresh_knows_what_the_store_knew_and_goes_on_without_it(room: RoomFolder, upsd: FakeUpsd) -> None:
    room.write(UPSES, nut=upsd.port)
    room.record(ups_sample("ups-b", clock.now(), line=Line.BATTERY, status=("OB",)))
    upsd.units.pop("ups-b")
    lost = source(room.run("status", "--fresh", "--json").document, "ups-b")
    assert (lost["state"], lost["verdict"]) == ("unknown-name", "fault")
    assert lost["reasons"][0]["code"] == "lost-on-battery"
    room.database.write_bytes(b"no database, but long enough to be looked at" * 30)
    ended = room.run("status", "--fresh", "--json")
    assert source(ended.document, "ups-a")["state"] == "ok"
    assert "is not a database" in ended.err


def test_fresh_reads_this_machine(room: RoomFolder) -> None:
    room.write(HOST)
    host = source(room.run("status", "--fresh", "--json").document, "duty-pc")
    assert host["state"] in ("ok", "partial")
    assert host["server"]["uptime_s"] > 0
    assert host["server"]["boot_time"].endswith("Z")


def test_nothing_reachable_ends_with_four_and_a_refusal_does_not(room: RoomFolder, upsd: FakeUpsd) -> None:
    room.write(UPSES)
    ended = room.run("status", "--fresh", "--json")
    assert ended.code == 4
    assert {one["state"] for one in ended.document["sources"]} == {"unreachable"}
    room.write(UPSES, nut=upsd.port)
    upsd.units.clear()
    ended = room.run("status", "--fresh", "--json")
    assert ended.code == 1
    assert {one["state"] for one in ended.document["sources"]} == {"unknown-name"}
