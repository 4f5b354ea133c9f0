"""Zero reports and the lines of the ledger, counted again."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from tests.recount.database import Asked, duration, seconds

DAY = timedelta(days=1)


def days(asked: Asked) -> dict[str, dict[str, Any]]:
    """By day the duty days that end in the period, from the first in use to the one that runs: state and versions."""
    sign_by = time.fromisoformat(asked.site["site"].get("zero_report_at", "15:00"))
    grace = duration(asked.site["site"].get("zero_report_grace", "30m"))
    used = asked.rows("SELECT min(created_at) AS at FROM operators")[0]["at"]
    if used is None:
        return {}
    first, last = (_duty_day(asked, at, sign_by) for at in (seconds(used), asked.cutoff))
    found = {}
    for day in asked.days:
        if not first <= day <= last:
            continue
        rows = asked.rows("SELECT * FROM zero_reports WHERE duty_day = ? ORDER BY version", str(day))
        versions = [row for row in rows if asked.before_cutoff(row["signed_at"])]
        ends = asked.local(day, sign_by)
        state = versions[-1]["state"] if versions else "missing" if asked.cutoff > ends + grace else "due"
        found[str(day)] = {"begins": asked.local(day - DAY, sign_by), "ends": ends, "state": state, "rows": versions}
    return found


def _duty_day(asked: Asked, at: float, sign_by: time) -> date:
    day = asked.day_of(at)
    return day if at < asked.local(day, sign_by) else day + DAY


def count(asked: Asked) -> dict[str, Any]:
    """The key figures: a day that may still be reported is not due yet."""
    due = [one for one in days(asked).values() if one["state"] != "due"]
    sent = [one["rows"] for one in due if one["rows"]]
    return {
        "zero.due": len(due),
        "zero.on_time": sum(not rows[0]["is_late"] for rows in sent),
        "zero.late": sum(bool(rows[0]["is_late"]) for rows in sent),
        "zero.amended": sum(len(rows) > 1 for rows in sent),
        "zero.missing": len(due) - len(sent),
    }


def ledger(asked: Asked) -> dict[str, Any]:
    """The first line of the period and the last before the cut-off."""
    rows = asked.rows("SELECT seq, at, hash FROM ledger ORDER BY seq")
    inside = [row for row in rows if asked.begins <= seconds(row["at"]) < asked.cutoff]
    upto = [row for row in rows if seconds(row["at"]) < asked.cutoff]
    return {
        "first": [inside[0]["seq"], inside[0]["hash"]] if inside else [0, ""],
        "last": [upto[-1]["seq"], upto[-1]["hash"]] if upto else [0, ""],
    }
