"""A discharge test: when it begins, what of it is kept, when to stop, when it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dutyroom.model.discharge_test import CONTACT, MAINS, NOT_BEGUN, StopSign
from dutyroom.model.events import Event
from dutyroom.model.facts import Line
from dutyroom.model.reading import Sample
from dutyroom.model.runtime import Discharge, DischargeEnd, DischargePoint, DischargeTest, TestState
from dutyroom.rules.discharge_signs import stop_signs, to_stop_s
from dutyroom.rules.discharge_test import (
    BEGAN,
    ENDED,
    FOUND,
    GIVE_UP_S,
    INPUT_DEAD,
    LOST,
    STOP,
    WAIT_S,
    Course,
    Ending,
    Step,
    discharge_end,
    ended,
    mean_load,
    resumed,
    started,
    step,
)
from tests.desks import NOW
from tests.discharges import on_battery, on_mains, silent

TEST = DischargeTest("ups-a", NOW, "zhang", 40.0, id=1)


class Played:
    """A course led through samples, and everything it told."""

    def __init__(self, test: DischargeTest = TEST, course: Course | None = None) -> None:
        self.course = course if course is not None else started(test)
        self.events: list[Event] = []
        self.points: list[DischargePoint] = []
        self.ending: Ending | None = None

    def take(self, *samples: Sample) -> Step:
        """The last step."""
        done = Step(self.course)
        for sample in samples:
            assert self.ending is None, "the test was over before"
            done = step(self.course, sample)
            self.course, self.ending = done.course, done.ending
            self.events += done.events
            self.points += [point for _at, point in done.points]
        return done

    @property
    def codes(self) -> list[str]:
        """What was told, in order."""
        return [event.code for event in self.events]


def test_it_waits_on_mains_and_begins_with_the_first_reading_on_battery() -> None:
    played = Played()
    assert not played.take(on_mains(5), on_mains(10)).begun
    done = played.take(on_battery(15, 100))
    assert done.begun
    assert done.course.discharge == Discharge("ups-a", NOW + timedelta(seconds=15), test_id=1)
    assert played.points == [DischargePoint(0.0, 100, 31.0, 3600.0, 54.1)]
    assert (played.codes, played.events[0].param("by"), played.events[0].param("input")) == ([BEGAN], "line", "fed")


def test_a_calibration_and_a_falling_charge_are_a_discharge_and_idling_in_ol_dischrg_is_none() -> None:
    calibrating = Played()
    calibrating.take(on_mains(5, status=("OL", "CAL", "DISCHRG")))
    assert calibrating.events[0].param("by") == "calibration"
    flagged = Played()
    flagged.take(on_mains(5, 100, status=("OL", "DISCHRG")), on_mains(10, 99.5, status=("OL", "DISCHRG")))
    assert flagged.codes == []
    flagged.take(on_mains(15, 99, status=("OL", "DISCHRG")))
    assert flagged.events[0].param("by") == "flag"
    assert flagged.take(on_mains(25, 90, status=("OL", "DISCHRG"))).ending is None
    assert flagged.take(on_mains(30, 90, status=("OL", "CHRG"))).ending is not None
    assert flagged.course.newest is not None
    assert flagged.course.newest.at_s == 10.0


def test_a_model_that_idles_in_ol_dischrg_ends_its_test_when_the_line_is_back() -> None:
    played = Played()
    played.take(on_battery(5, 100), on_battery(15, 90), on_mains(20, 90, status=("OL", "DISCHRG")))
    assert played.ending is not None
    assert played.ending.why == MAINS


def test_readings_are_kept_every_ten_seconds_or_half_a_percent() -> None:
    played = Played()
    played.take(*(on_battery(2.0 * n, 100) for n in range(11)))
    assert [point.at_s for point in played.points] == [0.0, 10.0, 20.0]
    played.take(on_battery(22, 99.6), on_battery(24, 99.4), on_battery(26, None))
    assert [point.at_s for point in played.points] == [0.0, 10.0, 20.0, 24.0]


@pytest.mark.parametrize(
    ("facts", "sign"),
    [
        ({"status": ("OB", "LB")}, StopSign.LOW),
        ({"variables": (("battery.charge.low", "60"),)}, StopSign.LOW),
        ({"variables": (("battery.runtime.low", "3600"),)}, StopSign.LOW),
        ({"charge_percent": 40.0}, StopSign.CHARGE),
        ({"status": ("OB", "OVER")}, StopSign.LOAD),
        ({"load_percent": 101.0}, StopSign.LOAD),
        ({"alarm": "Battery cell defect"}, StopSign.ALARM),
        ({"status": ("OB", "RB")}, StopSign.ALARM),
        ({"temperature_c": 45.0}, StopSign.TEMPERATURE),
    ],
)
def test_every_stop_criterion_is_seen_once(facts: dict[str, object], sign: StopSign) -> None:
    played = Played()
    played.take(on_battery(0, 60), on_battery(5, 60), on_battery(10, **{"charge": 60, **_named(facts)}))  # type: ignore[arg-type]
    assert [(event.code, event.param("sign")) for event in played.events[1:]] == [(STOP, sign.value)]
    played.take(on_battery(12, **{"charge": 60, **_named(facts)}))  # type: ignore[arg-type]
    assert len(played.events) == 2
    played.take(on_mains(15, 60))
    assert played.ending is not None
    assert played.ending.why == sign.value


def _named(facts: dict[str, object]) -> dict[str, object]:
    return {"charge" if name == "charge_percent" else name: value for name, value in facts.items()}


def test_what_every_ups_says_on_battery_is_no_alarm_to_stop_for() -> None:
    for text in ("UPS on battery", "Utility power failed", "Batteries in use", "AC input lost"):
        facts = on_battery(0, 60, alarm=text).ups
        assert facts is not None
        assert stop_signs(TEST, facts, 0.0) == ()


def test_the_time_is_a_stop_criterion_where_one_was_set() -> None:
    played = Played(DischargeTest("ups-a", NOW, "zhang", 40.0, 60.0, id=1))
    played.take(on_battery(0, 90), on_battery(59, 80))
    assert STOP not in played.codes
    played.take(on_battery(60, 80))
    assert played.events[-1].param("sign") == "time"


def test_the_result_counts_to_the_last_reading_on_battery() -> None:
    played = Played()
    played.take(on_battery(0, 100, load_percent=30.0), on_battery(100, 80, load_percent=50.0), on_battery(104, 79.8))
    done = played.take(on_mains(106, 80))
    assert done.points[-1][1].at_s == 104.0
    assert done.ending == Ending(NOW + timedelta(seconds=106), MAINS)
    result = ended(TEST, Discharge("ups-a", NOW, test_id=1, points=tuple(played.points)), done.ending)
    assert (result.state, result.held_s, result.stopped_why) == (TestState.ENDED, 104.0, "mains")
    assert (result.charge_from_percent, result.charge_to_percent) == (100, 79.8)
    assert result.load_percent == pytest.approx((30.0 * 100 + 50.0 * 4) / 104)


def test_the_mean_load_of_one_reading_is_that_reading_and_of_none_is_not_known() -> None:
    assert mean_load([DischargePoint(0.0, load_percent=30.0)]) == 30.0
    assert mean_load([DischargePoint(0.0), DischargePoint(9.0)]) is None


def test_lost_contact_is_said_and_the_discharge_goes_on_when_it_returns_on_battery() -> None:
    played = Played()
    played.take(on_battery(0, 100), silent(50), silent(70), silent(80))
    assert played.codes == [BEGAN, LOST]
    played.take(on_battery(200, 80))
    assert played.codes == [BEGAN, LOST, FOUND]
    assert played.points[-1].at_s == 200.0


def test_after_lost_contact_only_what_was_read_counts() -> None:
    back = Played()
    back.take(on_battery(0, 100), on_battery(30, 95), silent(100))
    back.take(on_mains(200, 96))
    assert back.ending == Ending(NOW + timedelta(seconds=30), CONTACT)
    recharged = Played()
    recharged.take(on_battery(0, 100), on_battery(30, 90), silent(100), on_battery(400, 99))
    assert recharged.ending == Ending(NOW + timedelta(seconds=30), CONTACT)
    gone = Played()
    gone.take(on_battery(0, 100), on_battery(30, 95), silent(100), silent(31 + GIVE_UP_S))
    assert gone.ending == Ending(NOW + timedelta(seconds=30), CONTACT)
    assert gone.codes == [BEGAN, LOST, ENDED]


def test_a_line_that_is_not_told_is_out_of_sight() -> None:
    played = Played()
    played.take(on_battery(0, 100), on_battery(65, 90, status=("OL", "OB"), line=Line.UNKNOWN))
    assert played.codes == [BEGAN, LOST]


def test_a_test_nobody_begins_is_dropped_and_proves_nothing() -> None:
    for sample in (on_mains(WAIT_S + 1), silent(WAIT_S + 1)):
        played = Played()
        played.take(on_mains(WAIT_S - 1), sample)
        assert played.ending == Ending(sample.at, NOT_BEGUN, TestState.ABANDONED)
        assert ended(TEST, None, played.ending).held_s is None


def test_mains_that_fail_meanwhile_are_said_once() -> None:
    played = Played()
    played.take(on_battery(0, 100), on_battery(5, 99, input_voltage_v=0.0), on_battery(7, 98, input_voltage_v=0.0))
    assert played.codes == [BEGAN, INPUT_DEAD]
    breaker = Played()
    breaker.take(on_battery(0, 100, input_voltage_v=0.0), on_battery(5, 99, input_voltage_v=0.0))
    assert breaker.codes == [BEGAN]


def test_a_course_read_back_from_the_records_goes_on_as_if_nothing_had_happened() -> None:
    through = [on_battery(10.0 * n, 100.0 - 3 * n) for n in range(22)]
    whole = Played()
    whole.take(*through, on_mains(220, 40))
    broken = Played()
    broken.take(*through[:21])
    assert broken.course.met == (StopSign.CHARGE,)
    discharge = Discharge("ups-a", NOW, test_id=1, points=tuple(broken.points))
    after = Played(course=resumed(TEST, discharge, broken.events))
    after.take(*through[21:], on_mains(220, 40))
    assert broken.points + after.points == whole.points
    assert broken.codes + after.codes == whole.codes
    assert after.ending == whole.ending


def test_a_low_battery_is_told_in_how_the_discharge_ended() -> None:
    assert discharge_end("low") is DischargeEnd.LOW
    assert discharge_end("charge") is DischargeEnd.STOPPED


def test_the_time_to_the_stop_follows_the_fall_of_the_charge_or_the_stop_time() -> None:
    falling = [DischargePoint(10.0 * n, 100.0 - n) for n in range(31)]
    assert to_stop_s(TEST, falling) == pytest.approx(300.0)
    assert to_stop_s(TEST, falling[:2]) is None
    timed = DischargeTest("ups-a", NOW, "zhang", 40.0, 400.0, id=1)
    assert to_stop_s(timed, falling) == pytest.approx(100.0)
    assert to_stop_s(TEST, []) is None
