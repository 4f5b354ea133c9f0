"""How a report asks the store: ten years of records cost a month's report nothing, because nothing is read through."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path

import pytest
from sqlalchemy import event

from dutyroom.report.collect import report_of
from dutyroom.rules.report_period import parse
from dutyroom.store.database import Store
from dutyroom.store.round_history import AT_ONCE
from tests.bench.kept_years import WALKS, forms, keep

GROWING = {"ledger", "entries", "hourly_polls", "hourly_readings", "readings", "amendments", "roster", "zero_reports"}
"""Tables with far more than ten thousand rows after some years, or rows as long as a page."""


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A line of SQLite's plan for each table that the report of a month asks."""
    database = tmp_path_factory.mktemp("plans") / "dutyroom.db"
    site = keep(database, date(2026, 10, 1), date(2026, 10, 2))
    store = Store.open(site.store_url, read_only=True)
    asked: list[tuple[str, object]] = []
    with store.read() as session:
        bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    report_of(store, site, forms(), parse("2026-10"), datetime(2026, 11, 1, tzinfo=UTC))
    told = asked[:]
    with store.read() as session:
        run = session.connection().exec_driver_sql
        found = [row[3] for text, given in told for row in run(f"EXPLAIN QUERY PLAN {text}", given)]  # type: ignore[arg-type]
    store.close()
    return found


def tables(plans: list[str], how: str) -> set[str]:
    """The tables that are read that way."""
    return {found[1] for plan in plans if (found := re.match(rf"{how} (\w+)", plan))}


def test_no_table_that_grows_for_years_is_read_through_for_a_month(plans: list[str]) -> None:
    assert tables(plans, "SCAN") & GROWING == set()


def test_the_tables_of_a_month_are_asked_by_their_keys(plans: list[str]) -> None:
    asked = tables(plans, "SEARCH")
    assert {"ledger", "entries", "hourly_polls", "hourly_readings", "rounds", "zero_reports"} <= asked


def test_a_period_of_more_rounds_than_are_read_at_once_has_every_answer_once_round_by_round(tmp_path: Path) -> None:
    first = date(2026, 5, 1)
    last = first + timedelta(days=AT_ONCE // len(WALKS) + 1)
    site = keep(tmp_path / "dutyroom.db", first, last)
    store = Store.open(site.store_url, read_only=True)
    made = report_of(store, site, forms(), parse(f"{first}..{last}"), datetime(2026, 11, 27, tzinfo=UTC)).rounds
    store.close()
    assert len(made.signed) > AT_ONCE
    told = [one.round_id for one in made.entries]
    assert [number for number, _some in groupby(told)] == [slot.round.id for slot in made.signed if slot.round]
    assert len({(one.round_id, *one.key) for one in made.entries}) == len(told) == 60 * len(made.signed)
