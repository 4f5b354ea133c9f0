"""The report against a second count of the same file: another program, written from the definitions alone."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from dutyroom.model.self_check import CheckSheet
from dutyroom.report.book import export
from dutyroom.report.inspection_figures import inspection_figures
from dutyroom.report.key_figures import all_figures
from dutyroom.report.report import Report
from dutyroom.report.self_check_lines import lines_of
from tests.report.quarter import ELSEWHERE, HERE, NOW, opened, quarter
from tests.report.round_room import report

PERIODS = {
    "2026-Q4": NOW,
    "2026-10": NOW,
    "2026-W43": NOW,
    "2027-W01": NOW,
    "2027-02": NOW,
    "2026-12": datetime.fromisoformat("2026-12-18T05:20:00+00:00"),
    "2026-10-05..2026-11-04": datetime.fromisoformat("2026-10-22T03:58:00+00:00"),
}
"""Whole ones, one that runs, one to come, and two as they stood in their midst, in a discharge test and in an outage.

What came later is not to be seen in them.
"""
PROVING = (
    *(f"rounds.{state}" for state in ("on_time", "late", "back_filled", "skipped", "missed", "pending")),
    *("answers.abnormal", "findings.verified", "findings.open", "findings.overdue", "findings.median_days"),
    *("findings.major", "findings.clock_breaches"),
    *("zero.on_time", "zero.late", "zero.missing", "zero.amended", "outages.longest_minutes", "outages.clock_breaches"),
    *("outages.tests", "hold.met", "hold.short", "availability.times_down", "availability.unknown"),
    *("availability.never", "environment.hours_outside", "environment.days_measured", "environment.days_typed"),
    *("inspection.days_covered", "inspection.registered", "inspection.password_days", "checked.ups", "abnormal.ups"),
)
"""What must not be nought in the quarter for the comparison to prove anything."""
OCTOBER = "BETWEEN '2026-10-01' AND '2026-10-31'"
CHANGES = {
    "rounds.signed": f"UPDATE rounds SET signed_at = NULL WHERE id = (SELECT min(id) FROM rounds WHERE"
    f" state IN ('signed', 'approved') AND due_on {OCTOBER})",
    "answers.unknown": f"UPDATE entries SET verdict = 'unknown' WHERE item = 'acc.door' AND round_id = (SELECT min(id)"
    f" FROM rounds WHERE state IN ('signed', 'approved') AND due_on {OCTOBER})",
    "environment.highest_temperature": "UPDATE entries SET value = 44.4 WHERE item = 'env.temp.room' AND round_id ="
    f" (SELECT min(id) FROM rounds WHERE state IN ('signed', 'approved') AND marks = '' AND due_on {OCTOBER})",
    "environment.hours_outside": "UPDATE hourly_readings SET total = 40.0 * count WHERE series_id ="
    " (SELECT id FROM series WHERE quantity = 'ambient_temperature_c')"
    " AND hour_s = unixepoch('2026-10-18 18:00:00')",
    "findings.median_days": "UPDATE finding_steps SET at = datetime(at, '-12 hours') WHERE step = 'done'"
    f" AND date(at) {OCTOBER}",
    "findings.clock_breaches": "UPDATE finding_steps SET at = datetime(at, '+9 minutes') WHERE step = 'contained'"
    f" AND date(at) {OCTOBER}",
    "findings.overdue": "UPDATE findings SET deadline = '2027-10-01 00:00:00.000000' WHERE id = (SELECT min(id) FROM"
    f" findings WHERE state = 'open' AND deadline {OCTOBER} AND known_until IS NULL)",
    "zero.late": f"UPDATE zero_reports SET is_late = 1 WHERE id = (SELECT min(id) FROM zero_reports WHERE duty_day"
    f" {OCTOBER})",
    "outages.on_battery_minutes": "UPDATE outage_phases SET at = datetime(at, '+5 minutes') WHERE id = (SELECT min(id)"
    f" FROM outage_phases WHERE phase = 'restored' AND date(at) {OCTOBER})",
    "outages.clock_breaches": "UPDATE power_events SET contained_at = datetime(began_at, '+4 minutes') WHERE id ="
    f" (SELECT min(event_id) FROM outages WHERE state = 'closed' AND date(began_at) {OCTOBER})",
    "hold.met": "UPDATE hourly_readings SET low = 60.0 WHERE (series_id, hour_s) = (SELECT series_id, max(hour_s) FROM"
    " hourly_readings JOIN series ON id = series_id WHERE source = 'ups-a' AND quantity = 'runtime_s'"
    " AND hour_s + 3600 <= unixepoch('2026-10-31 16:00:00'))",
    "availability.times_down": "DELETE FROM silences WHERE (source, began_s) = (SELECT source, began_s FROM silences"
    f" WHERE cause = 'failed' AND polls > 1 AND date(began_s, 'unixepoch') {OCTOBER} LIMIT 1)",
    "backups.not_ok": "UPDATE entries SET answer = 'failed', verdict = 'fault' WHERE item = 'bak.hot' AND round_id ="
    f" (SELECT max(id) FROM rounds WHERE state IN ('signed', 'approved') AND due_on {OCTOBER})",
    "audit.amendments": f"DELETE FROM amendments WHERE id = (SELECT min(id) FROM amendments WHERE date(at) {OCTOBER})",
    "inspection.days_covered": "DELETE FROM roster WHERE day = '2026-10-13'",
    "ledger last": f"UPDATE ledger SET hash = 'another' WHERE date(at, '+8 hours') {OCTOBER}",
}
"""What shows, and the change of the file."""
EVERY_SHEET = {
    *("Cover", "Completion", "Abnormal answers", "Findings and rectification", "UPS outages and hold time"),
    *("Availability", "Downtimes", "Environment", "Readings", "Zero reports", "Self-check"),
    *("UPS load and runtime by day", "Backups", "Audit"),
}
"""With records in all of them."""


class Counted(NamedTuple):
    """The file, and what a report of it is asked for."""

    folder: Path
    site: str = HERE

    def report(self, period: str) -> Report:
        """What dutyroom counts."""
        with opened(self.folder, self.site) as desk:
            return report(desk, period, PERIODS[period])

    def again(self, made: Report, database: Path | None = None, workbook: Path | None = None) -> dict[str, Any]:
        """What the recount says of that file, or of a copy of it, and of a workbook, by a process of its own."""
        period = made.frame.period
        file, site = database or self.folder / "dutyroom.db", self.folder / self.site
        asked = (file, site, period.first, period.last, made.frame.made_at.isoformat())
        command = [sys.executable, "-m", "tests.recount", *map(str, asked), *([str(workbook)] if workbook else [])]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counted]:
    """The quarter, shared by all processes that run tests of it."""
    base = tmp_path_factory.getbasetemp()
    with quarter(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) as folder:
        yield Counted(folder)


def differing(made: Report, again: dict[str, Any]) -> dict[str, tuple[object, object]]:
    """Where the two counts differ, with both values. A figure that only one of them has differs."""
    told: dict[str, object] = {one.name: one.value for one in (*all_figures(made), *inspection_figures(made))}
    told |= {f"row {one.row.id}": one.result.value for sheet in CheckSheet for one in lines_of(made, sheet)}
    ledger = made.ledger
    told |= {"ledger first": [ledger.first_seq, ledger.first_hash], "ledger last": [ledger.last_seq, ledger.last_hash]}
    other: dict[str, object] = {
        **again["figures"],
        **{f"row {name}": result for name, result in again["self_check"].items()},
        **{f"ledger {name}": line for name, line in again["ledger"].items()},
    }
    pairs = {name: (told.get(name, "no such figure"), other.get(name, "no recount")) for name in {*told, *other}}
    return {name: both for name, both in pairs.items() if not _same(*both)}


def _same(one: object, other: object) -> bool:
    if isinstance(one, date):
        return one.isoformat() == other
    if isinstance(one, float) and isinstance(other, int | float):
        return one == pytest.approx(other)
    return one == other


@pytest.mark.parametrize("period", PERIODS)
def test_every_figure_is_what_a_program_counts_that_shares_nothing_with_the_report(
    counted: Counted, period: str
) -> None:
    made = counted.report(period)
    assert differing(made, counted.again(made)) == {}


def test_the_quarter_has_one_of_nearly_everything(counted: Counted) -> None:
    # A comparison of noughts would prove nothing.
    made = counted.report("2026-Q4")
    told = {one.name: one.value for one in (*all_figures(made), *inspection_figures(made))}
    assert [name for name in PROVING if not told[name]] == []


@pytest.mark.parametrize("shows", CHANGES)
def test_a_changed_row_shows(counted: Counted, tmp_path: Path, shows: str) -> None:
    changed = with_changes(counted, tmp_path, CHANGES[shows])
    made = counted.report("2026-10")
    found = differing(made, counted.again(made, changed))
    assert shows in found, found


def with_changes(counted: Counted, folder: Path, *changes: str) -> Path:
    """A copy of the file in which rows were changed by hand."""
    changed = folder / "changed.db"
    with closing(sqlite3.connect(counted.folder / "dutyroom.db")) as source, closing(sqlite3.connect(changed)) as copy:
        source.backup(copy)
        for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            copy.execute(f'DROP TRIGGER "{name}"')
        for change in changes:
            assert copy.execute(change).rowcount >= 1, change
        copy.commit()
    return changed


@pytest.mark.parametrize("period", ["2026-Q4", "2026-10", "2026-W43", "2026-10-05..2026-11-04"])
def test_the_cells_of_an_exported_workbook_are_what_that_program_counts(
    counted: Counted, tmp_path: Path, period: str
) -> None:
    made = counted.report(period)
    told = counted.again(made, workbook=export(made, tmp_path / "period.xlsx", "en"))
    sheets = told["sheets"]
    assert {title: one["differing"] for title, one in sheets.items() if one["differing"]} == {}
    assert {title for title, one in sheets.items() if one["compared"]} >= EVERY_SHEET
    assert all(sheets[title]["records"] for title in EVERY_SHEET)
    assert not {"dutyroom", "screens", "sqlalchemy"} & {*told["modules"]}


def test_changed_clocks_shifts_and_stricter_evidence_are_counted_alike(counted: Counted, tmp_path: Path) -> None:
    elsewhere = counted._replace(site=ELSEWHERE)
    made = elsewhere.report("2026-10")
    told = elsewhere.again(made, workbook=export(made, tmp_path / "period.xlsx", "en"))
    assert differing(made, told) == {}
    assert {title: one["differing"] for title, one in told["sheets"].items() if one["differing"]} == {}
    # 31 days of 24 hours, and the hour that came twice.
    assert sum(day.hours_of_day for day in made.outages.days if day.ups == "ups-a") == 31 * 24 + 1


def test_changed_rows_show_on_every_sheet(counted: Counted, tmp_path: Path) -> None:
    made = counted.report("2026-10")
    workbook = export(made, tmp_path / "period.xlsx", "en")
    changed = with_changes(counted, tmp_path, *CHANGES.values(), "DELETE FROM finding_steps WHERE id = 3")
    sheets = counted.again(made, changed, workbook)["sheets"]
    assert [title for title in (*EVERY_SHEET, "Items by day") if not sheets[title]["differing"]] == []
    assert "no such record: finding-step:3" in sheets["Findings and rectification"]["differing"]
