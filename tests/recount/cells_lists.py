"""Findings, zero reports, environment, availability and downtimes: their cells held against the recount."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from tests.recount import availability, environment, findings, zero
from tests.recount.database import DEVICES, Asked, seconds
from tests.recount.workbook import Sheet, minute

STATES = {
    "sent-zero": "nothing to report",
    "sent-with-events": "events reported",
    "missing": "missing",
}
CLOCKS = {"contained": "not contained", "reported": "not reported", "authority told": "authority not told"}
HUNDREDTH, TENTH = 0.0051, 0.051


def findings_rows(asked: Asked, sheet: Sheet) -> None:
    """Every finding as it stood at the cut-off."""
    counted = findings.findings(asked)
    heads = ("Class", "Clocks", "Deadline", "Done at", "Verified at", "State", "Days over", "Times found")
    rows = {row["No."]: row for row in sheet.table("No.", *heads)}
    sheet.same("numbers", sorted(rows), sorted(counted))
    for number in rows.keys() & counted.keys():
        row, one = rows[number], counted[number]
        sheet.same(f"{number} class", row["Class"], one["severity"])
        sheet.same(f"{number} clocks", [_told(line) for line in row["Clocks"].split("\n")], _clocks(one["clocks"]))
        sheet.same(f"{number} deadline", row["Deadline"], asked.wall(one["deadline"]))
        for head, step in (("Done at", one["done"]), ("Verified at", one["verified"])):
            sheet.same(f"{number} {head}", minute(row[head]), _minute(asked, step["at"]) if step else None)
        sheet.same(f"{number} overdue", "overdue" in row["State"], one["overdue"])
        sheet.same(f"{number} verified", row["State"].startswith("verified"), one["verified"] is not None)
        sheet.same(f"{number} days over", row["Days over"], one["days_over"] or None)
        sheet.same(f"{number} times", row["Times found"], one["times"])


def _told(line: str) -> str:
    """Without the time it took, which is rounded for reading."""
    return re.sub(r" \d.*", "", line)


def _clocks(counted: dict[str, tuple[float | None, bool]]) -> list[str]:
    """The lines of a cell: a sign, and what was done or was not."""
    told = []
    for (took, late), (done, not_done) in zip(counted.values(), CLOCKS.items(), strict=False):
        sign = "✗" if late else "✓" if took is not None else "…"
        told.append(f"{sign} {done if took is not None else not_done}")
    return told or ["–"]


def zero_days(asked: Asked, sheet: Sheet) -> None:
    """Every duty day and the versions of its report."""
    counted = zero.days(asked)
    heads = ("From", "Until", "State", "Sent at", "By", "Late", "Versions", "Last version at")
    rows = {str(row["Duty day"].date()): row for row in sheet.table("Duty day", *heads)}
    sheet.same("days", sorted(rows), sorted(counted))
    for day in rows.keys() & counted.keys():
        row, one = rows[day], counted[day]
        versions: list[Any] = one["rows"]
        sheet.same(f"{day} from", row["From"], asked.wall(one["begins"]))
        sheet.same(f"{day} until", row["Until"], asked.wall(one["ends"]))
        if one["state"] in STATES:
            sheet.same(f"{day} state", row["State"], STATES[one["state"]])
        sent = _minute(asked, seconds(versions[0]["signed_at"])) if versions else None
        sheet.same(f"{day} sent at", minute(row["Sent at"]), sent)
        sheet.same(f"{day} by", row["By"] or "", asked.person(versions[0]["signed_by"]) if versions else "")
        sheet.same(f"{day} late", bool(row["Late"]), bool(versions and versions[0]["is_late"]))
        sheet.same(f"{day} versions", row["Versions"], len(versions) or None)
        last = _minute(asked, seconds(versions[-1]["signed_at"])) if len(versions) > 1 else None
        sheet.same(f"{day} last version", minute(row["Last version at"]), last)


def environment_days(asked: Asked, sheet: Sheet) -> None:
    """Every place and day with values: lowest, mean, highest, dew point and hours."""
    counted = {
        (place, how, day): one
        for how, found in environment.places(asked).items()
        for place, days in found.items()
        if any(_has_value(one) for one in days.values())
        for listed in [environment.days_listed(asked, {day: _has_value(one) for day, one in days.items()})]
        for day, one in days.items()
        if day in listed
    }
    kinds = [f"{word}, {unit}" for unit in ("°C", "%RH") for word in ("Lowest", "Mean", "Highest")]
    hours = ("Hours outside", "Hours with values", "Hours of the day", "Answers")
    told = sheet.table("Place", "Origin", "Day", *kinds, "Dew point", *hours)
    rows = {
        (row["Place"], row["Origin"], str(row["Day"])[:10]): row for row in told if isinstance(row["Day"], datetime)
    }
    sheet.same("days", sorted(rows), sorted(counted))
    for key in rows.keys() & counted.keys():
        row, one = rows[key], counted[key]
        for heads, name in ((kinds[:3], "warm"), (kinds[3:], "damp")):
            for head, value in zip(heads, one[name] or [None] * 3, strict=True):
                sheet.same(f"{key} {head}", row[head], value, HUNDREDTH)
        sheet.same(f"{key} dew point", row["Dew point"], one["dew"], HUNDREDTH)
        for head, name in zip(hours, ("outside", "hours", "of_day", "answers"), strict=True):
            sheet.same(f"{key} {head}", row[head], one[name])


def _has_value(day: dict[str, Any]) -> bool:
    return bool(day["warm"] or day["damp"])


def availability_rows(asked: Asked, sheet: Sheet) -> None:
    """Every source: polls, minutes, share, times down."""
    counted = {_name(asked, name): one for name, one in availability.sources(asked).items()}
    minutes = {"Up, min": "up", "Down, min": "down", "Planned, min": "planned", "Unknown, min": "unknown"}
    polls = {"Polls answered": "ok", "Polls failed": "failed", "Polls not made": "none"}
    rows = sheet.table("Device", "Counted from", *polls, *minutes, "Availability", "Times down", "Longest, min")
    known = {row["Device"]: row for row in rows if isinstance(row["Counted from"], datetime)}
    site = [_name(asked, one["name"]) for kind in DEVICES for one in asked.of_site(kind)]
    sheet.same("devices", sorted(row["Device"] for row in rows), sorted({*site, *counted}))
    sheet.same("polled", sorted(known), sorted(counted))
    for name in known.keys() & counted.keys():
        row, one = known[name], counted[name]
        sheet.same(f"{name} from", row["Counted from"], asked.wall(one["from"]))
        for head, of in minutes.items():
            sheet.same(f"{name} {head}", row[head], one[of] / 60, TENTH)
        for head, of in polls.items():
            sheet.same(f"{name} {head}", row[head], one[of])
        share = one["availability"]
        sheet.same(f"{name} share", row["Availability"], "–" if share is None else share)
        sheet.same(f"{name} times", row["Times down"], one["times_down"])
        sheet.same(f"{name} longest", row["Longest, min"], one["longest_s"] / 60, TENTH)


def downtimes(asked: Asked, sheet: Sheet) -> None:
    """Every time something did not answer: from, until, and how many minutes."""
    counted = sorted(
        (_name(asked, name), str(asked.wall(began)), str(asked.wall(ended)), round((ended - began) / 60, 3))
        for name, one in availability.sources(asked).items()
        for began, ended in one["downtimes"]
    )
    rows = sheet.table("Device", "From", "Until", "Minutes")
    told = sorted((row["Device"], str(row["From"]), str(row["Until"]), round(row["Minutes"], 3)) for row in rows)
    sheet.same("downtimes", told, counted)
    sheet.compared += len(counted)


def _name(asked: Asked, source: str) -> str:
    known = any(one["name"] == source for kind in DEVICES for one in asked.of_site(kind))
    return asked.label(source) if known else f"{source} (no longer in the site file)"


def _minute(asked: Asked, at: float) -> datetime | None:
    return minute(asked.wall(at))
