"""The room's temperature and humidity by local day, counted again."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Any

from tests.recount import checklists, rounds
from tests.recount.database import HOUR_S, Asked

TEMPERATURE, HUMIDITY = "ambient_temperature_c", "ambient_humidity_percent"
VARIABLES = {"ambient.temperature": TEMPERATURE, "ambient.humidity": HUMIDITY}
JUDGED_BY = {TEMPERATURE: "env.temp.cold", HUMIDITY: "env.rh"}
# Magnus: WMO No. 8.
B, C = 17.62, 243.12
Values = list[tuple[float, float, float, int]]
"""Lowest, sum, highest and how many, of each hour or answer."""


def places(asked: Asked) -> dict[str, dict[str, dict[str, Any]]]:
    """By `measured` and `typed`, then by place and day: temperature, humidity, dew point, hours and answers."""
    if "places" not in asked.kept:
        asked.kept["places"] = {"measured": _measured(asked), "typed": _typed(asked)}
    found: dict[str, dict[str, dict[str, Any]]] = asked.kept["places"]
    return found


def count(asked: Asked) -> dict[str, Any]:
    """The key figures."""
    every = {how: [day for days in found.values() for day in days.values()] for how, found in places(asked).items()}
    warm = [day["warm"] for days in every.values() for day in days if day["warm"]]
    judged = [day["outside"] for day in every["measured"] if day["outside"] is not None]
    return {
        "environment.days_measured": len({day["day"] for day in every["measured"] if day["warm"] or day["damp"]}),
        "environment.days_typed": len({day["day"] for day in every["typed"] if day["warm"] or day["damp"]}),
        "environment.lowest_temperature": round(min(one[0] for one in warm), 1) if warm else None,
        "environment.highest_temperature": round(max(one[2] for one in warm), 1) if warm else None,
        "environment.hours_outside": sum(judged) if judged else None,
    }


def days_so_far(asked: Asked) -> list[date]:
    """The days that had begun by the cut-off."""
    return [day for day in asked.days if asked.midnight(day) < asked.cutoff]


def days_listed(asked: Asked, known: dict[str, bool]) -> set[str]:
    """Of days (and whether they have a value) those in a list: beyond a month no day between two empty ones or so."""
    days = sorted(known)
    if len(asked.days) <= 31:
        return set(days)
    inside = zip(days, days[1:], days[2:], strict=False)
    return set(days) - {day for before, day, after in inside if not (known[before] or known[day] or known[after])}


def hours_of(asked: Asked, day: date) -> int:
    """The whole hours that begin on the day and had passed when the report was made."""
    begin = math.ceil(asked.midnight(day) / HOUR_S)
    end = math.ceil(asked.midnight(date.fromordinal(day.toordinal() + 1)) / HOUR_S)
    return max(0, min(end, math.floor(asked.made / HOUR_S)) - begin)


def hours(asked: Asked, source: str, quantity: str) -> dict[str, dict[int, Any]]:
    """By day the roll-ups of a series whose hour begins in the period and was over when the report was made."""
    if (known := asked.kept.get(("hours", source, quantity))) is not None:
        return dict(known)
    found: dict[str, dict[int, Any]] = asked.kept.setdefault(("hours", source, quantity), {})
    for row in asked.rows(
        "SELECT h.* FROM hourly_readings h JOIN series s ON s.id = h.series_id WHERE s.source = ? AND s.quantity = ?"
        " AND h.hour_s >= ? AND h.hour_s < ? AND h.hour_s + ? <= ?",
        source,
        quantity,
        asked.begins,
        asked.cutoff,
        HOUR_S,
        asked.made,
    ):
        found.setdefault(str(asked.day_of(row["hour_s"])), {})[row["hour_s"]] = row
    return found


def spread(values: Values) -> list[float] | None:
    """Lowest, mean and highest; every sample counts alike."""
    if not values:
        return None
    mean = math.fsum(one[1] for one in values) / sum(one[3] for one in values)
    return [min(one[0] for one in values), mean, max(one[2] for one in values)]


def dew_point(warm: list[float] | None, damp: list[float] | None) -> float | None:
    """Of the two means."""
    if warm is None or damp is None:
        return None
    gamma = math.log(damp[1] / 100) + B * warm[1] / (C + warm[1])
    return C * gamma / (B - gamma)


def _measured(asked: Asked) -> dict[str, dict[str, Any]]:
    """The probes at the UPSes, and what `[live]` gives to a temperature or humidity of the room."""
    judges: dict[tuple[str, str], str] = {}
    for name, told in asked.site.get("live", {}).items():
        source, variable = told.split(":", 1)
        if name.startswith("env."):
            judges[source, VARIABLES.get(variable, variable)] = name
    for row in asked.rows("SELECT source, quantity FROM series WHERE quantity IN (?, ?)", TEMPERATURE, HUMIDITY):
        if hours(asked, row["source"], row["quantity"]):
            judges.setdefault((row["source"], row["quantity"]), JUDGED_BY[row["quantity"]])
    found = {}
    for source in {source for source, _quantity in judges}:
        series = [(quantity, judge) for (of, quantity), judge in judges.items() if of == source]
        warm = next((one for one in series if _is_warm(asked, one[1])), None)
        damp = next((one for one in series if not _is_warm(asked, one[1])), None)
        days = {str(day): _measured_day(asked, source, day, warm, damp) for day in days_so_far(asked)}
        found[f"Probe at {asked.label(source)}"] = days
    return found


def _measured_day(asked: Asked, source: str, day: date, *told: tuple[str, str] | None) -> dict[str, Any]:
    values: list[Values] = []
    known: set[int] = set()
    outside: set[int] = set()
    for one in told:
        of_day = hours(asked, source, one[0]).get(str(day), {}) if one is not None else {}
        values.append([(row["low"], row["total"], row["high"], row["count"]) for row in of_day.values()])
        known |= {*of_day}
        low, high = _normal(asked, one[1]) if one is not None else (-math.inf, math.inf)
        outside |= {hour for hour, row in of_day.items() if not low <= row["total"] / row["count"] <= high}
    return {
        **_day(day, *values),
        "outside": len(outside) if known else None,
        "hours": len(known),
        "of_day": hours_of(asked, day),
        "answers": None,
    }


def _day(day: date, warm_values: Values, damp_values: Values) -> dict[str, Any]:
    warm, damp = spread(warm_values), spread(damp_values)
    return {"day": str(day), "warm": warm, "damp": damp, "dew": dew_point(warm, damp)}


def _typed(asked: Asked) -> dict[str, dict[str, Any]]:
    """What people filled in by hand; temperature and humidity stand together where a dew point is asked of the two."""
    partner = {}
    for form in checklists.in_force(asked).values():
        for one in form["item"]:
            if pair := re.fullmatch(r"calc:dewpoint\(\s*(\S+?)\s*,\s*(\S+?)\s*\)", one.get("live", "")):
                partner[pair[2]] = pair[1]
    held: dict[tuple[str, str], dict[str, tuple[Values, Values]]] = {}
    walked = {one.row["id"]: one.day for one in rounds.walks(asked) if one.state in rounds.SIGNED}
    for number, of_round in rounds.answers(asked).items():
        for (name, device), one in of_round.items():
            if one["value"] is None or one["origin"] == "measured" or not _is_of_room(asked, name):
                continue
            damp = not _is_warm(asked, name)
            days = held.setdefault((partner.get(name, name) if damp else name, device), {})
            days.setdefault(str(walked[number]), ([], []))[damp].append((one["value"],) * 3 + (1,))
    found = {}
    for (name, device), days in held.items():
        told = checklists.item(asked, name)
        called = (told or {}).get("en", name) + (f" ({asked.label(device)})" if device else "")
        found[called] = {str(day): _typed_day(day, *days.get(str(day), ([], []))) for day in days_so_far(asked)}
    return found


def _typed_day(day: date, warm: Values, damp: Values) -> dict[str, Any]:
    number = len(warm) + len(damp)
    return {**_day(day, warm, damp), "outside": None, "hours": None, "of_day": None, "answers": number}


def _is_of_room(asked: Asked, name: str) -> bool:
    told = checklists.item(asked, name)
    if told is None or not name.startswith("env.") or told.get("kind") != "number":
        return False
    return told.get("unit") in ("°C", "%RH") or (told.get("unit") == "%" and "rh" in name)


def _is_warm(asked: Asked, name: str) -> bool:
    return (checklists.item(asked, name) or {}).get("unit") == "°C"


def _normal(asked: Asked, name: str) -> tuple[float, float]:
    low, high = (checklists.item(asked, name) or {}).get("normal") or (-math.inf, math.inf)
    return low, high
