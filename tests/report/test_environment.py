"""The room's temperature and humidity by day come out of a real store: measured or typed, never mixed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dutyroom.duty.desk import Desk
from dutyroom.model.facts import Temperature
from dutyroom.model.history import Reading
from dutyroom.model.reading import Origin, Verdict
from dutyroom.model.rounds import Entry, Round, RoundState
from dutyroom.report.chart import Range
from dutyroom.report.collect import report_of
from dutyroom.report.facts.environment import EnvironmentDay, EnvironmentFacts, PlaceDays
from dutyroom.report.page import Page
from dutyroom.report.report import Report
from dutyroom.report.sheets.environment import environment_page
from dutyroom.rules.computed import dew_point
from dutyroom.rules.report_period import parse
from dutyroom.rules.sources import told_of_room
from dutyroom.store import readings, rounds
from dutyroom.words import speaking
from tests.desks import opened_desk, server_sample

MADE_AT = datetime(2026, 11, 5, 4, 30, tzinfo=UTC)
"""12:30 in the room, in the middle of an hour."""
Told = Callable[[datetime], tuple[float, float] | None]


def measure(desk: Desk, first: datetime, hours: int, told: Told, source: str = "ups-a") -> None:
    """Two samples an hour, the second a degree warmer; `told` gives temperature and humidity, None where nothing."""
    found = []
    for hour in range(hours):
        at = first + timedelta(hours=hour)
        if (values := told(at)) is None:
            continue
        for minute, warmer in ((10, 0.0), (40, 1.0)):
            moment = at + timedelta(minutes=minute)
            found.append(Reading(source, "ambient_temperature_c", moment, values[0] + warmer))
            found.append(Reading(source, "ambient_humidity_percent", moment, values[1]))
    with desk.store.write() as session:
        readings.put_history(session, found)


def walk(desk: Desk, day: date, answers: dict[str, float], signed_at: datetime, origin: Origin = Origin.TYPED) -> int:
    """A signed round of that day."""
    with desk.store.write() as session:
        due_at = datetime.combine(day, time(0, 30), tzinfo=UTC)
        new = Round("daily", desk.checklist.version, due_at, day, day, RoundState.OPEN, 60, started_at=due_at)
        one = rounds.add(session, replace(new, started_by="zhang"))
        for item, value in answers.items():
            rounds.put_entry(session, Entry(one.id, item, "", f"{value:g}", Verdict.OK, due_at, "zhang", value,
                                            origin=origin))  # fmt: skip
        rounds.update(session, replace(one, state=RoundState.SIGNED, signed_at=signed_at, signed_by="zhang"))
    return one.id


def report(desk: Desk, period: str = "2026-11", made_at: datetime = MADE_AT) -> Report:
    return report_of(desk.store, desk.site, [desk.checklist], parse(period), made_at)


def facts(desk: Desk, period: str = "2026-11", made_at: datetime = MADE_AT) -> EnvironmentFacts:
    return report(desk, period, made_at).environment


def place(found: EnvironmentFacts, how: Origin, name: str = "ups-a") -> PlaceDays:
    return next(one for one in found.places if one.place.how is how and name in (one.place.name, one.place.temperature))


def day_of(found: PlaceDays, day: int) -> EnvironmentDay:
    return next(one for one in found.days if one.day.day == day)


def figure(found: EnvironmentFacts, name: str) -> object:
    return next(one.value for one in found.figures() if one.name == f"environment.{name}")


# The local first of November begins at 16:00 UTC of the 31st.
FIRST = datetime(2026, 10, 31, 16, tzinfo=UTC)


def test_a_measured_day_has_its_lowest_mean_and_highest_and_its_hours_outside_the_limits(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        # 27.5 on the mean in one hour, 26.5 in the others: one is outside 18 to 27; two are too dry.
        measure(desk, FIRST, 24, lambda at: (27.0 if at == FIRST else 22.0, 39.0 if at.hour in (1, 2) else 50.0))
        measure(desk, FIRST + timedelta(days=1), 24, lambda at: None if at.hour == 3 else (21.0, 50.0))
        found = facts(desk)
    first, second = (day_of(place(found, Origin.MEASURED), number) for number in (1, 2))
    assert first.temperature is not None
    assert (first.temperature.low, first.temperature.high, first.temperature.count) == (22.0, 28.0, 48)
    assert first.temperature.mean == pytest.approx((27.5 + 23 * 22.5) / 24)
    assert (first.hours_outside, first.hours, first.hours_of_day) == (3, 24, 24)
    assert (second.hours_outside, second.hours, second.hours_of_day) == (0, 23, 24)
    assert second.dew_point_c == pytest.approx(dew_point(21.5, 50.0))
    assert (figure(found, "highest_temperature"), figure(found, "lowest_temperature")) == (28.0, 21.0)
    assert (figure(found, "hours_outside"), figure(found, "days_measured"), figure(found, "days_typed")) == (3, 2, 0)


def test_a_day_without_values_stays_empty_and_a_day_to_come_is_not_there(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        measure(desk, FIRST, 24, lambda _at: (22.0, 50.0))
        found = place(facts(desk), Origin.MEASURED)
    assert [one.day.day for one in found.days] == [1, 2, 3, 4, 5]
    assert day_of(found, 3) == EnvironmentDay(date(2026, 11, 3), hours=0, hours_of_day=24)
    # Twelve whole hours of the fifth had passed at 12:30.
    assert day_of(found, 5).hours_of_day == 12


def test_the_hour_that_still_runs_counts_in_no_report_and_later_hours_change_no_earlier_one(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        measure(desk, FIRST, 24 * 4 + 13, lambda _at: (22.0, 50.0))
        before = facts(desk)
        measure(desk, datetime(2026, 11, 5, 4, tzinfo=UTC), 20, lambda _at: (40.0, 90.0))
        assert facts(desk) == before
    assert day_of(place(before, Origin.MEASURED), 5).hours == 12


def test_the_roll_ups_are_enough_when_the_single_readings_are_gone(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        measure(desk, FIRST, 48, lambda at: (20.0 + at.hour / 4, 50.0))
        before = facts(desk)
        with desk.store.write() as session:
            assert readings.prune(session, MADE_AT) > 0
        assert facts(desk) == before


def test_a_day_of_25_hours_has_them(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        desk = replace(desk, site=replace(desk.site, timezone=ZoneInfo("Europe/Berlin")))
        begins = datetime(2026, 10, 24, 22, tzinfo=UTC)
        measure(desk, begins, 25, lambda at: None if at.hour in (4, 5) else (22.0, 50.0))
        found = place(facts(desk, "2026-10"), Origin.MEASURED)
    assert (day_of(found, 25).hours, day_of(found, 25).hours_of_day) == (23, 25)
    assert (day_of(found, 24).hours, day_of(found, 26).hours) == (0, 0)


def test_typed_values_are_rows_of_their_own_and_accepted_measurements_are_none_of_them(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        measure(desk, FIRST, 24, lambda _at: (22.0, 50.0))
        signed = datetime(2026, 11, 1, 1, tzinfo=UTC)
        first = walk(desk, date(2026, 11, 1), {"env.temp.cold": 24.0, "env.rh": 45.0, "env.temp.room": 26.5}, signed)
        walk(desk, date(2026, 11, 2), {"env.temp.cold": 30.0}, signed, Origin.MEASURED)
        walk(desk, date(2026, 11, 3), {"env.temp.cold": 31.0}, MADE_AT + timedelta(minutes=1))
        found = facts(desk)
    cold = place(found, Origin.TYPED, "env.temp.cold")
    one = day_of(cold, 1)
    assert one.temperature is not None
    assert (one.temperature.mean, one.answers, one.hours, one.hours_outside) == (24.0, 2, None, None)
    # The shipped checklist computes the dew point of these two; the wall thermometer has no humidity beside it.
    assert one.dew_point_c == pytest.approx(dew_point(24.0, 45.0))
    assert one.records == (f"round:{first}",)
    assert day_of(place(found, Origin.TYPED, "env.temp.room"), 1).dew_point_c is None
    assert not day_of(cold, 2).is_known
    assert not day_of(cold, 3).is_known
    assert day_of(place(found, Origin.MEASURED), 1).temperature != one.temperature
    assert figure(found, "days_typed") == 1


def test_a_round_signed_late_counts_once_it_is_signed(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        signed = datetime(2026, 12, 2, 1, tzinfo=UTC)
        walk(desk, date(2026, 11, 30), {"env.temp.room": 25.0}, signed)
        assert figure(facts(desk, made_at=signed - timedelta(seconds=1)), "days_typed") == 0
        assert figure(facts(desk, made_at=signed), "days_typed") == 1


def test_a_source_the_site_has_no_more_keeps_its_days(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        measure(desk, FIRST, 24, lambda _at: (22.0, 50.0), source="old-ups")
        assert day_of(place(facts(desk), Origin.MEASURED, "old-ups"), 1).hours == 24


def values_of(page: Page, cells: Range) -> list[object]:
    held = {(one.row, one.column): one.value for one in page.cells}
    return [held.get((row, cells.first_column)) for row in range(cells.first_row, cells.last_row + 1)]


def test_the_sheet_draws_each_place_with_its_limits_and_leaves_what_is_not_known_empty(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        measure(desk, FIRST, 24, lambda _at: (28.0, 50.0))
        page = environment_page(report(desk))
    warm, damp = page.charts
    assert [(one.name, values_of(page, one.values)) for one in warm.series] == [
        ("Highest", [29.0, None, None, None, None]),
        ("Mean", [28.5, None, None, None, None]),
        ("Lowest", [28.0, None, None, None, None]),
        ("Upper limit", [27.0] * 5),
        ("Lower limit", [18.0] * 5),
    ]
    assert values_of(page, warm.categories) == [date(2026, 11, day) for day in range(1, 6)]
    assert [values_of(page, one.values)[0] for one in damp.series] == [50.0, 50.0, 50.0, 60.0, 40.0]
    assert {series.values.first_column for series in warm.series if series.limit} <= page.hidden
    told = [str(one.value) for one in page.cells if one.row < 6]
    assert any("Probe at UPS A: 18–27 °C, 40–60 %RH" in text for text in told)
    assert page.rows_of["hours:ups-a/ambient_temperature_c@2026-11-01"] == warm.categories.first_row
    # Outside the limits is seen without the chart.
    assert {one.look for one in page.cells if one.value == 29.0 and one.column == 6} == {"number 1 attention"}


def test_of_many_days_without_values_a_long_period_lists_the_first_and_the_last_and_says_so(tmp_path: Path) -> None:
    known = (datetime(2026, 10, 9, 16, tzinfo=UTC), datetime(2026, 10, 11, 16, tzinfo=UTC), FIRST)
    with opened_desk(tmp_path) as desk:
        for first in known:
            measure(desk, first, 24, lambda _at: (22.0, 50.0))
        quarter = report(desk, "2026-Q4")
        page, month = environment_page(quarter), environment_page(report(desk, "2026-10"))
    # A single day between two with values, and two at the end of the gap: the line breaks, the axis is whole.
    days = [(10, day) for day in (1, 9, 10, 11, 12, 13, 31)] + [(11, day) for day in (1, 2, 5)]
    (chart, _damp) = page.charts
    assert values_of(page, chart.categories) == [date(2026, *day) for day in days]
    mean = values_of(page, next(one.values for one in chart.series if one.name == "Mean"))
    assert [value is not None for value in mean] == [day in ((10, 10), (10, 12), (11, 1)) for day in days]
    told = [str(one.value) for one in page.cells]
    assert sum(text.startswith("Not listed: 26 rows of days without any value.") for text in told) == 1
    assert len(values_of(month, month.charts[0].categories)) == 31
    assert not any("Not listed" in str(one.value) for one in month.cells)


def test_a_place_without_any_value_in_the_period_is_one_line_at_the_end(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        walk(desk, date(2026, 11, 2), {"env.temp.room": 25.0}, MADE_AT)
        made = report(desk)
    assert [one.place.how for one in made.environment.places] == [Origin.MEASURED, Origin.TYPED]
    for language, said in (("en", "no values"), ("zh_CN", "无数值")):
        with speaking(language):
            page = environment_page(made)
        (row,) = [one.row for one in page.cells if one.value == said]
        assert row == page.last_row
        # Five days of the place that has values, and that line.
        (chart,) = page.charts
        assert chart.categories.last_row == row - 1
        assert chart.categories.last_row - chart.categories.first_row == 4
        held = {one.column: one.value for one in page.cells if one.row == row}
        assert (held[12], held[4], held[14]) == (0, None, None)


def test_a_room_of_which_nothing_is_known_says_so_in_both_languages(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        bare = replace(desk, site=replace(desk.site, live=()))
        made = report(bare)
    assert [one.value for one in made.environment.figures()] == [None, None, None, 0, 0]
    for language, said in (("en", "None in this period."), ("zh_CN", "本期无。")):
        with speaking(language):
            page = environment_page(made)
        assert page.charts == ()
        assert said in [one.value for one in page.cells]


def test_a_sensor_of_a_server_that_live_gives_to_the_room_is_a_place(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as opened:
        live = (("env.temp.cold", ("duty-pc", "temperature:Inlet")),)
        desk = replace(opened, site=replace(opened.site, live=live))
        with desk.store.write() as session:
            for minute, celsius in ((10, 22.0), (40, 23.0)):
                at = datetime(2026, 11, 2, 3, minute, tzinfo=UTC)
                sample = server_sample(at, temperatures=(Temperature("Inlet", celsius), Temperature("CPU 1", 70.0)))
                readings.put_samples(session, [sample], {}, told_of_room(desk.site))
        spread = day_of(place(facts(desk), Origin.MEASURED, "duty-pc"), 2).temperature
        assert spread is not None
        assert (spread.low, spread.mean, spread.high, spread.count) == (22.0, 22.5, 23.0, 2)
