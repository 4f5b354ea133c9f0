"""Backups by day: what the watch saw of the files, what rounds say, and the worst of both; unknown stays unknown."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dutyroom.duty import amendments, walks
from dutyroom.duty.answers import Given
from dutyroom.duty.desk import Desk
from dutyroom.model.backup import Backup, BackupReason
from dutyroom.model.devices import BackupJob
from dutyroom.report.facts.backup_days import BackupResult
from dutyroom.report.page import Page
from dutyroom.report.report import Report
from dutyroom.report.sheets.backups import backups_page
from dutyroom.report.sheets.selfcheck import selfcheck_page
from dutyroom.store import backups
from dutyroom.words import speaking
from tests.desks import PASSWORD
from tests.report.backup_room import at, backup_room, walk, watch
from tests.report.round_room import SHANGHAI, ZHANG, report

OK, BAD = BackupResult.OK, BackupResult


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with backup_room(tmp_path) as opened:
        yield opened


def results(made: Report, job: str = "his-full") -> list[BackupResult]:
    """By day."""
    return [day.result for one in made.backups.jobs if one.name == job for day in one.days]


def figures(made: Report) -> dict[str, object]:
    return {one.name.removeprefix("backups."): one.value for one in made.backups.figures()}


def recounted(desk: Desk, made: Report) -> dict[str, object]:
    """The same figures by plain SQL, in a process of its own."""
    period, folder = made.frame.period, desk.store.path.parent
    jobs = [f'[[backup]]\nname = "{job.name}"\n' for job in desk.site.backups]
    jobs[0] += 'path = "x"\nmax_age = "26h"\n'
    (folder / "site.toml").write_text(f'timezone = "{SHANGHAI}"\n[site]\n{"".join(jobs)}')
    asked = (desk.store.path, folder / "site.toml", period.first, period.last, made.frame.made_at.isoformat())
    command = [sys.executable, "-m", "tests.recount", *map(str, asked)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    told = {name.removeprefix("backups."): value for name, value in json.loads(done.stdout)["figures"].items()}
    if told["last_restore_test"] is not None:
        told["last_restore_test"] = date.fromisoformat(told["last_restore_test"])
    return {name: told[name] for name in figures(made)}


NIGHTS = {f"{day:02} 02:00": 60_000_000 for day in (1, 2, 3, 5, 7, 8, 10)} | {"06 02:00": 0, "11 02:00": 10_000_000}


def test_a_day_is_well_when_the_newest_backup_was_whole_and_young_enough_at_the_last_look(desk: Desk) -> None:
    watch(desk, "01 00:30", "08 00:00", NIGHTS)
    folder = desk.store.path.parent / "dumps"
    folder.rename(folder.with_name("away"))
    watch(desk, "09 00:30", "10 00:00", {})
    folder.with_name("away").rename(folder)
    watch(desk, "10 00:30", "13 00:00", NIGHTS)
    made = report(desk, "2026-10-01..2026-10-12", at("13 00:00"))
    # No dump on the 4th, an empty one on the 6th; off on the 8th, the folder away on the 9th; a small one on the 11th.
    assert results(made) == [
        OK,
        OK,
        OK,
        BAD.OLD,
        OK,
        BAD.FAILED,
        OK,
        BAD.UNKNOWN,
        BAD.UNKNOWN,
        OK,
        BAD.PARTIAL,
        BAD.OLD,
    ]
    assert results(made, "pacs") == [BAD.UNKNOWN] * 12
    counted = figures(made)
    assert {name: counted[name] for name in ("days", "ok", "not_ok", "unknown")} == {
        "days": 24, "ok": 6, "not_ok": 4, "unknown": 14,
    }  # fmt: skip
    his = made.backups.jobs[0]
    assert (his.days[3].size, his.days[3].seen_at) == (60_000_000, at("03 03:30"))
    assert his.days[3].age_s == 44.5 * 3600
    # Of days on which nobody looked, or could look, neither is told.
    assert [(day.size, day.age_s) for day in his.days[7:9]] == [(None, None)] * 2


def test_both_counts_of_the_same_file_agree(desk: Desk) -> None:
    watch(desk, "01 00:30", "08 00:00", NIGHTS)
    for day in (2, 3, 4, 5, 9):
        walk(desk, at(f"{day:02} 08:30"), {("bak.hot", "pacs"): "partial" if day == 3 else "ok"})
    walk(desk, at("10 08:30"), {("bak.restore", "his-full"): "abnormal"})
    with desk.store.write() as session:
        backups.add(session, Backup(at("04 03:00"), BackupReason.DAILY, "/b/one.db", 5000, "ab" * 32))
        backups.add(session, Backup(at("05 03:00"), BackupReason.DAILY, "/b/two.db", trouble="disk-full"))
    made = report(desk, "2026-10-02..2026-10-10", at("20 00:00"))
    counted = figures(made)
    assert counted == recounted(desk, made)
    assert (counted["not_ok"], counted["restore_tests"], counted["restore_failed"]) == (3, 11, 1)
    assert (counted["own_made"], counted["own_failed"]) == (1, 1)
    early = report(desk, "2026-10-02..2026-10-10", at("04 12:00"))
    assert figures(early) == recounted(desk, early)


def test_an_answer_and_the_watch_are_held_together_and_the_worse_counts(desk: Desk) -> None:
    watch(desk, "01 00:30", "05 00:00", {"01 02:00": 5000, "02 02:00": 5000, "03 02:00": 5000})
    walk(desk, at("02 08:30"), {("bak.hot", "his-full"): "failed", ("bak.hot", "pacs"): "ok"})
    walk(desk, at("04 08:30"), {("bak.hot", "pacs"): "not run"})
    walk(desk, at("05 08:30"), {("bak.hot", "pacs"): "na"})
    made = report(desk, "2026-10-01..2026-10-05", at("06 00:00"))
    assert results(made) == [OK, BAD.FAILED, OK, BAD.OLD, OK]
    assert results(made, "pacs") == [BAD.UNKNOWN, OK, BAD.UNKNOWN, BAD.MISSING, BAD.UNKNOWN]
    his, pacs = made.backups.jobs
    assert [day.is_by_answers for day in his.days] == [False, False, False, False, True]
    assert [day.size for day in pacs.days] == [None, 212.5e9, None, 212.5e9, 212.5e9]


def test_a_job_that_became_too_old_in_the_day_is_bad_although_a_file_came_later(desk: Desk) -> None:
    # Every evening, but not on the 2nd: from 22:00 on it is too old, which the watch sees at half past midnight.
    watch(desk, "01 00:30", "05 00:00", {"01 20:00": 5000, "03 20:00": 5000, "04 20:00": 5000})
    made = report(desk, "2026-10-01..2026-10-04", at("06 00:00"))
    assert results(made)[1:] == [OK, BAD.OLD, OK]


def test_a_limit_that_was_made_shorter_while_the_watch_was_off_counts_from_then_on(desk: Desk) -> None:
    long = replace(desk, site=replace(desk.site, backups=(replace(desk.site.backups[0], max_age_s=99 * 3600.0),)))
    watch(long, "01 00:30", "04 00:00", {"01 02:00": 5000})
    watch(desk, "04 00:30", "06 00:00", {})
    assert results(report(desk, "2026-10-01..2026-10-05", at("06 00:00")))[3:] == [BAD.OLD, BAD.OLD]


def test_a_report_of_days_that_are_over_is_not_changed_by_what_comes_later(desk: Desk) -> None:
    watch(desk, "01 00:30", "04 12:00", {"01 02:00": 5000, "02 02:00": 5000, "03 02:00": 5000})
    first = walk(desk, at("03 08:30"), {})
    with desk.store.write() as session:
        own = backups.add(session, Backup(at("03 03:00"), BackupReason.DAILY, "/b/one.db", 5000, "ab" * 32))
    closed = report(desk, "2026-10-01..2026-10-03", at("04 12:00"))
    shown = backups_page(closed)
    watch(desk, "04 12:30", "06 00:00", {"05 02:00": 0})
    walk(desk, at("04 13:00"), {("bak.hot", "his-full"): "failed"})
    with desk.store.write() as session:
        backups.set_second(session, own.id, "/second/one.db", None)
        backups.add(session, Backup(at("04 13:00"), BackupReason.HAND, "/b/two.db", 5000, "cd" * 32))
    again = report(desk, "2026-10-01..2026-10-03", at("06 00:00"))
    assert backups_page(again) == shown
    # Only the rounds of the period itself may still change it.
    line = next(one for one in walks.load_walk(desk, first.id).lines if one.key == ("bak.hot", "his-full"))
    changes = [(line, Given("partial", "the log says so"))]
    amendments.amend_round(desk, ZHANG, first.id, 1, changes, "misread", PASSWORD, at("06 01:00"))
    assert results(report(desk, "2026-10-01..2026-10-03", at("06 00:30")))[2] is OK
    assert results(report(desk, "2026-10-01..2026-10-03", at("06 02:00")))[2] is BAD.PARTIAL


def test_a_day_that_runs_is_not_counted_and_days_before_the_first_login_are_not_told(desk: Desk) -> None:
    watch(desk, "01 00:30", "02 12:00", {"01 02:00": 5000, "02 02:00": 5000})
    made = report(desk, "2026-10", at("02 12:00"))
    assert results(made) == [OK, BAD.RUNNING]
    assert figures(made)["days"] == 2
    assert figures(report(desk, "2026-08", at("02 12:00")))["own_made"] is None
    assert report(desk, "2026-12", at("02 12:00")).backups.jobs == ()


def test_the_last_restore_test_stands_even_when_it_was_before_the_period(desk: Desk) -> None:
    walk(desk, at("01 08:30"), {("bak.restore", "pacs"): "na"})
    walk(desk, at("09 08:30"), {("bak.restore", "his-full"): "abnormal", ("bak.restore", "pacs"): "abnormal"})
    made = report(desk, "2026-10-05..2026-10-08", at("20 00:00"))
    assert figures(made)["restore_tests"] == 0
    assert (figures(made)["last_restore_test"], figures(made)["days_since_test"]) == (date(2026, 10, 1), 7)
    later = figures(report(desk, "2026-10-09..2026-10-31", at("20 00:00")))
    assert (later["restore_tests"], later["restore_failed"], later["days_since_test"]) == (0, 2, 19)


def cells(page: Page, row: int) -> list[object]:
    """The values of a row, from left to right."""
    return [one.value for one in sorted(page.cells, key=lambda one: one.column) if one.row == row]


def test_the_sheet_has_a_matrix_what_was_not_well_and_who_said_what(desk: Desk) -> None:
    watch(desk, "01 00:30", "05 00:00", {"01 02:00": 4_200_000, "02 02:00": 4_200_000, "03 02:00": 4_200_000})
    one = walk(desk, at("02 08:30"), {("bak.hot", "pacs"): "failed"})
    made = report(desk, "2026-10", at("05 08:00"))
    page = backups_page(made)
    matrix = cells(page, page.rows_of["events:his-full@2026-10-01"])
    assert matrix[:6] == ["HIS full", "✓", "✓", "✓", "O", "…"]
    assert [value for value in cells(page, page.rows_of["events:his-full@2026-10-01"] + 1) if value][:2] == [
        "size, MB", 4.2,
    ]  # fmt: skip
    texts = [cell.value for cell in page.cells]
    assert "Failed (Zhang Wei, 2026-10-02 08:30) as it was found" in texts
    assert "06:30 too old" in texts
    assert texts.count("Second copy made") == 2
    assert f"round:{one.id}" in page.rows_of
    with speaking("zh_CN"):
        said = [cell.value for cell in backups_page(made).cells]
    assert {"备份", "旧", "异地备份副本完成", "06:30 过旧"} <= {*said}
    # Of a quarter every month has a block of its own, on the same columns.
    quarter = backups_page(report(desk, "2026-Q4", at("05 08:00")))
    assert "Backups by day: 2026-10-01 to 2026-10-31" in [cell.value for cell in quarter.cells]
    assert max(one.column + one.columns - 1 for one in quarter.cells) == len(quarter.widths)


def test_of_many_jobs_the_signs_stand_together(desk: Desk) -> None:
    watch(desk, "01 00:30", "03 00:00", {"01 02:00": 20, "02 02:00": 4_200_000})
    many = (*desk.site.backups, *(BackupJob(f"job-{number}", f"Job {number}") for number in range(9)))
    page = backups_page(
        report(replace(desk, site=replace(desk.site, backups=many)), "2026-10-01..2026-10-02", at("03 00:00"))
    )
    row = page.rows_of["events:his-full@2026-10-01"]
    assert [cells(page, row + number)[0] for number in range(3)] == ["HIS full", "PACS images", "Job 0"]
    sizes = next(cell.row for cell in page.cells if cell.value == "HIS full: size, MB")
    # What is there is never shown as nothing.
    assert cells(page, sizes)[1:3] == ["<0.1", 4.2]


def test_where_nothing_is_known_of_backups_the_self_check_does_not_call_them_met(desk: Desk) -> None:
    without = replace(desk, site=replace(desk.site, backups=()))
    made = report(without, "2026-10", at("20 00:00"))
    told = figures(made)
    assert [told[name] for name in ("days", "ok", "not_ok", "unknown", "restore_tests")] == [None] * 5
    assert told["own_made"] == 0
    assert result_of(made) == "not known"
    assert any("nothing is known" in str(cell.value) for cell in backups_page(made).cells)
    # A job nobody tells anything of is no better.
    assert figures(report(desk, "2026-10", at("20 00:00")))["not_ok"] is None
    walk(desk, at("02 08:30"), {})
    assert result_of(report(desk, "2026-10-02..2026-10-02", at("20 00:00"))) == "fully met"
    # One day is known, the next is not.
    assert result_of(report(desk, "2026-10-02..2026-10-03", at("20 00:00"))) == "partly met"


def result_of(made: Report) -> object:
    """What the self-check says of backups."""
    page = selfcheck_page(made, [backups_page(made)])
    row = next(cell.row for cell in page.cells if cell.value == "Backups are made as planned and none failed.")
    return next(cell.value for cell in page.cells if (cell.row, cell.column) == (row, 6))
