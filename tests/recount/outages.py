"""Outages, power events and discharge tests, counted again from their phases and stamps."""

from __future__ import annotations

from typing import Any

from tests.recount.database import Asked, seconds

CLOCKS = {"contained": 3 * 60, "reported": 30 * 60, "authority": 4 * 3600}
SPENT = ("low", "forced shutdown")


def outages(asked: Asked) -> dict[int, dict[str, Any]]:
    """The outages by number as they stood at the cut-off: row, end, seconds in the period and in all."""
    if "outages" not in asked.kept:
        asked.kept["outages"] = {
            row["id"]: one for row in asked.rows("SELECT * FROM outages") if (one := _one(asked, row))
        }
    found: dict[int, dict[str, Any]] = asked.kept["outages"]
    return found


def _one(asked: Asked, row: Any) -> dict[str, Any] | None:
    recorded = asked.recorded(f"outage:{row['id']}")
    if not asked.before_cutoff(row["began_at"]) or (recorded is not None and recorded > asked.made):
        return None
    phases = [
        (one["phase"], seconds(one["at"]))
        for one in asked.rows("SELECT * FROM outage_phases WHERE outage_id = ? ORDER BY id", row["id"])
        if asked.before_cutoff(one["at"])
    ]
    ended = seconds(row["ended_at"]) if asked.before_cutoff(row["ended_at"]) else None
    if ended is None and phases and phases[-1][0] == "restored":
        ended = phases[-1][1]
    if ended is not None and ended < asked.begins:
        return None
    if row["state"] == "gap":
        ended = seconds(row["ended_at"])
        nothing = dict.fromkeys(("inside", "lasted", "really", "charge", "load"))
        return {"row": row, "ended": ended, "gap": True, **nothing}
    spans = _spans(phases, ended if ended is not None else asked.cutoff)
    began, until = seconds(row["began_at"]), ended if ended is not None else asked.cutoff
    inside = sum(max(0.0, min(end, asked.cutoff) - max(begin, asked.begins)) for begin, end in spans)
    return {
        "row": row,
        "ended": ended,
        "gap": False,
        "inside": inside,
        "lasted": until - began,
        "really": _really(phases, spans),
        **_battery(asked, row),
    }


def _really(phases: list[tuple[str, float]], spans: list[tuple[float, float]]) -> float:
    """The time on battery, until it was low where it was."""
    low = min((at for phase, at in phases if phase in SPENT), default=None)
    return sum(max(0.0, (end if low is None else min(end, low)) - begin) for begin, end in spans)


def _battery(asked: Asked, row: Any) -> dict[str, Any]:
    """Lowest charge and mean load; of one that runs at the cut-off those of its readings so far."""
    if asked.before_cutoff(row["ended_at"]):
        return {"charge": row["lowest_charge_percent"], "load": row["load_percent"]}
    points = [
        one
        for one in asked.rows(
            "SELECT p.* FROM discharge_points p JOIN discharges d ON d.id = p.discharge_id WHERE d.outage_id = ?",
            row["id"],
        )
        if asked.before_cutoff(one["at"])
    ]
    charges = [one["charge_percent"] for one in points if one["charge_percent"] is not None]
    loads = [one["load_percent"] for one in points if one["load_percent"] is not None]
    return {
        "charge": min(charges, default=row["charge_at_start_percent"]),
        "load": sum(loads) / len(loads) if loads else row["load_at_start_percent"],
    }


def _spans(phases: list[tuple[str, float]], until: float) -> list[tuple[float, float]]:
    """From each change to battery to the return of mains, out of sight included."""
    spans: list[tuple[float, float]] = []
    since = None
    for phase, at in phases:
        if phase == "restored":
            spans += [(since, at)] if since is not None else []
            since = None
        elif since is None:
            since = at
    return [*spans, (since, until)] if since is not None else spans


def events(asked: Asked) -> dict[int, dict[str, Any]]:
    """The power events of those outages by number: what each of the three clocks shows in minutes, and whether late."""
    numbers = {one["row"]["event_id"] for one in outages(asked).values()}
    return {row["id"]: _event(asked, row) for row in asked.rows("SELECT * FROM power_events") if row["id"] in numbers}


def _event(asked: Asked, row: Any) -> dict[str, Any]:
    watched = any(not one["gap"] for one in outages(asked).values() if one["row"]["event_id"] == row["id"])
    began = seconds(row["began_at"])
    said = [
        asked.before_cutoff(one["at"])
        for one in asked.rows("SELECT at FROM event_steps WHERE event_id = ? AND act = 'major'", row["id"])
    ]
    is_major = bool(row["is_major"]) and all(said)
    clocks: dict[str, Any] = {}
    for name, limit in CLOCKS.items() if watched else ():
        if asked.before_cutoff(row[f"{name}_at"]):
            took = max(0.0, seconds(row[f"{name}_at"]) - began)
            clocks[name] = (took / 60, took > limit)
        elif name == "authority" and not is_major:
            clocks[name] = ("not needed", False)
        else:
            clocks[name] = ("not done", asked.cutoff - began > limit)
    return {"row": row, "clocks": clocks}


def tests(asked: Asked) -> list[Any]:
    """The discharge tests that ran, or were signed, in the period."""
    found = []
    for row in asked.rows("SELECT * FROM discharge_tests ORDER BY id"):
        stamps = [seconds(row[name]) for name in ("ended_at", "signed_at") if row[name]]
        if asked.before_cutoff(row["started_at"]) and (row["ended_at"] is None or max(stamps) >= asked.begins):
            found.append(row)
    return found


def count(asked: Asked) -> dict[str, Any]:
    """How many, the minutes on battery, the clocks that were not met, the tests signed.

    The longest of no outage, and the minutes of those nobody watched, are not known.
    """
    known = [one["inside"] for one in outages(asked).values() if not one["gap"]]
    late = [late for one in events(asked).values() for _shown, late in one["clocks"].values()]
    signed = [row for row in tests(asked) if row["state"] == "signed" and asked.before_cutoff(row["signed_at"])]
    return {
        "outages.count": len(outages(asked)),
        "outages.on_battery_minutes": round(sum(known) / 60, 1) if known or not outages(asked) else None,
        "outages.longest_minutes": round(max(known) / 60, 1) if known else None,
        "outages.clock_breaches": sum(late),
        "outages.tests": len(signed),
    }
