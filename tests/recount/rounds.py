"""Rounds and answers, counted again."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from tests.recount.database import Asked, median, seconds


def count(asked: Asked) -> dict[str, Any]:
    """Figures of rounds on record, of their answers, and of who signed them."""
    found = asked.rows("SELECT * FROM rounds WHERE due_on BETWEEN ? AND ?", str(asked.first), str(asked.last))
    states = {row["id"]: _state(asked, row) for row in found}
    number = Counter(states.values())
    signed = [row for row in found if states[row["id"]] in ("on_time", "late", "back_filled")]
    due = len(signed) + number["skipped"] + number["missed"]
    verdicts = Counter(verdict for row in signed for verdict in _verdicts(asked, row["id"]))
    return {
        "rounds.due": due,
        "rounds.signed": len(signed),
        "rounds.missed": number["missed"],
        "rounds.skipped": number["skipped"],
        "rounds.late": number["late"],
        "rounds.back_filled": number["back_filled"],
        "rounds.on_time": number["on_time"],
        "rounds.completion": len(signed) / due if due else None,
        "rounds.on_time_rate": number["on_time"] / due if due else None,
        "answers.abnormal": verdicts["attention"] + verdicts["fault"],
        "answers.unknown": verdicts["unknown"],
        "people": _people(signed, states),
    }


def _state(asked: Asked, row: Any) -> str:
    marks = row["marks"].replace(",", " ").split()
    if row["state"] in ("signed", "approved") and asked.by_making(row["signed_at"]):
        return "back_filled" if "back-filled" in marks else "late" if "late" in marks else "on_time"
    if row["state"] in ("skipped", "missed") and (row["closed_at"] is None or asked.by_making(row["closed_at"])):
        return str(row["state"])
    return "open"


def _verdicts(asked: Asked, round_id: int) -> list[str]:
    """The verdict of every answer, amendments applied in their order."""
    answers = {
        (row["item"], row["device"]): row["verdict"]
        for row in asked.rows("SELECT * FROM entries WHERE round_id = ?", round_id)
    }
    for row in asked.rows("SELECT * FROM amendments WHERE round_id = ? ORDER BY revision", round_id):
        if asked.by_making(row["at"]):
            for entry in json.loads(row["entries"]):
                answers[entry["item"], entry["device"]] = entry["verdict"]
    return list(answers.values())


def _people(signed: list[Any], states: dict[int, str]) -> dict[str, Any]:
    people: dict[str, Any] = {}
    for name in sorted({row["signed_by"] for row in signed}):
        own = [row for row in signed if row["signed_by"] == name]
        walked = [
            (seconds(row["signed_at"]) - seconds(row["started_at"])) / 60
            for row in own
            if states[row["id"]] != "back_filled" and row["started_at"]
        ]
        on_time = sum(states[row["id"]] == "on_time" for row in own)
        people[name] = {"done": len(own), "on_time_share": on_time / len(own), "median_minutes": median(walked)}
    return people
