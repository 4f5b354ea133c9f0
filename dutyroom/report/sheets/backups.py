"""Sheet 8: backups by day and job, what was not well, restore tests, other answers, the backups of this store."""

from __future__ import annotations

from dutyroom.report.facts.backup_days import BackupResult
from dutyroom.report.facts.backups import BackupFacts
from dutyroom.report.page import Page
from dutyroom.report.report import Report
from dutyroom.report.sentences import joined
from dutyroom.report.sheets.backup_matrix import GRID, matrix_tables
from dutyroom.report.sheets.backup_tables import (
    Answers,
    jobs_table,
    not_well_table,
    others_table,
    own_table,
    tests_table,
)
from dutyroom.report.tables_page import tables_page
from dutyroom.words import _


def backups_page(report: Report) -> Page:
    """The sheet in the language in force; every row names its records."""
    facts, answers = report.backups, Answers(report)
    explained = _(
        "A day of a job is well when the newest backup was whole and young enough at the last look of the watch, or "
        "when a round said so; the worst of both counts. Of a day nothing is on record of nothing is known. Days that "
        "are not over are not counted. Times in {zone}."
    ).format(zone=report.frame.zone.key)
    tables = [*matrix_tables(report.frame, facts.jobs), jobs_table(facts.jobs)]
    tables += [not_well_table(report, facts, answers), tests_table(report, facts, answers)]
    tables += [others_table(facts, answers), own_table(facts)]
    placed = tables_page(
        "backups",
        _("Backups"),
        explained,
        GRID,
        tables,
        lines=[(_sentence(facts), "sentence")],
        figures=facts.figures(),
    )
    return placed.page


def _sentence(facts: BackupFacts) -> str:
    if not facts.is_known:
        return _("No backup job is in the site file, and no round asked about backups: nothing is known.")
    told = []
    if days := facts.days:
        counts = {result: sum(one.result is result for one in days) for result in BackupResult}
        told.append(
            _("Backups by day and job: {well} of {all} well, {bad} not well, {unknown} not known.").format(
                well=counts[BackupResult.OK],
                all=len(days),
                bad=sum(number for result, number in counts.items() if result.is_bad),
                unknown=counts[BackupResult.UNKNOWN],
            )
        )
    if facts.last_test is None:
        told.append(_("No restore test is on record."))
    else:
        on = facts.last_test.round.due_on.isoformat()
        told.append(_("Last restore test: {day}, {n} days before the end.").format(day=on, n=facts.days_since_test))
    return joined(told)
