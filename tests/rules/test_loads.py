"""Which loads are fed, until when, and what shedding gains: computed by hand, and what must hold for any room."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutyroom.model.devices import AirConditioner, Load, Ups
from dutyroom.model.facts import Line
from dutyroom.model.loads import LoadNow, RestartKind, ShedEffect, ShedUnknown, SupplyState, UpsNow
from dutyroom.model.site import Site
from dutyroom.rules.loads import gain, hanging_on, load_now, loads_now, restart_steps, shed_steps
from tests.desks import make_site

MAINS = UpsNow(Line.MAINS, 7200.0, load_percent=40.0)
GONE = UpsNow(Line.BATTERY, off=True)
SILENT = UpsNow(Line.MAINS, known=False)
HOUR = 3600.0


def battery(runtime_s: float | None, **more: object) -> UpsNow:
    return replace(UpsNow(Line.BATTERY, runtime_s, load_percent=50.0), **more)  # type: ignore[arg-type]


def room(*loads: Load, **rated: float | None) -> Site:
    upses = tuple(
        Ups(name, name, 3 * HOUR, "127.0.0.1", 3493, name, rated_w=rated.get(name, 10000.0)) for name in "abc"
    )
    return replace(make_site(), ups=upses, loads=loads)


@pytest.mark.parametrize(
    ("upses", "needs", "seconds", "fed"),
    [
        ({"a": battery(600.0), "b": battery(4000.0)}, 1, 4000.0, 2),
        ({"a": battery(600.0), "b": battery(4000.0)}, 2, 600.0, 2),
        ({"a": MAINS, "b": battery(4000.0)}, 2, 4000.0, 2),
        ({"a": GONE, "b": battery(4000.0)}, 1, 4000.0, 1),
        ({"a": GONE, "b": battery(4000.0)}, 2, 0.0, 1),
        ({"a": SILENT, "b": battery(4000.0)}, 2, None, 1),
        ({"a": battery(None), "b": battery(4000.0)}, 2, None, 2),
        ({"a": battery(None), "b": battery(None)}, 1, None, 2),
        ({}, 1, None, 0),
    ],
)
def test_a_load_falls_when_fewer_supplies_feed_it_than_it_needs(
    upses: dict[str, UpsNow], needs: int, seconds: float | None, fed: int
) -> None:
    now = load_now(Load("his", "HIS", ("a", "b"), needs), upses)
    assert (now.seconds, now.fed, now.at_least, now.endless) == (seconds, fed, False, False)


def test_with_two_of_three_needed_the_second_longest_counts() -> None:
    upses = {"a": battery(100.0), "b": battery(300.0), "c": battery(200.0)}
    assert load_now(Load("san", "SAN", ("a", "b", "c"), 2), upses).seconds == 200.0


def test_enough_supplies_on_mains_have_no_end_and_an_unknown_one_beside_them_is_a_lower_bound() -> None:
    assert load_now(Load("x", "X", ("a", "b")), {"a": MAINS, "b": battery(9.0)}).endless
    silent = load_now(Load("x", "X", ("a", "b")), {"a": SILENT, "b": battery(900.0)})
    assert (silent.seconds, silent.at_least, silent.endless) == (900.0, True, False)
    bound = load_now(Load("x", "X", ("a",)), {"a": battery(900.0, at_least=True)})
    assert (bound.seconds, bound.at_least) == (900.0, True)


def test_a_ups_lost_on_battery_feeds_until_its_time_is_counted_down_and_one_that_answers_always() -> None:
    def state(now: UpsNow) -> SupplyState:
        return load_now(Load("x", "X", ("a",)), {"a": now}).supplies[0].state

    assert state(battery(30.0, known=False)) is SupplyState.BATTERY
    assert state(battery(None, known=False)) is SupplyState.BATTERY
    assert state(battery(0.0, known=False)) is SupplyState.GONE
    assert state(battery(0.0, known=False, at_least=True)) is SupplyState.BATTERY
    assert state(battery(0.0)) is SupplyState.BATTERY
    assert state(SILENT) is SupplyState.UNKNOWN


def test_a_load_is_down_only_when_all_that_is_unknown_could_not_save_it() -> None:
    load = Load("x", "X", ("a", "b"), 2)
    assert load_now(load, {"a": GONE, "b": MAINS}).is_down
    assert not load_now(load, {"a": SILENT, "b": MAINS}).is_down


def test_the_load_that_falls_first_stands_first_and_what_is_shed_or_on_mains_last() -> None:
    loads = (Load("late", "", ("b",)), Load("soon", "", ("a",)), Load("fine", "", ("c",)), Load("off", "", ("a",)))
    upses = {"a": battery(60.0), "b": battery(90.0), "c": MAINS}
    assert [one.load.name for one in loads_now(loads, upses, {"off"})] == ["soon", "late", "fine", "off"]


def test_what_hangs_on_a_ups_is_its_share_of_the_watts_in_the_order_of_shedding() -> None:
    loads = (
        Load("his", "HIS", ("a", "b"), watts=800.0, shed_group=3),
        Load("pacs", "PACS", ("a",), watts=1200.0, shed_group=1),
        Load("misc", "Misc", ("a",)),
        Load("other", "Other", ("b",), watts=5000.0),
    )
    hang = hanging_on("a", loads, {"a": battery(60.0), "b": MAINS}, rated_w=10000.0)
    assert [(row.load.name, row.watts, row.fed, row.of) for row in hang.loads] == [
        ("pacs", 1200.0, 1, 1),
        ("his", 400.0, 2, 2),
        ("misc", None, 1, 1),
    ]
    assert (hang.watts, hang.unknown, hang.measured_w) == (1600.0, 1, 5000.0)
    alone = hanging_on("a", loads, {"a": battery(60.0), "b": GONE}, {"pacs"})
    assert (alone.watts, alone.measured_w) == (800.0, None)


def test_shedding_a_group_tells_the_load_afterwards_and_the_time_gained() -> None:
    site = room(
        Load("pacs", "PACS", ("a",), watts=1000.0, shed_group=1, owner="Li", phone="8001"),
        Load("lis", "LIS", ("a", "b"), watts=1000.0, shed_group=2),
        Load("core", "Core", ("a",), watts=500.0),
    )
    steps = shed_steps(site, {"a": battery(HOUR), "b": battery(2 * HOUR)})
    assert [(step.group, step.watts, step.unknown, step.is_done) for step in steps] == [
        (1, 1000.0, 0, False),
        (2, 1000.0, 0, False),
    ]
    first, second = steps[0].headline, steps[1].headline
    assert first is not None
    assert second is not None
    # 50 % less 1000 of 10000 W is 40 %: 3600 s x ((50/40)^1.15 - 1).
    assert (first.ups, first.load_percent, first.at_least) == ("a", 40.0, False)
    assert first.gain_s == pytest.approx(1053.1, abs=0.1)
    # Half of the redundant load more: 35 %.
    assert second.load_percent == 35.0
    assert second.gain_s == pytest.approx(3600 * ((50 / 35) ** 1.15 - 1))
    assert [effect.ups for effect in steps[1].effects] == ["a", "b"]


def test_a_group_that_is_shed_gains_nothing_more() -> None:
    site = room(
        Load("pacs", "PACS", ("a",), watts=1000.0, shed_group=1), Load("lis", "LIS", ("a",), watts=500.0, shed_group=2)
    )
    done, next_one = shed_steps(site, {"a": battery(HOUR)}, {"pacs"})
    assert done.is_done
    assert done.watts == 0
    assert done.headline is not None
    assert done.headline.gain_s == 0
    assert next_one.headline is not None
    assert next_one.headline.load_percent == 45.0


def test_nameplate_watts_are_never_more_than_what_the_ups_measures() -> None:
    site = room(Load("pacs", "PACS", ("a",), watts=6000.0, shed_group=1), Load("core", "Core", ("a",), watts=4000.0))
    effect = shed_steps(site, {"a": battery(HOUR)})[0].headline
    # 10000 W are said where 5000 are measured: the group draws 3000 of them.
    assert effect is not None
    assert effect.load_percent == pytest.approx(20.0)


def test_beyond_half_the_load_the_gain_is_a_lower_bound() -> None:
    most = pytest.approx(1000 * (2**1.15 - 1))
    assert gain(1000.0, 50.0, 25.0)[0] == most
    assert gain(1000.0, 50.0, 0.0)[0] == most
    assert [gain(1000.0, 50.0, after)[1] for after in (25.0, 24.0, 0.0)] == [False, True, True]


@pytest.mark.parametrize(
    ("now", "rated", "watts", "why", "load_percent"),
    [
        (battery(HOUR), None, 1000.0, ShedUnknown.RATED, None),
        (battery(HOUR), 10000.0, None, ShedUnknown.WATTS, None),
        (battery(HOUR, load_percent=None), 10000.0, 1000.0, ShedUnknown.LOAD, None),
        (battery(None), 10000.0, 1000.0, ShedUnknown.RUNTIME, 40.0),
        (battery(HOUR, known=False), 10000.0, 1000.0, ShedUnknown.UPS, None),
        (SILENT, 10000.0, 1000.0, ShedUnknown.UPS, None),
    ],
)
def test_what_is_not_known_gives_no_gain_and_says_why(
    now: UpsNow, rated: float | None, watts: float | None, why: ShedUnknown, load_percent: float | None
) -> None:
    site = room(Load("pacs", "PACS", ("a",), watts=watts, shed_group=1), a=rated)
    effect = shed_steps(site, {"a": now})[0].headline
    assert effect is not None
    assert (effect.gain_s, effect.why_not, effect.load_percent) == (None, why, load_percent)


def test_one_load_without_watts_makes_the_gain_of_its_group_a_lower_bound() -> None:
    site = room(Load("x", "X", ("a",), watts=1000.0, shed_group=1), Load("y", "Y", ("a",), shed_group=1))
    step = shed_steps(site, {"a": battery(HOUR)})[0]
    assert step.headline is not None
    assert (step.unknown, step.headline.at_least) == (1, True)


def test_the_room_is_cooled_before_anything_is_started_again() -> None:
    site = replace(
        room(
            Load("x", "X", ("a",)),
            Load("his", "HIS", ("a",), restart_order=2),
            Load("core", "Core", ("a",), restart_order=1),
        ),
        air_conditioners=(AirConditioner("ac-1", "AC 1"),),
    )
    assert [(step.kind, step.name) for step in restart_steps(site)] == [
        (RestartKind.COOLING, "ac-1"),
        (RestartKind.LOAD, "core"),
        (RestartKind.LOAD, "his"),
        (RestartKind.LOAD, "x"),
    ]


times = st.none() | st.floats(0, 1e5)
upses = st.builds(
    UpsNow,
    line=st.sampled_from(Line),
    runtime_s=times,
    at_least=st.booleans(),
    load_percent=st.none() | st.floats(0, 120),
    known=st.booleans(),
    off=st.booleans(),
)
rooms = st.fixed_dictionaries({"a": upses, "b": upses, "c": upses})
loads = st.builds(
    Load,
    name=st.just("x"),
    label=st.just(""),
    fed_by=st.sampled_from([("a",), ("a", "b"), ("a", "b", "c")]),
    needs=st.just(1),
    watts=st.none() | st.floats(1, 20000),
    shed_group=st.sampled_from([1, 2, 3]),
)


def told(now: LoadNow) -> float:
    """The time a reader may count on."""
    return inf if now.endless else now.seconds or 0.0


@given(rooms, st.sampled_from([1, 2, 3]), st.sampled_from("abc"), st.sampled_from(["runtime", "sight"]))
def test_what_becomes_unknown_never_makes_a_load_last_longer(
    now: dict[str, UpsNow], needs: int, name: str, lost: str
) -> None:
    load = Load("x", "X", ("a", "b", "c"), needs)
    change = {"runtime_s": None} if lost == "runtime" else {"known": False, "line": Line.UNKNOWN, "runtime_s": None}
    assert told(load_now(load, {**now, name: replace(now[name], **change)})) <= told(load_now(load, now))


@given(rooms, st.sampled_from([1, 2]))
def test_needing_more_supplies_never_makes_a_load_last_longer(now: dict[str, UpsNow], needs: int) -> None:
    load = Load("x", "X", ("a", "b", "c"), needs)
    assert told(load_now(replace(load, needs=needs + 1), now)) <= told(load_now(load, now))


@given(st.lists(loads, min_size=1, max_size=5), rooms, st.sets(st.integers(0, 4)))
def test_shedding_never_shortens_and_more_of_it_never_gains_less(
    some: list[Load], now: dict[str, UpsNow], off: set[int]
) -> None:
    named = [replace(load, name=f"load-{at}") for at, load in enumerate(some)]
    site, shed = room(*named), {f"load-{at}" for at in off}
    before: dict[str, ShedEffect] = {}
    for step in shed_steps(site, now, shed):
        for effect in step.effects:
            gained, earlier = effect.gain_s, before.get(effect.ups)
            assert (gained is None) == (effect.why_not is not None)
            if gained is None:
                continue
            assert gained >= 0
            assert 0 <= (effect.load_percent or 0) <= (now[effect.ups].load_percent or 0)
            if earlier is not None:
                assert gained >= (earlier.gain_s or 0.0) - 1e-6
            before[effect.ups] = effect


@given(st.floats(0, 1e5), st.floats(1, 100), st.floats(0, 100), st.floats(0, 100))
def test_a_higher_load_afterwards_never_gains_more(left_s: float, load: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert gain(left_s, load, low)[0] >= gain(left_s, load, high)[0] >= 0
