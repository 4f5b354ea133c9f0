"""Availability of every source, counted again second by second from the stretches on record."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from tests.recount.database import Asked, seconds

ANSWER_HOLDS_S = 120
"""So long after the newest poll nothing is unknown yet."""


def count(asked: Asked) -> dict[str, Any]:
    """Per source seconds up, down, planned and unknown in the period, and the share of availability."""
    sources = {row["source"] for row in asked.rows("SELECT DISTINCT source FROM silences")}
    return {source: _source(asked, source) for source in sorted(sources)}


def _source(asked: Asked, source: str) -> dict[str, Any]:
    start, end = int(asked.begins), int(asked.cutoff)
    rows = asked.rows("SELECT * FROM silences WHERE source = ?", source)
    born = max((row["ended_s"] for row in rows if row["cause"] == "before"), default=0)
    start = max(start, born)
    down = [
        (row["began_s"], end if row["ended_s"] is None else row["ended_s"])
        for row in rows
        if row["cause"] == "failed" and row["second_s"] is not None and row["second_s"] < end
    ]
    unknown = [
        (row["began_s"], end if row["ended_s"] is None else row["ended_s"])
        for row in rows
        if row["cause"] == "not-polled"
    ]
    newest = asked.rows("SELECT at FROM latest WHERE source = ?", source)
    if newest and end - seconds(newest[0]["at"]) >= ANSWER_HOLDS_S:
        unknown.append((int(seconds(newest[0]["at"])), end))
    planned = _planned(asked, source)
    edges = sorted({start, end, *(min(max(at, start), end) for span in (*down, *unknown, *planned) for at in span)})
    total = {"up": 0, "down": 0, "planned": 0, "unknown": 0}
    lengths: dict[int, int] = {}
    for left, right in pairwise(edges):
        if right > start:
            spans = (("planned", planned), ("unknown", unknown), ("down", down))
            state = next((name for name, held in spans if any(a <= left and right <= b for a, b in held)), "up")
            total[state] += right - left
            if state == "down":
                began = max(a for a, b in down if a <= left and right <= b)
                lengths[began] = lengths.get(began, 0) + right - left
    known = total["up"] + total["down"]
    total |= {"times_down": len(lengths), "longest_s": max(lengths.values(), default=0)}
    return {**total, "availability": total["up"] / known if known else None}


def _planned(asked: Asked, source: str) -> list[tuple[int, int]]:
    found = []
    for row in asked.rows("SELECT * FROM maintenance"):
        names = json.loads(row["devices"]) if row["devices"].startswith("[") else row["devices"].split(",")
        if source not in [name.strip() for name in names] or seconds(row["entered_at"]) >= seconds(row["starts_at"]):
            continue
        ends = seconds(row["ends_at"])
        if asked.before_cutoff(row["cancelled_at"]):
            ends = min(ends, seconds(row["cancelled_at"]))
        if ends > seconds(row["starts_at"]):
            found.append((int(seconds(row["starts_at"])), int(ends)))
    return found
