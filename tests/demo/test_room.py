"""The simulated room: the same for the same seed, and a story that holds together."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest

from dutyroom.demo.devices import FLAPPING_PORT
from dutyroom.demo.room import Room
from dutyroom.model.facts import DeviceFacts, Line, ServerFacts, UpsFacts, count_ports
from dutyroom.model.reading import Kind
from dutyroom.store.headline import AMBIENT

DAY = 86400.0
MOMENTS = [step * 997.0 - 10 * DAY for step in range(0, 900, 7)]


def everything(room: Room, t: float) -> list[object]:
    return [(source, room.facts(source, t)) for source in room.sources]


def ups(room: Room, name: str, t: float) -> UpsFacts:
    facts = room.facts(name, t)
    assert isinstance(facts, UpsFacts)
    return facts


def device(room: Room, name: str, t: float) -> DeviceFacts:
    facts = room.facts(name, t)
    assert isinstance(facts, DeviceFacts)
    return facts


def test_the_same_seed_gives_the_same_room_whatever_was_asked_before() -> None:
    one, two = Room(7), Room(7)
    forwards = [everything(one, t) for t in (-DAY, 0.0, 12.5, 4000.0)]
    backwards = [everything(two, t) for t in (4000.0, 12.5, 0.0, -DAY)]
    assert forwards == backwards[::-1]
    assert everything(Room(8), 12.5) != everything(one, 12.5)


def test_the_same_seed_gives_the_same_room_in_another_process() -> None:
    code = "from dutyroom.demo.room import Room; r = Room(7); print([r.facts(s, 77.5) for s in r.sources])"
    told = [
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    here = Room(7)
    assert told[0] == told[1] == f"{[here.facts(source, 77.5) for source in here.sources]}\n"


def test_readings_and_facts_tell_the_same() -> None:
    room = Room(3)
    room.outage(1000.0, 1200.0)
    for t in (*MOMENTS, 1100.0, 1300.0):
        for source in room.sources:
            facts = room.facts(source, t)
            for quantity in room.quantities(source):
                value = room.reading(source, quantity, t)
                if isinstance(facts, DeviceFacts) and quantity.startswith("ports_"):
                    told = getattr(count_ports(facts.interfaces), quantity.removeprefix("ports_"))
                elif isinstance(facts, ServerFacts) and quantity == "fullest_volume_percent":
                    assert facts.fullest_volume is not None
                    told = facts.fullest_volume.used_percent
                elif isinstance(facts, UpsFacts) and quantity in AMBIENT:
                    variable = facts.variable(AMBIENT[quantity][0])
                    told = None if variable is None else float(variable)
                else:
                    told = getattr(facts, quantity)
                assert value == told, (source, quantity, t)


def test_what_the_room_does_not_have_is_none_and_not_zero() -> None:
    room = Room(3)
    assert room.reading("duty-pc", "cpu_percent", 0.0) is None
    assert room.reading("ups-a", "ports_up", 0.0) is None
    assert device(room, "fw-1", 0.0).temperature_c is None
    with pytest.raises(KeyError):
        room.facts("duty-pc", 0.0)
    assert [room.kind(name) for name in ("ups-b", "fw-1", "his-db-1")] == [Kind.UPS, Kind.NETWORK, Kind.SERVER]


def test_ups_a_always_holds_six_hours_and_ups_b_never_holds_three() -> None:
    room = Room(5)
    for t in MOMENTS:
        main, second = room.reading("ups-a", "runtime_s", t), room.reading("ups-b", "runtime_s", t)
        assert main is not None
        assert second is not None
        assert main > 6 * 3600
        assert 95 * 60 < second < 125 * 60
        assert 224 < (room.reading("ups-a", "input_voltage_v", t) or 0) < 234


def test_the_room_warms_slowly_and_the_data_volume_fills() -> None:
    room = Room(5)
    warm = [float(ups(room, "ups-a", hour * 3600.0).variable("ambient.temperature") or 0) for hour in (0, 24)]
    assert 23.0 <= warm[0] <= 24.0 < warm[1] <= 26.0
    assert ups(room, "ups-b", 0.0).variable("ambient.temperature") is None
    full = [room.reading("his-db-1", "fullest_volume_percent", day * DAY) or 0 for day in (-20, 0, 20)]
    assert full[0] < full[1] < full[2]
    assert 78 <= full[1] < 79


def test_counters_only_grow_and_never_faster_than_the_port() -> None:
    room = Room(5)
    for name in ("core-1", "access-1", "router-1", "fw-1"):
        for start in (-20 * DAY, -30.0, 3 * DAY):
            before, after = device(room, name, start), device(room, name, start + 30)
            for old, new in zip(before.interfaces, after.interfaces, strict=True):
                for column in ("in_octets", "out_octets", "in_errors", "out_discards"):
                    assert getattr(new, column) >= getattr(old, column) >= 0
                assert (new.in_octets or 0) - (old.in_octets or 0) <= 30 * (new.speed_bps or 0) / 8
    core = device(room, "core-1", 0.0)
    assert len(core.interfaces) == 52
    assert sum((row.in_octets or 0) > 2**32 for row in core.interfaces) >= 20


def test_one_port_flaps_every_few_minutes_and_its_counters_stand_still_meanwhile() -> None:
    room = Room(5)
    states = []
    for t in range(-300, 3600, 5):
        rows = {row.name: row for row in device(room, "core-1", float(t)).interfaces}
        states.append(rows[FLAPPING_PORT])
        assert all(row.is_up for name, row in rows.items() if name in ("GigabitEthernet0/0/1", "XGigabitEthernet0/0/1"))
    falls = sum(old.is_up and new.is_down for old, new in pairwise(states))
    assert 12 <= falls <= 14
    assert any(old.is_down and new.is_down and old.in_octets == new.in_octets for old, new in pairwise(states))
    assert all((new.in_octets or 0) >= (old.in_octets or 0) for old, new in pairwise(states))


def test_an_outage_is_told_as_it_would_happen() -> None:
    room = Room(5, speed=20)
    room.outage(100.0)
    assert ups(room, "ups-b", 99.9).status == ("OL",)
    began = ups(room, "ups-b", 100.0)
    assert began.status == ("OB", "DISCHRG")
    assert began.line is Line.BATTERY
    assert began.input_voltage_v == 0.0
    assert began.output_voltage_v is not None
    assert began.output_voltage_v > 228
    story = [ups(room, "ups-b", t / 2) for t in range(200, 1000)]
    for old, new in pairwise(story):
        assert (new.charge_percent or 0) <= (old.charge_percent or 0)
        assert (new.runtime_s or 0) <= (old.runtime_s or 0) + 1
        assert (new.battery_voltage_v or 0) <= (old.battery_voltage_v or 0)
    statuses = list(dict.fromkeys(facts.status for facts in story))
    assert statuses == [("OB", "DISCHRG"), ("OB", "DISCHRG", "LB"), ("OFF", "OB", "LB")]
    # 1 h 50 min of battery at twenty times the pace is five and a half minutes.
    dead = next(place for place, facts in enumerate(story) if facts.charge_percent == 0)
    assert 280 < dead / 2 < 370
    assert "LB" not in ups(room, "ups-a", 500.0).status

    room.restore(500.0)
    back = ups(room, "ups-b", 500.0)
    assert back.status == ("OL", "CHRG")
    assert (ups(room, "ups-b", 900.0).charge_percent or 0) > (ups(room, "ups-b", 600.0).charge_percent or 0) > 0
    assert ups(room, "ups-b", 500.0 + 12 * 3600).status == ("OL",)
    assert ups(room, "ups-b", 99.9).status == ("OL",)


def test_a_second_outage_begins_with_what_the_first_one_left() -> None:
    room = Room(5, speed=1)
    room.outage(0.0, 3600.0)
    left = room.reading("ups-b", "charge_percent", 3600.0) or 0
    room.outage(4000.0, 4100.0)
    again = room.reading("ups-b", "charge_percent", 4000.0) or 0
    assert left < again < 60
    assert (room.reading("ups-b", "charge_percent", 4100.0) or 0) < again


def test_outages_that_overlap_or_end_before_they_began_are_refused() -> None:
    room = Room(5)
    room.outage(100.0, 200.0)
    for began, restored in ((150.0, 300.0), (50.0, 101.0), (400.0, 300.0), (50.0, None)):
        with pytest.raises(ValueError, match="outage"):
            room.outage(began, restored)
    assert len(room.outages) == 1
    room.restore(900.0)
    assert room.outages[0].restored_t == 200.0
