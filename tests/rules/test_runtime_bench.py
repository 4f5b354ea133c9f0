"""The batteries of the runtime bench know the truth: they are empty when they said they would be."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from tests.bench.runtime import BATTERIES, Score
from tests.bench.runtime_batteries import Battery


@pytest.mark.parametrize("make", BATTERIES.values(), ids=BATTERIES.keys())
def test_a_battery_of_the_bench_lasts_as_long_as_it_says(make: Callable[[Random, str], Battery]) -> None:
    battery = make(Random(3), "linear")
    said, held = battery.left_s(40.0), 0.0
    while battery.left_s(40.0) > 10.0:
        battery.use(40.0, 10.0)
        held += 10.0
    assert held == pytest.approx(said, abs=15.0)


@pytest.mark.parametrize("make", BATTERIES.values(), ids=BATTERIES.keys())
def test_twice_the_load_empties_it_in_less_than_half_the_time(make: Callable[[Random, str], Battery]) -> None:
    battery = make(Random(3), "linear")
    assert battery.left_s(80.0) < battery.left_s(40.0) / 2


def test_a_score_counts_given_minutes_and_those_that_promise_too_much() -> None:
    score = Score()
    for told in (100.0, 126.0, None, 90.0):
        score.add(told, 100.0)
    assert score.median == pytest.approx(0.0)
    assert score.coverage == 75.0
    assert score.too_long == pytest.approx(100 / 3)
