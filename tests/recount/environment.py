"""The room's temperature and humidity by local day, counted again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from tests.recount.database import Asked

HOUR_S = 3600
Values = dict[str, dict[str, list[tuple[float, float, float, int]]]]


def count(asked: Asked) -> dict[str, Any]:
    """Per place and day lowest, mean, highest and how many: measured by the hour, typed in signed rounds."""
    measured, typed = _measured(asked), _typed(asked)
    warm = [
        spread
        for place, days in (*measured.items(), *typed.items())
        if "temp" in place
        for values in days.values()
        for spread in values
    ]
    return {
        "environment.days_measured": len({day for days in measured.values() for day in days}),
        "environment.days_typed": len({day for days in typed.values() for day in days}),
        "environment.lowest_temperature": round(min(low for low, *_ in warm), 1) if warm else None,
        "environment.highest_temperature": round(max(one[2] for one in warm), 1) if warm else None,
        "environment": {
            "measured": {place: _spreads(days) for place, days in measured.items()},
            "typed": {place: _spreads(days) for place, days in typed.items()},
        },
    }


def _spreads(days: dict[str, list[tuple[float, float, float, int]]]) -> dict[str, Any]:
    told = {}
    for day, values in days.items():
        number = sum(one[3] for one in values)
        mean = sum(one[1] for one in values) / number
        told[day] = [min(one[0] for one in values), mean, max(one[2] for one in values), number]
    return told


def _measured(asked: Asked) -> Values:
    found: Values = {}
    for row in asked.rows(
        "SELECT s.source, s.quantity, h.* FROM hourly_readings h JOIN series s ON s.id = h.series_id"
        " WHERE s.quantity IN ('ambient_temperature_c', 'ambient_humidity_percent')"
        " AND h.hour_s >= ? AND h.hour_s + ? <= ?",
        asked.begins,
        HOUR_S,
        asked.cutoff,
    ):
        day = str(datetime.fromtimestamp(row["hour_s"], UTC).astimezone(asked.zone).date())
        spread = (row["low"], row["total"], row["high"], row["count"])
        found.setdefault(f"{row['source']}/{row['quantity']}", {}).setdefault(day, []).append(spread)
    return found


def _typed(asked: Asked) -> Values:
    found: Values = {}
    for row in asked.rows(
        "SELECT * FROM rounds WHERE due_on BETWEEN ? AND ? AND state IN ('signed', 'approved')",
        str(asked.first),
        str(asked.last),
    ):
        if not asked.by_making(row["signed_at"]):
            continue
        entries = [dict(one) for one in asked.rows("SELECT * FROM entries WHERE round_id = ?", row["id"])]
        for amended in asked.rows("SELECT * FROM amendments WHERE round_id = ? ORDER BY revision", row["id"]):
            if asked.by_making(amended["at"]):
                entries += json.loads(amended["entries"])
        for one in {(entry["item"], entry["device"]): entry for entry in entries}.values():
            if one["item"].startswith("env.") and one["unit"] in ("°C", "%RH", "%") and one["origin"] == "typed":
                if one["value"] is None or "dew" in one["item"]:
                    continue
                days = found.setdefault(one["item"], {})
                days.setdefault(row["due_on"], []).append((one["value"], one["value"], one["value"], 1))
    return found
