"""The time left is the lowest number that can be trusted, it says what it rests on, and it is never invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutyroom.model.facts import RuntimeBasis
from dutyroom.model.runtime import Discharge, DischargeEnd, DischargePoint, RuntimeEstimate, Thresholds
from dutyroom.rules.runtime import Estimator, estimate

BEGAN = datetime(2026, 11, 27, 2, 10, tzinfo=UTC)
HOUR = 3600.0


def point(
    at_s: float, charge: float | None = None, load: float | None = 50.0, reported: float | None = None
) -> DischargePoint:
    return DischargePoint(at_s, charge, load, reported)


def running(points: tuple[DischargePoint, ...], installed: date | None = None) -> Discharge:
    return Discharge("hall-a", BEGAN, points=points, battery_installed=installed)


def course(
    until_s: float, lasts_s: float, *, says: float | None = 1.0, charge: bool = True, load: float = 50.0
) -> tuple[DischargePoint, ...]:
    """A battery with an even gauge that lasts `lasts_s`, whose UPS says `says` times the time that is left."""
    return tuple(
        point(
            at_s,
            round(100 * (1 - at_s / lasts_s), 1) if charge else None,
            load,
            None if says is None else says * (lasts_s - at_s),
        )
        for at_s in range(0, int(until_s) + 1, 10)
    )


def earlier(
    points: tuple[DischargePoint, ...], end: DischargeEnd, days: float = 1.0, installed: date | None = None
) -> Discharge:
    began = BEGAN - timedelta(days=days)
    over = began + timedelta(seconds=points[-1].at_s)
    return Discharge("hall-a", began, over, end, points=points, battery_installed=installed)


def why(of: RuntimeEstimate, basis: RuntimeBasis) -> str:
    return next(one.why_not for one in of.candidates if one.basis is basis)


def test_without_anything_to_go_by_there_is_no_number() -> None:
    assert estimate(running(())).seconds is None
    told = estimate(running((point(0), point(600))))
    assert (told.seconds, told.basis, told.to_low_s) == (None, None, None)
    assert {one.why_not for one in told.candidates} == {"none"}


def test_an_honest_report_is_the_headline_and_says_so() -> None:
    told = estimate(running(course(1200, HOUR)))
    assert told.seconds == 2400
    assert told.basis is RuntimeBasis.REPORTED
    assert not told.at_least


def test_a_number_that_stands_still_is_not_believed_for_longer_than_two_minutes() -> None:
    told = estimate(running(tuple(point(at_s, None, 50, HOUR) for at_s in range(0, 130, 10))))
    assert why(told, RuntimeBasis.REPORTED) == "frozen"
    assert told.seconds is None


@pytest.mark.parametrize(("said", "code"), [(65535.0, "sentinel"), (3932100.0, "sentinel"), (0.0, "zero")])
def test_a_placeholder_is_no_number(said: float, code: str) -> None:
    told = estimate(running(tuple(point(at_s, None, 50, said) for at_s in range(0, 100, 10))))
    assert told.seconds is None
    assert why(told, RuntimeBasis.REPORTED) == code


def test_a_report_that_falls_twice_as_fast_as_the_clock_is_cut_to_half_and_a_reserve() -> None:
    told = estimate(running(course(1200, HOUR, says=2.0, charge=False)))
    # 80 minutes told at the end, 8 % of the first 120 kept back, at twice the pace.
    assert told.seconds == pytest.approx((4800 - 0.08 * 7200) / 2, rel=0.02)
    assert told.basis is RuntimeBasis.SLOPE


def test_a_charge_alone_is_never_the_headline() -> None:
    told = estimate(running(course(1200, HOUR, says=None)))
    assert told.seconds is None
    assert why(told, RuntimeBasis.SLOPE) == "alone"


def test_a_discharge_on_record_tells_the_time_where_the_ups_says_nothing() -> None:
    record = earlier(course(HOUR, HOUR, says=None), DischargeEnd.EMPTY)
    told = estimate(running(course(1200, HOUR, says=None)), (record,))
    assert told.seconds == pytest.approx(2400, rel=0.02)
    assert told.basis is RuntimeBasis.HISTORY


def test_a_discharge_ended_early_gives_a_lower_bound_and_nothing_beyond() -> None:
    record = earlier(course(0.6 * HOUR, HOUR, says=None), DischargeEnd.STOPPED)
    told = estimate(running(course(600, HOUR, says=None)), (record,))
    assert told.at_least
    assert told.seconds == pytest.approx(0.6 * HOUR - 600, rel=0.02)
    assert estimate(running(course(0.7 * HOUR, HOUR, says=None)), (record,)).seconds is None


def test_another_battery_proves_nothing() -> None:
    record = earlier(course(HOUR, HOUR, says=None), DischargeEnd.EMPTY, installed=date(2020, 1, 1))
    assert estimate(running(course(600, HOUR, says=None), date(2025, 1, 1)), (record,)).seconds is None


def test_out_of_sight_the_last_number_goes_on_falling() -> None:
    told = estimate(running(course(600, HOUR)), now_s=900)
    assert told.seconds == 2700
    assert told.basis is RuntimeBasis.COUNTDOWN
    assert estimate(running(course(600, HOUR)), now_s=9 * HOUR).seconds == 0


def test_time_to_the_low_threshold_is_another_number() -> None:
    told = estimate(running(course(600, HOUR)), low=Thresholds(charge_percent=25))
    assert told.seconds == 3000
    assert told.to_low_s == pytest.approx(0.75 * HOUR - 600, rel=0.01)
    assert estimate(running(course(600, HOUR)), low=Thresholds(25, 1800)).to_low_s == 1200


def test_the_low_threshold_of_a_voltage_shaped_charge_is_where_the_record_saw_it() -> None:
    # Falls to 60 in the first half and to 0 in the last tenth: low at 90 % of the way, not at 80.
    def sagging(until_s: float) -> tuple[DischargePoint, ...]:
        return tuple(
            point(at_s, 100 - 80 * at_s / HOUR if at_s <= 1800 else 60 - 50 * (at_s - 1800) / 1440, 50, HOUR - at_s)
            if at_s <= 3240
            else point(at_s, 10 * (HOUR - at_s) / 360, 50, HOUR - at_s)
            for at_s in range(0, int(until_s) + 1, 10)
        )

    record = earlier(sagging(HOUR), DischargeEnd.EMPTY)
    told = estimate(running(sagging(1800)), (record,), Thresholds(charge_percent=10))
    assert told.seconds == 1800
    assert told.to_low_s == pytest.approx(1440, rel=0.03)


def test_below_the_threshold_nothing_is_left_to_it() -> None:
    assert estimate(running(course(0.9 * HOUR, HOUR)), low=Thresholds(charge_percent=25)).to_low_s == 0


def test_a_number_twice_the_truth_is_corrected_by_a_discharge_that_ran_empty() -> None:
    record = earlier(course(HOUR, HOUR, says=2.0), DischargeEnd.EMPTY, days=0.5)
    told = estimate(running(course(60, HOUR, says=2.0)), (record,))
    assert why(told, RuntimeBasis.REPORTED) == "was-wrong"
    assert told.basis is RuntimeBasis.HISTORY
    assert told.seconds == pytest.approx(HOUR - 60, rel=0.03)


def test_the_record_is_scaled_to_the_load_of_today() -> None:
    record = earlier(course(HOUR, HOUR, says=None, load=25), DischargeEnd.EMPTY, days=0.5)
    told = estimate(running(course(0, HOUR, says=None, load=50)), (record,))
    # Twice the load: an hour by two to the power of 1.15.
    assert told.seconds == pytest.approx(HOUR / 2**1.15, rel=0.01)


def test_a_record_of_last_year_counts_a_tenth_less() -> None:
    record = earlier(course(HOUR, HOUR, says=None), DischargeEnd.EMPTY, days=365.25)
    assert estimate(running(course(0, HOUR, says=None)), (record,)).seconds == pytest.approx(0.9 * HOUR, rel=0.01)


def test_half_the_load_is_more_than_twice_the_time_and_the_report_is_not_called_wrong_for_it() -> None:
    before = course(600, HOUR)
    after = tuple(point(at_s, None, 25.0, (HOUR - 600) * 2**1.15 - (at_s - 600)) for at_s in range(610, 1500, 10))
    told = estimate(running((*before, *after)))
    assert told.basis is RuntimeBasis.REPORTED
    assert told.seconds == after[-1].reported_s


def test_a_report_that_follows_stairs_is_not_believed() -> None:
    stairs = tuple(
        point(at_s, None, 50, (HOUR if at_s < 600 else 0.6 * HOUR) - at_s / 10) for at_s in range(0, 1000, 10)
    )
    told = estimate(running(stairs))
    assert told.seconds is None
    assert why(told, RuntimeBasis.REPORTED) in ("uneven", "slow")


def test_a_report_that_rises_without_reason_is_counted_down_from_before() -> None:
    points = (
        *course(600, HOUR, charge=False),
        *(point(at_s, None, 50, 3 * HOUR - at_s) for at_s in range(610, 700, 10)),
    )
    told = estimate(running(points))
    assert told.basis is RuntimeBasis.COUNTDOWN
    assert why(told, RuntimeBasis.REPORTED) == "jumped"
    assert told.seconds == pytest.approx(HOUR - 690, abs=30)


def test_short_interruptions_do_not_hide_the_discharge_that_showed_the_report_to_be_wrong() -> None:
    empty = earlier(course(HOUR, HOUR, says=2.0), DischargeEnd.EMPTY, days=30)
    blinks = tuple(earlier(course(300, HOUR), DischargeEnd.MAINS, days=days / 10) for days in range(1, 8))
    told = estimate(running(course(60, HOUR, says=2.0)), (empty, *blinks))
    assert why(told, RuntimeBasis.REPORTED) == "was-wrong"
    assert told.seconds == pytest.approx(HOUR - 60, rel=0.05)


def test_a_report_that_came_true_is_believed_over_a_charge_that_sags() -> None:
    def sags(until_s: float) -> tuple[DischargePoint, ...]:
        return tuple(
            point(at_s, max(0.0, 100 - 12 * (at_s / 60) ** 0.6), 50, HOUR - at_s)
            for at_s in range(0, int(until_s) + 1, 10)
        )

    told = estimate(running(sags(900)), (earlier(sags(HOUR), DischargeEnd.EMPTY),))
    assert told.basis is RuntimeBasis.REPORTED
    assert told.seconds == 2700
    assert why(told, RuntimeBasis.HISTORY) == "proven"


def test_the_slope_of_a_charge_that_fell_unevenly_before_is_not_believed() -> None:
    def plunges(until_s: float, says: float) -> tuple[DischargePoint, ...]:
        # Slowly at first, fast at the end; the report is twice the charge times an hour.
        charges = ((at_s, 100 * (1 - (at_s / HOUR) ** 2)) for at_s in range(0, int(until_s) + 1, 10))
        return tuple(point(at_s, charge, 50, says * charge / 100 * HOUR) for at_s, charge in charges)

    record = earlier(plunges(2700, 2.0), DischargeEnd.STOPPED)
    told = estimate(running(plunges(1500, 2.0)), (record,))
    assert why(told, RuntimeBasis.SLOPE) == "uneven"
    assert told.at_least
    assert told.seconds == pytest.approx(2700 - 1500, rel=0.03)


def test_what_a_call_costs_does_not_grow_with_the_outage() -> None:
    follower = Estimator(running(course(6 * HOUR, 8 * HOUR)))
    kept = len(follower._gauge._all._rows) + len(follower._report._all._rows) + len(follower._gauge._window)
    assert kept <= 2 * 61 + 61


def test_a_reading_older_than_the_newest_changes_nothing() -> None:
    follower = Estimator(running(course(600, HOUR)))
    before = follower.at(600)
    assert follower.add(point(300, 1.0, 50, 1.0)) == before


@given(
    st.lists(
        st.tuples(
            st.floats(0, 60),
            st.none() | st.floats(0, 100),
            st.none() | st.floats(0, 150),
            st.none() | st.floats(0, 4e6),
        ),
        max_size=80,
    )
)
def test_whatever_is_read_the_number_is_none_or_not_negative_and_the_lowest_that_is_trusted(
    rows: list[tuple[float, float | None, float | None, float | None]],
) -> None:
    follower, at_s = Estimator(running(())), 0.0
    for step_s, charge, load, reported in rows:
        at_s += step_s
        told = follower.add(DischargePoint(at_s, charge, load, reported))
        trusted = [one.seconds for one in told.candidates if one.seconds is not None and not one.why_not]
        assert told.seconds == min(trusted, default=None)
        assert told.seconds is None or told.seconds >= 0
        assert (told.seconds is None) == (told.basis is None)
