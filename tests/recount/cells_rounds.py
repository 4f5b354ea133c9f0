"""Completion, abnormal answers and readings: their cells held against the recount."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from tests.recount import checklists, rounds
from tests.recount.database import Asked, seconds
from tests.recount.rounds import DUE, SIGNED, Walk
from tests.recount.workbook import Sheet, minute

MARKS = {
    "on time": "✓",
    "late": "L",
    "back-filled": "B",
    "skipped": "S",
    "missed": "M",
    "open": "…",
    "to come": "○",
}
LETTERS = {"measured": "M", "typed": "T", "typed-over-measured": "O"}
DAYS = 31
PEOPLE = {
    "Due by the roster": "due",
    "Done": "done",
    "On time": "on_time",
    "On-time share": "share",
    "Late": "late",
    "Back-filled": "back_filled",
    "Abnormal answers": "abnormal",
    "Median minutes": "minutes",
}


def completion(asked: Asked, sheet: Sheet) -> None:
    """The state of every day and slot, the sums, what was not on time, and the people."""
    met = [found for number in range(len(sheet.rows)) for found in _grid(asked, sheet, number)]
    expected = [_marked(asked, one) for one in rounds.walks(asked)]
    sheet.same("every slot stands once", sorted(met), sorted(expected))
    if len(asked.days) <= DAYS:
        _by_day(asked, sheet)
    else:
        _by_span(asked, sheet)
    _not_on_time(asked, sheet)
    counted = {asked.person(name): one for name, one in rounds.people(asked).items()}
    rows = sheet.table("Person", *PEOPLE)
    sheet.same("people", sorted(row["Person"] for row in rows), sorted(counted))
    for row in rows:
        for head, name in PEOPLE.items():
            value = counted.get(row["Person"], {}).get(name)
            sheet.same(f"{row['Person']} {head}", row[head], "–" if value is None else value)


def _grid(asked: Asked, sheet: Sheet, top: int) -> Iterator[tuple[str, str, str]]:
    """What a block of days shows from its head on: checklist, day and sign of every cell that has one."""
    head = sheet.rows[top]
    if head[0] != "Checklist" or "Signed" not in head:
        return
    last, sums = head.index("Due"), [head.index(name) for name in ("Due", "Signed", "Rate")]
    months = [one if isinstance(one, str) else None for one in head[1:last]]
    days: dict[int, date] = {}
    month = asked.first.replace(day=1)
    for column, (named, number) in enumerate(zip(months, sheet.rows[top + 1][1:last], strict=True), 1):
        if named is not None:
            year, _dash, of = named.rpartition("-")
            month = date(int(year or month.year), int(of), 1)
        if number is not None:
            days[column] = month.replace(day=int(number))
    own = [one for one in rounds.walks(asked) if one.day in days.values()]
    names = {str(form["en"]): name for name, form in checklists.in_force(asked).items()}
    for row in sheet.rows[top + 3 :]:
        if row[0] == "All rounds":
            _sums(sheet, f"{month:%Y-%m} all", [row[place] for place in sums], own)
            return
        label = re.fullmatch(r"(.*?)(?: (\d\d:\d\d))?(?: \((\d+)\))?", str(row[0]))
        assert label is not None  # everything matches
        name = names.get(label[1], label[1])
        for column, day in days.items():
            if row[column] is not None:
                yield name, str(day), str(row[column])
        if label[3] is None:
            mine = [one for one in own if one.checklist == name and label[2] in (None, _time(asked, one))]
            _sums(sheet, f"{month:%Y-%m} {row[0]}", [row[place] for place in sums], mine)


def _time(asked: Asked, one: Walk) -> str:
    return f"{asked.wall(one.due):%H:%M}"


def _sums(sheet: Sheet, place: str, told: Sequence[Any], own: list[Walk]) -> None:
    due, signed = sum(one.state in DUE for one in own), sum(one.state in SIGNED for one in own)
    for name, value, counted in zip(
        ("due", "signed", "rate"), told, (due, signed, signed / due if due else "–"), strict=False
    ):
        sheet.same(f"{place} {name}", value, counted)


def _marked(asked: Asked, one: Walk) -> tuple[str, str, str]:
    star = "*" if one.state in SIGNED and rounds.is_amended(asked, one.row) else ""
    return one.checklist, str(one.day), MARKS[one.state] + star


def _by_day(asked: Asked, sheet: Sheet) -> None:
    """The rows the chart draws: a number for each day on which something was due."""
    states = Counter((one.day, one.state) for one in rounds.walks(asked))
    due = {one.day for one in rounds.walks(asked) if one.state in DUE}
    rows = {row[0]: row for row in sheet.rows if row[0] in DUE}
    for state in DUE:
        for column, day in enumerate(asked.days, 1):
            told = rows[state][column] if state in rows else "no such row"
            sheet.same(f"{state} {day}", told, states[day, state] if day in due else None)


def _span(asked: Asked, day: date) -> str:
    """Weeks for up to 100 days, then months, then years."""
    if len(asked.days) <= 100:
        return "{}-W{:02}".format(*day.isocalendar()[:2])
    return f"{day:%Y-%m}" if len(asked.days) <= 1100 else f"{day:%Y}"


def _by_span(asked: Asked, sheet: Sheet) -> None:
    spans: dict[str, Counter[str]] = {_span(asked, day): Counter() for day in asked.days}
    for one in rounds.walks(asked):
        spans[_span(asked, one.day)][one.state] += 1
    rows = sheet.table("Period", "Due", "Signed", *DUE, "Rate")
    sheet.same("spans", [row["Period"] for row in rows], [*spans])
    for row in rows:
        states = spans.get(row["Period"], Counter())
        due, signed = sum(states[state] for state in DUE), sum(states[state] for state in SIGNED)
        told = {"Due": due, "Signed": signed, **{state: states[state] for state in DUE}}
        for head, value in told.items():
            sheet.same(f"{row['Period']} {head}", row[head], value if due or head == "Due" else None)
        sheet.same(f"{row['Period']} rate", row["Rate"], signed / due if due else "–")


def _not_on_time(asked: Asked, sheet: Sheet) -> None:
    names = {name: form["en"] for name, form in checklists.in_force(asked).items()}
    counted = [
        (
            str(asked.wall(one.due)),
            names.get(one.checklist, one.checklist),
            one.state,
            asked.person(one.row["signed_by" if one.state in SIGNED else "closed_by"]) if one.row is not None else "",
        )
        for one in rounds.walks(asked)
        if one.state in ("skipped", "missed", "late", "back-filled")
    ]
    rows = sheet.table("Due", "Checklist", "State", "By", "Signed, skipped or missed at")
    told = [(str(row["Due"]), row["Checklist"], row["State"], row["By"] or "") for row in rows]
    sheet.same("not on time", sorted(told), sorted(counted))


def abnormal(asked: Asked, sheet: Sheet) -> None:
    """Every answer that is not normal: its round, when it was given, by whom, and what it is judged."""
    due = {one.row["id"]: asked.wall(one.due) for one in rounds.walks(asked) if one.row is not None}
    counted = [
        (str(due[number]), str(minute(asked.wall(seconds(one["at"])))), one["verdict"], asked.person(one["by"]))
        for number, of_round in rounds.answers(asked).items()
        for one in of_round.values()
        if one["verdict"] in (*rounds.ABNORMAL, "unknown") and one["answer"] != "na"
    ]
    rows = sheet.table("Due", "Verdict", "By", "Answered at")
    told = [(str(row["Due"]), str(minute(row["Answered at"])), row["Verdict"], row["By"]) for row in rows]
    sheet.same("answers", sorted(told), sorted(counted))


def readings(asked: Asked, sheet: Sheet) -> None:
    """Every number of every signed round with the letter of its origin, and no other number."""
    top = next((number for number, row in enumerate(sheet.rows) if row and row[0] == "No."), None)
    if top is None:
        sheet.differing.append("no head of the list")
        return
    codes = {column: str(code) for column, code in enumerate(sheet.rows[top]) if column >= 6 and column % 2 == 0}
    rows = {row[0]: row for row in sheet.rows[top + 1 :] if isinstance(row[0], int)}
    signed = {one.row["id"]: one for one in rounds.walks(asked) if one.state in SIGNED}
    sheet.same("rounds", sorted(rows), sorted(signed))
    for number in rows.keys() & signed.keys():
        row, one = rows[number], signed[number]
        sheet.same(f"{number} due", row[2], asked.wall(one.due))
        sheet.same(f"{number} signed", row[3], asked.wall(seconds(one.row["signed_at"])))
        sheet.same(f"{number} by", row[4], asked.person(one.row["signed_by"]))
        told = {
            (codes[column].partition(" ")[0], row[column - 1], row[column])
            for column in codes
            if row[column - 1] is not None
        }
        counted = {
            (item + (f"@{device}" if device else ""), answer["value"], LETTERS[answer["origin"]])
            for (item, device), answer in rounds.answers(asked)[number].items()
            if answer["value"] is not None
        }
        sheet.same(f"{number} numbers", sorted(told - counted), sorted(counted - told))
        sheet.compared += len(counted)
