"""Where a UPS counts as low is asked of the UPS, and never believed when it cannot be true."""

from __future__ import annotations

import pytest

from dutyroom.model.devices import Ups
from dutyroom.model.facts import UpsFacts
from dutyroom.model.runtime import Thresholds
from dutyroom.rules.low_battery import low_of


def facts(charge: str, runtime: str) -> UpsFacts:
    return UpsFacts(variables=(("battery.charge.low", charge), ("battery.runtime.low", runtime)))


@pytest.mark.parametrize(
    ("charge", "runtime", "low"),
    [("10", "120", (10, 120)), ("0", "0", (20, None)), ("100", "-1", (20, None)), ("x", "", (20, None))],
)
def test_the_thresholds_of_the_ups_count_where_they_are_plausible(
    charge: str, runtime: str, low: tuple[float, float | None]
) -> None:
    assert low_of(facts(charge, runtime)) == Thresholds(*low)


def test_a_ups_that_says_nothing_is_low_at_twenty_percent() -> None:
    assert low_of(None) == Thresholds(20, None)


def test_the_site_can_only_ask_for_more() -> None:
    asked = Ups("a", "a", 3600, low_charge_percent=30, low_runtime_s=600)
    assert low_of(facts("10", "120"), asked) == Thresholds(30, 600)
    assert low_of(facts("40", "1200"), asked) == Thresholds(40, 1200)
    assert low_of(None, Ups("a", "a", 3600, low_charge_percent=15)) == Thresholds(15, None)
