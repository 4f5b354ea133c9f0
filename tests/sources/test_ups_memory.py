"""What the readings before tell of a UPS that contradicts itself or stands still."""

from __future__ import annotations

import pytest

from dutyroom.model.facts import Line, RuntimeBasis
from dutyroom.rules.plausibility import ups_facts
from dutyroom.sources.ups_memory import FALL_WITHIN_S, STILL_S, UpsMemory

POLL_S = 5.0


def lines(status: str, charges: list[str], every_s: float) -> list[Line]:
    """The line after each of these charges."""
    memory = UpsMemory()
    told = [{"ups.status": status, "battery.charge": charge} for charge in charges]
    return [memory.seen(ups_facts(one), number * every_s).line for number, one in enumerate(told)]


@pytest.mark.parametrize(("status", "before"), [("OL DISCHRG", Line.MAINS), ("OL OB DISCHRG", Line.UNKNOWN)])
def test_a_contradictory_status_with_a_falling_charge_is_battery(status: str, before: Line) -> None:
    assert lines(status, ["100", "99", "98", "97"], 60) == [before, before, Line.BATTERY, Line.BATTERY]


def test_a_contradictory_status_with_a_charge_that_stays_is_as_it_was() -> None:
    assert set(lines("OL DISCHRG", ["100", "99", "100", "99"] * 30, 60)) == {Line.MAINS}


def test_a_charge_that_falls_over_days_is_a_battery_that_ages() -> None:
    assert set(lines("OL DISCHRG", ["100", "99", "98", "97"], FALL_WITHIN_S)) == {Line.MAINS}


def test_a_charge_that_falls_while_nothing_contradicts_is_no_outage() -> None:
    assert set(lines("OL", ["100", "90", "50"], 60)) == {Line.MAINS}


def test_a_charge_that_is_not_told_tells_nothing() -> None:
    assert set(lines("OL DISCHRG", ["100", "", "97"], 60)) == {Line.MAINS}


def runtimes(status: str, told: list[str], every_s: float) -> list[float | None]:
    """What is believed of each of these runtimes."""
    memory = UpsMemory()
    answers = [{"ups.status": status, "battery.runtime": runtime} for runtime in told]
    return [memory.seen(ups_facts(answer), number * every_s).runtime_s for number, answer in enumerate(answers)]


def test_a_runtime_that_stands_still_on_battery_is_marked_and_not_believed() -> None:
    memory, answer = UpsMemory(), {"ups.status": "OB DISCHRG", "battery.runtime": "07200"}
    polls = int(STILL_S / POLL_S)
    for number in range(polls):
        facts = memory.seen(ups_facts(answer), number * POLL_S)
        assert (facts.runtime_s, facts.implausible) == (7200.0, ())
    facts = memory.seen(ups_facts(answer), polls * POLL_S)
    assert (facts.runtime_s, facts.runtime_basis) == (None, None)
    assert [(mark.variable, mark.raw, mark.why) for mark in facts.implausible] == [
        ("battery.runtime", "07200", "unchanged")
    ]
    facts = memory.seen(ups_facts(answer | {"battery.runtime": "7140"}), polls * POLL_S + 5)
    assert (facts.runtime_s, facts.runtime_basis) == (7140.0, RuntimeBasis.REPORTED)


def test_a_runtime_that_falls_on_battery_is_believed() -> None:
    assert None not in runtimes("OB", [str(7200 - 60 * number) for number in range(100)], 60)


@pytest.mark.parametrize("status", ["OL CHRG", "OB CAL", "BYPASS"])
def test_a_runtime_may_stand_still_where_nothing_is_used_up(status: str) -> None:
    assert None not in runtimes(status, ["7200"] * 100, 60)


def test_no_time_left_stays_no_time_left() -> None:
    assert set(runtimes("OB LB", ["0"] * 100, 60)) == {0.0}


def test_two_readings_far_apart_prove_nothing() -> None:
    assert runtimes("OB", ["7200", "7200"], 3600) == [7200.0, 7200.0]
