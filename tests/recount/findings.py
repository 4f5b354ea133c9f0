"""Findings, zero reports and the ledger, counted again."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from tests.recount.database import Asked, seconds


def count(asked: Asked) -> dict[str, Any]:
    """Findings of the period as they stood at the cut-off."""
    steps: dict[int, list[Any]] = {}
    for row in asked.rows("SELECT * FROM finding_steps ORDER BY id"):
        steps.setdefault(row["finding_id"], []).append(row)
    found, verified, standing, overdue = 0, 0, 0, 0
    for row in asked.rows("SELECT * FROM findings"):
        history = steps.get(row["id"], [])
        if not asked.before_cutoff(row["found_at"]):
            continue
        end = _end(history, asked.cutoff)
        before = _end(history, asked.begins)
        if end == "withdrawn" or (seconds(row["found_at"]) < asked.begins and before is not None):
            continue
        found += seconds(row["found_at"]) >= asked.begins
        verified += end == "verified"
        standing += end is None
        overdue += end is None and not _done(history, asked.cutoff) and _deadline(row, history, asked) < asked.cutoff
    return {
        "findings.found": found,
        "findings.verified": verified,
        "findings.open": standing,
        "findings.overdue": overdue,
    }


def _end(history: list[Any], until: float) -> str | None:
    """How it was over at a moment: verified or withdrawn; None while it was not."""
    end = None
    for step in history:
        if seconds(step["at"]) < until:
            if step["step"] in ("verified", "withdrawn"):
                end = step["step"]
            elif step["step"] in ("reopened", "returned"):
                end = None
    return end


def _done(history: list[Any], until: float) -> bool:
    done = False
    for step in history:
        if seconds(step["at"]) < until and step["step"] in ("done", "reopened", "returned"):
            done = step["step"] == "done"
    return done


def _deadline(row: Any, history: list[Any], asked: Asked) -> float:
    """The deadline as it stood: what a later step replaced is in its words."""
    deadline = seconds(row["deadline"])
    for step in reversed(history):
        was = json.loads(step["params"]).get("was")
        if was and not asked.before_cutoff(step["at"]):
            deadline = seconds(was.replace("Z", "+00:00"))
    return deadline


def zero(asked: Asked) -> dict[str, Any]:
    """Duty days of the period with a report, as they stood at the cut-off."""
    on_time: set[date] = set()
    late: set[date] = set()
    amended: set[date] = set()
    for row in asked.rows("SELECT * FROM zero_reports ORDER BY version"):
        day = date.fromisoformat(row["duty_day"])
        if not asked.first <= day <= asked.last or not asked.before_cutoff(row["signed_at"]):
            continue
        if row["version"] == 1:
            (late if row["is_late"] else on_time).add(day)
        else:
            amended.add(day)
    days = {asked.first + timedelta(days=n) for n in range((asked.last - asked.first).days + 1)}
    # A duty day ends when those that were reported do; it was due once it was over.
    ends = asked.rows("SELECT duty_day, ends_at FROM zero_reports LIMIT 1")
    into_day = seconds(ends[0]["ends_at"]) - asked.midnight(date.fromisoformat(ends[0]["duty_day"])) if ends else 0
    due = {day for day in days if asked.midnight(day) + into_day <= asked.cutoff}
    return {
        "zero.on_time": len(on_time),
        "zero.late": len(late),
        "zero.amended": len(amended),
        "zero.due": len(due),
        "zero.missing": len(due - on_time - late),
    }


def ledger(asked: Asked) -> dict[str, Any]:
    """The first line of the period and the last before the cut-off."""
    rows = asked.rows("SELECT seq, at, hash FROM ledger ORDER BY seq")
    inside = [row for row in rows if asked.begins <= seconds(row["at"]) < asked.cutoff]
    upto = [row for row in rows if seconds(row["at"]) < asked.cutoff]
    return {
        "first": [inside[0]["seq"], inside[0]["hash"]] if inside else None,
        "last": [upto[-1]["seq"], upto[-1]["hash"]] if upto else None,
    }
