"""Rounds and answers, counted again: what became of every slot, and what the answers said."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from tests.recount import checklists
from tests.recount.database import Asked, median, seconds

SIGNED = ("on time", "late", "back-filled")
DUE = (*SIGNED, "skipped", "missed")
ABNORMAL = ("attention", "fault")


@dataclass(frozen=True)
class Walk:
    """One slot of the period and what became of it. `row` is its round, None where none is on record."""

    checklist: str
    due: float
    day: date
    state: str
    row: Any = None

    @property
    def record(self) -> str:
        """What the Records column calls it."""
        return f"round:{self.row['id']}" if self.row is not None else f"slot:{self.checklist}"


def walks(asked: Asked) -> list[Walk]:
    """Every slot: the rounds on record, and the times of the checklists that have none."""
    if "walks" not in asked.kept:
        asked.kept["walks"] = sorted(_walks(asked), key=lambda one: (one.due, one.checklist))
    found: list[Walk] = asked.kept["walks"]
    return found


def _walks(asked: Asked) -> list[Walk]:
    found = []
    on_record: set[tuple[str, float]] = set()
    days: set[tuple[str, str]] = set()
    for row in asked.rows("SELECT * FROM rounds WHERE due_on BETWEEN ? AND ?", str(asked.first), str(asked.last)):
        state = _state(asked, row)
        if state is None:
            continue
        found.append(Walk(row["checklist"], seconds(row["due_at"]), date.fromisoformat(row["due_on"]), state, row))
        on_record.add((row["checklist"], seconds(row["due_at"])))
        if row["period_id"] is None:
            days.add((row["checklist"], row["due_on"]))
    for slot in checklists.slots(asked):
        if (slot.checklist, slot.due) in on_record:
            continue
        if not slot.in_period and (slot.checklist, str(slot.day)) in days:
            continue
        state = "open" if asked.made >= slot.opens else "to come"
        state = "missed" if asked.made >= slot.missed_after else state
        found.append(Walk(slot.checklist, slot.due, slot.day, state))
    return found


def _state(asked: Asked, row: Any) -> str | None:
    """How a round stood when the report was made; None when it was not on record then."""
    recorded = asked.recorded(f"round:{row['id']}")
    if recorded is not None and recorded > asked.made:
        return None
    marks = row["marks"].split()
    if asked.by_making(row["signed_at"]):
        return "back-filled" if "back-filled" in marks else "late" if "late" in marks else "on time"
    closed, begun = asked.by_making(row["closed_at"]), asked.by_making(row["started_at"])
    if "back-filled" in marks and not begun:
        return "missed" if closed else "open" if recorded is not None else None
    if row["state"] in ("missed", "skipped") and closed:
        return str(row["state"])
    return "open" if begun or recorded is not None else None


def answers(asked: Asked) -> dict[int, dict[tuple[str, str], Any]]:
    """The answers of every signed round, with what was amended by then, in the order of the rounds."""
    if "answers" not in asked.kept:
        asked.kept["answers"] = {
            one.row["id"]: _answers(asked, one.row["id"]) for one in walks(asked) if one.state in SIGNED
        }
    found: dict[int, dict[tuple[str, str], Any]] = asked.kept["answers"]
    return found


def _answers(asked: Asked, number: int) -> dict[tuple[str, str], Any]:
    rows = asked.rows("SELECT * FROM entries WHERE round_id = ?", number)
    found = {(row["item"], row["device"]): dict(row) for row in rows}
    for row in asked.rows("SELECT * FROM amendments WHERE round_id = ? ORDER BY revision", number):
        if asked.by_making(row["at"]):
            found |= {(one["item"], one["device"]): one for one in json.loads(row["entries"])}
    return {key: one for key, one in found.items() if one["answer"] is not None}


def is_amended(asked: Asked, row: Any) -> bool:
    """True for a signed round that was changed by then."""
    return any(
        asked.by_making(one["at"]) for one in asked.rows("SELECT at FROM amendments WHERE round_id = ?", row["id"])
    )


def count(asked: Asked) -> dict[str, Any]:
    """Figures of the rounds and of their answers."""
    number = Counter(one.state for one in walks(asked))
    due, signed = sum(number[state] for state in DUE), sum(number[state] for state in SIGNED)
    told = [one for of_round in answers(asked).values() for one in of_round.values() if one["answer"] != "na"]
    verdicts = Counter(one["verdict"] for one in told)
    return {
        "rounds.due": due,
        "rounds.signed": signed,
        "rounds.on_time": number["on time"],
        "rounds.late": number["late"],
        "rounds.back_filled": number["back-filled"],
        "rounds.skipped": number["skipped"],
        "rounds.missed": number["missed"],
        "rounds.pending": number["open"],
        "rounds.completion": signed / due if due else None,
        "rounds.on_time_rate": number["on time"] / due if due else None,
        "answers.abnormal": verdicts["attention"] + verdicts["fault"],
        "answers.unknown": verdicts["unknown"],
    }


def roster(asked: Asked) -> list[Any]:
    """The roster of the period and the day before it, as it stood at the cut-off."""
    return [
        row
        for row in asked.rows(
            "SELECT * FROM roster WHERE day BETWEEN ? AND ?", str(asked.first - timedelta(days=1)), str(asked.last)
        )
        if asked.before_cutoff(row["imported_at"]) and not asked.before_cutoff(row["replaced_at"])
    ]


def people(asked: Asked) -> dict[str, dict[str, Any]]:
    """By login or name in the roster: what was due in their shifts, and what they signed."""
    due = _due_by_roster(asked)
    signed: dict[str, list[Walk]] = {}
    for one in walks(asked):
        if one.state in SIGNED:
            signed.setdefault(one.row["signed_by"], []).append(one)
    return {name: _person(asked, due.get(name), signed.get(name, [])) for name in {*due, *signed}}


def _person(asked: Asked, due: int | None, own: list[Walk]) -> dict[str, Any]:
    states = Counter(one.state for one in own)
    walked = [
        (seconds(one.row["signed_at"]) - seconds(one.row["started_at"])) / 60
        for one in own
        if one.state != "back-filled" and one.row["started_at"]
    ]
    abnormal = [one for walk in own for one in answers(asked)[walk.row["id"]].values() if one["verdict"] in ABNORMAL]
    return {
        "due": due,
        "done": len(own),
        "on_time": states["on time"],
        "share": states["on time"] / len(own) if own else None,
        "late": states["late"],
        "back_filled": states["back-filled"],
        "abnormal": len(abnormal),
        "minutes": median(walked),
    }


def _due_by_roster(asked: Asked) -> dict[str, int]:
    """A shift is named by the day it begins on; a site without shifts has one of a day that ends with the duty day."""
    duty = asked.site["site"].get("zero_report_at", "15:00")
    times = [(one["name"], one["begins"], one["ends"]) for one in asked.of_site("shift")] or [("duty", duty, duty)]
    shifts: list[tuple[float, float, set[str]]] = []
    rows = roster(asked)
    for day in [asked.first - timedelta(days=1), *asked.days]:
        for code, begins, ends in times:
            first, last = time.fromisoformat(begins), time.fromisoformat(ends)
            until = day if last > first else day + timedelta(days=1)
            named = {row["person"] for row in rows if (row["day"], row["shift"]) == (str(day), code)}
            shifts.append((asked.local(day, first), asked.local(until, last), named))
    found: Counter[str] = Counter()
    for one in walks(asked):
        running = [shift for shift in shifts if shift[0] <= one.due < shift[1]]
        if running and one.state in DUE:
            found.update(max(running, key=lambda shift: shift[0])[2])
    return dict(found)
