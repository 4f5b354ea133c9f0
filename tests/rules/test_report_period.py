"""Periods of reports: their names, their days, and the moments at which they begin and end."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from dutyroom.rules.report_period import PeriodKind, holding, parse, stepped


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-10-05..2026-11-04", date(2026, 10, 5), date(2026, 11, 4)),
    ],
)
def test_a_period_is_found_by_its_name_and_names_itself_so(name: str, first: date, last: date) -> None:
    period = parse(name)
    assert (period.first, period.last, period.name) == (first, last, name)


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026-13", "2026-00", "2025-W53", "2026-Q5", "26", "0000-10", "2026-1", "2026-10 "),
        *("2026-10-05..2026-10-04", "2026-02-30..2026-03-01", "2010-01-01..2026-01-01"),
    ],
)
def test_what_names_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        parse(text)


def test_a_month_with_a_change_of_clocks_lasts_an_hour_more_or_less() -> None:
    zone = ZoneInfo("Europe/Berlin")
    october = parse("2026-10")
    assert october.begins_at(zone) == datetime(2026, 9, 30, 22, tzinfo=UTC)
    assert october.ends_at(zone) == datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert (october.ends_at(zone) - october.begins_at(zone)).total_seconds() == 31 * 86400 + 3600


@pytest.mark.parametrize("name", ["2026-W01", "2026-12", "2026-Q4", "2026", "2026-10-05..2026-10-11"])
def test_the_next_period_begins_the_day_after_and_one_step_back_is_where_it_began(name: str) -> None:
    period = parse(name)
    after = stepped(period, 1)
    assert (after.first - period.last).days == 1
    assert stepped(after, -1) == period


def test_the_periods_that_hold_a_day() -> None:
    day = date(2026, 11, 27)
    assert [holding(kind, day).name for kind in PeriodKind] == [
        "2026-W48",
        "2026-11",
        "2026-Q4",
        "2026",
        "2026-11-27..2026-11-27",
    ]
