"""A sweep on record: what is told when it begins and ends, the learning week, and devices that do not answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dutyroom.duty.addresses import record_sweep, rejudge
from dutyroom.duty.desk import Desk
from dutyroom.model.addresses import ADDRESSES, AddressTables, ArpRow, FdbRow, Mismatch, Registration, Seen
from dutyroom.model.devices import NetworkDevice
from dutyroom.model.events import Event
from dutyroom.model.reading import State
from dutyroom.store import addresses, events, readings, registrations
from tests.desks import NOW, opened_desk

A, B, C = (f"00:11:22:33:44:0{letter}" for letter in "abc")
EVERY = timedelta(minutes=10)
AFTER_LEARNING = NOW + timedelta(days=8)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        core = opened.site.network[0]
        access = NetworkDevice("access-1", "Access", "127.0.0.1", core.snmp)
        yield replace(opened, site=replace(opened.site, network=(replace(core, arp=True), access)))


def gateway(at: datetime, rows: dict[str, str], **changes: object) -> AddressTables:
    arp = tuple(ArpRow(ip, mac, "Vlanif10") for ip, mac in rows.items())
    return replace(AddressTables("core-1", at, State.OK, arp=arp), **changes)  # type: ignore[arg-type]


def switch(at: datetime, ports: dict[str, str]) -> AddressTables:
    return AddressTables("access-1", at, State.OK, fdb=tuple(FdbRow(mac, port, 10) for mac, port in ports.items()))


def sweep(desk: Desk, at: datetime, *tables: AddressTables) -> None:
    record_sweep(desk.store, desk.site, tables, at)


def found(desk: Desk) -> list[tuple[str, str]]:
    with desk.store.read() as session:
        return [one.key for one, _told in addresses.findings(session)]


def told(desk: Desk) -> list[Event]:
    with desk.store.read() as session:
        return [event for event in events.since(session, NOW - timedelta(days=1)) if event.code.startswith("address")]


def seen(desk: Desk) -> dict[tuple[str, str, str], Seen]:
    with desk.store.read() as session:
        return {(row.device, row.ip or row.mac, row.place): row for row in addresses.seen(session)}


def learnt(desk: Desk) -> None:
    """The learning week is over."""
    sweep(desk, NOW, gateway(NOW, {}))


def test_an_address_is_told_when_it_begins_once_and_when_it_ends_once(desk: Desk) -> None:
    learnt(desk)
    at = AFTER_LEARNING
    for n in range(3):
        sweep(desk, at + n * EVERY, gateway(at + n * EVERY, {"10.0.0.8": B}), switch(at + n * EVERY, {B: "Gi0/0/9"}))
    assert found(desk) == [("ip-unregistered", "10.0.0.8")]
    later = at + timedelta(days=2)
    sweep(desk, later, gateway(later, {}), switch(later, {}))
    assert found(desk) == []
    began, ended = told(desk)
    assert (began.code, began.source, began.at) == ("address-began", "access-1", at)
    assert dict(began.params) == {
        "what": "ip-unregistered", "subject": "10.0.0.8", "ip": "10.0.0.8", "mac": B, "port": "Gi0/0/9"
    }  # fmt: skip
    assert (ended.code, ended.at, ended.param("subject")) == ("address-ended", later, "10.0.0.8")


def test_in_the_learning_week_everything_is_collected_and_nothing_is_an_alarm(desk: Desk) -> None:
    for at in (NOW, NOW + timedelta(days=6, hours=23)):
        sweep(desk, at, gateway(at, {"10.0.0.8": B}))
    assert found(desk) == [("ip-unregistered", "10.0.0.8")]
    assert told(desk) == []
    after = NOW + timedelta(days=7, minutes=1)
    sweep(desk, after, gateway(after, {"10.0.0.8": B}))
    assert [(event.code, event.at) for event in told(desk)] == [("address-began", after)]
    with desk.store.read() as session:
        (one, _told), now = addresses.findings(session)[0], addresses.now(session)
    assert one.since == NOW
    assert (now.first_sweep_at, now.last_sweep_at, now.counts) == (NOW, after, ((Mismatch.IP_UNREGISTERED, 1),))


def test_a_device_that_does_not_answer_ends_nothing_and_gives_no_number(desk: Desk) -> None:
    learnt(desk)
    at = AFTER_LEARNING
    sweep(desk, at, gateway(at, {"10.0.0.8": B}))
    silent = gateway(at + EVERY, {}, state=State.TIMEOUT, detail="no answer")
    sweep(desk, at + EVERY, silent)
    assert found(desk) == [("ip-unregistered", "10.0.0.8")]
    row = seen(desk)["core-1", "10.0.0.8", "Vlanif10"]
    assert (row.is_open, row.last_s) == (True, int(at.timestamp()))
    with desk.store.read() as session:
        now = addresses.now(session)
        kept = readings.history(session, ADDRESSES, "ip-unregistered", NOW, at + timedelta(days=1))
    assert (now.last_sweep_at, now.asked[0].state, now.asked[0].answered_at) == (at, State.TIMEOUT, at)
    assert [reading.value for reading in kept] == [0.0, 1.0]


def test_what_was_seen_is_kept_with_its_first_and_last_time(desk: Desk) -> None:
    sweep(desk, NOW, gateway(NOW, {"10.0.0.8": B, "10.0.0.9": C}), switch(NOW, {B: "Gi0/0/9"}))
    sweep(desk, NOW + EVERY, gateway(NOW + EVERY, {"10.0.0.8": B}), switch(NOW + EVERY, {B: "Gi0/0/9"}))
    sweep(desk, NOW + 2 * EVERY, gateway(NOW + 2 * EVERY, {"10.0.0.8": B}), switch(NOW + 2 * EVERY, {B: "Gi0/0/9"}))
    first, last = int(NOW.timestamp()), int((NOW + 2 * EVERY).timestamp())
    assert {key: (row.first_s, row.last_s, row.is_open) for key, row in seen(desk).items()} == {
        ("core-1", "10.0.0.8", "Vlanif10"): (first, last, True),
        ("core-1", "10.0.0.9", "Vlanif10"): (first, first, False),
        ("access-1", B, "Gi0/0/9"): (first, last, True),
    }


def test_a_switch_that_fell_silent_still_marks_the_uplink_that_leads_to_it(desk: Desk) -> None:
    own = "00:e0:fc:00:00:01"
    sweep(desk, NOW, gateway(NOW, {}, own=frozenset({own})), switch(NOW, {own: "Gi0/0/24", A: "Gi0/0/24"}))
    later = NOW + EVERY
    sweep(desk, later, gateway(later, {}, state=State.TIMEOUT), switch(later, {own: "Gi0/0/24", A: "Gi0/0/24"}))
    assert seen(desk) == {}
    with desk.store.read() as session:
        assert {one.name: one.uplinks for one in addresses.asked(session)}["access-1"] == {"Gi0/0/24"}


def test_registering_an_address_ends_its_finding_at_once(desk: Desk) -> None:
    learnt(desk)
    sweep(desk, AFTER_LEARNING, gateway(AFTER_LEARNING, {"10.0.0.8": B}))
    with desk.store.write() as session:
        registrations.add(session, [Registration("10.0.0.8", "10.0.0.8", "", "printer")], AFTER_LEARNING, "zhang")
    rejudge(desk.store, desk.site, AFTER_LEARNING + timedelta(seconds=5))
    assert found(desk) == []
    assert [event.code for event in told(desk)] == ["address-began", "address-ended"]


def test_many_at_once_are_told_as_a_number(desk: Desk) -> None:
    learnt(desk)
    rows = {f"10.0.{n}.9": f"00:11:22:33:55:{n:02x}" for n in range(200)}
    sweep(desk, AFTER_LEARNING, gateway(AFTER_LEARNING, rows))
    sweep(desk, AFTER_LEARNING + EVERY, gateway(AFTER_LEARNING + EVERY, rows))
    (event,) = told(desk)
    assert (event.code, event.source) == ("addresses-began", ADDRESSES)
    assert dict(event.params) == {"what": "ip-unregistered", "count": "200"}
    with desk.store.read() as session:
        now = addresses.now(session)
    assert (now.count(Mismatch.IP_UNREGISTERED), len(now.findings), now.seen) == (200, 200, 200)


def test_tens_of_thousands_of_rows_hold_the_store_for_a_moment_only(desk: Desk) -> None:
    rows = {f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}": f"00:11:22:{n >> 16:02x}:{n >> 8 & 255:02x}:{n & 255:02x}"
            for n in range(24000)}  # fmt: skip
    sweep(desk, NOW, gateway(NOW, rows))
    began = time.monotonic()
    sweep(desk, NOW + EVERY, gateway(NOW + EVERY, rows))
    assert time.monotonic() - began < 10.0
    with desk.store.read() as session:
        # Nothing changed: no sighting was written, although each was seen again.
        raw = session.connection().exec_driver_sql("SELECT count(*), max(last_s) FROM addresses_seen").one()
    assert tuple(raw) == (24000, int(NOW.timestamp()))
    assert {row.last_s for row in seen(desk).values()} == {int((NOW + EVERY).timestamp())}


def test_of_too_many_sightings_the_oldest_that_are_gone_go(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dutyroom.store.addresses.MOST_SEEN", 3)
    for n in range(5):
        at = NOW + n * EVERY
        sweep(desk, at, gateway(at, {"10.0.0.1": A, f"10.0.1.{n}": B}))
    assert sorted(ip for _device, ip, _place in seen(desk)) == ["10.0.0.1", "10.0.1.3", "10.0.1.4"]
