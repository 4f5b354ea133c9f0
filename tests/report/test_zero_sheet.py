"""The zero reports of a period stand as they stood at its end: late, missing, amended, or still to be sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dutyroom.duty.desk import Desk
from dutyroom.duty.zero_reports import amend, sign
from dutyroom.report.collect import report_of
from dutyroom.report.report import Report
from dutyroom.report.sheets.zero import zero_page
from dutyroom.rules.report_period import parse
from dutyroom.words import speaking
from tests.desks import ACTOR, PASSWORD, opened_desk

ENDS = datetime(2026, 11, 24, 7, tzinfo=UTC)
"""When the duty day of the 24th ends."""
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        yield opened


def report(desk: Desk, period: str, made_at: datetime) -> Report:
    return report_of(desk.store, desk.site, [desk.checklist], parse(period), made_at)


def figures(made: Report) -> dict[str, object]:
    return {one.name.removeprefix("zero."): one.value for one in made.zero.figures()}


def test_a_report_is_sent_in_time_or_late_or_missing_and_amended_with_its_reason(desk: Desk) -> None:
    sign(desk, ACTOR, date(2026, 11, 23), PASSWORD, ENDS - DAY - 10 * MINUTE)
    sign(desk, ACTOR, date(2026, 11, 24), PASSWORD, ENDS + 6 * 60 * MINUTE)
    amend(desk, ACTOR, date(2026, 11, 23), PASSWORD, "a call was forgotten", ENDS + 7 * 60 * MINUTE)
    made = report(desk, "2026-11-22..2026-11-24", ENDS + 8 * 60 * MINUTE)
    assert figures(made) == {"due": 3, "on_time": 1, "late": 1, "missing": 1, "amended": 1}
    page = zero_page(made)
    texts: dict[int, list[object]] = {cell.row: [] for cell in page.cells}
    for cell in page.cells:
        texts[cell.row].append(cell.value)
    first = page.rows_of["zero-day:2026-11-22"]
    assert "missing" in texts[first]
    assert texts[first + 1][-2:] == ["a call was forgotten", "zero-report:1,3"]
    assert texts[first + 2][5:8] == ["Zhang Wei", "late", 1]
    with speaking("zh_CN"):
        assert "漏报" in [cell.value for cell in zero_page(made).cells]


def test_what_was_signed_after_the_period_does_not_change_its_report(desk: Desk) -> None:
    sign(desk, ACTOR, date(2026, 11, 23), PASSWORD, ENDS - DAY)
    closed = report(desk, "2026-11-22..2026-11-23", ENDS)
    sign(desk, ACTOR, date(2026, 11, 22), PASSWORD, ENDS)
    amend(desk, ACTOR, date(2026, 11, 23), PASSWORD, "later", ENDS + MINUTE)
    again = report(desk, "2026-11-22..2026-11-23", ENDS + DAY)
    assert closed.zero == again.zero
    assert figures(again) == {"due": 2, "on_time": 1, "late": 0, "missing": 1, "amended": 0}


def test_a_duty_day_that_runs_is_not_due_yet(desk: Desk) -> None:
    made = report(desk, "2026-11-24..2026-11-25", ENDS - 60 * MINUTE)
    assert figures(made) == {"due": 0, "on_time": 0, "late": 0, "missing": 0, "amended": 0}
    assert len(made.zero.days) == 1
