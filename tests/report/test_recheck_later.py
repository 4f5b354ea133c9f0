"""A workbook counted again after what may change was changed: checklists, people, the site file, the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from dutyroom.duty.desk import Desk
from dutyroom.duty.operators import add_operator, disable_operator
from dutyroom.model.devices import Ups
from dutyroom.model.people import Role
from dutyroom.model.site import LimitProfile
from dutyroom.report.book import export, pages_of
from dutyroom.report.recheck import Recheck, recheck
from tests.desks import ADMIN, PASSWORD
from tests.report.round_room import DAY, SHANGHAI, at, from_paper, opened_room, report, text_of, walk, watch, with_texts

DAILY = text_of("daily")
NIGHTLY = text_of("nightly", due_at="20:30")
BEGUN, MADE_AT = at(SHANGHAI, "2026-10-05 08:30"), at(SHANGHAI, "2026-11-02 09:00")
LATER = MADE_AT + 10 * DAY


@dataclass(frozen=True, slots=True)
class Sent:
    """October as it was exported from a room with two checklists, and the room itself."""

    desk: Desk
    content: bytes
    folder: Path

    def check(self, desk: Desk | None = None, content: bytes | None = None) -> Recheck:
        """The workbook against the room as it is now."""
        now = desk or self.desk
        forms = [one.checklist for one in now.published()]
        found = recheck(now.store, now.site, forms, content or self.content, "month.xlsx")
        assert found is not None
        return found

    def edited(self, edit: Callable[[Workbook], None]) -> bytes:
        """The workbook as another program saves it after an edit."""
        book, saved = load_workbook(BytesIO(self.content)), BytesIO()
        edit(book)
        book.save(saved)
        return saved.getvalue()


@pytest.fixture
def sent(tmp_path: Path) -> Iterator[Sent]:
    with opened_room(tmp_path, SHANGHAI, DAILY, NIGHTLY) as desk:
        watch(desk, BEGUN - DAY)
        for day in range(3):
            walk(desk, BEGUN + day * DAY)
        # Of the last days nothing is on record: the watch was off, so those slots are known by the checklist alone.
        watch(desk, BEGUN + 10 * DAY)
        path = export(report(desk, "2026-10", MADE_AT), tmp_path / "month.xlsx", "en")
        yield Sent(desk, path.read_bytes(), tmp_path)


def test_a_checklist_that_came_later_changes_nothing(sent: Sent) -> None:
    more = with_texts(sent.desk, DAILY, NIGHTLY, text_of("air", due_at="10:00").replace("[18, 27]", "[1, 2]"))
    # Also while nobody has begun it, and before the others.
    assert sent.check(more).difference is None
    assert sent.check(with_texts(sent.desk, DAILY, more.others[1].text, NIGHTLY)).difference is None
    watch(more, LATER)
    walk(more, LATER + DAY, checklist="air")
    assert sent.check(more).difference is None


def test_other_words_limits_and_times_of_a_checklist_change_nothing(sent: Sent) -> None:
    changed = DAILY.replace("Door shut", "Door is shut").replace("Daily round", "Morning round")
    changed = changed.replace("normal = [18, 27]", "normal = [10, 20]").replace("08:30", "07:30")
    room = with_texts(sent.desk, changed, NIGHTLY)
    assert sent.check(room).difference is None
    walk(room, LATER)
    assert sent.check(room).difference is None


def test_a_checklist_that_was_changed_back_is_known_as_it_was_walked_last(sent: Sent) -> None:
    other = with_texts(sent.desk, DAILY.replace("Door shut", "Door is shut"), NIGHTLY)
    walk(other, BEGUN + 12 * DAY)
    walk(sent.desk, BEGUN + 14 * DAY)
    content = export(report(sent.desk, "2026-10", MADE_AT), sent.folder / "again.xlsx", "en").read_bytes()
    walk(other, LATER)
    assert sent.check(other, content).difference is None


def test_a_month_that_was_typed_in_after_its_end_keeps_the_words_of_then(tmp_path: Path) -> None:
    with opened_room(tmp_path, SHANGHAI, DAILY) as desk:
        walked = at(SHANGHAI, "2026-10-30 08:40")
        from_paper(desk, MADE_AT, walked, at(SHANGHAI, "2026-10-30 08:30"))
        made = MADE_AT + timedelta(hours=1)
        sent = Sent(desk, export(report(desk, "2026-10", made), tmp_path / "month.xlsx", "en").read_bytes(), tmp_path)
        changed = with_texts(desk, DAILY.replace("Door shut", "Door is shut"))
        walk(changed, LATER)
        assert sent.check(changed).difference is None


def everything(desk: Desk, made_at: datetime) -> list[tuple[object, ...]]:
    """What October's sheets say but for the cover."""
    pages = pages_of(report(desk, "2026-10", made_at))[1:]
    return [(one.title, one.cells, tuple(one.stream.cells()) if one.stream is not None else ()) for one in pages]


def test_a_month_that_is_over_is_the_same_when_it_is_made_again_after_a_change(sent: Sent) -> None:
    changed = with_texts(sent.desk, DAILY.replace("Door shut", "Door is shut").replace("08:30", "07:30"), NIGHTLY)
    walk(changed, LATER)
    first, again = everything(sent.desk, MADE_AT), everything(changed, LATER + DAY)
    assert first == again


def test_a_checklist_that_is_walked_no_more_still_counts_in_its_month(sent: Sent) -> None:
    assert sent.check(with_texts(sent.desk, DAILY)).difference is None


def test_a_checklist_that_was_taken_off_the_cover_is_missed(sent: Sent) -> None:
    def without(book: Workbook) -> None:
        ((sheet, place),) = book.defined_names["report_checklists"].destinations
        cell = book[sheet][place.replace("$", "")]
        cell.value = str(cell.value).split(", ")[0]

    found = sent.check(content=sent.edited(without)).difference
    assert found is not None
    assert "nightly" in found.given
    assert "nightly" not in found.said


def test_people_who_came_or_went_later_change_nothing(sent: Sent) -> None:
    add_operator(sent.desk.store, ADMIN, "wang", "Wang Fang", Role.TECHNICIAN, PASSWORD, LATER)
    disable_operator(sent.desk.store, ADMIN, "zhang", LATER)
    assert sent.check().difference is None


@pytest.mark.parametrize(
    "change",
    [
        {"name": "People's Hospital of another name"},
        {"ups": (Ups("ups-a", "UPS A", 6 * 3600.0), Ups("ups-c", "UPS C", 3600.0))},
        {"servers": ()},
        {"limit_profile": LimitProfile.STRICT},
    ],
    ids=["a name", "sources", "a source less", "limits"],
)
def test_another_site_file_is_told_beside_what_differs_for_it(sent: Sent, change: dict[str, object]) -> None:
    site = replace(sent.desk.site, fingerprint="e" * 64, **change)  # type: ignore[arg-type]
    found = sent.check(replace(sent.desk, site=site))
    assert found.other_origin == ("report_site",)
    # With the old one everything agrees.
    assert sent.check().other_origin == ()
    assert sent.check().difference is None
    if "name" in change:
        assert found.difference is not None
        assert found.difference.given == site.name


def test_other_rows_of_the_self_check_are_told(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    own = sent.folder / "lists"
    (own / "self-check").mkdir(parents=True)
    (own / "self-check" / "own.toml").write_text(
        '[[row]]\nid = "room.own"\ntheme = "room"\nen = "Sealed."\nzh = "已封存。"\n'
        'controls = ["7.1.10.2 资产管理"]\ndocuments = ["清单"]\nfigures = ["rounds.signed"]\n',
        "utf-8",
    )
    lists = replace(sent.desk.site.checklists, folder=own)
    found = sent.check(replace(sent.desk, site=replace(sent.desk.site, checklists=lists)))
    assert found.other_origin == ("report_rows",)
    assert found.difference is not None


def test_another_version_of_the_program_is_told(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dutyroom.report.sheets.cover.version", lambda _name: "99.1")
    found = sent.check()
    assert found.other_origin == ("report_version",)
    assert found.own_version == "99.1"
    assert found.difference is None
