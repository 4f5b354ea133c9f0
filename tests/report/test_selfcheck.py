"""The self-check: its rows are data, its results come from figures, what people said is kept from last time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dutyroom.errors import ChecklistError, StoreError
from dutyroom.model.people import Act, Actor, Operator, Role
from dutyroom.model.self_check import CheckResult, CheckSheet, SelfCheckAnswer
from dutyroom.model.site import ChecklistRules, Site
from dutyroom.report.book import pages_of
from dutyroom.report.collect import report_of
from dutyroom.report.figure import Figure
from dutyroom.report.page import Page
from dutyroom.report.report import Report
from dutyroom.report.self_check_lines import lines_of
from dutyroom.report.sheets import selfcheck
from dutyroom.rules.privileges import may
from dutyroom.rules.report_period import parse
from dutyroom.self_checks import rows_of, shipped_rows
from dutyroom.store import ledger, people, self_check
from dutyroom.store.database import Store
from dutyroom.store.verify import verify
from dutyroom.words import speaking
from tests.report.month_seed import site

SEPTEMBER, OCTOBER, NOVEMBER = (datetime(2026, month, 20, 4, tzinfo=UTC) for month in (9, 10, 11))
LI = Actor("li", Role.LEAD, "tty1")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'dutyroom.db'}")
    with opened.write() as s:
        added = Operator("li", "Li Na", Role.LEAD, SEPTEMBER)
        people.add_operator(s, added, "x")
        ledger.append_row(s, at=SEPTEMBER, actor=LI, act=Act.ADD_OPERATOR, of=added)
    yield opened
    opened.close()


def say(store: Store, row: str, at: datetime, result: CheckResult | None, text: str = "", plan: str = "") -> None:
    with store.write() as s:
        entered = self_check.add(s, SelfCheckAnswer(row, result, text, plan, at, "li"))
        ledger.append_row(s, at=at, actor=LI, act=Act.SET_SELF_CHECK, of=entered)


def report(store: Store, period: str = "2026-10", where: Site | None = None) -> Report:
    return report_of(store, where or site(), (), parse(period), NOVEMBER)


def row_of(page: Page, words: str) -> list[object]:
    number = next(cell.row for cell in page.cells if cell.column == 2 and cell.value == words)
    return [cell.value for cell in sorted(page.cells, key=lambda cell: cell.column) if cell.row == number]


def test_every_shipped_row_has_both_languages_and_its_own_name() -> None:
    rows = shipped_rows()
    assert len(rows) == len({one.id for one in rows})
    assert all(one.words.en and one.words.zh and one.theme.zh for one in rows)
    assert all(one.id.startswith("inspection.") is (one.sheet is CheckSheet.INSPECTION) for one in rows)
    wanted = {"机房日常巡检记录", "机房值守记录", "温湿度记录", "短期备用电源检查和维护记录", "备份过程记录"}
    assert {*wanted, "安全事件处理过程记录"} <= {document for one in rows for document in one.documents}


def test_what_is_said_is_kept_until_it_is_changed_and_says_from_when_it_is(store: Store) -> None:
    say(store, "room.static", SEPTEMBER, CheckResult.PARTLY, "raised floor", "ground the cabinets")
    said = row_of(selfcheck.selfcheck_page(report(store), ()), "Floor and grounding keep static electricity away.")
    assert said[5:8] == ["partly met", "raised floor\nKept from last time: 2026-09-20, Li Na.", "ground the cabinets"]
    say(store, "room.static", OCTOBER, CheckResult.MET, "grounded")
    now = row_of(selfcheck.selfcheck_page(report(store), ()), "Floor and grounding keep static electricity away.")
    assert now[5:8] == ["fully met", "grounded\n2026-10-20, Li Na.", ""]
    before = {one.row.id: one for one in lines_of(report(store, "2026-09"), CheckSheet.SELF_CHECK)}
    assert before["room.static"].result is CheckResult.PARTLY


def test_an_answer_is_evidence_that_nobody_changes(store: Store) -> None:
    say(store, "room.static", OCTOBER, CheckResult.MET)
    with store.read() as s:
        assert verify(s).faults == ()
    for statement in ("UPDATE self_check_answers SET result = ''", "DELETE FROM self_check_answers"):
        with pytest.raises(StoreError, match="sealed"), store.write() as s:
            s.connection().exec_driver_sql(statement)


def test_who_leads_may_say_something_and_an_auditor_may_not() -> None:
    assert [role for role in Role if may(role, Act.SET_SELF_CHECK)] == [Role.LEAD, Role.ADMIN]


def test_evidence_names_the_sheet_and_the_row_of_the_first_record() -> None:
    page = Page("Completion", (10.0,), (), key="completion", rows_of={"round:4": 12})
    other = Page("Items", (10.0,), (), key="items", rows_of={"round:4": 99})
    figure = Figure("rounds.signed", "Rounds signed", 1, records=("round:3", "round:4"))
    assert selfcheck._evidence(figure, (other, page)) == "Rounds signed 1 (Completion!12)"
    assert selfcheck._evidence(replace(figure, records=()), (other, page)) == "Rounds signed 1"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_only_quarters_and_years_carry_the_self_inspection(store: Store, language: str) -> None:
    with speaking(language):
        month, quarter = pages_of(report(store)), pages_of(report(store, "2026-Q3"))
    assert "inspection" not in [page.key for page in month]
    keys = [page.key for page in quarter]
    assert keys[0] == "cover"
    assert keys.index("inspection") + 1 == keys.index("selfcheck")


def test_a_hospital_adds_rows_and_replaces_ours(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "checklists" / "self-check"
    folder.mkdir(parents=True)
    own = folder / "own.toml"
    row = '[[row]]\nid = "{id}"\ntheme = "{theme}"\nen = "Ours"\nzh = "本院"\ncontrols = ["7.1.1.7 防静电"]\n'
    own.write_text(row.format(id="room.static", theme="room") + row.format(id="room.own", theme="room"), "utf-8")
    where = replace(site(), checklists=ChecklistRules(folder.parent))
    rows = {one.id: one for one in report(store, where=where).self_check.rows}
    assert (rows["room.static"].words.en, rows["room.own"].words.zh) == ("Ours", "本院")
    assert len(rows) == len(shipped_rows()) + 1
    own.write_text(row.format(id="room.own", theme="rooom"), "utf-8")
    with pytest.raises(ChecklistError, match=r"own\.toml: room\.own: there is no theme rooom; did you mean room\?"):
        rows_of(where)


def test_a_subject_nobody_checked_is_not_known_and_never_met(store: Store) -> None:
    rows = {one.row.id: one for one in lines_of(report(store), CheckSheet.SELF_CHECK)}
    assert rows["room.fire"].result is CheckResult.UNKNOWN
    assert [one.value for one in rows["room.fire"].figures] == [0, None]
