"""Who walked the rounds: a row for each person."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from dutyroom import show
from dutyroom.report.facts.round_people import PersonFacts, people_of
from dutyroom.report.figure import traced
from dutyroom.report.page import Cell, Value, height_of, height_of_texts
from dutyroom.report.report import Report
from dutyroom.report.sheets.paper_lines import Line, Placed, only_line
from dutyroom.report.sheets.slot_grid import LABEL_WIDTH, RECORDS
from dutyroom.show import NOTHING
from dutyroom.words import _

ROLE, FIRST, EACH = 2, 7, 3
"""The first column of the role and of the numbers, and how many columns a number takes."""


def people_lines(report: Report) -> Iterator[Line]:
    """The head and then each person."""
    yield _head
    found = people_of(report.frame, report.rounds)
    roles = {one.name: show.role(one.role) for one in report.frame.operators}
    if not found:
        yield partial(only_line, _("Nobody signed a round."))
    for one in found:
        yield partial(_row, report.frame.person(one.name), roles.get(one.name, NOTHING), one)


def _row(label: str, role: str, one: PersonFacts, row: int) -> Placed:
    cells = [
        Cell(row, 1, label, "text"),
        Cell(row, ROLE, role, "text", columns=FIRST - ROLE),
        *(_number(row, place, value, look) for place, (value, look) in enumerate(_values(one))),
        Cell(row, RECORDS, traced(one.records), "records"),
    ]
    return cells, height_of_texts([(label, LABEL_WIDTH)]), {}


def _head(row: int) -> Placed:
    labels = (
        _("Due by the roster"),
        _("Done"),
        _("On time"),
        _("On-time share"),
        _("Late"),
        _("Back-filled"),
        _("Abnormal answers"),
        _("Median minutes from start to signature"),
    )
    cells = [
        Cell(row, 1, _("Person"), "head left"),
        Cell(row, ROLE, _("Role"), "head left", columns=FIRST - ROLE),
        *(_number(row, place, label, "head") for place, label in enumerate(labels)),
        Cell(row, RECORDS, _("Records"), "head"),
    ]
    return cells, height_of(3, 9), {}


def _values(one: PersonFacts) -> list[tuple[Value, str]]:
    share = one.on_time_share
    return [
        (NOTHING if one.due is None else one.due, "count"),
        (one.done, "count"),
        (one.on_time, "count"),
        (NOTHING if share is None else share, "percent"),
        (one.late, "count"),
        (one.back_filled, "count"),
        (one.abnormal, "count"),
        (NOTHING if one.minutes is None else one.minutes, "count"),
    ]


def _number(row: int, place: int, value: Value, look: str) -> Cell:
    column = FIRST + place * EACH
    last = place == 7
    return Cell(row, column, value, look, columns=RECORDS - column if last else EACH)
