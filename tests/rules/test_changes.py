"""Between two samples every change is one event, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dutyroom.model.facts import Line
from dutyroom.model.reading import Latest, Sample, State
from dutyroom.rules.changes import changes
from dutyroom.rules.restarts import UPTIME_WRAP_S
from tests.desks import NOW, failed, switch_sample, ups_sample

MINUTE = timedelta(minutes=1)


def codes(before: Sample, after: Sample) -> list[str]:
    line = before.ups.line if before.ups is not None else Line.UNKNOWN
    return [event.code for event in changes(Latest(before, before), after, line)]


def uptime(seconds: float, sample: Sample) -> Sample:
    assert sample.device is not None
    return replace(sample, device=replace(sample.device, uptime_s=seconds))


def test_the_same_again_is_no_event() -> None:
    assert codes(switch_sample(), switch_sample(NOW + MINUTE)) == []


def test_a_port_going_down_and_coming_back_are_two_events() -> None:
    assert codes(switch_sample(), switch_sample(NOW + MINUTE, down=(2,))) == ["port-down"]
    assert codes(switch_sample(down=(2,)), switch_sample(NOW + MINUTE)) == ["port-up"]


def test_going_on_battery_and_back_are_events() -> None:
    mains, battery = ups_sample(), ups_sample(at=NOW + MINUTE, line=Line.BATTERY)
    assert codes(mains, battery) == ["on-battery"]
    assert codes(battery, ups_sample(at=NOW + 2 * MINUTE)) == ["on-mains"]


def test_an_unknown_line_between_neither_hides_the_return_nor_begins_the_outage_anew() -> None:
    unknown = ups_sample(at=NOW + MINUTE, line=Line.UNKNOWN)
    known = Latest(unknown, unknown)
    assert changes(Latest(ups_sample(), ups_sample()), unknown, Line.BATTERY) == ()
    assert [event.code for event in changes(known, ups_sample(line=Line.MAINS), Line.BATTERY)] == ["on-mains"]
    assert changes(known, ups_sample(line=Line.BATTERY), Line.BATTERY) == ()
    assert changes(known, ups_sample(line=Line.MAINS), Line.MAINS) == ()


def test_a_ups_first_seen_on_battery_is_known_to_be_there_since_then() -> None:
    assert [event.code for event in changes(None, ups_sample(line=Line.BATTERY))] == ["on-battery"]
    assert changes(None, ups_sample()) == ()


def test_a_lost_source_is_one_event_with_both_states() -> None:
    found = changes(Latest(ups_sample(), ups_sample()), failed(ups_sample(), State.STALE, 5))
    assert [(event.code, event.param("was"), event.param("now")) for event in found] == [
        ("state-changed", "ok", "stale")
    ]


@pytest.mark.parametrize(
    ("before_s", "after_s", "restarted"),
    [
        (86400.0, 86460.0, False),
        (86400.0, 12.0, True),
        (86400.0, 86399.0, False),
        (UPTIME_WRAP_S - 30, 30.0, False),
        (UPTIME_WRAP_S - 30, 4000.0, True),
    ],
)
def test_a_restart_is_told_from_the_497_day_wrap(before_s: float, after_s: float, restarted: bool) -> None:
    found = codes(uptime(before_s, switch_sample()), uptime(after_s, switch_sample(NOW + MINUTE)))
    assert ("restarted" in found) is restarted
