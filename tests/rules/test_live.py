"""A line of the round has a live value only when its source answered, freshly and plausibly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from dutyroom.checklists import expand, shipped
from dutyroom.model.addresses import AddressesNow, AskedDevice, Mismatch
from dutyroom.model.checklist import WalkLine
from dutyroom.model.facts import Line
from dutyroom.model.reading import Latest, Sample, State, Verdict
from dutyroom.model.rounds import Entry
from dutyroom.rules.computed import dew_point
from dutyroom.rules.live import LiveValue, RoomNow, judge_answer, live_value
from tests.desks import NOW, all_samples, failed, make_site, server_sample, switch_sample, ups_sample

SITE = make_site()
DAILY = shipped("daily", SITE.limit_profile)
LINES = {line.key: line for line in expand(DAILY, SITE)}


def room(samples: list[Sample], entries: Mapping[tuple[str, str], Entry] | None = None, later_s: float = 3) -> RoomNow:
    latest = {sample.source: Latest(sample, sample if sample.state.knows else None) for sample in samples}
    now = NOW + timedelta(seconds=later_s)
    return RoomNow(SITE, latest, entries or {}, NOW - timedelta(days=1), now, {})


def read(item: str, device: str = "", samples: list[Sample] | None = None, later_s: float = 3) -> LiveValue | None:
    return live_value(LINES[item, device], room(all_samples() if samples is None else samples, later_s=later_s))


@pytest.mark.parametrize(
    ("item", "device", "answer"),
    [
        ("env.temp.cold", "", "23.4"),
        ("env.rh", "", "52"),
        ("ups.status", "ups-a", "mains"),
        ("ups.panel", "ups-a", "normal"),
        ("ups.in.v", "ups-a", "229"),
        ("ups.load", "ups-b", "31"),
        ("ups.runtime", "ups-a", "420"),
        ("ups.autonomy", "ups-a", "met"),
        ("srv.cpu", "duty-pc", "12"),
        ("srv.disk", "duty-pc", "61"),
        ("srv.reboot", "duty-pc", "no"),
        ("net.core", "core-1", "normal"),
        ("net.ports", "core-1", "0"),
    ],
)
def test_every_measured_item_reads_its_source(item: str, device: str, answer: str) -> None:
    value = read(item, device)
    assert value is not None
    assert value.answer == answer


@pytest.mark.parametrize("key", sorted(key for key in LINES if key[1]))
def test_a_source_that_failed_gives_no_live_value(key: tuple[str, str]) -> None:
    dead = [failed(sample) for sample in all_samples()]
    assert read(*key, samples=dead) is None


def test_a_value_older_than_two_polls_is_no_live_value() -> None:
    assert read("ups.load", "ups-a", later_s=14) is not None
    assert read("ups.load", "ups-a", later_s=16) is None


def test_a_value_outside_the_physical_bounds_is_no_live_value() -> None:
    assert read("ups.load", "ups-a", [ups_sample(load_percent=520.0)]) is None
    assert read("srv.cpu", "duty-pc", [server_sample(cpu_percent=float("nan"))]) is None


def test_unknown_stays_unknown() -> None:
    assert read("ups.runtime", "ups-a", [ups_sample(runtime_s=None)]) is None
    autonomy = read("ups.autonomy", "ups-a", [ups_sample(runtime_s=None)])
    assert autonomy is not None
    assert judge_answer(LINES["ups.autonomy", "ups-a"].item, autonomy.answer, None) is Verdict.UNKNOWN


def test_a_partial_switch_is_not_said_to_be_reachable_and_counts_no_ports() -> None:
    partial = replace(switch_sample(down=(1,)), state=State.PARTIAL)
    assert read("net.core", "core-1", [partial]) is None
    assert read("net.ports", "core-1", [partial]) is None


def test_a_ups_on_battery_is_not_on_mains() -> None:
    value = read("ups.status", "ups-a", [ups_sample(line=Line.BATTERY, status=("OB",))])
    assert value is not None
    assert judge_answer(LINES["ups.status", "ups-a"].item, value.answer, None) is Verdict.FAULT


def test_the_dew_point_is_computed_from_this_rounds_own_answers() -> None:
    def entry(item: str, value: float) -> Entry:
        return Entry(1, item, "", f"{value:g}", Verdict.OK, NOW, "zhang", value=value)

    entries = {("env.temp.cold", ""): entry("env.temp.cold", 25.0), ("env.rh", ""): entry("env.rh", 50.0)}
    line: WalkLine = LINES["env.dew", ""]
    found = live_value(line, room([], entries))
    # 13.9 degrees: the dew point of air of 25 degrees at 50 % in psychrometric tables.
    assert found is not None
    assert found.value == pytest.approx(13.9, abs=0.1)
    assert live_value(line, room([], {("env.rh", ""): entries["env.rh", ""]})) is None


def test_the_dew_point_of_nonsense_is_not_computed() -> None:
    assert dew_point(25, 0) is None
    assert dew_point(25, 101) is None
    assert dew_point(200, 50) is None


def test_unregistered_addresses_are_the_value_of_their_item() -> None:
    gateway = replace(SITE.network[0], arp=True)
    asked = AskedDevice("core-1", NOW, NOW - timedelta(minutes=3), State.OK)
    known = AddressesNow(NOW - timedelta(days=9), NOW, ((Mismatch.IP_UNREGISTERED, 4),), asked=(asked,))
    site = replace(SITE, network=(gateway,))
    told = RoomNow(site, {}, {}, None, NOW, {}, addresses=known)
    line = LINES["net.unknown", ""]
    live = live_value(line, told)
    assert live is not None
    assert (live.answer, live.value, live.source, live.is_fresh(NOW)) == ("4", 4.0, "core-1", True)
    assert not live.is_fresh(NOW + timedelta(minutes=28))
    assert live_value(line, replace(told, addresses=AddressesNow())) is None
