"""What an outage nobody watched leaves behind, and what is no sign of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dutyroom.model.devices import Load
from dutyroom.model.facts import Line
from dutyroom.model.reading import Latest, Sample
from dutyroom.rules.unwatched import signs
from tests.desks import NOW, failed, server_sample, ups_sample

LATER = NOW + timedelta(hours=9)
ALONE = Load("duty-pc", "Duty PC", ("ups-a",))
TWICE = replace(ALONE, fed_by=("ups-a", "ups-b"))


def known(*samples: Sample) -> dict[str, Latest]:
    return {one.source: Latest(one, one) for one in samples}


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ({}, {}, ()),
        ({}, {"charge_percent": 99.0}, ()),
        ({}, {"charge_percent": 95.0}, ("charge-fell",)),
        ({}, {"charge_percent": 98.0, "status": ("OL", "CHRG")}, ("recharging",)),
        ({"status": ("OL", "CHRG"), "charge_percent": 80.0}, {"charge_percent": 99.0, "status": ("OL", "CHRG")}, ()),
        ({}, {"charge_percent": 40.0, "status": ("OL", "CHRG")}, ("charge-fell", "recharging")),
        ({"status": ("OB",), "line": Line.BATTERY, "charge_percent": 70.0}, {}, ("on-battery",)),
        ({}, {"charge_percent": None}, ()),
        (
            {"variables": (("ups.uptime", "900000"),)},
            {"variables": (("ups.uptime", "3600"),)},
            ("ups-restarted",),
        ),
        ({"variables": (("ups.uptime", "900000"),)}, {"variables": (("ups.uptime", "932400"),)}, ()),
    ],
)
def test_a_ups_tells_by_charge_recharging_uptime_and_what_it_said_last(
    was: dict[str, object], now: dict[str, object], told: tuple[str, ...]
) -> None:
    before = known(ups_sample(at=NOW, **was))  # type: ignore[arg-type]
    after = known(ups_sample(at=LATER, **now))  # type: ignore[arg-type]
    assert signs("ups-a", before, after, ()) == told


def test_what_only_it_feeds_and_restarted_is_a_sign_and_one_of_two_feeds_is_none() -> None:
    before = known(ups_sample(), server_sample(NOW))
    after = known(ups_sample(at=LATER), server_sample(LATER, uptime_s=1200.0))
    assert signs("ups-a", before, after, (ALONE,)) == ("loads-restarted",)
    assert signs("ups-a", before, after, (TWICE,)) == ()
    assert signs("ups-b", before, after, (ALONE,)) == ()


def test_nothing_is_told_of_a_ups_that_did_not_answer_since_or_before() -> None:
    good, silent = ups_sample(), failed(ups_sample(at=LATER))
    assert signs("ups-a", {}, known(ups_sample(at=LATER, charge_percent=20.0)), ()) == ()
    assert signs("ups-a", known(good), {"ups-a": Latest(silent, good)}, ()) == ()
