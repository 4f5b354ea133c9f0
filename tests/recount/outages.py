"""Outages, counted again from their phases."""

from __future__ import annotations

from typing import Any

from tests.recount.database import Asked, seconds


def count(asked: Asked) -> dict[str, Any]:
    """How many, the minutes on battery inside the period, and the longest one."""
    number, minutes = 0, [0.0]
    for row in asked.rows("SELECT * FROM outages"):
        ended = seconds(row["ended_at"]) if asked.before_cutoff(row["ended_at"]) else None
        if not asked.before_cutoff(row["began_at"]) or (ended is not None and ended <= asked.begins):
            continue
        number += 1
        if row["state"] != "gap":
            minutes.append(_minutes(asked, row["id"]))
    return {
        "outages.count": number,
        "outages.on_battery_minutes": sum(minutes),
        "outages.longest_minutes": max(minutes),
    }


def _minutes(asked: Asked, outage: int) -> float:
    total, since = 0.0, None
    for row in asked.rows("SELECT * FROM outage_phases WHERE outage_id = ? ORDER BY at, id", outage):
        at = max(asked.begins, min(asked.cutoff, seconds(row["at"])))
        if row["phase"] == "on battery" and since is None:
            since = at
        elif row["phase"] == "restored" and since is not None:
            total, since = total + at - since, None
    return (total + (asked.cutoff - since if since is not None else 0.0)) / 60
