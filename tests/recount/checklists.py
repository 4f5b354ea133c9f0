"""The checklists as the file keeps their texts: what is in force, the limits of an item, and when rounds are due."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from tests.recount.database import DAY_S, Asked, duration, seconds

CADENCES = ("daily", "weekly", "monthly", "quarterly", "period")
AROUND = timedelta(days=200)
"""So far beyond the period the calendar is laid out, so that each slot has one before and one after."""


@dataclass(frozen=True)
class Slot:
    """One time a checklist is to be walked. Moments are seconds since the epoch."""

    checklist: str
    due: float
    day: date
    opens: float
    missed_after: float
    in_period: bool = False


def in_force(asked: Asked) -> dict[str, dict[str, Any]]:
    """The newest text of every checklist, the daily one first, then by how often they come."""
    if "forms" not in asked.kept:
        rows = asked.rows("SELECT name, content FROM checklists ORDER BY published_at, rowid")
        forms = {row["name"]: tomllib.loads(row["content"]) for row in rows}
        order = sorted(forms, key=lambda name: (name != "daily", CADENCES.index(_cadence(forms[name])), name))
        asked.kept["forms"] = {name: forms[name] for name in order}
    found: dict[str, dict[str, Any]] = asked.kept["forms"]
    return found


def item(asked: Asked, name: str) -> dict[str, Any] | None:
    """An item with the limits that are in force for it; None where no checklist has it."""
    for form in in_force(asked).values():
        for one in form["item"]:
            if one["id"] == name:
                kept = form.get("in_force", {})
                profile = kept.get("profile", asked.site["site"].get("limit_profile", "gb50174"))
                of_profile = form.get("profile", {}).get(profile, {}).get(name, {})
                return {**one, **of_profile, **kept.get("limits", {}).get(name, {})}
    return None


def slots(asked: Asked) -> Iterator[Slot]:
    """Every slot of the checklists in force that is due in the period, from when each was first published on."""
    rows = asked.rows("SELECT name, min(published_at) AS at FROM checklists GROUP BY name")
    published = {row["name"]: seconds(row["at"]) for row in rows}
    for name, form in in_force(asked).items():
        if published[name] > asked.made:
            continue
        begin = max(asked.begins, published[name])
        every = _of_periods(asked, name, form) if _cadence(form) == "period" else _of_calendar(asked, name, form)
        yield from (slot for slot in every if begin <= slot.due < asked.ends)


def _cadence(form: dict[str, Any]) -> str:
    return str(form.get("cadence", "daily"))


def _of_calendar(asked: Asked, name: str, form: dict[str, Any]) -> Iterator[Slot]:
    days = [day for day in _days(asked.first - AROUND, asked.last + AROUND) if _is_on(form, day)]
    at = time.fromisoformat(form.get("due_at", "08:30"))
    early, window = duration(form.get("early", "30m")), duration(form.get("window", "90m"))
    due = [asked.local(day, at) for day in days]
    for place in range(1, len(days) - 1):
        # One may begin before it is due, but not before the one before it was.
        following = max(due[place + 1] - early, due[place])
        late = min(_later(asked, due[place], window), following)
        missed = min(late + duration(form["grace"]), following) if "grace" in form else following
        yield Slot(name, due[place], days[place], max(due[place] - early, due[place - 1]), missed)


def _later(asked: Asked, at: float, by_s: float) -> float:
    """Hours that pass; from a whole day on by the clock on the wall."""
    if by_s < DAY_S:
        return at + by_s
    wall: datetime = asked.wall(at) + timedelta(seconds=by_s)
    return wall.replace(tzinfo=asked.zone).timestamp()


def _is_on(form: dict[str, Any], day: date) -> bool:
    number = form.get("day", 1)
    match _cadence(form):
        case "daily":
            return True
        case "weekly":
            return bool(day.isoweekday() == form.get("weekday", 1))
        case "monthly":
            return day == _day_of(day.replace(day=1), 1, number)
        case _:
            return day == _day_of(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), 3, number)


def _day_of(first: date, months: int, number: int) -> date:
    """The n-th day of so many months, counted from the end where it is negative, never outside of them."""
    end = date(first.year + (first.month + months - 1) // 12, (first.month + months - 1) % 12 + 1, 1)
    length = (end - first).days
    return first + timedelta(days=min(max(number if number > 0 else length + 1 + number, 1), length) - 1)


def _of_periods(asked: Asked, name: str, form: dict[str, Any]) -> Iterator[Slot]:
    early, window = duration(form.get("early", "30m")), duration(form.get("window", "90m"))
    for row in asked.rows("SELECT * FROM periods WHERE checklist = ?", name):
        if not asked.by_making(row["opened_at"]):
            continue
        ends = seconds(row["ends_at"])
        if asked.by_making(row["closed_at"]):
            ends = min(ends, seconds(row["closed_at"]))
        every = float(row["every_s"])
        due = [seconds(row["starts_at"])]
        while due[-1] < ends:
            due.append(due[-1] + every)
        for at, after in pairwise(due):
            following = after - min(early, every)
            late = min(at + window, following)
            missed = min(late + duration(form["grace"]), following) if "grace" in form else following
            yield Slot(name, at, asked.day_of(at), at - min(early, every), missed, in_period=True)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
