"""Figures that only the self-check asks for, and its results by the bounds of data/self_check.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tests.recount import rounds
from tests.recount.database import Asked

ROWS = Path(__file__).parents[2] / "data" / "self_check.toml"
SUBJECTS = {
    "fire": ("fire.",),
    "electric": ("pwr.source", "pwr.breaker", "pwr.gen", "ups."),
    "lightning": ("pwr.spd", "pwr.ground"),
    "theft": ("acc.door", "acc.window", "acc.cctv"),
    "rodents": ("env.rodent",),
    "water": ("env.water", "env.condense", "acc.window", "ac.drain"),
    "visitors": ("acc.visitor",),
    "ups": ("ups.",),
    "cables": ("net.label",),
    "restore": ("bak.restore",),
    "drill": ("sec.drill",),
    "accounts": ("sec.account",),
    "logs": ("sec.audit", "sec.oslog"),
    "malware": ("sec.av", "sec.patch"),
    "unknown": ("net.unknown",),
}


def count(asked: Asked) -> dict[str, Any]:
    """Duty days, what was checked by subject, accounts, passwords, the register, the UPSes."""
    return {**_duty(asked), **_subjects(asked), **_site(asked)}


def _duty(asked: Asked) -> dict[str, Any]:
    last = min(asked.last, asked.day_of(asked.cutoff))
    named = [row["day"] for row in rounds.roster(asked)]
    quarterly = [
        str(one.day) for one in rounds.walks(asked) if one.checklist == "quarterly" and one.state in rounds.SIGNED
    ]
    return {
        "inspection.days": max(0, (last - asked.first).days + 1),
        "inspection.days_covered": len({day for day in named if str(asked.first) <= day <= str(last)})
        if named
        else None,
        "inspection.quarterly": len(quarterly),
        "inspection.quarterly_on": max(quarterly, default=None),
    }


def _subjects(asked: Asked) -> dict[str, Any]:
    due_on = {one.row["id"]: str(one.day) for one in rounds.walks(asked) if one.row is not None}
    told: dict[str, Any] = {}
    for subject, begins in SUBJECTS.items():
        found = [
            (number, one["verdict"])
            for number, of_round in rounds.answers(asked).items()
            for (item, _device), one in of_round.items()
            if item.startswith(begins) and one["answer"] != "na"
        ]
        bad = sum(verdict in rounds.ABNORMAL for _number, verdict in found)
        told[f"checked.{subject}"] = len(found)
        told[f"abnormal.{subject}"] = bad if found else None
        told[f"last.{subject}"] = max((due_on[number] for number, _verdict in found), default=None)
    return told


def _site(asked: Asked) -> dict[str, Any]:
    accounts = [
        row
        for row in asked.rows("SELECT * FROM operators")
        if asked.before_cutoff(row["created_at"]) and not asked.before_cutoff(row["disabled_at"])
    ]
    registered = [
        row
        for row in asked.rows("SELECT * FROM registrations")
        if asked.before_cutoff(row["added_at"]) and not asked.before_cutoff(row["removed_at"])
    ]
    today = min(asked.last, asked.day_of(asked.cutoff))
    ages = [(today - _date(one["rotated"])).days for one in asked.of_site("credential")]
    return {
        "inspection.accounts": len(accounts),
        "inspection.password_days": max(ages) if ages and min(ages) >= 0 else None,
        "inspection.registered": len(registered),
        "inspection.ups_count": len(asked.of_site("ups")),
        "inspection.ups_loads": len(asked.of_site("load")),
    }


def _date(told: date | str) -> date:
    return date.fromisoformat(told) if isinstance(told, str) else told


def results(asked: Asked, figures: Mapping[str, Any]) -> dict[str, str]:
    """By row of the self-check what the figures prove, else what a person set last."""
    said: dict[str, str] = {}
    for row in asked.rows('SELECT "row", result, set_at FROM self_check_answers ORDER BY id'):
        if asked.before_cutoff(row["set_at"]):
            said[row["row"]] = row["result"]
    return {row["id"]: _result(row, figures, said.get(row["id"])) for row in rows()}


def rows() -> list[dict[str, Any]]:
    """The rows of the self-check and of the self-inspection that come with dutyroom."""
    found: list[dict[str, Any]] = tomllib.loads(ROWS.read_text(encoding="utf-8"))["row"]
    return found


def _result(row: dict[str, Any], figures: Mapping[str, Any], said: str | None) -> str:
    if said == "not-applicable":
        return said
    proven = [_proven(proof, figures) for proof in row.get("proof", [])]
    for worst in ("not-met", None, "partly", "met"):
        if worst in proven:
            return worst or said or "unknown"
    return said or "unknown"


def _proven(proof: dict[str, Any], figures: Mapping[str, Any]) -> str | None:
    value, whole = figures.get(proof["figure"]), figures.get(proof.get("of", ""), 1)
    if value is None or not whole:
        return None
    share = value / whole
    for word, begins in (("met", ""), ("partly", "partly_")):
        low, high = proof.get(f"{begins}at_least"), proof.get(f"{begins}at_most")
        if (low is not None or high is not None) and (low is None or share >= low) and (high is None or share <= high):
            return word
    return "not-met"
