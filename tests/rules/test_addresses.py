"""Where network and register do not agree: each finding where it must be, and none where all is in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dutyroom.model.addresses import (
    AddressFinding,
    AddressRules,
    AddressTables,
    ArpRow,
    ArpType,
    FdbRow,
    FdbStatus,
    Mismatch,
    Registration,
    Seen,
)
from dutyroom.model.reading import State
from dutyroom.rules import macs
from dutyroom.rules.addresses import Case, judge, port_key
from dutyroom.rules.register import Register, plan_import, range_of
from dutyroom.rules.sightings import changed, found_in, uplinks_of

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NOW_S = int(NOW.timestamp())
A, B, C, D = (f"00:11:22:33:44:0{letter}" for letter in "abcd")
SWITCH_MAC = "00:e0:fc:00:00:01"
PC = Registration("10.0.0.7", "10.0.0.7", A, "PC of Li", switch="access-1", port="GigabitEthernet0/0/7")


def arp(ip: str, mac: str, *, ago_s: int = 0, is_open: bool = True, device: str = "core-1") -> Seen:
    """An address in the gateway's table."""
    return Seen(device, ip, mac, "Vlanif10", None, NOW_S - 86400 * 40, NOW_S - ago_s, is_open)


def on(port: str, mac: str, *, ago_s: int = 0, is_open: bool = True, device: str = "access-1") -> Seen:
    """A MAC on an edge port."""
    return Seen(device, "", mac, port, 10, NOW_S - 86400 * 40, NOW_S - ago_s, is_open)


def judged(
    seen: list[Seen],
    *registered: Registration,
    rules: AddressRules = AddressRules(),
    standing: tuple[AddressFinding, ...] = (),
    now: datetime = NOW,
) -> tuple[AddressFinding, ...]:
    return judge(
        Case(
            seen=seen,
            register=Register(registered),
            rules=rules,
            labels={"access-1": "二楼接入"},
            standing={one.key: one.since for one in standing},
            first_s=NOW_S - 86400 * 60,
            now=now,
            today=date(2026, 11, 24),
        )
    )


def codes(found: tuple[AddressFinding, ...]) -> list[tuple[str, str]]:
    return [one.key for one in found]


def test_what_is_registered_and_where_it_belongs_is_no_finding() -> None:
    assert judged([arp("10.0.0.7", A), on("Gi0/0/7", A)], PC) == ()
    by_label = replace(PC, switch="二楼接入", port="GE0/0/7")
    assert judged([arp("10.0.0.7", A), on("GigabitEthernet0/0/7", A)], by_label) == ()


def test_an_address_nobody_registered_is_found_with_its_port() -> None:
    (one,) = judged([arp("10.0.0.7", A), arp("10.0.0.8", B), on("Gi0/0/9", B)], PC)
    assert (one.code, one.ip, one.mac, one.device, one.port) == (
        *(Mismatch.IP_UNREGISTERED, "10.0.0.8", B, "access-1"),
        "Gi0/0/9",
    )


def test_an_address_not_seen_for_a_day_is_no_alarm_any_more() -> None:
    assert codes(judged([arp("10.0.0.8", B, ago_s=80000, is_open=False)])) == [("ip-unregistered", "10.0.0.8")]
    assert judged([arp("10.0.0.8", B, ago_s=90000, is_open=False)]) == ()


def test_a_range_and_a_mac_without_an_address_are_registrations_too() -> None:
    dhcp = Registration("10.0.0.100", "10.0.0.200", name="DHCP")
    laptop = Registration(mac=C, name="laptop")
    assert judged([arp("10.0.0.150", B), arp("10.0.9.9", C)], dhcp, laptop) == ()
    assert codes(judged([arp("10.0.0.201", B)], dhcp)) == [("ip-unregistered", "10.0.0.201")]


def test_a_registered_address_with_another_mac_names_both() -> None:
    (one,) = judged([arp("10.0.0.7", B)], PC)
    assert one.key == ("ip-other-mac", "10.0.0.7")
    assert dict(one.params) == {"registered_mac": A, "whose": "PC of Li"}
    # An address may have two MACs when both are registered for it.
    assert judged([arp("10.0.0.7", B)], PC, replace(PC, mac=B)) == ()


def test_a_registered_mac_on_another_address_names_the_one_it_has() -> None:
    (one,) = judged([arp("10.0.0.99", A)], replace(PC, port="", switch=""))
    assert (one.key, one.ip) == (("mac-other-ip", A), "10.0.0.99")
    assert dict(one.params) == {"registered_ip": "10.0.0.7", "whose": "PC of Li"}


def test_two_macs_for_one_address_within_an_hour_are_a_conflict() -> None:
    server = Registration("10.0.0.7", "10.0.0.7", "", "server")
    changed_hands = [arp("10.0.0.7", A, ago_s=600, is_open=False), arp("10.0.0.7", B)]
    (one,) = judged(changed_hands, server)
    assert (one.key, one.mac, dict(one.params)) == (("ip-two-macs", "10.0.0.7"), B, {"other_mac": A})
    assert judged([replace(changed_hands[0], last_s=NOW_S - 4000), changed_hands[1]], server) == ()
    # Where addresses are given out, one passes from hand to hand.
    assert judged(changed_hands, Registration("10.0.0.1", "10.0.0.50", "", "DHCP")) == ()


def test_a_mac_on_another_port_than_registered_is_found_and_one_behind_an_uplink_is_not() -> None:
    (one,) = judged([arp("10.0.0.7", A), on("Gi0/0/8", A)], PC)
    assert (one.key, one.port) == (("port-unexpected", A), "Gi0/0/8")
    assert dict(one.params)["expected"] == "access-1 GigabitEthernet0/0/7"
    assert codes(judged([arp("10.0.0.7", A), on("Gi0/0/7", A, device="access-2")], PC)) == [("port-unexpected", A)]
    assert judged([arp("10.0.0.7", A)], PC) == ()
    # Moved back: where it is now counts, not where it was this morning.
    assert judged([arp("10.0.0.7", A), on("Gi0/0/8", A, ago_s=7200, is_open=False), on("Gi0/0/7", A)], PC) == ()


def test_more_than_two_macs_on_an_edge_port_stay_found_until_it_was_calm_for_a_day() -> None:
    three = [on("Gi0/0/3", A), on("Gi0/0/3", B), on("Gi0/0/3", C)]
    assert judged(three[:2]) == ()
    (one,) = judged(three)
    assert (one.key, dict(one.params)) == (("port-many-macs", "access-1 Gi0/0/3"), {"count": "3"})
    evening = [on("Gi0/0/3", mac, ago_s=5 * 3600, is_open=False) for mac in (A, B, C)]
    assert judged(evening) == ()
    (still,) = judged(evening, standing=(replace(one, since=NOW - timedelta(hours=9)),))
    assert still.since == NOW - timedelta(hours=9)
    assert judged(three, rules=AddressRules(shared=("access-1:Gi0/0/*",))) == ()


def test_a_registration_is_told_when_it_is_out_of_date_or_was_not_seen_for_long() -> None:
    old = replace(PC, valid_until=date(2026, 11, 23))
    assert codes(judged([arp("10.0.0.7", A), on("Gi0/0/7", A)], old)) == [("registration-expired", f"10.0.0.7 {A}")]
    assert judged([arp("10.0.0.7", A)], replace(PC, valid_until=date(2026, 11, 24), port="")) == ()
    gone = [arp("10.0.0.7", A, ago_s=31 * 86400, is_open=False)]
    (one,) = judged(gone, PC)
    assert one.key == ("registration-unseen", f"10.0.0.7 {A}")
    assert judged(gone, replace(PC, added_at=NOW - timedelta(days=3))) == ()
    # A range is not a device that could be missed; without any ARP table no address can be seen.
    assert judged(gone, Registration("10.0.0.1", "10.0.0.50", "", "DHCP")) == ()
    assert judged([on("Gi0/0/7", B)], Registration("10.0.0.9", "10.0.0.9", "", "x"), replace(PC, mac=B)) == ()


def test_one_mac_with_many_addresses_is_one_device() -> None:
    behind = [arp(f"10.0.{n}.1", B) for n in range(300)]
    (one,) = judged(behind)
    assert (one.key, one.ip, dict(one.params)) == (("ip-unregistered", B), "", {"count": "300"})
    assert judged(behind, Registration(mac=B, name="firewall")) == ()
    assert judged(behind, Registration("10.0.5.1", "10.0.5.1", B, "firewall")) == ()
    # A proxy answers for a real device: that is no conflict.
    assert judged([*behind, arp("10.0.5.1", C, device="core-2")], Registration("10.0.5.1", "10.0.5.1", C, "pc"),
                  Registration(mac=B, name="firewall")) == ()  # fmt: skip


def test_the_addresses_a_host_makes_up_in_ipv6_are_one_device_with_its_ipv4_address() -> None:
    host = [arp("10.0.0.8", B), arp("2001:db8::1", B), arp("2001:db8::2", B)]
    assert codes(judged(host)) == [("ip-unregistered", "10.0.0.8")]
    assert judged([arp("2001:db8::1", A)], PC) == ()
    assert codes(judged([arp("2001:db8::1", B)])) == [("ip-unregistered", "2001:db8::1")]


def tables(fdb: list[FdbRow], **other: object) -> AddressTables:
    return AddressTables("access-1", NOW, State.OK, fdb=tuple(fdb), **other)  # type: ignore[arg-type]


def test_a_port_is_an_uplink_by_its_neighbour_by_a_switch_behind_it_by_number_or_by_the_site_file() -> None:
    own = {"access-1": frozenset({"00:e0:fc:00:00:99"}), "core-1": frozenset({SWITCH_MAC})}
    many = [FdbRow(f"00:11:22:33:55:{n:02x}", "Gi0/0/20") for n in range(20)]
    read = tables(
        [FdbRow(SWITCH_MAC, "Gi0/0/24"), FdbRow(A, "Gi0/0/24"), FdbRow(A, "Gi0/0/1"), FdbRow(B, "Gi0/0/5"), *many],
        neighbours=frozenset({"Gi0/0/23"}),
    )
    assert uplinks_of(read, own, ("access-1:Gi0/0/5",)) == {"Gi0/0/20", "Gi0/0/23", "Gi0/0/24", "Gi0/0/5"}


def test_an_aggregate_and_its_members_are_one_port() -> None:
    lags = (("Gi0/0/1", "Eth-Trunk1"), ("Gi0/0/2", "Eth-Trunk1"), ("Gi0/0/3", "Eth-Trunk2"))
    read = tables([FdbRow(A, "Eth-Trunk1"), FdbRow(B, "Gi0/0/3")], neighbours=frozenset({"Gi0/0/2"}), lags=lags)
    uplinks = uplinks_of(read, {}, ())
    assert uplinks == {"Eth-Trunk1", "Gi0/0/1", "Gi0/0/2"}
    assert [(one.mac, one.place) for one in found_in(read, {}, uplinks)] == [(B, "Eth-Trunk2")]


@pytest.mark.parametrize(
    "row",
    [
        ArpRow("10.0.0.9", "", "Vlanif1"),
        ArpRow("10.0.0.9", "00:00:00:00:00:00", "Vlanif1"),
        ArpRow("10.0.0.255", "ff:ff:ff:ff:ff:ff", "Vlanif1"),
        ArpRow("224.0.0.5", "01:00:5e:00:00:05", "Vlanif1"),
        ArpRow("10.0.0.1", "00:00:5e:00:01:0a", "Vlanif1"),
        ArpRow("10.0.0.1", "00:00:5e:00:02:0a", "Vlanif1"),
        ArpRow("10.0.0.1", "00:00:0c:07:ac:01", "Vlanif1"),
        ArpRow("10.0.0.1", "00:00:0c:9f:f0:01", "Vlanif1"),
        ArpRow("10.0.0.2", SWITCH_MAC, "Vlanif1"),
        ArpRow("10.0.0.9", A, "Vlanif1", ArpType.INVALID),
        ArpRow("fe80::1", A, "Vlanif1"),
        FdbRow(A, "Gi0/0/1", 1, FdbStatus.SELF),
        FdbRow(A, "Gi0/0/1", 1, FdbStatus.INVALID),
        FdbRow(A, "", 1),
        FdbRow(SWITCH_MAC, "Gi0/0/1", 1),
        FdbRow("01:00:5e:00:00:05", "Gi0/0/1", 1),
    ],
)
def test_rows_that_stand_for_no_device_are_left_out(row: ArpRow | FdbRow) -> None:
    good_arp, good_fdb = ArpRow("10.0.0.8", B, "Vlanif1"), FdbRow(B, "Gi0/0/2", 1)
    rows = {"arp": (good_arp, row)} if isinstance(row, ArpRow) else {"fdb": (good_fdb, row)}
    read = AddressTables("access-1", NOW, State.OK, **rows)
    assert [one.mac for one in found_in(read, {"core-1": frozenset({SWITCH_MAC})}, frozenset())] == [B]


def test_only_what_changed_is_written_and_what_is_gone_was_seen_at_the_answer_before() -> None:
    read = AddressTables("core-1", NOW, State.OK, arp=(ArpRow("10.0.0.8", B, "Vlanif10"),))
    found = found_in(read, {}, frozenset())
    (new,) = changed("core-1", [], found, 0, NOW_S)
    assert (new.first_s, new.last_s, new.is_open) == (NOW_S, NOW_S, True)
    assert changed("core-1", [new], found, NOW_S, NOW_S + 600) == []
    (gone,) = changed("core-1", [new], [], NOW_S + 600, NOW_S + 1200)
    assert (gone.first_s, gone.last_s, gone.is_open) == (NOW_S, NOW_S + 600, False)
    (back,) = changed("core-1", [gone], found, NOW_S + 1200, NOW_S + 9000)
    assert (back.first_s, back.last_s, back.is_open) == (NOW_S, NOW_S + 9000, True)
    assert changed("core-1", [gone], [], NOW_S, NOW_S) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.0.0.7", ("10.0.0.7", "10.0.0.7")),
        (" 10.0.0.10 - 10.0.0.20 ", ("10.0.0.10", "10.0.0.20")),
        ("10.0.0.10-20", ("10.0.0.10", "10.0.0.20")),
        ("10.0.0.10～10.0.0.20", ("10.0.0.10", "10.0.0.20")),
        ("10.0.0.0/30", ("10.0.0.0", "10.0.0.3")),
        ("10.0.0.1/30", ("10.0.0.0", "10.0.0.3")),
        ("2001:DB8::1", ("2001:db8::1", "2001:db8::1")),
    ],
)
def test_an_address_a_range_and_a_network_are_understood(text: str, expected: tuple[str, str]) -> None:
    assert range_of(text) == expected


@pytest.mark.parametrize(
    "text", ["", "10.0.0", "10.0.0.300", "10.0.0.20-10.0.0.10", "10.0.0.1-::2", "10.0.0.0/8", "x", "10.0.0.1-"]
)
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        range_of(text)


def test_a_register_of_overlapping_ranges_finds_every_one() -> None:
    ranges = [Registration(f"10.0.{n}.0", "10.0.9.255", "", str(n)) for n in range(10)]
    register = Register([*ranges, Registration("2001:db8::", "2001:db8::ff", "", "six")])
    assert {one.name for one in register.of_ip("10.0.3.7")} == {"0", "1", "2", "3"}
    assert [one.name for one in register.of_ip("2001:db8::7")] == ["six"]
    assert register.of_ip("10.1.0.0") == ()


@pytest.mark.parametrize(
    "text",
    ["001122aabbcc", "00-11-22-AA-BB-CC", "0011-22aa-bbcc", "0011.22AA.bbcc", "00:11:22:aa:bb:cc", "001122-aabbcc"],
)
def test_a_mac_is_understood_as_every_vendor_writes_it(text: str) -> None:
    assert macs.of_text(text) == "00:11:22:aa:bb:cc"
    assert macs.of_text(text[:-1]) is None


def test_a_made_up_mac_is_told_apart() -> None:
    assert [macs.is_random(mac) for mac in ("02:00:00:00:00:01", "da:a1:19:00:00:01", A, "01:00:5e:00:00:01")] == [
        *(True, True),
        *(False, False),
    ]


def test_spellings_of_a_port_are_one() -> None:
    assert port_key("GigabitEthernet0/0/7") == port_key("gi 0/0/7") == port_key("GE0/0/7")
    assert port_key("XGigabitEthernet0/0/7") == port_key("XGE0/0/7") != port_key("GE0/0/7")
    assert port_key("GE0/0/7") != port_key("GE0/0/17")
    assert port_key("11") == "11"


def test_an_import_row_stands_for_the_entry_with_its_address_and_mac_else_its_address_else_its_mac() -> None:
    at = {"added_at": NOW, "added_by": "li"}
    same = replace(PC, id=1, **at)  # type: ignore[arg-type]
    other_mac = Registration("10.0.0.8", "10.0.0.8", B, "printer", id=2, **at)  # type: ignore[arg-type]
    moved = Registration("10.0.0.9", "10.0.0.9", C, "camera", id=3, **at)  # type: ignore[arg-type]
    left = Registration("10.0.0.10", "10.0.0.10", D, "old", id=4, **at)  # type: ignore[arg-type]
    given = [
        PC,
        Registration("10.0.0.8", "10.0.0.8", "00:11:22:33:44:ff", "printer"),
        Registration("10.0.0.99", "10.0.0.99", C, "camera"),
        Registration("10.0.0.50", "10.0.0.50", "", "new"),
    ]
    plan = plan_import([same, other_mac, moved, left], given, replace_all=False)
    assert [one.name for one in plan.added] == ["new"]
    assert [(old.id, new.id, new.first, new.mac, new.added_by) for old, new in plan.changed] == [
        (2, 2, "10.0.0.8", "00:11:22:33:44:ff", "li"),
        (3, 3, "10.0.0.99", C, "li"),
    ]
    assert (plan.unchanged, plan.removed, plan.kept) == ((same,), (), (left,))
    assert plan_import([left], given[:1], replace_all=True).removed == (left,)
