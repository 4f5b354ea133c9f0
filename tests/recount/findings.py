"""Findings, counted again from the lines of their history: each as it stood at the cut-off."""

from __future__ import annotations

import json
from typing import Any

from tests.recount.database import DAY_S, Asked, median, seconds

CLOCKS = {
    "contained": (3 * 60, ("critical", "major")),
    "reported": (30 * 60, ("critical", "major")),
    "authority": (4 * 3600, ("major",)),
}
"""By step the seconds it may take, and the classes that have that clock."""


def findings(asked: Asked) -> dict[int, dict[str, Any]]:
    """By number those on record before the cut-off that were not over when the period began, but for withdrawn ones."""
    if "findings" not in asked.kept:
        steps: dict[int, list[dict[str, Any]]] = {}
        for row in asked.rows("SELECT * FROM finding_steps ORDER BY id"):
            told = {"at": seconds(row["at"]), "step": row["step"], "told": json.loads(row["params"]), "by": row["by"]}
            steps.setdefault(row["finding_id"], []).append({**told, "note": row["note"]})
        stood = {
            row["id"]: _stood(asked, row, steps.get(row["id"], [])) for row in asked.rows("SELECT * FROM findings")
        }
        asked.kept["findings"] = {number: one for number, one in stood.items() if one is not None}
    found: dict[int, dict[str, Any]] = asked.kept["findings"]
    return found


def _stood(asked: Asked, row: Any, steps: list[dict[str, Any]]) -> dict[str, Any] | None:
    before = [one for one in steps if one["at"] < asked.cutoff]
    if not before or _ended([one for one in before if one["at"] < asked.begins]):
        return None
    end = _ended(before)
    if end == "withdrawn":
        return None
    done = None
    times, window, severity = 1, _window(row, steps), _first_severity(row, steps)
    for one in before:
        if one["step"] in ("done", "reopened", "returned"):
            done = one if one["step"] == "done" else None
        if one["step"] in ("reopened", "seen-again"):
            times += 1
            window = None if "window" in one["told"] else window
        if one["step"] == "severity":
            severity = one["told"]["now"]
    counts, deadline = window is None, _deadline(row, steps, asked.cutoff)
    until = done["at"] if done else asked.cutoff
    return {
        "row": row,
        "recorded": before[0]["at"],
        "verified": next((one for one in reversed(before) if one["step"] == "verified"), None) if end else None,
        "done": done,
        "severity": severity,
        "deadline": deadline,
        "times": times,
        "clocks": _clocks(row, steps, asked.cutoff),
        "breaches": sum(
            one[1] and not _clocks(row, steps, asked.begins).get(name, ("", False))[1]
            for name, one in _clocks(row, steps, asked.cutoff).items()
        ),
        "open": counts and end is None,
        "overdue": counts and end is None and done is None and deadline < asked.cutoff,
        "days_over": max(0, int((until - deadline) // DAY_S)) if counts else 0,
    }


def _clocks(row: Any, steps: list[dict[str, Any]], until: float) -> dict[str, tuple[float | None, bool]]:
    """By clock the seconds from found to its stamp, None without one, and whether it was late at that moment."""
    before = [one for one in steps if one["at"] < until]
    severity, window = _first_severity(row, steps), _window(row, steps)
    for one in before:
        severity = one["told"]["now"] if one["step"] == "severity" else severity
        window = None if "window" in one["told"] else window
    found: dict[str, tuple[float | None, bool]] = {}
    for name, (limit, classes) in CLOCKS.items():
        if before and window is None and severity in classes:
            took = next((one["at"] - seconds(row["found_at"]) for one in before if one["step"] == name), None)
            found[name] = (took, (until - seconds(row["found_at"]) if took is None else took) > limit)
    return found


def _ended(steps: list[dict[str, Any]]) -> str | None:
    """How it was over: verified or withdrawn; None while it was not."""
    end = None
    for one in steps:
        if one["step"] in ("verified", "withdrawn"):
            end = one["step"]
        elif one["step"] in ("reopened", "returned"):
            end = None
    return end


def _window(row: Any, steps: list[dict[str, Any]]) -> Any:
    """The planned maintenance that explained it at first: told by the step that ended it."""
    return next((one["told"]["window"] for one in steps if "window" in one["told"]), row["silenced_by"])


def _first_severity(row: Any, steps: list[dict[str, Any]]) -> str:
    return str(next((one["told"]["was"] for one in steps if one["step"] == "severity"), row["severity"]))


def _deadline(row: Any, steps: list[dict[str, Any]], until: float) -> float:
    """The deadline as it stood: what the first later step replaced is in its words."""
    for one in steps:
        was = one["told"].get("had-deadline") or (one["told"].get("was") if one["step"] != "severity" else None)
        if was and one["at"] >= until:
            return seconds(was.replace("Z", "+00:00"))
    return seconds(row["deadline"])


def count(asked: Asked) -> dict[str, Any]:
    """The key figures."""
    every = [*findings(asked).values()]
    done = [one for one in every if one["done"] and one["done"]["at"] >= asked.begins]
    days = median([(one["done"]["at"] - seconds(one["row"]["found_at"])) / DAY_S for one in done])
    return {
        "findings.found": sum(one["recorded"] >= asked.begins for one in every),
        "findings.verified": sum(one["verified"] is not None for one in every),
        "findings.open": sum(one["open"] for one in every),
        "findings.overdue": sum(one["overdue"] for one in every),
        "findings.major": sum(one["severity"] == "major" for one in every),
        "findings.clock_breaches": sum(one["breaches"] for one in every),
        "findings.median_days": round(days, 2) if days is not None else None,
    }
