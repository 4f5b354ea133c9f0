"""Outages, clocks, discharge tests and hold times of a period come out of a real store as they stood at its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from dutyroom.duty.desk import Desk
from dutyroom.duty.outages import record_gap
from dutyroom.model.facts import RuntimeBasis
from dutyroom.model.history import Reading
from dutyroom.model.hold import HoldBasis
from dutyroom.model.outage import (
    CallResult,
    EventAct,
    EventState,
    EventStep,
    Outage,
    OutageState,
    Phase,
    PhaseChange,
    PowerEvent,
)
from dutyroom.model.people import watch_actor
from dutyroom.model.reading import HoldVerdict
from dutyroom.model.runtime import Discharge, DischargePoint, RuntimeEstimate, TestState
from dutyroom.report.chart import Range
from dutyroom.report.collect import report_of
from dutyroom.report.facts.outages import OutageFacts
from dutyroom.report.page import Page
from dutyroom.report.report import Report
from dutyroom.report.sheets.outages import bars_of, outages_page
from dutyroom.report.sheets.ups_days import ups_days_page
from dutyroom.report.workbook import build, save
from dutyroom.rules.report_period import parse
from dutyroom.store import discharge_tests, discharges, outages, power_events, readings
from dutyroom.words import speaking
from tests.desks import opened_desk
from tests.recorded_discharges import keep

ENDS = datetime(2026, 10, 31, 16, tzinfo=UTC)
"""The end of October in the room."""
MADE_AT = ENDS + timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        yield opened


def fail(
    desk: Desk,
    began: datetime,
    *,
    ups: str = "ups-a",
    low_after: float | None = None,
    back_after: float | None = None,
    told: RuntimeEstimate | None = None,
) -> Outage:
    """An outage as the watch leaves it: low and mains back after so many minutes; open while mains is not back."""
    told = told or RuntimeEstimate(4200.0, RuntimeBasis.REPORTED)
    with desk.store.write() as session:
        event = power_events.running(session) or power_events.add(session, PowerEvent(began))
        one = outages.add(session, Outage(ups, event.id, began, charge_at_start_percent=100.0,
                                          estimate_at_start_s=told.seconds, estimate_basis=told.basis))  # fmt: skip
        outages.add_phase(session, PhaseChange(one.id, began, Phase.ON_BATTERY))
        kept = discharges.add(session, Discharge(ups, began, outage_id=one.id))
        discharges.add_points(session, [(kept.id, began, DischargePoint(0.0, 100.0, 31.0), told)])
        if low_after is not None:
            at = began + low_after * MINUTE
            outages.add_phase(session, PhaseChange(one.id, at, Phase.LOW, (("by", "LB"),)))
            point = DischargePoint(low_after * 60, 12.0, 33.0)
            discharges.add_points(session, [(kept.id, at, point, RuntimeEstimate())])
    if back_after is not None:
        restore(desk, one, began + back_after * MINUTE, low=low_after is not None)
    return one


def restore(desk: Desk, one: Outage, at: datetime, *, low: bool = False) -> None:
    """Mains is back and has stood."""
    with desk.store.write() as session:
        outages.add_phase(session, PhaseChange(one.id, at, Phase.RESTORED))
        lowest, load = (12.0, 32.0) if low else (80.0, 31.0)
        held_s = (at - one.began_at).total_seconds()
        outages.update(session, replace(one, state=OutageState.CLOSED, ended_at=at, lowest_charge_percent=lowest,
                                        load_percent=load, on_battery_s=held_s))  # fmt: skip
        event = power_events.get(session, one.event_id)
        assert event is not None
        power_events.update(session, replace(event, state=EventState.RESTORED, restored_at=at))


def stamp(desk: Desk, number: int, **stamps: object) -> None:
    with desk.store.write() as session:
        event = power_events.get(session, number)
        assert event is not None
        power_events.update(session, replace(event, **stamps))  # type: ignore[arg-type]


def report(desk: Desk, period: str = "2026-10", made_at: datetime = MADE_AT) -> Report:
    return report_of(desk.store, desk.site, [desk.checklist], parse(period), made_at)


def facts(desk: Desk, period: str = "2026-10", made_at: datetime = MADE_AT) -> OutageFacts:
    return report(desk, period, made_at).outages


def figures(found: OutageFacts) -> dict[str, object]:
    return {one.name.partition(".")[2]: one.value for one in found.figures()}


def test_what_was_told_at_the_start_stands_beside_what_the_battery_really_held(desk: Desk) -> None:
    began = ENDS - timedelta(days=20)
    told = RuntimeEstimate(4800.0, RuntimeBasis.REPORTED, to_low_s=3600.0)
    ran_low = fail(desk, began, low_after=40, back_after=44, told=told)
    came_back = fail(desk, began + timedelta(days=1), back_after=12)
    low, back = facts(desk).outages
    assert (low.outage.id, low.held_s, low.is_held_known, low.to_low_s) == (ran_low.id, 2400.0, True, 3600.0)
    # Low was told for after 60 minutes and came after 40.
    assert low.difference_s == -1200.0
    assert (low.proof.verdict, low.lowest_percent, low.duration_s) == (HoldVerdict.SHORT, 12.0, 2640.0)
    # Mains came back first: it held at least so long, and nothing is said about the estimate.
    assert (back.outage.id, back.held_s, back.is_held_known, back.difference_s) == (came_back.id, 720.0, False, None)
    assert back.proof.verdict is HoldVerdict.NO_EVIDENCE
    assert figures(facts(desk)) == {"count": 2, "on_battery_minutes": 56.0, "longest_minutes": 44.0,
                                    "clock_breaches": 4, "met": 0, "short": 0, "unknown": 2, "tests": 0}  # fmt: skip


def test_an_outage_over_the_end_of_the_month_runs_in_it_whatever_became_of_it_later(desk: Desk) -> None:
    one = fail(desk, ENDS - 30 * MINUTE, low_after=50)
    while_it_ran = facts(desk)
    restore(desk, one, ENDS + 90 * MINUTE, low=True)
    stamp(desk, one.event_id, contained_at=ENDS + MINUTE, contained_by="zhang")
    later = facts(desk, made_at=ENDS + timedelta(days=40))
    assert later.outages == while_it_ran.outages
    assert [one.name for one in later.events[0].clocks if one.is_late] == ["contained"]
    (found,) = later.outages
    assert (found.outage.state, found.outage.ended_at, found.in_period_s) == (OutageState.OPEN, None, 1800.0)
    assert (found.is_held_known, found.held_s, found.lowest_percent) == (False, 1800.0, 100.0)
    (rest,) = facts(desk, "2026-11", ENDS + timedelta(days=40)).outages
    # The minutes of both months are those of the outage; what it held is of the whole outage.
    assert (rest.in_period_s, rest.held_s, rest.is_held_known) == (5400.0, 3000.0, True)


def test_mains_that_is_back_for_less_than_a_minute_ends_it_at_once_and_again_in_a_later_report(desk: Desk) -> None:
    one = fail(desk, ENDS - 30 * MINUTE)
    back = ENDS - timedelta(seconds=20)
    with desk.store.write() as session:
        outages.add_phase(session, PhaseChange(one.id, back, Phase.RESTORED))
    (at_once,) = facts(desk, made_at=ENDS - timedelta(seconds=5)).outages
    assert (at_once.outage.state, at_once.outage.ended_at) == (OutageState.CLOSED, back)
    assert at_once.proof.on_battery_s == 1780.0


def test_an_outage_over_before_the_month_is_none_of_it_though_mains_had_not_stood_for_a_minute(desk: Desk) -> None:
    one = fail(desk, ENDS - 5 * MINUTE)
    back = ENDS - timedelta(seconds=20)
    with desk.store.write() as session:
        outages.add_phase(session, PhaseChange(one.id, back, Phase.RESTORED))
    # Made while mains had not stood for a minute: the watch closes the outage only then.
    at = ENDS + timedelta(seconds=30)
    assert facts(desk, "2026-11", at).outages == ()
    assert [found.in_period_s for found in facts(desk, "2026-10", at).outages] == [280.0]


def test_a_gap_is_an_outage_of_unknown_length_and_has_no_clocks(desk: Desk) -> None:
    ups, since, now = desk.site.ups[0], ENDS - timedelta(hours=9), ENDS - timedelta(hours=1)
    with desk.store.write() as session:
        record_gap(session, watch_actor("pc"), [(ups, ("charge-fell", "recharging"))], (since, now), now)
    found = facts(desk)
    assert (found.outages[0].in_period_s, found.outages[0].held_s, found.events[0].clocks) == (None, None, ())
    told = figures(found)
    assert (told["count"], told["on_battery_minutes"], told["longest_minutes"], told["clock_breaches"]) == (
        1, None, None, 0,
    )  # fmt: skip
    # It was recorded an hour before the end: a report made before that does not know it.
    assert facts(desk, made_at=now - MINUTE).outages == ()
    said = [str(cell.value) for cell in outages_page(report(desk)).cells]
    assert any("Signs: the charge fell, recharging" in text for text in said)


def test_the_clocks_calls_and_loads_of_a_power_event_are_those_before_the_cut_off(desk: Desk) -> None:
    began = ENDS - timedelta(hours=2)
    number = fail(desk, began, back_after=20).event_id
    with desk.store.write() as session:
        for minutes, act, subject, result in (
            (1, EventAct.CALLED, "boss", CallResult.NO_ANSWER),
            (4, EventAct.CALLED, "boss", CallResult.ANSWERED),
            (5, EventAct.SHED, "pacs", None),
            (9, EventAct.MAJOR, "", None),
            (130, EventAct.CALLED, "boss", CallResult.ANSWERED),
        ):
            power_events.add_step(session, EventStep(number, began + minutes * MINUTE, "zhang", act, subject, result))
    stamp(desk, number, is_major=True, contained_at=began + 4 * MINUTE, contained_by="zhang")
    stamp(desk, number, reported_at=began + 30 * MINUTE, reported_by="zhang", authority_at=began + 130 * MINUTE)
    stamp(desk, number, state=EventState.CLOSED, closing_text="The feeder.", closed_at=ENDS + MINUTE, closed_by="zhang")
    (event,) = facts(desk).events
    took = {clock.name: (clock.took_s, clock.is_late) for clock in event.clocks}
    # The authority was told in time, but after the cut-off: two hours before that it was not late yet.
    assert took == {"contained": (240.0, True), "reported": (1800.0, False), "authority": (None, False)}
    assert (event.calls, event.answered, event.shed, event.event.closing_text) == (2, 1, ("pacs",), "")
    assert event.event.state is EventState.RESTORED
    assert figures(facts(desk))["clock_breaches"] == 1
    assert figures(facts(desk, made_at=began + 8 * MINUTE))["clock_breaches"] == 1
    assert not facts(desk, made_at=began + 8 * MINUTE).events[0].event.is_major


def load_of(desk: Desk, at: datetime, *, load: float = 31.0, runtime_s: float = 25200.0, charge: float = 100.0) -> None:
    """Two readings in the hour of `at`."""
    told = {"load_percent": load, "runtime_s": runtime_s, "charge_percent": charge}
    with desk.store.write() as session:
        readings.put_history(session, [Reading("ups-a", name, at + n * MINUTE, value)
                                       for name, value in told.items() for n in (5, 45)])  # fmt: skip


def sign(desk: Desk, number: int | None, at: datetime) -> None:
    assert number is not None
    with desk.store.write() as session:
        found = discharge_tests.get(session, number)
        assert found is not None
        ended_at = found.started_at + timedelta(hours=1)
        signed = replace(found, state=TestState.SIGNED, ended_at=ended_at, signed_at=at, signed_by="zhang")
        discharge_tests.update(session, signed)


def test_a_test_signed_after_the_month_proves_nothing_in_it_and_the_old_verdict_stays(desk: Desk) -> None:
    load_of(desk, ENDS - timedelta(hours=3))
    test = keep(desk.store, "ups-a", ENDS - timedelta(days=2), hours=6.5, load=31.0, test=True)
    before, months_later = facts(desk).hold[0], ENDS + timedelta(days=60)
    sign(desk, test.test_id, ENDS + timedelta(days=1))
    assert facts(desk, made_at=months_later).hold[0] == before
    assert (before.evidence.basis, before.verdict) == (HoldBasis.REPORTED, HoldVerdict.MET)
    load_of(desk, ENDS + timedelta(days=30) - timedelta(hours=2))
    next_month = facts(desk, "2026-11", months_later).hold[0]
    assert (next_month.evidence.proof is not None, next_month.records[0]) == (True, f"discharge-test:{test.test_id}")
    # It ran in October and was signed in November: it stands in both, signed in the second.
    assert [one.state for one in facts(desk, made_at=months_later).tests] == [TestState.ENDED]
    assert figures(facts(desk, "2026-11", months_later))["tests"] == 1
    assert figures(facts(desk, "2026-12", months_later))["tests"] == 0


def test_the_smaller_of_the_proven_and_the_reported_time_decides_at_the_load_of_the_cut_off(desk: Desk) -> None:
    test = keep(desk.store, "ups-a", ENDS - timedelta(days=2), hours=5.0, load=31.0, test=True)
    sign(desk, test.test_id, ENDS - timedelta(days=1))
    load_of(desk, ENDS - timedelta(hours=2), load=31.0)
    # Later hours are of the next month.
    load_of(desk, ENDS + timedelta(hours=2), load=5.0)
    found = facts(desk).hold[0]
    assert (found.verdict, found.evidence.basis, found.load_percent) == (HoldVerdict.SHORT, HoldBasis.TEST, 31.0)
    assert found.evidence.short_by_s == pytest.approx(3600, abs=60)
    assert figures(facts(desk))["short"] == 1


def test_a_runtime_reported_a_day_ago_or_with_a_battery_that_was_not_full_proves_nothing(desk: Desk) -> None:
    load_of(desk, ENDS - timedelta(hours=26))
    assert facts(desk).hold[0].verdict is HoldVerdict.NO_EVIDENCE
    load_of(desk, ENDS - timedelta(hours=2), charge=80.0)
    assert facts(desk).hold[0].verdict is HoldVerdict.NO_EVIDENCE
    load_of(desk, ENDS - timedelta(hours=1))
    assert facts(desk).hold[0].verdict is HoldVerdict.MET


def test_a_battery_installed_after_the_month_takes_no_proof_from_the_one_before(desk: Desk) -> None:
    old = date(2025, 1, 1)
    test = keep(desk.store, "ups-a", ENDS - timedelta(days=2), hours=6.5, load=31.0, installed=old, test=True)
    sign(desk, test.test_id, ENDS - timedelta(days=1))
    load_of(desk, ENDS - timedelta(hours=2), charge=50.0)
    for installed, verdict in ((old, HoldVerdict.MET), (date(2026, 12, 1), HoldVerdict.MET),
                               (date(2026, 10, 31), HoldVerdict.NO_EVIDENCE)):  # fmt: skip
        ups = replace(desk.site.ups[0], battery_installed=installed)
        changed = replace(desk, site=replace(desk.site, ups=(ups, *desk.site.ups[1:])))
        assert facts(changed).hold[0].verdict is verdict


def test_an_outage_over_midnight_has_a_bar_on_each_day_and_no_bar_is_too_thin_to_see(desk: Desk) -> None:
    midnight = ENDS - timedelta(days=3)
    fail(desk, midnight - 90 * MINUTE, back_after=120)
    fail(desk, midnight + timedelta(hours=12), back_after=1)
    made = report(desk)
    bars = [(bar.label, bar.begin_h, bar.length_h) for bar in bars_of(made.frame, made.outages.outages)]
    assert bars == [("10-28 UPS A", 22.5, 1.5), ("10-29 UPS A", 0.0, 0.5), ("10-29 UPS A", 12.0, 0.1)]


def values_of(page: Page, cells: Range) -> list[object]:
    held = {(one.row, one.column): one.value for one in page.cells}
    return [held.get((row, cells.first_column)) for row in range(cells.first_row, cells.last_row + 1)]


def test_the_charts_draw_the_rows_of_the_sheet_and_every_record_has_its_row(desk: Desk, tmp_path: Path) -> None:
    one = fail(desk, ENDS - timedelta(days=20), low_after=40, back_after=44)
    load_of(desk, ENDS - timedelta(hours=3), load=29.0)
    load_of(desk, ENDS - timedelta(hours=2), load=35.0, runtime_s=18000.0)
    made = report(desk)
    page = outages_page(made)
    (timeline,) = page.charts
    days = ups_days_page(made)
    load, runtime = days.charts
    assert [values_of(page, series.values) for series in timeline.series] == [[0.0], [0.733]]
    assert values_of(days, load.series[0].values)[-1] == 32.0
    assert values_of(days, load.series[0].values)[:-1] == [None] * 30
    assert values_of(days, load.categories) == [date(2026, 10, day) for day in range(1, 32)]
    assert [(series.name, values_of(days, series.values)[-1]) for series in runtime.series] == [
        ("UPS A", 300.0), ("UPS B", None), ("required 6 h", 360.0), ("required 3 h", 180.0),
    ]  # fmt: skip
    at = {(cell.row, cell.column): cell.value for cell in page.cells}
    row = page.rows_of[f"outage:{one.id}"]
    assert at[row, 2] == "UPS A"
    assert at[row, len(page.widths)] == f"outage:{one.id}"
    assert at[page.rows_of[f"power-event:{one.event_id}"], 16] == "–"
    for language in ("en", "zh_CN"):
        with speaking(language):
            book = build((outages_page(made),), made.frame.zone, "Hospital", made.frame.made_at)
            path = save(book, tmp_path / f"{language}.xlsx")
        sheet, parts = load_workbook(path).worksheets[0], ZipFile(path).namelist()
        assert (sheet.cell(row, 6).value, sheet.cell(row, 14).value) == (44, 40)
        assert sum(part.startswith("xl/charts/") for part in parts) == 1


def test_a_long_period_leaves_out_days_on_which_no_ups_told_anything(desk: Desk) -> None:
    load_of(desk, ENDS - timedelta(days=20, hours=3), load=29.0)
    load_of(desk, ENDS - timedelta(hours=3), load=29.0)
    page = ups_days_page(report(desk, "2026-09-01..2026-10-31"))
    load, _runtime = page.charts
    days = [(9, 1), (10, 10), (10, 11), (10, 12), (10, 30), (10, 31)]
    assert values_of(page, load.categories) == [date(2026, *day) for day in days]
    assert [values_of(page, series.values) for series in load.series] == [
        [None, None, 29.0, None, None, 29.0], [None] * 6,
    ]  # fmt: skip
    assert any(str(cell.value).startswith("Not listed: 110 rows of days") for cell in page.cells)


def test_a_month_without_anything_says_so(desk: Desk) -> None:
    found = facts(desk)
    assert figures(found) == {"count": 0, "on_battery_minutes": 0.0, "longest_minutes": None, "clock_breaches": 0,
                              "met": 0, "short": 0, "unknown": 2, "tests": 0}  # fmt: skip
    assert facts(desk, "2027-10").hold == ()
    page = outages_page(report(desk))
    assert page.charts == ()
    said = [cell.value for cell in page.cells]
    assert "No outage. Hold time without evidence: UPS A, UPS B." in said
    assert said.count("None in this period.") == 3
    assert outages_page(report(desk, "2027-10")).breaks == ()
    assert "None in this period." in [cell.value for cell in ups_days_page(report(desk, "2027-10")).cells]
