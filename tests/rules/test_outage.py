"""What opens an outage and what does not, what it comes to, and when it is over: one reading after another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutyroom.model.events import Boot
from dutyroom.model.outage import Phase
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.model.runtime import Thresholds
from dutyroom.rules.outage import STABLE_S, Change, Course, Side, battery_seconds, side_of, take
from dutyroom.rules.plausibility import ups_facts
from tests.desks import NOW

LOW = Thresholds(20.0, 300.0)
WELL = {"battery.charge": "100", "battery.runtime": "3600", "ups.load": "30"}


def reading(at_s: float, status: str, **variables: str) -> Sample:
    """A reading `at_s` seconds after NOW; a status of None-like text names a state that carries no values."""
    at, boot = NOW + timedelta(seconds=at_s), Boot("one", 1000.0 + at_s)
    if status in set(State):
        return Sample("ups-a", Kind.UPS, at, State(status), boot=boot)
    told = WELL | {name.replace("_", "."): value for name, value in variables.items()} | {"ups.status": status}
    return Sample("ups-a", Kind.UPS, at, State.OK, ups=ups_facts(told), boot=boot)


def played(*readings: Sample, tested: bool = False) -> tuple[Course, list[Change]]:
    """The course after these readings, and everything they brought."""
    course, changes = Course(), list[Change]()
    for one in readings:
        course, came = take(course, one, LOW, tested=tested)
        changes += came
    return course, changes


def told(changes: Iterable[Change]) -> list[tuple[str, float]]:
    """Every change as a word and the second it is dated at."""
    words = []
    for one in changes:
        word = "blip" if one.blip_s is not None else "over" if one.ends else str(one.phase)
        words.append((word, (one.at.at - NOW).total_seconds()))
    return words


def test_with_a_dead_input_the_second_reading_confirms_and_the_first_one_dates_it() -> None:
    course, changes = played(
        reading(0, "OL"),
        reading(5, "OB DISCHRG", input_voltage="0.0"),
        reading(5.3, "OB DISCHRG", input_voltage="0.0"),
    )
    assert course.runs
    assert told(changes) == [("on battery", 5)]
    assert changes[0].begins


@pytest.mark.parametrize(
    ("told_of_input", "opens_after_s"),
    [({}, 6), ({"input_voltage": "228"}, 10), ({"ups_test_result": "In progress"}, 6)],
)
def test_without_a_dead_input_it_takes_longer(told_of_input: dict[str, str], opens_after_s: int) -> None:
    course = Course()
    opened: list[float] = []
    for second in range(0, 14, 2):
        course, changes = take(course, reading(second, "OB DISCHRG", **told_of_input), LOW)
        opened += [second for one in changes if one.begins]
    assert opened == [opens_after_s]


@pytest.mark.parametrize("told_of_input", [{}, {"input_voltage": "228"}])
def test_a_self_test_of_five_seconds_opens_none_and_is_told(told_of_input: dict[str, str]) -> None:
    tests = [reading(second, "OB DISCHRG", **told_of_input) for second in (5, 5.3, 7, 9, 9.9)]
    course, changes = played(reading(0, "OL"), *tests, reading(10.2, "OL CHRG"))
    assert not course.runs
    assert told(changes) == [("blip", 5)]
    assert changes[0].blip_s == pytest.approx(5.2)


@pytest.mark.parametrize(
    "status", ["OL", "OL CHRG", "OL DISCHRG", "CAL OB DISCHRG", "OB CAL LB", "OL OB DISCHRG", "FSD OL", "TRIM", ""]
)
def test_rest_calibration_contradiction_and_a_latched_shutdown_open_none(status: str) -> None:
    course, changes = played(*(reading(second, status) for second in range(0, 600, 5)))
    assert (course.runs, changes) == (False, [])


def test_discharging_on_line_is_an_outage_once_the_charge_falls() -> None:
    readings = [reading(10 * n, "OL DISCHRG", battery_charge=str(100 - n)) for n in range(12)]
    course, changes = played(*readings)
    assert course.runs
    assert told(changes)[0] == ("on battery", 50)


def test_discharging_on_line_with_a_live_input_is_none_however_the_charge_falls() -> None:
    readings = [reading(10 * n, "OL DISCHRG", battery_charge=str(100 - n), input_voltage="230") for n in range(30)]
    assert played(*readings)[1] == []


def opened(*more: Sample) -> tuple[Course, list[Change]]:
    """An outage that began at second 0, and what came after."""
    first = [reading(at_s, "OB DISCHRG", input_voltage="0.0") for at_s in (0, 1)]
    course, changes = played(*first, *more)
    return course, changes[1:]


def test_low_is_whichever_threshold_comes_first_and_says_which() -> None:
    for variables, status, by in (
        ({}, "OB LB", "LB"),
        ({"battery_charge": "20"}, "OB", "charge"),
        ({"battery_charge": "50", "battery_runtime": "300"}, "OB", "runtime"),
    ):
        course, changes = opened(reading(60, status, **variables), reading(62, status, **variables))
        assert [(one.phase, one.params) for one in changes] == [(Phase.LOW, (("by", by),))]
        assert course.was_low


@pytest.mark.parametrize("state", ["stale", "no-driver"])
def test_a_driver_that_says_it_is_silent_is_lost_at_once(state: str) -> None:
    course, changes = opened(reading(30, state), reading(35, state))
    assert told(changes) == [("lost contact", 30)]
    assert course.runs


def test_one_lost_packet_is_not_lost_contact_and_two_are() -> None:
    assert told(opened(reading(30, "timeout"), reading(32, "OB"))[1]) == []
    assert told(opened(reading(30, "timeout"), reading(34, "timeout"))[1]) == [("lost contact", 34)]


def test_contact_that_comes_back_on_battery_goes_on_with_the_same_outage() -> None:
    course, changes = opened(reading(30, "no-driver"), reading(90, "OB"), reading(95, "OB LB"))
    assert told(changes) == [("lost contact", 30), ("contact again", 90), ("low", 95)]
    assert changes[1].params == (("unseen_s", "89"),)
    assert course.phase is Phase.LOW


def test_seen_on_battery_once_and_lost_is_an_outage() -> None:
    course, changes = played(reading(0, "OB"), reading(5, "unreachable"), reading(9, "unreachable"))
    assert told(changes) == [("on battery", 0), ("lost contact", 9)]
    assert course.runs


def test_never_seen_on_battery_and_lost_is_none() -> None:
    assert played(reading(0, "OL"), *(reading(5 * n, "timeout") for n in range(1, 20)))[1] == []


def test_it_is_over_after_a_minute_of_mains_and_ended_when_mains_came_back() -> None:
    on_mains = [reading(at_s, "OL CHRG") for at_s in (100, 130, 159, 161)]
    course, changes = opened(*on_mains)
    assert told(changes) == [("restored", 100), ("over", 100)]
    assert changes[-1].ends
    assert not course.runs
    assert STABLE_S == 60


def test_flapping_is_one_outage_with_its_transfers() -> None:
    course, changes = opened(
        reading(50, "OL"),
        reading(70, "OB"),
        reading(80, "OL"),
        reading(100, "OB"),
        reading(110, "OL"),
        reading(171, "OL"),
    )
    assert [word for word, _at in told(changes)] == [
        "restored", "on battery", "restored", "on battery", "restored", "over",
    ]  # fmt: skip
    assert told(changes)[-1] == ("over", 110)
    assert not course.runs


def test_a_minute_in_which_contact_was_lost_does_not_count() -> None:
    course, changes = opened(reading(100, "OL"), reading(130, "no-driver"), reading(170, "OL"), reading(200, "OL"))
    assert told(changes) == [("restored", 100)]
    assert course.runs
    assert told(take(course, reading(231, "OL"), LOW)[1]) == [("over", 100)]


def test_a_forced_shutdown_on_battery_is_a_phase_of_its_own() -> None:
    course, changes = opened(reading(60, "FSD OB LB"), reading(62, "FSD OB LB"), reading(70, "FSD OL"))
    assert told(changes) == [("forced shutdown", 60), ("restored", 70)]
    assert changes[0].params == (("by", "FSD"),)
    assert course.was_low


def test_a_clock_that_is_set_does_not_confirm_a_blip() -> None:
    first = reading(0, "OB", input_voltage="228")
    later = reading(2, "OB", input_voltage="228")
    stepped = Sample(later.source, later.kind, later.at + timedelta(hours=8), State.OK, ups=later.ups, boot=later.boot)
    assert played(first, stepped)[1] == []


def test_during_a_discharge_test_being_on_battery_opens_none() -> None:
    readings = [reading(5 * n, "OB DISCHRG", input_voltage="0") for n in range(100)]
    assert played(*readings, tested=True)[1] == []


def test_the_seconds_on_battery_leave_out_the_mains_between() -> None:
    at = [NOW + timedelta(seconds=second) for second in (0, 50, 70, 80, 100)]
    phases = (
        (Phase.ON_BATTERY, at[0]), (Phase.RESTORED, at[1]), (Phase.ON_BATTERY, at[2]),
        (Phase.LOST, at[3]), (Phase.RESTORED, at[4]),
    )  # fmt: skip
    assert battery_seconds(phases, at[4]) == 80
    assert battery_seconds(phases[:4], at[4]) == 80


STATUSES = ("OL", "OL CHRG", "OB", "OB LB", "FSD OB", "OL DISCHRG", "CAL OB", "", "stale", "timeout", "wait")


@given(
    st.lists(st.tuples(st.sampled_from(STATUSES), st.floats(0.2, 90), st.sampled_from(["", "0", "230"])), max_size=60)
)
def test_whatever_comes_phases_follow_each_other_and_no_outage_ends_while_on_battery(
    script: list[tuple[str, float, str]],
) -> None:
    course, at_s, is_open, newest = Course(), 0.0, False, None
    for status, later_s, volts in script:
        at_s += later_s
        one = reading(at_s, status, **({"input_voltage": volts} if volts else {}))
        course, changes = take(course, one, LOW)
        for change in changes:
            if change.blip_s is not None:
                assert not is_open
                assert change.blip_s >= 0
            elif change.begins:
                assert not is_open
                is_open, newest = True, change.phase
            elif change.ends:
                assert is_open
                assert newest is Phase.RESTORED
                assert one.ups is not None
                assert side_of(one.ups) is not Side.BATTERY
                is_open = False
            else:
                assert is_open
                assert change.phase is not newest
                newest = change.phase
        assert course.runs is is_open
