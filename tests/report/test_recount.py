"""The report against a second count of the same file: another program, written from the definitions alone."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from dutyroom.demo.history import Simulation, fill_days
from dutyroom.demo.room import Room
from dutyroom.duty.operators import add_operator
from dutyroom.model.people import Role
from dutyroom.report.key_figures import all_figures
from dutyroom.report.report import Report
from tests.desks import ADMIN, NOW, PASSWORD, opened_desk
from tests.report.round_room import report

DAYS = 12
COUNTED = (
    "rounds.due",
    "rounds.signed",
    "rounds.on_time",
    "rounds.late",
    "rounds.back_filled",
    "rounds.skipped",
    "rounds.missed",
    "rounds.completion",
    "rounds.on_time_rate",
    "answers.abnormal",
    "answers.unknown",
    "findings.found",
    "findings.verified",
    "findings.open",
    "findings.overdue",
    "outages.count",
    "outages.on_battery_minutes",
    "outages.longest_minutes",
    "zero.on_time",
    "zero.late",
    "zero.amended",
    "zero.due",
    "zero.missing",
    "environment.days_typed",
    "environment.days_measured",
    "environment.lowest_temperature",
    "environment.highest_temperature",
)


class Counted(NamedTuple):
    """The file, its report, and how the recount is asked for the same."""

    database: Path
    report: Report
    asked: tuple[str, ...]

    def again(self, database: Path) -> dict[str, Any]:
        """The recount of a file, by a process of its own."""
        command = [sys.executable, "-m", "tests.recount", str(database), *self.asked]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        found: dict[str, Any] = json.loads(done.stdout)
        return found


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counted]:
    """Twelve days with one of nearly everything; the newest two are after the period."""
    folder = tmp_path_factory.mktemp("counted")
    with opened_desk(folder) as desk:
        add_operator(desk.store, ADMIN, "lead", "Lead", Role.LEAD, PASSWORD, NOW - timedelta(days=50))
        fill_days(desk, Simulation(Room(3), NOW), (("lead", PASSWORD), ("zhang", PASSWORD)), DAYS, 3, NOW)
        first, last = (NOW - timedelta(days=DAYS - 1)).date(), (NOW - timedelta(days=2)).date()
        made = report(desk, f"{first}..{last}", NOW)
        zone = str(desk.site.timezone)
        yield Counted(folder / "dutyroom.db", made, (str(first), str(last), zone, NOW.isoformat()))


def differing(made: Report, again: dict[str, Any]) -> dict[str, tuple[object, object]]:
    """The figures in which the two counts differ, with both values; what only one of them has differs."""
    figures = {one.name: one.value for one in all_figures(made)}
    pairs: dict[str, tuple[Any, Any]] = {name: (figures.get(name, "none"), again[name]) for name in COUNTED}
    for one in made.availability.sources:
        told = again["availability"].get(one.source, {})
        found = one.found
        for name, value in (
            ("up", found.up_s),
            ("down", found.down_s),
            ("planned", found.planned_s),
            ("unknown", found.unknown_s),
            ("times_down", found.times_down),
            ("longest_s", found.longest_s),
            ("availability", found.share),
        ):
            if told or found.counted_s:
                pairs[f"{one.source} {name}"] = value, told.get(name, "none")
    ledger = made.ledger
    pairs["ledger first"] = [ledger.first_seq, ledger.first_hash], again["ledger"]["first"]
    pairs["ledger last"] = [ledger.last_seq, ledger.last_hash], again["ledger"]["last"]
    return {name: both for name, both in pairs.items() if not _same(*both)}


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, int | float):
        return one == pytest.approx(other)
    return one == other


def test_every_figure_is_what_a_program_counts_that_shares_nothing_with_the_report(counted: Counted) -> None:
    again = counted.again(counted.database)
    assert differing(counted.report, again) == {}
    # A comparison of noughts would prove nothing.
    few = ("rounds.signed", "answers.abnormal", "findings.found", "outages.count", "zero.on_time")
    assert all(again[name] for name in few), again
    assert any(one["down"] for one in again["availability"].values())


@pytest.mark.parametrize(
    ("change", "shows"),
    [
        ("UPDATE rounds SET state = 'missed' WHERE id = {signed}", "rounds.signed"),
        ("UPDATE entries SET verdict = 'unknown' WHERE round_id = {signed} AND item = 'acc.door'", "answers.unknown"),
        ("UPDATE outage_phases SET at = datetime(at, '+5 minutes') WHERE id = {phase}", "outages.on_battery_minutes"),
        ("DELETE FROM silences WHERE (source, began_s) IN (VALUES {silence})", " down"),
    ],
)
def test_one_changed_row_shows(counted: Counted, tmp_path: Path, change: str, shows: str) -> None:
    changed = tmp_path / "changed.db"
    with closing(sqlite3.connect(counted.database)) as source, closing(sqlite3.connect(changed)) as copy:
        source.backup(copy)
        for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            copy.execute(f'DROP TRIGGER "{name}"')
        between = f"BETWEEN '{counted.asked[0]}' AND '{counted.asked[1]}'"
        of_a = {
            "signed": f"SELECT min(id) FROM rounds WHERE state IN ('signed', 'approved') AND due_on {between}",
            "phase": f"SELECT min(id) FROM outage_phases WHERE phase = 'restored' AND date(at) {between}",
            "silence": "SELECT '(' || quote(source) || ', ' || began_s || ')' FROM silences"
            f" WHERE cause = 'failed' AND polls > 1 AND date(began_s, 'unixepoch', '+8 hours') {between}",
        }
        rows = {name: copy.execute(query).fetchone()[0] for name, query in of_a.items()}
        number = copy.execute(change.format(**rows)).rowcount
        copy.commit()
    assert number == 1
    found = differing(counted.report, counted.again(changed))
    assert any(name.endswith(shows) for name in found), found
