"""Findings of a period stand as they stood at its end, whatever happened afterwards; the sheet says so in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dutyroom.duty import findings, rounds
from dutyroom.duty.answer_findings import link_new
from dutyroom.duty.answering import record_answer
from dutyroom.duty.answers import Given
from dutyroom.duty.desk import Desk
from dutyroom.duty.operators import add_operator
from dutyroom.duty.walks import load_walk
from dutyroom.model.finding import FindingState, FindingStep, Severity
from dutyroom.model.people import Actor, Role
from dutyroom.model.self_check import CheckResult, CheckSheet
from dutyroom.report.collect import report_of
from dutyroom.report.facts.findings import FindingFact
from dutyroom.report.page import Page
from dutyroom.report.report import Report
from dutyroom.report.self_check_lines import lines_of
from dutyroom.report.sheets.findings import findings_page
from dutyroom.rules.report_period import parse
from dutyroom.store import findings as stored
from dutyroom.words import speaking
from tests.desks import ACTOR, ADMIN, NOW, PASSWORD, opened_desk

LEAD = Actor("li", Role.LEAD, "test")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ENDS = datetime(2026, 11, 30, 16, tzinfo=UTC)
"""Midnight in the room after the last of November."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        add_operator(opened.store, ADMIN, "li", "Li Na", Role.LEAD, PASSWORD, NOW - 50 * DAY)
        yield opened


def november(desk: Desk, made_at: datetime = ENDS + 10 * DAY, period: str = "2026-11") -> Report:
    return report_of(desk.store, desk.site, [desk.checklist], parse(period), made_at)


def figures(report: Report) -> dict[str, object]:
    return {one.name.removeprefix("findings."): one.value for one in report.findings.figures()}


def fact(report: Report, number: int) -> FindingFact:
    return next(one for one in report.findings.found if one.finding.id == number)


def shown(page: Page, number: int) -> dict[str, object]:
    """By head what the row of a finding shows."""
    row = page.rows_of[f"finding:{number}"]
    head = row - 1
    while not any(cell.row == head and cell.look == "head" for cell in page.cells):
        head -= 1
    heads = {cell.column: str(cell.value) for cell in page.cells if cell.row == head}
    return {heads[cell.column]: cell.value for cell in page.cells if cell.row == row}


def found(desk: Desk, at: datetime, severity: Severity = Severity.OTHER) -> int:
    return findings.find(desk, ACTOR, severity, "Water under rack 4", at, device="core-1", assignee="zhang").id


def test_a_finding_verified_after_the_period_is_not_verified_in_its_report(desk: Desk) -> None:
    number = found(desk, NOW)
    findings.done(desk, ACTOR, number, "pipe mended", NOW + 2 * DAY)
    before = november(desk)
    findings.return_to_work(desk, LEAD, number, "wet again", ENDS + HOUR)
    findings.assign(desk, LEAD, number, "li", ENDS + 2 * HOUR, "li has time", ENDS + 20 * DAY)
    findings.rate(desk, LEAD, number, Severity.MAJOR, "over the cables", ENDS + 3 * HOUR)
    findings.done(desk, LEAD, number, "new pipe", ENDS + DAY)
    findings.verify(desk, ACTOR, number, ENDS + 2 * DAY)
    after = november(desk)
    assert after.findings == before.findings
    row = shown(findings_page(after), number)
    assert row["State"] == "done, not verified"
    assert (row["Measure taken"], row["Verified at, by"]) == ("pipe mended", "")
    assert str(row["Done at, by"]).split("\n")[1:] == ["Zhang Wei"]
    assert (row["Responsible"], row["Class"], row["Days over"]) == ("Zhang Wei", "other", None)
    assert figures(after) == {
        "found": 1,
        "verified": 0,
        "open": 1,
        "overdue": 0,
        "major": 0,
        "clock_breaches": 0,
        "median_days": 2.0,
    }
    december = november(desk, period="2026-12")
    # The clocks of its new class run from the moment it was found: they were over when the lead raised it.
    assert figures(december) == {
        "found": 0,
        "verified": 1,
        "open": 0,
        "overdue": 0,
        "major": 1,
        "clock_breaches": 3,
        "median_days": 7.64,
    }
    assert fact(december, number).finding.state is FindingState.VERIFIED


def test_what_is_not_done_at_the_end_of_its_deadline_is_overdue_by_whole_days(desk: Desk) -> None:
    number, known = found(desk, NOW - 10 * DAY), found(desk, NOW - 9 * DAY)
    findings.know(desk, LEAD, known, "works", "roof", NOW + 20 * DAY, NOW - 8 * DAY)
    report = november(desk, NOW)
    assert figures(report) | {"median_days": None} == figures(report)
    assert figures(report)["overdue"] == 1
    row = shown(findings_page(report), number)
    assert (row["State"], row["Days over"]) == ("to do, overdue", 3)
    assert shown(findings_page(report), known)["State"] == "to do, known fault until 2026-12-14"
    assert shown(findings_page(report), known)["Measure taken"] == "known fault of works: roof"
    with speaking("zh_CN"):
        page = findings_page(report)
        assert "未闭环 2 项，其中逾期 1 项。" in [cell.value for cell in page.cells]


def test_a_finding_counts_in_the_period_in_which_it_was_put_on_record_and_stays_until_it_is_over(desk: Desk) -> None:
    old, new, withdrawn = found(desk, NOW - 30 * DAY), found(desk, NOW), found(desk, NOW)
    findings.withdraw(desk, ACTOR, withdrawn, "none", NOW + HOUR)
    later = found(desk, ENDS + HOUR)
    report = november(desk)
    assert [one.finding.id for one in report.findings.found] == [old, new]
    assert figures(report)["found"] == 1
    assert figures(report)["open"] == 2
    assert later not in [one.finding.id for one in report.findings.found]
    assert [one.finding.id for one in november(desk, period="2026-10").findings.found] == [old]


def test_an_answer_outside_its_limit_shows_its_value_the_limit_it_was_judged_by_and_its_place(desk: Desk) -> None:
    walk = rounds.start_round(desk, ACTOR, NOW)
    line = next(one for one in walk.lines if one.item.id == "env.temp.cold")
    entry = record_answer(desk, ACTOR, walk.round.id, line, Given("31", "door open"), NOW)
    assert entry is not None
    number = link_new(desk, ACTOR, load_walk(desk, walk.round.id).entries[line.key], NOW)[1].id
    report = november(desk)
    page = findings_page(report)
    row = shown(page, number)
    assert (row["Value, limit"], row["What is wrong"]) == ("31 °C\n18–27 °C", "door open")
    assert row["Area, item, device"] == "Environment: Rack-inlet / cold-aisle temperature"
    assert row["Records"] == f"finding:{number} finding-step:1"
    other = replace(report, findings=replace(report.findings, found=()))
    assert "None in this period." in [cell.value for cell in findings_page(other).cells]


def handled(report: Report) -> CheckResult:
    """What the self-check says of security events."""
    return next(one.result for one in lines_of(report, CheckSheet.SELF_CHECK) if one.row.id == "events.handled")


def test_a_clock_stopped_at_its_last_second_is_kept_and_one_stopped_a_second_later_is_not(desk: Desk) -> None:
    kept, late, _none = (found(desk, NOW, one) for one in (Severity.CRITICAL, Severity.CRITICAL, Severity.OTHER))
    second = timedelta(seconds=1)
    findings.contain(desk, ACTOR, kept, NOW + 3 * MINUTE)
    findings.contain(desk, ACTOR, late, NOW + 3 * MINUTE + second)
    for number in (kept, late):
        findings.report(desk, ACTOR, number, NOW + 30 * MINUTE)
    report = november(desk)
    assert figures(report)["clock_breaches"] == 1
    (figure,) = (one for one in report.findings.figures() if one.name == "findings.clock_breaches")
    assert (figure.records, figure.is_bad) == ((f"finding:{late}",), True)
    page = findings_page(report)
    assert [shown(page, number)["Clocks"] for number in (kept, late, _none)] == [
        "✓ contained 3 m\n✓ reported 30 m",
        "✗ contained 3 m\n✓ reported 30 m",
        "–",
    ]


def test_the_self_check_does_not_call_events_handled_while_a_clock_of_a_finding_was_not_met(desk: Desk) -> None:
    number = found(desk, NOW, Severity.CRITICAL)
    findings.contain(desk, ACTOR, number, NOW + 2 * MINUTE)
    findings.report(desk, ACTOR, number, NOW + 9 * MINUTE)
    assert handled(november(desk)) is CheckResult.MET
    found(desk, NOW + HOUR, Severity.CRITICAL)
    assert figures(november(desk))["clock_breaches"] == 2
    assert handled(november(desk)) is CheckResult.NOT_MET


def test_a_clock_that_still_runs_at_the_cutoff_counts_in_the_period_in_which_it_becomes_late(desk: Desk) -> None:
    number = found(desk, ENDS - 2 * MINUTE, Severity.MAJOR)
    november_before = november(desk)
    findings.contain(desk, ACTOR, number, ENDS + 2 * MINUTE)
    findings.report(desk, ACTOR, number, ENDS + 20 * MINUTE)
    assert figures(november(desk))["clock_breaches"] == 0
    assert november(desk).findings == november_before.findings
    row = shown(findings_page(november(desk)), number)
    assert row["Clocks"] == "… not contained\n… not reported\n… authority not told"
    december = november(desk, ENDS + 4 * HOUR - 2 * MINUTE, "2026-12")
    assert fact(december, number).breaches == (FindingStep.CONTAINED,)
    assert shown(findings_page(december), number)["Clocks"] == (
        "✗ contained 4 m\n✓ reported 22 m\n… authority not told"
    )
    later = november(desk, ENDS + 4 * HOUR, "2026-12")
    assert fact(later, number).breaches == (FindingStep.CONTAINED, FindingStep.AUTHORITY)


def test_a_clock_that_was_late_before_the_period_is_shown_and_not_counted_again(desk: Desk) -> None:
    number = found(desk, ENDS - HOUR, Severity.CRITICAL)
    assert figures(november(desk))["clock_breaches"] == 2
    findings.contain(desk, ACTOR, number, ENDS + HOUR)
    assert figures(november(desk))["clock_breaches"] == 2
    december = november(desk, period="2026-12")
    assert figures(december)["clock_breaches"] == 0
    assert shown(findings_page(december), number)["Clocks"] == "✗ contained 2 h 00 m\n✗ not reported"
    quarter = november(desk, period="2026-Q4")
    assert figures(quarter)["clock_breaches"] == 2


def test_what_planned_maintenance_explains_has_no_clocks_in_the_report(desk: Desk) -> None:
    number = found(desk, NOW, Severity.CRITICAL)
    with desk.store.write() as session:
        one = stored.get(session, number)
        assert one is not None
        stored.update(session, replace(one, silenced_by=1))
    report = november(desk)
    assert figures(report)["clock_breaches"] == 0
    assert shown(findings_page(report), number)["Clocks"] == "–"
