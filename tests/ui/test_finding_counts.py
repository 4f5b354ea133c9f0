"""The duty panel of the board says how many findings are open, what presses, and what waits for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rich.cells import cell_len

from dutyroom.board import make_board
from dutyroom.checklists import shipped
from dutyroom.model.finding import FindingsNow, Severity
from dutyroom.model.room import RoomRecords
from dutyroom.model.site import LimitProfile
from screens import finding_count_lines
from tests.desks import NOW, make_site

DAY = timedelta(days=1)


def told(counts: FindingsNow, width: int = 38) -> list[str]:
    """The lines as text."""
    site, records = make_site(), RoomRecords(findings=counts)
    board = make_board(site, shipped("daily", LimitProfile.GB50174), records, NOW)
    lines = finding_count_lines.lines(board, records, site, width)
    shown = ["".join(text for text, _style in line) for line in lines]
    assert all(cell_len(line) <= width for line in shown)
    return [" ".join(line.split()) for line in shown]


@pytest.mark.parametrize(
    ("counts", "lines"),
    [
        (FindingsNow(), []),
        (FindingsNow(open=2, worst=Severity.OTHER, next_deadline=NOW + 3 * DAY), ["▸ 2 findings open by Fri 27 Nov"]),
        (
            FindingsNow(open=2, worst=Severity.CRITICAL, next_deadline=NOW + timedelta(hours=2)),
            ["! 2 findings open by 10:41"],
        ),
        (
            FindingsNow(open=3, overdue=2, worst=Severity.OTHER, next_deadline=NOW + DAY, to_verify=1, known=1),
            ["! 3 findings open 2 overdue", "1 to verify, 1 known"],
        ),
        (FindingsNow(open=1, worst=Severity.MAJOR, next_deadline=NOW + DAY), ["✗ 1 findings open by Wed 25 Nov"]),
        (FindingsNow(silenced=4), ["4 in planned maintenance"]),
    ],
    ids=["none", "some", "today", "overdue", "major", "silenced"],
)
def test_the_board_says_what_presses(counts: FindingsNow, lines: list[str]) -> None:
    assert told(counts) == lines
