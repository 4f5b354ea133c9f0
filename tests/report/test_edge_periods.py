"""Periods at the edge: nothing in them, not begun, clocks that change, one round, one day, the turn of the year."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from dutyroom import clock
from dutyroom.duty import rounds
from dutyroom.duty.desk import Desk
from dutyroom.model.history import Gap, GapReason, HourOfPolls, Reading
from dutyroom.model.reading import Origin
from dutyroom.report.book import export
from dutyroom.report.key_figures import all_figures
from dutyroom.report.recheck import recheck
from dutyroom.report.report import Report
from dutyroom.rules.report_period import PeriodKind, holding, stepped
from dutyroom.store import readings
from tests.cli.conftest import room as room
from tests.cli.rooms import HOST, RoomFolder
from tests.conftest import find_peer
from tests.report.round_room import SHANGHAI, ZHANG, at, opened_room, report, text_of, walk, watch

BERLIN = ZoneInfo("Europe/Berlin")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NIGHT = text_of("daily", due_at="02:30")
LATER = datetime(2027, 6, 1, tzinfo=UTC)
RATES = ("rounds.completion", "rounds.on_time_rate")


def values(made: Report) -> dict[str, object]:
    """The value of every figure by its name."""
    return {one.name: one.value for one in all_figures(made)}


def opened(made: Report, folder: Path, language: str = "en") -> Workbook:
    """The workbook, written and read row by row: openpyxl takes seconds over the shared cells of a year."""
    path = export(made, folder / f"{made.frame.period.name}-{language}.xlsx", language)
    return load_workbook(path, read_only=True)


def texts(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def column(sheet: Worksheet, head: str) -> list[object]:
    """What stands under that head."""
    top = next(cell for row in sheet.iter_rows() for cell in row if cell.value == head)
    assert top.column is not None
    below = sheet.iter_rows(min_row=top.row + 1, min_col=top.column, max_col=top.column, values_only=True)
    return [value for (value,) in below if value is not None]


def agrees(desk: Desk, made: Report, folder: Path) -> bool:
    """Whether `verify FILE` finds in the records what the workbook says."""
    content = export(made, folder / "again.xlsx", "en").read_bytes()
    forms = [one.checklist for one in desk.published()]
    found = recheck(desk.store, desk.site, forms, content, "again.xlsx")
    return found is not None and found.difference is None


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_month_before_any_checklist_was_in_force_has_no_rate_at_all(tmp_path: Path, language: str) -> None:
    with opened_room(tmp_path) as desk:
        watch(desk, at(SHANGHAI, "2026-10-05 07:00"))
        made = report(desk, "2026-09", LATER)
        book = opened(made, tmp_path, language)
    told = values(made)
    assert (told["rounds.due"], told["rounds.missed"], told["answers.abnormal"]) == (0, 0, 0)
    assert [told[name] for name in RATES] == [None, None]
    rates = [
        cell.value for sheet in book for row in sheet.iter_rows() for cell in row if "%" in (cell.number_format or "")
    ]
    assert 1 not in rates, "nothing was due: that is no hundred percent"


def test_a_month_in_which_nobody_walked_has_missed_every_round(tmp_path: Path) -> None:
    with opened_room(tmp_path) as desk:
        watch(desk, at(SHANGHAI, "2026-09-30 07:00"))
        made = report(desk, "2026-10", LATER)
        book = opened(made, tmp_path)
    told = values(made)
    assert (told["rounds.due"], told["rounds.missed"], told["rounds.signed"]) == (31, 31, 0)
    assert [told[name] for name in RATES] == [0, 0]
    assert "Items by day" not in book.sheetnames
    assert "None in this period." in texts(book["Readings"])


@pytest.fixture
def staffed(room: RoomFolder) -> RoomFolder:
    """A room with an admin and a technician, for the real command."""
    room.write(HOST)
    room.enrol()
    return room


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_month_to_come_is_refused_in_a_sentence_and_the_older_file_stays(
    staffed: RoomFolder, tmp_path: Path, language: str
) -> None:
    period = stepped(holding(PeriodKind.MONTH, clock.now().date()), 2)
    older = tmp_path / "month.xlsx"
    older.write_bytes(b"older")
    before = sorted(tmp_path.iterdir())
    order = ("export", "month", period.name, "--as", "zhang", "--password-file", staffed.password_file())
    ended = staffed.run(*order, "-o", str(older), "--lang", language)
    assert (ended.code, ended.out) == (1, "")
    assert period.name in ended.err
    assert str(period.first) in ended.err
    assert older.read_bytes() == b"older"
    assert sorted(tmp_path.iterdir()) == sorted({*before, tmp_path / "password"})


def test_before_anybody_is_on_record_nobody_can_export_and_a_sentence_says_so(room: RoomFolder, tmp_path: Path) -> None:
    room.write(HOST)
    order = ("export", "month", "2026-10", "--as", "zhang", "--password-file", room.password_file())
    ended = room.run(*order, "-o", str(tmp_path / "month.xlsx"))
    assert ended.code != 0
    assert ended.out == ""
    assert "Traceback" not in ended.err
    assert ended.err.strip()
    assert not (tmp_path / "month.xlsx").exists()


@pytest.fixture(scope="module", params=["2027-03", "2026-10"])
def changed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, str]]:
    """A month in Berlin in which clocks change, with its rounds at 02:30 and a probe that told every hour."""
    month = request.param
    sunday = {"2027-03": "2027-03-28", "2026-10": "2026-10-25"}[month]
    with opened_room(tmp_path_factory.mktemp(f"clocks-{month}"), BERLIN, NIGHT) as desk:
        first, after = at(BERLIN, f"{month}-01 00:00"), at(BERLIN, f"{month}-31 00:00") + DAY
        watch(desk, first - HOUR)
        day = date.fromisoformat(sunday)
        for one in (day - DAY, day, day + DAY):
            begun = max(slot.due_at for slot in report(desk, month, first).rounds.slots if slot.due_on == one)
            walk(desk, begun, 5)
        hours = [first + n * HOUR for n in range((after - first) // HOUR)]
        told = [Reading("ups-a", "ambient_temperature_c", one + HOUR / 2, 22.0) for one in hours]
        polled = [HourOfPolls("ups-a", one, 360, 0, 0) for one in hours]
        # Down in the hour that comes twice, or around the one that is left out.
        down = at(BERLIN, f"{sunday} 01:30")
        gaps = {"ups-a": [Gap(down, down + HOUR, GapReason.FAILED, "timeout")]}
        with desk.store.write() as session:
            readings.put_history(session, told, polled, gaps, (first, after))
        yield desk, month


def test_a_day_of_25_or_23_hours_has_one_slot_of_each_checklist_and_all_its_hours(changed: tuple[Desk, str]) -> None:
    desk, month = changed
    made = report(desk, month, LATER)
    days = [slot.due_on for slot in made.rounds.slots]
    assert days == [*made.frame.period.days()]
    (place,) = [one for one in made.environment.places if one.place.how is Origin.MEASURED]
    long = {day.day: day.hours_of_day for day in place.days if day.hours_of_day != 24}
    assert long == ({date(2027, 3, 28): 23} if month == "2027-03" else {date(2026, 10, 25): 25})
    assert all(day.hours == day.hours_of_day for day in place.days)


def test_availability_adds_up_to_the_length_of_a_month_in_which_clocks_change(changed: tuple[Desk, str]) -> None:
    desk, month = changed
    made = report(desk, month, LATER)
    length_s = {"2027-03": 743, "2026-10": 745}[month] * 3600
    (ups,) = [one.found for one in made.availability.sources if one.source == "ups-a"]
    assert (ups.counted_s, ups.down_s, ups.unknown_s) == (length_s, 3600, 0)


def test_moments_of_the_changed_night_stand_in_local_time(changed: tuple[Desk, str], tmp_path: Path) -> None:
    desk, month = changed
    book = opened(report(desk, month, LATER), tmp_path)
    due = [f"{one:%m-%d %H:%M}" for one in column(book["Readings"], "Due")]
    rows = book["Downtimes"].iter_rows(values_only=True)
    down = [f"{one:%m-%d %H:%M}" for row in rows for one in row if isinstance(one, datetime)]
    if month == "2027-03":
        # 02:30 was left out that night: the round was due when it would have been.
        assert due == ["03-27 02:30", "03-28 03:30", "03-29 02:30"]
        assert down[:2] == ["03-28 01:30", "03-28 03:30"]
    else:
        # 02:30 came twice: the round was due the first time.
        assert due == ["10-24 02:30", "10-25 02:30", "10-26 02:30"]
        assert down[:2] == ["10-25 01:30", "10-25 02:30"]


def test_a_month_in_which_clocks_change_agrees_when_it_is_counted_again(
    changed: tuple[Desk, str], tmp_path: Path
) -> None:
    desk, month = changed
    assert agrees(desk, report(desk, month, LATER), tmp_path)


@pytest.mark.peer("soffice")
def test_libreoffice_opens_a_month_in_which_clocks_change(changed: tuple[Desk, str], tmp_path: Path) -> None:
    desk, month = changed
    soffice = find_peer("soffice")
    assert soffice is not None
    path = export(report(desk, month, LATER), tmp_path / "month.xlsx", "zh_CN")
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [soffice, profile, "--headless", "--convert-to", "ods", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    assert (tmp_path / "month.ods").stat().st_size > 10_000


def test_a_store_with_one_open_round_has_nothing_done_and_nothing_missed(tmp_path: Path) -> None:
    with opened_room(tmp_path) as desk:
        begun = at(SHANGHAI, "2026-10-05 08:20")
        rounds.start_round(desk, ZHANG, begun, "")
        made = report(desk, "2026-10-05..2026-10-05", begun + HOUR)
        book = opened(made, tmp_path)
        assert agrees(desk, made, tmp_path)
    told = values(made)
    assert (told["rounds.due"], told["rounds.signed"], told["rounds.pending"]) == (0, 0, 1)
    assert [told[name] for name in RATES] == [None, None]
    assert "None in this period." in texts(book["Readings"])


def test_a_store_with_one_signed_round_has_that_one(tmp_path: Path) -> None:
    with opened_room(tmp_path) as desk:
        walk(desk, at(SHANGHAI, "2026-10-05 08:20"))
        made = report(desk, "2026-10-05..2026-10-05", at(SHANGHAI, "2026-10-05 23:00"))
        book = opened(made, tmp_path)
        assert agrees(desk, made, tmp_path)
    told = values(made)
    assert (told["rounds.due"], told["rounds.signed"], [told[name] for name in RATES]) == (1, 1, [1, 1])
    assert column(book["Readings"], "No.") == [1]


@pytest.mark.parametrize(
    ("name", "days", "first", "last"),
    [
        ("2026-W53", 7, date(2026, 12, 28), date(2027, 1, 3)),
        ("2028-02", 29, date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-12-31..2026-12-31", 1, date(2026, 12, 31), date(2026, 12, 31)),
        ("2026-12-31..2027-01-01", 2, date(2026, 12, 31), date(2027, 1, 1)),
        ("2026-Q4", 92, date(2026, 10, 1), date(2026, 12, 31)),
        ("2028", 366, date(2028, 1, 1), date(2028, 12, 31)),
    ],
)
def test_a_period_has_exactly_its_days_whatever_the_calendar_does(
    tmp_path: Path, name: str, days: int, first: date, last: date
) -> None:
    with opened_room(tmp_path) as desk:
        watch(desk, at(SHANGHAI, "2026-09-30 07:00"))
        walk(desk, at(SHANGHAI, f"{first} 08:20"))
        made = report(desk, name, at(SHANGHAI, f"{last} 00:00") + 40 * DAY)
        book = opened(made, tmp_path)
        assert agrees(desk, made, tmp_path)
    due = [slot.due_on for slot in made.rounds.slots]
    assert (len(due), due[0], due[-1]) == (days, first, last)
    assert values(made)["rounds.missed"] == days - 1
    assert f"{column(book['Zero reports'], 'Duty day')[0]:%Y-%m-%d}" == str(first)
    assert ("Items by day" in book.sheetnames) is (days <= 31)
    assert ("Self-inspection" in book.sheetnames) is (name in ("2026-Q4", "2028"))


def test_a_site_in_another_zone_counts_its_own_days(tmp_path: Path) -> None:
    with opened_room(tmp_path, ZoneInfo("Pacific/Apia")) as desk:
        watch(desk, at(ZoneInfo("Pacific/Apia"), "2026-10-01 00:01"))
        here = report(desk, "2026-10", LATER)
        there = replace(desk, site=replace(desk.site, timezone=ZoneInfo("Pacific/Pago_Pago")))
        other = report(there, "2026-10", LATER)
        assert agrees(desk, here, tmp_path)
    assert len(here.rounds.slots) == 31
    assert here.frame.begins_at == other.frame.begins_at - DAY, "the two lie at both sides of the date line"
