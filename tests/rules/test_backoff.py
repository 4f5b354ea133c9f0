"""A source that fails is asked less and less often, but never so rarely that its silence misleads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutyroom.model.reading import State
from dutyroom.rules.backoff import JITTER, STEPS_S, has_failed, pause_s
from dutyroom.rules.freshness import is_silent

SHARES = st.floats(0, 1)
INTERVALS = st.floats(0.05, 600)


def test_a_well_source_is_asked_at_the_sites_interval() -> None:
    assert pause_s(0, 5.0, 1.0, usual_s=5.0) == 5.0


def test_failures_in_a_row_lengthen_the_pause_step_by_step() -> None:
    assert [pause_s(failures, 1.0, 0.0, usual_s=10.0) for failures in range(1, 8)] == [1, 2, 4, 8, 15, 15, 15]
    assert [pause_s(failures, 5.0, 0.0, usual_s=5.0) for failures in range(1, 7)] == [5, 5, 5, 8, 15, 15]


def test_a_slow_interval_is_never_hurried_by_a_failure() -> None:
    assert {pause_s(failures, 30.0, 1.0, usual_s=30.0) for failures in range(10)} == {30.0}


def test_on_battery_a_lost_ups_is_asked_at_least_as_often_as_usual() -> None:
    assert pause_s(9, 2.0, 1.0, usual_s=5.0, urgent=True) == 5.0
    assert pause_s(1, 2.0, 0.0, usual_s=5.0, urgent=True) == 2.0


@given(st.integers(1, 100), INTERVALS, SHARES, SHARES)
def test_jitter_spreads_by_a_quarter_at_most_and_never_shortens(
    failures: int, interval_s: float, one: float, other: float
) -> None:
    first, second = (pause_s(failures, interval_s, share, usual_s=interval_s) for share in (one, other))
    assert first >= interval_s
    assert second <= max(interval_s, first * (1 + JITTER))


@given(st.integers(0, 100), INTERVALS, SHARES, st.booleans())
def test_a_source_that_fails_is_never_taken_for_a_dead_watch(
    failures: int, interval_s: float, share: float, urgent: bool
) -> None:
    deadline_s = 4.0
    assert not is_silent(
        pause_s(failures, interval_s, share, usual_s=interval_s, urgent=urgent) + deadline_s, interval_s
    )


def test_the_steps_rise_to_a_quarter_of_a_minute() -> None:
    assert STEPS_S == (1, 2, 4, 8, 15)


@pytest.mark.parametrize("state", list(State))
def test_only_a_source_that_does_not_answer_is_left_alone(state: State) -> None:
    answers = {State.OK, State.PARTIAL, State.WAIT, State.STALE, State.NO_DRIVER}
    assert has_failed(state) is (state not in answers)
