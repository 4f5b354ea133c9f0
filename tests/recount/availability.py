"""Availability of every source, counted again from the stretches on record."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from tests.recount.database import DEVICES, HOUR_S, Asked, seconds

ANSWER_HOLDS_S = 120
"""So long after the newest poll nothing is unknown yet."""
SETTLED_S = 300
CHECKED = ("ups", "network", "server")
"""What is always polled; a system or a line only where the site file says how."""


def sources(asked: Asked) -> dict[str, dict[str, Any]]:
    """Per source that was polled before the cut-off: seconds up, down, planned, unknown; the share; the downtimes."""
    if "sources" not in asked.kept:
        backups = {one["name"] for one in asked.of_site("backup")}
        names = {row["source"] for row in asked.rows("SELECT DISTINCT source FROM silences")} - backups
        found = {name: _source(asked, name) for name in sorted(names)}
        asked.kept["sources"] = {name: one for name, one in found.items() if one is not None}
    told: dict[str, dict[str, Any]] = asked.kept["sources"]
    return told


def count(asked: Asked) -> dict[str, Any]:
    """The key figures over every source."""
    every = [*sources(asked).values()]
    known = [one for one in every if one["availability"] is not None]
    checked = [one["name"] for kind in DEVICES for one in asked.of_site(kind) if kind in CHECKED or "check" in one]
    counted = sum(one["up"] + one["down"] + one["planned"] + one["unknown"] for one in every)
    return {
        "availability.lowest": min((one["availability"] for one in known), default=None),
        "availability.sources": len(known),
        "availability.times_down": sum(one["times_down"] for one in known) if known else None,
        "availability.longest": max(one["longest_s"] for one in every) / 60 if known else None,
        "availability.unknown": sum(one["unknown"] for one in every) / counted if counted else None,
        "availability.never": sum(name not in sources(asked) for name in checked),
    }


def _source(asked: Asked, source: str) -> dict[str, Any] | None:
    rows = asked.rows("SELECT * FROM silences WHERE source = ?", source)
    born = max((row["ended_s"] for row in rows if row["cause"] == "before"), default=None)
    start, end = int(asked.begins), int(asked.cutoff)
    if born is None or max(start, born) >= end:
        return None
    start = max(start, born)
    newest = asked.rows("SELECT at FROM latest WHERE source = ?", source)
    polled = min(end, int(seconds(newest[0]["at"]))) if newest else end
    down = [
        (row["began_s"], end if row["ended_s"] is None else row["ended_s"])
        for row in rows
        if row["cause"] == "failed" and row["second_s"] is not None and row["second_s"] < end
    ]
    unknown = [
        (row["began_s"], end if row["ended_s"] is None else row["ended_s"])
        for row in rows
        if row["cause"] == "not-polled" and not (row["ended_s"] is None or row["ended_s"] >= end)
    ]
    over = [row["began_s"] for row in rows if row["cause"] == "not-polled" and row["began_s"] < end]
    over = [at for at in over if all(at != began for began, _ended in unknown)]
    polled = min([polled, *over])
    if end - polled >= ANSWER_HOLDS_S:
        unknown.append((polled, end))
    planned = _planned(asked, source)
    edges = sorted({start, end, *(min(max(at, start), end) for span in (*down, *unknown, *planned) for at in span)})
    total = {"up": 0, "down": 0, "planned": 0, "unknown": 0}
    lengths: dict[int, int] = {}
    for left, right in pairwise(edges):
        spans = (("planned", planned), ("unknown", unknown), ("down", down))
        state = next((name for name, held in spans if any(a <= left and right <= b for a, b in held)), "up")
        total[state] += right - left
        if state == "down":
            began = max(a for a, b in down if a <= left and right <= b)
            lengths[began] = lengths.get(began, 0) + right - left
    known = total["up"] + total["down"]
    inside = [(max(a, start), min(b, end)) for a, b in down if max(a, start) < min(b, end)]
    return {
        **total,
        "from": start,
        "times_down": len(lengths),
        "longest_s": max(lengths.values(), default=0),
        "availability": total["up"] / known if known else None,
        "downtimes": sorted([*inside]),
        **_polls(asked, source),
    }


def _polls(asked: Asked, source: str) -> dict[str, int]:
    """Of whole hours; while the period runs, of those that ended five minutes before."""
    settled = asked.ends if asked.made > asked.ends else asked.cutoff - SETTLED_S
    row = asked.rows(
        "SELECT coalesce(sum(ok), 0) AS ok, coalesce(sum(failed), 0) AS failed, coalesce(sum(none), 0) AS none"
        " FROM hourly_polls WHERE source = ? AND hour_s >= ? AND hour_s < ?",
        source,
        asked.begins,
        math.floor(settled / HOUR_S) * HOUR_S,
    )[0]
    return {"ok": row["ok"], "failed": row["failed"], "none": row["none"]}


def _planned(asked: Asked, source: str) -> list[tuple[int, int]]:
    """The windows that were entered before they began; one without devices is for the whole room."""
    found = []
    for row in asked.rows("SELECT * FROM maintenance"):
        names = row["devices"].split()
        if (names and source not in names) or seconds(row["entered_at"]) > seconds(row["starts_at"]):
            continue
        ends = seconds(row["ends_at"])
        if row["cancelled_at"] is not None:
            ends = min(ends, seconds(row["cancelled_at"]))
        if ends > seconds(row["starts_at"]):
            found.append((int(seconds(row["starts_at"])), int(ends)))
    return found
