"""The workbook's list of findings: real findings of a real store, read back from the file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dutyroom.duty import findings
from dutyroom.duty.operators import add_operator
from dutyroom.model.finding import Finding, FindingOrigin, Severity
from dutyroom.model.people import Actor, Role
from dutyroom.report.export import export_month
from dutyroom.report.finding_list import days_over
from dutyroom.report.gather import month_records
from tests.desks import ACTOR, ADMIN, NOW, PASSWORD, opened_desk

LEAD, DAY = Actor("li", Role.LEAD, "test"), timedelta(days=1)


@pytest.mark.parametrize(("language", "sheet"), [("en", "Findings"), ("zh_CN", "隐患")])
def test_every_finding_of_the_month_stands_in_the_workbook_once(tmp_path: Path, language: str, sheet: str) -> None:
    before = NOW - 40 * DAY
    with opened_desk(tmp_path) as desk:
        add_operator(desk.store, ADMIN, "li", "Li Na", Role.LEAD, PASSWORD, before)
        old_over = findings.find(desk, ACTOR, Severity.OTHER, "over long ago", before)
        findings.done(desk, ACTOR, old_over.id, "done", before)
        findings.verify(desk, LEAD, old_over.id, before)
        findings.find(desk, ACTOR, Severity.OTHER, "open for long", before, assignee="li")
        new = findings.find(desk, ACTOR, Severity.CRITICAL, "=HYPERLINK(1)", NOW - 3 * DAY, device="ups-a")
        findings.done(desk, ACTOR, new.id, "mended", NOW - 2.5 * DAY)
        findings.verify(desk, LEAD, new.id, NOW - 2 * DAY)
        none = findings.find(desk, ACTOR, Severity.OTHER, "typing error", NOW)
        findings.withdraw(desk, ACTOR, none.id, "none", NOW)
        records = month_records(desk.store, desk.site, desk.checklist, (2026, 11), NOW)
        path = export_month(records, tmp_path / "month.xlsx", language)
    book = openpyxl.load_workbook(path)
    rows: list[tuple[Any, ...]] = list(book[sheet].iter_rows(min_row=4, values_only=True))
    assert [row[3] for row in rows] == ["open for long", "=HYPERLINK(1)"]
    late, verified = rows
    assert (late[5], late[11]) == ("Li Na", 33)
    assert (verified[2], verified[8], verified[9], verified[11]) == ("ups-a", "Zhang Wei", "Li Na", None)
    assert verified[6] - verified[1] == DAY
    kinds = {cell.data_type for cell in next(book[sheet].iter_rows(min_row=5))}
    assert "f" not in kinds, "what people wrote is never a formula"
    book.close()


def test_days_over_end_when_it_is_done() -> None:
    one = Finding(FindingOrigin.PERSON, "person:1", Severity.OTHER, NOW, "zhang", NOW)
    assert [days_over(one, NOW + delta) for delta in (-DAY, DAY * 0.9, DAY, DAY * 5.5)] == [0, 0, 1, 5]
