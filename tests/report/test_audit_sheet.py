"""The audit of a period: who did what to the records, and what stays as it is when the period is over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dutyroom.duty import (
    amendments,
    approval,
    maintenance,
    periods,
    skipping,
    walks,
)
from dutyroom.duty.answers import Given
from dutyroom.duty.desk import Desk
from dutyroom.duty.exports import put_on_record
from dutyroom.duty.operators import add_operator, set_password
from dutyroom.duty.signin import sign_in
from dutyroom.errors import SignInRefused
from dutyroom.model.people import Actor, Role
from dutyroom.model.periods import PeriodKind
from dutyroom.model.rounds import Round, SkipReason
from dutyroom.report.book import export, pages_of
from dutyroom.report.sheets.audit import audit_page
from dutyroom.words import speaking
from tests.desks import ADMIN, PASSWORD
from tests.report.audit_room import END, OCTOBER, acts, figures, moment, row_of
from tests.report.round_room import (
    DAY,
    HOUR,
    LI,
    MINUTE,
    from_paper,
    opened_room,
    report,
    text_of,
    walk,
    watch,
    with_texts,
)

HOSTILE = '=HYPERLINK("http://x")\x1b[31m\u202e'


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_room(tmp_path) as opened:
        watch(opened, moment("2026-10-01 00:00"))
        yield opened


def amend(desk: Desk, one: Round, answered: str, reason: str, now: datetime, note: str = "") -> Round:
    walked = walks.load_walk(desk, one.id)
    line = next(line for line in walked.lines if line.item.id == "env.temp")
    changes = [(line, Given(answered, note))]
    return amendments.amend_round(desk, LI, one.id, walked.round.revision, changes, reason, PASSWORD, now)


def test_an_amendment_stands_with_the_answer_before_and_after_its_reason_and_the_approval_it_withdrew(
    desk: Desk,
) -> None:
    begun = moment("2026-10-05 08:30")
    one = walk(desk, begun)
    add_operator(desk.store, ADMIN, "chen", "Chen Lei", Role.LEAD, PASSWORD, begun)
    approval.approve_round(desk, Actor("chen", Role.LEAD, "test"), one.id, PASSWORD, begun + HOUR, 1)
    amend(desk, one, "23.9", "read the wrong line", begun + 2 * HOUR, "as it was read")
    amend(desk, one, "24.1", "and wrongly again", begun + 3 * HOUR, "checked twice")
    made = report(desk, OCTOBER, END)
    assert figures(desk, made) == {"amendments": 2, "answers_amended": 2, "withdrawn": 1, "operators": 1}
    page = audit_page(made)
    first, second = row_of(page, "amendment:1"), row_of(page, "amendment:2")
    assert first[:6] == [
        begun + 2 * HOUR, "Li Xiuying", "lead", "test", "Round amended",
        f"Daily round, due 2026-10-05 08:30 (round {one.id})",
    ]  # fmt: skip
    assert first[6] == (
        "Temperature: 22.5 °C → 23.9 °C\nReason: read the wrong line\nThe approval of Chen Lei was withdrawn."
    )
    assert second[6] == (
        "Temperature: 23.9 °C → 24.1 °C, note: as it was read → checked twice\nReason: and wrongly again"
    )
    assert f"round:{one.id}" in str(first[8])
    assert isinstance(first[7], int)
    assert f"ledger:{first[7]}" in str(first[8])


def test_what_people_do_to_the_records_is_listed_in_order_of_time_and_routine_is_counted(desk: Desk) -> None:
    begun = moment("2026-10-05 08:30")
    walk(desk, begun)
    sign_in(desk.store, "zhang", PASSWORD, "tty1", begun)
    skipping.skip_round(desk, LI, begun + DAY, SkipReason.HOLIDAY, "nobody is here")
    from_paper(desk, begun + 3 * DAY, begun + 2 * DAY, begun + 2 * DAY)
    planned = begun + 4 * DAY
    guarded = with_texts(desk, text_of("daily"), text_of("guard", "period"))
    opened = periods.open_period(
        guarded, LI, planned, PeriodKind.HOLIDAY, "Golden week", planned + HOUR, planned + DAY, 6 * 3600.0
    )
    periods.close_period(guarded, LI, opened.id, planned + 10 * MINUTE)
    window = maintenance.plan(
        desk, LI, planned + HOUR, planned + 2 * HOUR, ["ups-a"], "new fans", planned + 20 * MINUTE
    )
    maintenance.cancel(desk, LI, window.id, planned + 30 * MINUTE)
    set_password(desk.store, ADMIN, "zhang", "another way in 2", planned + 40 * MINUTE)
    made = report(desk, OCTOBER, END)
    assert acts(made) == [
        "Round skipped",
        "Round typed in from paper",
        "Critical period entered",
        "Critical period closed",
        "Maintenance entered",
        "Maintenance cancelled",
        "Password set",
    ]
    assert figures(desk, made) == {"skips": 1, "back_filled": 1, "planned": 4, "operators": 1, "sign_ins": 1}
    page = audit_page(made)
    assert row_of(page, "round:2")[6] == "holiday: nobody is here"
    assert row_of(page, "round:3")[6] == "walked on paper 2026-10-07 08:30 to 2026-10-07 08:50"
    assert row_of(page, "period:1")[5:7] == [
        "Golden week (period 1)",
        "2026-10-09 09:30 to 2026-10-10 08:30, a round every 6 h",
    ]
    assert row_of(page, "maintenance:1")[5:7] == [
        "UPS A (maintenance 1)",
        "2026-10-09 09:30 to 2026-10-09 10:30: new fans",
    ]
    assert row_of(page, "operator:zhang")[1:7] == [
        "Admin", "admin", "test", "Password set", "Zhang Wei (zhang)", "of somebody else",
    ]  # fmt: skip
    counted = next(str(cell.value) for cell in page.cells if str(cell.value).startswith("Counted, not listed"))
    assert "answers given 8; rounds begun 1; rounds signed 2; sign-ins 1" in counted
    with speaking("zh_CN"):
        assert row_of(audit_page(made), "round:2")[4:7] == [
            "跳过巡检",
            "daily 巡检，应检 2026-10-06 08:30（巡检 2）",
            "节假日: nobody is here",
        ]


def test_refusals_of_a_day_make_one_row_that_says_how_many_and_under_which_name(desk: Desk) -> None:
    begun = moment("2026-10-06 09:00")
    for number in range(4):
        with pytest.raises(SignInRefused):
            sign_in(desk.store, HOSTILE, "wrong", HOSTILE, begun + number * MINUTE)
    with pytest.raises(SignInRefused):
        sign_in(desk.store, "li", "wrong", "tty2", begun + DAY)
    made = report(desk, OCTOBER, END)
    assert figures(desk, made) == {"refused": 5}
    assert acts(made) == ["Sign-in refused", "Sign-in refused"]
    page = audit_page(made)
    refused = row_of(page, made.audit.done[0].records[0])
    assert refused[1:3] == ["–", "–"]
    assert "\x1b" not in str(refused)
    assert "\u202e" not in str(refused)
    assert refused[6] == "4 times, the last one at 09:03"


def test_a_closed_period_stays_as_it_is_but_for_what_is_done_to_its_own_rounds_which_says_so(
    desk: Desk, tmp_path: Path
) -> None:
    begun = moment("2026-10-05 08:30")
    one = walk(desk, begun)
    closed = report(desk, OCTOBER, END + HOUR)
    assert acts(closed) == []
    line = put_on_record(desk, LI, "period:2026-10", _file(tmp_path), END + HOUR).line
    sign_in(desk.store, "zhang", PASSWORD, "tty1", END + HOUR)
    add_operator(desk.store, ADMIN, "chen", "Chen Lei", Role.LEAD, PASSWORD, END + HOUR)
    later = walk(desk, moment("2026-10-19 08:30"))
    amend(desk, later, "25", "of the next period", moment("2026-10-19 10:00"))
    again = report(desk, OCTOBER, END + DAY)
    assert again.audit == closed.audit
    assert [cell.value for cell in audit_page(again).cells] == [cell.value for cell in audit_page(closed).cells]
    assert f"ledger:{line}" not in audit_page(report(desk, "2026-10", END + 2 * DAY)).rows_of
    amend(desk, one, "24", "found in the paper file", END + 2 * DAY)
    approval.approve_round(desk, Actor("chen", Role.LEAD, "test"), one.id, PASSWORD, END + 2 * DAY + HOUR, 2)
    assert report(desk, OCTOBER, END + DAY).audit == closed.audit
    after = report(desk, OCTOBER, END + 3 * DAY)
    assert acts(after) == ["Round amended (after the period)", "Round approved (after the period)"]
    assert figures(desk, after) == {"amendments": 1, "answers_amended": 1, "after": 2}
    with speaking("zh_CN"):
        assert acts(after) == ["更正巡检（期后）", "批准巡检（期后）"]


def test_what_a_person_wrote_is_text_in_the_workbook_and_nothing_else(desk: Desk, tmp_path: Path) -> None:
    begun = moment("2026-10-05 08:30")
    one = walk(desk, begun)
    amend(desk, one, "23", HOSTILE, begun + HOUR, HOSTILE)
    skipping.skip_round(desk, replace(LI, terminal=HOSTILE), begun + DAY, SkipReason.OTHER, HOSTILE)
    book = load_workbook(export(report(desk, OCTOBER, END), tmp_path / "x.xlsx", "en"))
    cells = [cell for row in book["Audit"].iter_rows() for cell in row if cell.value is not None]
    told = [str(cell.value) for cell in cells if "HYPERLINK" in str(cell.value)]
    assert len(told) == 3
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not [text for text in told if "\x1b" in text or "\u202e" in text]


def test_a_name_that_was_refused_stays_what_was_typed_when_somebody_gets_it_later(desk: Desk) -> None:
    begun = moment("2026-10-05 08:30")
    with pytest.raises(SignInRefused):
        sign_in(desk.store, "chen", "wrong", "tty1", begun)
    before = audit_page(report(desk, OCTOBER, END))
    add_operator(desk.store, ADMIN, "chen", "Chen Lei", Role.LEAD, PASSWORD, END + HOUR)
    after = audit_page(report(desk, OCTOBER, END + DAY))
    assert "chen" in [cell.value for cell in before.cells]
    assert [cell.value for cell in after.cells] == [cell.value for cell in before.cells]


def test_the_audit_is_the_last_sheet_and_nothing_on_it_asks_for_action(desk: Desk) -> None:
    made = report(desk, OCTOBER, END)
    assert pages_of(made)[-1].key == "audit"
    assert not [one for one in made.audit.figures() if one.is_bad]
    assert "None in this period." in [cell.value for cell in audit_page(made).cells]


def _file(folder: Path) -> Path:
    made = folder / "sent.xlsx"
    made.write_bytes(b"sent")
    return made
