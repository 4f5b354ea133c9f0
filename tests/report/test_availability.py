"""The sheet of availability: a month of a small room by hand, in both languages, early and late, and in the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dutyroom.duty.desk import Desk
from dutyroom.model.devices import OutsideLine, System
from dutyroom.model.facts import CheckFacts
from dutyroom.model.history import Gap, GapReason, HourOfPolls
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.report.book import export, pages_of
from dutyroom.report.page import Page
from dutyroom.report.report import Report
from dutyroom.report.sheets.availability import SHARE
from dutyroom.rules.sources import interval_of
from dutyroom.store import maintenance, readings
from dutyroom.store.library import library
from dutyroom.words import speaking
from tests.desks import failed, switch_sample, ups_sample
from tests.docs.check import blocks
from tests.docs.pages import DOCS
from tests.report.round_room import opened_room, report

BEGINS = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)
ENDS = datetime(2026, 10, 31, 16, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONTH_MIN = 31 * 24 * 60
HIS = System("his", "HIS database", "tcp://his:1521")
PACS = System("pacs", "PACS")
LINE = OutsideLine("insurance", "Insurance line", "ping://10.0.0.1")


def gap(began: datetime, minutes: int, reason: GapReason = GapReason.FAILED) -> Gap:
    return Gap(began, began + minutes * MINUTE, reason, "timeout" if reason is GapReason.FAILED else "")


def fill(desk: Desk) -> None:
    """September to the last evening of October: what the watch put on record until it was switched off."""
    since = BEGINS - 3 * DAY
    off = ENDS - 4 * HOUR
    gaps = {
        # One hour, half of it planned; one night nobody polled.
        "ups-a": [gap(BEGINS + DAY, 60), gap(BEGINS + 2 * DAY, 600, GapReason.NOT_POLLED)],
        # Down when the month began.
        "core-1": [gap(BEGINS - HOUR, 90)],
        "gone": [gap(BEGINS + 5 * DAY, 5)],
        "ups-b": [],
    }
    with desk.store.write() as session:
        for source, told in gaps.items():
            hours = [HourOfPolls(source, BEGINS, 100, 20, 0)]
            readings.put_history(session, [], hours, {source: told}, (since, off))
        at = BEGINS + DAY + 30 * MINUTE
        window = MaintenanceWindow(at, at + HOUR, ("ups-a",), "new battery", at - DAY, "li")
        maintenance.add(session, window)
        last = [replace(ups_sample("ups-a", off), took_s=0.0), replace(ups_sample("ups-b", off), took_s=0.0)]
        readings.put_samples(session, last, {})
        # Down from then on.
        switch = [failed(switch_sample(off)), failed(switch_sample(off + 30 * timedelta(seconds=1)))]
        readings.put_samples(session, switch, {})
        for minute, answered in ((0, True), (1, False), (2, False), (3, True)):
            facts = CheckFacts("his:1521", answered, "" if answered else "refused")
            check = Sample("his", Kind.SYSTEM, off - HOUR + minute * MINUTE, State.OK, took_s=0.0, check=facts)
            readings.put_samples(session, [check], {"his": 60.0})


def come_back(desk: Desk) -> None:
    """Two days later the watch is back."""
    at = ENDS + 2 * DAY
    back = [replace(one, took_s=0.0) for one in (ups_sample("ups-a", at), ups_sample("ups-b", at), switch_sample(at))]
    with desk.store.write() as session:
        readings.put_samples(session, back, {one.source: interval_of(desk.site, one.source) for one in back})


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with opened_room(tmp_path_factory.mktemp("available")) as opened:
        room = replace(opened, site=replace(opened.site, systems=(HIS, PACS), lines=(LINE,)))
        fill(room)
        yield room


@pytest.fixture(scope="module")
def october(desk: Desk) -> Report:
    """October, made on the first of November while the watch is off."""
    return report(desk, "2026-10", ENDS + 9 * HOUR)


def by_name(page: Page) -> dict[object, list[object]]:
    """The values of each row after its name."""
    rows: dict[int, dict[int, object]] = {}
    for cell in page.cells:
        rows.setdefault(cell.row, {})[cell.column] = cell.value
    first = page.repeat[1] + 1 if page.repeat else 1
    return {row.get(2): [row.get(n) for n in range(3, 14)] for number, row in sorted(rows.items()) if number >= first}


def sheet(found: Report, key: str) -> Page:
    return next(page for page in pages_of(found) if page.key == key)


def test_every_device_system_and_line_has_a_row_with_the_numbers_counted_by_hand(october: Report) -> None:
    rows = by_name(sheet(october, "availability"))
    off = 4 * 60
    up = MONTH_MIN - 30 - 60 - 600 - off
    assert rows["UPS A"][0:3] == [BEGINS, 101, 20]
    assert rows["UPS A"][4:] == [up, 30.0, 60.0, 600.0 + off, pytest.approx(up / (up + 30)), 1, 30.0]
    assert rows["UPS B"][4:9] == [MONTH_MIN - off, 0.0, 0.0, off, 1.0]
    # Half an hour of the night before the month; half a minute before the watch went off.
    assert rows["Core switch"][5:7] == [30.5, 0.0]
    assert rows["Core switch"][9:] == [2, 30.0]
    assert rows["gone (no longer in the site file)"][5] == 5.0
    assert rows["HIS database"][0] == ENDS - 5 * HOUR
    assert rows["HIS database"][4:9] == [1.0, 2.0, 0.0, 297.0, pytest.approx(1 / 3)]
    assert rows["PACS"] == ["not checked", *[None] * 7, "–", None, None]
    assert rows["Insurance line"][0] == "not polled yet"
    assert rows["Duty PC"][0] == "not polled yet"


def test_the_lowest_stand_first_and_in_the_chart_and_each_row_names_its_records(october: Report) -> None:
    page = sheet(october, "availability")
    names = [*by_name(page)]
    assert names[0] == "HIS database"
    assert names[-3:] == ["Duty PC", "PACS", "Insurance line"]
    (chart,) = page.charts
    assert page.repeat is not None
    first = page.repeat[1] + 1
    assert (chart.series[0].values.first_row, chart.series[0].values.last_row) == (first, first + 4)
    shown = [cell.value for cell in page.cells if cell.column == SHARE and first <= cell.row < first + 5]
    assert all(isinstance(value, float) for value in shown)
    assert chart.low == 0.0
    span = next(span for one, span in october.availability.spans() if one.source == "his")
    assert page.rows_of[span.id] == first
    assert "maintenance:1" in page.rows_of


def test_every_time_down_is_listed_with_what_was_planned_of_it(october: Report) -> None:
    page = sheet(october, "downtimes")
    rows = [[cell.value for cell in page.cells if cell.row == row and cell.column < 10] for row in range(4, 9)]
    assert [row[1] for row in rows] == [
        "Core switch", "UPS A", "gone (no longer in the site file)", "HIS database", "Core switch",
    ]  # fmt: skip
    assert rows[0][2:] == [BEGINS, BEGINS + 30 * MINUTE, 30.0, 30.0, 0.0, "", "began before the period"]
    assert rows[1][4:] == [60.0, 30.0, 30.0, "new battery", ""]


@pytest.mark.parametrize("made_at", [ENDS + 9 * HOUR, BEGINS + 2 * DAY + 3 * HOUR], ids=["over", "in the pause"])
@pytest.mark.parametrize("page", ["month.md", "month.zh-CN.md"])
def test_the_query_of_the_page_counts_the_same(desk: Desk, page: str, made_at: datetime) -> None:
    (query,) = (one.text for one in blocks((DOCS / page).read_text("utf-8")) if one.language == "sql")
    found = report(desk, "2026-10", made_at)
    with closing(library().connect(f"file:{desk.store.path}?mode=ro", uri=True)) as database:
        for one in found.availability.known:
            asked = {
                "source": one.source,
                "since": int(BEGINS.timestamp()),
                "until": int(found.frame.cutoff.timestamp()),
            }
            minutes = dict(database.execute(query, asked).fetchall())
            counted = (one.found.planned_s, one.found.unknown_s, one.found.down_s, one.found.up_s)
            assert [minutes.get(state, 0.0) * 60 for state in (1, 2, 3, 4)] == pytest.approx(counted), one.source
    assert len(found.availability.known) >= 4


def test_figures_are_named_and_traced(october: Report) -> None:
    told = {figure.name: figure for figure in october.availability.figures()}
    assert told["availability.lowest"].label == "Lowest availability: HIS database"
    assert told["availability.lowest"].is_bad
    assert told["availability.times_down"].value == 5
    assert told["availability.longest"].value == 30.0
    assert len(told["availability.times_down"].records) == 5
    assert told["availability.never"].value == 2


def test_october_is_the_same_after_the_watch_came_back_and_raw_rows_are_gone(
    desk: Desk, october: Report, tmp_path: Path
) -> None:
    come_back(desk)
    with desk.store.write() as session:
        readings.prune(session, ENDS + 50 * DAY)
    later = report(desk, "2026-10", ENDS + 60 * DAY)
    assert later.availability == october.availability
    quarter = {one.source: one.found for one in report(desk, "2026-Q4", ENDS + 90 * DAY).availability.sources}
    november = {one.source: one.found for one in report(desk, "2026-11", ENDS + 90 * DAY).availability.sources}
    december = {one.source: one.found for one in report(desk, "2026-12", ENDS + 90 * DAY).availability.sources}
    for one in october.availability.sources:
        parts = (one.found, november[one.source], december[one.source]) if one.in_site else (one.found,)
        if one.in_site:
            assert quarter[one.source].down_s == sum(part.down_s for part in parts)
            assert quarter[one.source].unknown_s == sum(part.unknown_s for part in parts)
    path = export(later, tmp_path / "october.xlsx", "zh_CN")
    book = load_workbook(path)
    found = book["可用率"]
    values = [row for row in found.iter_rows(values_only=True) if row[1] == "UPS A"]
    assert isinstance(values[0][2], datetime)
    assert isinstance(values[0][SHARE - 1], float)
    assert "中断记录" in book.sheetnames
    assert found.column_dimensions["N"].hidden


def test_a_month_to_come_has_no_number(desk: Desk) -> None:
    found = report(desk, "2027-10", ENDS + 60 * DAY)
    assert found.availability.known == ()
    assert {figure.value for figure in found.availability.figures() if figure.name != "availability.sources"} >= {None}
    with speaking("zh_CN"):
        page = sheet(found, "availability")
    assert page.charts == ()
    assert not [cell for cell in page.cells if isinstance(cell.value, float)]
