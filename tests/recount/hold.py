"""Whether each UPS lasts as long as is required, by docs/month.md and docs/outage.md, from the discharges on record.

All in seconds; a number that nothing limits is endless.
"""

from __future__ import annotations

from math import inf
from typing import Any

from tests.recount.database import DAY_S, HOUR_S, Asked, duration, seconds

POWER, TWICE, FULL, FALL = 1.15, 2.0, 95.0, 20.0
"""The law of the load, how far it is believed, a full battery, and the least fall of the charge that says something."""
OF_EACH = 3
"""So many that went to the end, of the longest and of the newest are evidence."""


def of_ups(asked: Asked) -> dict[str, dict[str, Any]]:
    """By UPS: required, verdict, what decides, the proof and what the UPS told; none of a period that has not begun."""
    if asked.cutoff <= asked.begins:
        return {}
    return {one["name"]: _one(asked, one) for one in asked.of_site("ups")}


def count(asked: Asked) -> dict[str, Any]:
    """How many are met, short, and not proven; how long each held."""
    found = of_ups(asked)
    verdicts = [one["verdict"] for one in found.values()]
    held = {
        f"inspection.held.{name}": round(one["proof"]["held"] / 60, 1) if one["proof"] else None
        for name, one in found.items()
    }
    return {
        "hold.met": verdicts.count("met"),
        "hold.short": verdicts.count("short"),
        "hold.unknown": verdicts.count("no evidence") + verdicts.count("evidence old"),
        **held,
    }


def _one(asked: Asked, ups: dict[str, Any]) -> dict[str, Any]:
    required = duration(ups.get("hold_time", asked.site["site"]["hold_time"]))
    load, reported = _newest_hour(asked, ups["name"])
    rules = asked.site.get("hold", {})
    proofs = [
        _proof(asked, row, load, rules.get("derate_per_year", 0.2), duration(rules.get("old_after", "365d")))
        for row in _evidence(asked, ups)
    ]
    proof = _together([one for one in proofs if one and not one["old"]])
    old = _together([one for one in proofs if one and one["old"]])
    low, high = (proof["low"], proof["high"]) if proof else (0.0, inf)
    told = inf if reported is None else reported
    # A record that cannot be compared, because today's load is not known, could say the contrary.
    blocked = bool(proofs) and load is None
    if high < required:
        verdict, decides = "short", min(high, told)
    elif low >= required:
        verdict, decides = "met" if told >= required else "short", min(low, told)
    elif told < required:
        verdict, decides = "short", told
    elif old and (reported is None or old["high"] < required):
        verdict, decides, proof = "evidence old", old["low"], old
    elif reported is None or blocked:
        verdict, decides = "no evidence", (low or None) if proof else None
    else:
        verdict, decides = "met", min(high, told)
    return {
        "required": required,
        "verdict": verdict,
        "decides": decides,
        "proof": proof or old,
        "reported": reported,
        "load": load,
    }


def _newest_hour(asked: Asked, ups: str) -> tuple[float | None, float | None]:
    """Mean load of the newest whole hour of the last day, and the least runtime of it where the battery was full."""
    found: dict[str, dict[int, Any]] = {}
    for row in asked.rows(
        "SELECT s.quantity, h.* FROM hourly_readings h JOIN series s ON s.id = h.series_id WHERE s.source = ?"
        " AND h.hour_s >= ? AND h.hour_s + ? <= ?",
        ups,
        asked.cutoff - DAY_S,
        HOUR_S,
        asked.cutoff,
    ):
        found.setdefault(row["quantity"], {})[row["hour_s"]] = row
    if not found.get("load_percent"):
        return None, None
    hour = max(found["load_percent"])
    load = found["load_percent"][hour]
    charge, runtime = found.get("charge_percent", {}).get(hour), found.get("runtime_s", {}).get(hour)
    told = runtime["low"] if runtime is not None and charge is not None and charge["low"] >= FULL else None
    return load["total"] / load["count"], told


def _evidence(asked: Asked, ups: dict[str, Any]) -> list[Any]:
    """The discharges of the battery that was in it, outages and signed tests, that were over by the cut-off."""
    installed = str(ups["battery_installed"]) if "battery_installed" in ups else None
    if installed is not None and installed > str(asked.day_of(asked.cutoff)):
        rows = asked.rows("SELECT * FROM discharges WHERE ups = ? ORDER BY began_at", ups["name"])
        before = [row for row in rows if asked.before_cutoff(row["began_at"])]
        installed = before[-1]["battery_installed"] if before else None
    signed = {
        row["id"]
        for row in asked.rows("SELECT * FROM discharge_tests WHERE state = 'signed'")
        if asked.before_cutoff(row["signed_at"])
    }
    rows = [
        row
        for row in asked.rows(
            "SELECT * FROM discharges WHERE ups = ? AND battery_installed IS ? ORDER BY id", ups["name"], installed
        )
        if asked.before_cutoff(row["ended_at"]) and (row["test_id"] is None or row["test_id"] in signed)
    ]
    to_the_end = [row for row in rows if row["end"] in ("low", "empty")]
    longest = sorted(rows, key=lambda row: seconds(row["ended_at"]) - seconds(row["began_at"]))
    chosen = {row["id"] for some in (to_the_end, longest, rows) for row in some[-OF_EACH:]}
    return sorted((row for row in rows if row["id"] in chosen), key=lambda row: seconds(row["began_at"]))


def _proof(asked: Asked, row: Any, load: float | None, derate: float, old_after: float) -> dict[str, Any] | None:
    """What one discharge says of a full battery at today's load and age; None where it says nothing."""
    points = asked.rows("SELECT * FROM discharge_points WHERE discharge_id = ? ORDER BY at_s", row["id"])
    held = points[-1]["at_s"] if points else 0.0
    then = _mean_load(points)
    if held <= 0 or then is None or not load or then / load > TWICE:
        return None
    age = max(0.0, asked.cutoff - seconds(row["ended_at"]))
    kept = max(0.0, 1 - derate * age / (365 * DAY_S)) * max(then / load, 1 / TWICE) ** POWER
    charges = [one["charge_percent"] for one in points if one["charge_percent"] is not None]
    to_the_end = row["end"] in ("low", "empty") and (not charges or charges[0] >= FULL)
    high = inf
    if to_the_end:
        high = held
    elif charges and charges[0] - charges[-1] >= FALL:
        high = held * 100 / (charges[0] - charges[-1])
    return {
        "at": seconds(row["ended_at"]),
        "held": held,
        "then": then,
        # With less than half the load it shows nothing that was held, and still what cannot be more.
        "low": held * kept if then / load >= 1 / TWICE else 0.0,
        "high": high * kept,
        "to_the_end": to_the_end,
        "old": age > old_after,
    }


def _mean_load(points: list[Any]) -> float | None:
    """The steady load that draws as much in the same time; a reading without one has that of the reading before."""
    load = next((one["load_percent"] for one in points if one["load_percent"] is not None), None)
    if load is None or points[-1]["at_s"] <= 0:
        return None
    drawn, since = 0.0, 0.0
    for one in points:
        drawn += (one["at_s"] - since) * load**POWER
        since = one["at_s"]
        load = load if one["load_percent"] is None else one["load_percent"]
    return float((drawn / since) ** (1 / POWER)) or None


def _together(proofs: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The newest that went to the end, and what was seen since; where two disagree the newer one is right."""
    to_the_end = [place for place, one in enumerate(proofs) if one["to_the_end"]]
    found: dict[str, Any] | None = None
    for one in proofs[to_the_end[-1] if to_the_end else 0 :]:
        if found is None:
            found = one
            continue
        high = min(found["high"], one["high"])
        low = max(min(found["low"], high), one["low"])
        decides = one if one["low"] > found["low"] or one["high"] < found["high"] else found
        found = {**decides, "low": low, "high": max(low, high)}
    return found
