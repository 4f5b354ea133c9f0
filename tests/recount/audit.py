"""What was done to the records and how rounds were walked, counted again."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections import Counter
from itertools import pairwise
from typing import Any

from tests.recount.database import Asked, median, seconds

PEOPLE = ("operator-add", "operator-disable", "operator-password", "operator-pin")
PLANNED = ("period-open", "period-close", "maintenance-add", "maintenance-cancel")
REGISTER = ("register-add", "register-change", "register-remove", "roster-import")
AFTERWARDS = ("round-approve", "round-sign", "round-back-fill", "round-skip", "round-miss")
ON_RECORD = ("round-start", "round-skip", "round-miss", "round-back-fill")
SPANS = ("normal", "critical", "physical")
SIGNED = "state IN ('signed', 'approved')"


def count(asked: Asked) -> dict[str, Any]:
    """The figures of the audit."""
    own = {
        row["id"]
        for row in asked.rows(
            "SELECT id FROM rounds WHERE due_on BETWEEN ? AND ?", *map(str, (asked.first, asked.last))
        )
    }
    lines = asked.rows("SELECT seq, at, act, subject FROM ledger ORDER BY seq")
    inside = [row for row in lines if _inside(asked, row["at"])]
    acts = Counter(row["act"] for row in inside)
    made = asked.rows("SELECT * FROM amendments")
    late = [row for row in made if row["round_id"] in own and _afterwards(asked, row["at"])]
    amended = [row for row in made if _inside(asked, row["at"])] + late
    of_own = {f"round:{number}" for number in own}
    later = [row["act"] for row in lines if row["subject"] in of_own and _afterwards(asked, row["at"])]
    return {
        "audit.amendments": len(amended),
        "audit.answers_amended": sum(len(json.loads(row["entries"])) for row in amended),
        "audit.withdrawn": sum(row["withdrew_by"] is not None for row in amended),
        "audit.skips": acts["round-skip"] + later.count("round-skip"),
        "audit.back_filled": acts["round-back-fill"] + later.count("round-back-fill"),
        "audit.after": len(late) + sum(act in AFTERWARDS for act in later),
        "audit.limit_changes": _limit_changes(asked, lines),
        "audit.checklists": acts["checklist-publish"],
        "audit.baselines": acts["baseline-accept"],
        "audit.planned": sum(acts[act] for act in PLANNED),
        "audit.operators": sum(acts[act] for act in PEOPLE),
        "audit.register": sum(acts[act] for act in REGISTER),
        "audit.sign_ins": acts["sign-in"],
        "audit.refused": acts["sign-in-refused"] + acts["unlock-refused"],
        "audit.restores": acts["restore"],
        "audit.honesty": sum(_facts(asked, row) for row in asked.rows("SELECT * FROM rounds") if row["id"] in own),
    }


def _inside(asked: Asked, at: str) -> bool:
    return asked.begins <= seconds(at) < asked.cutoff


def _afterwards(asked: Asked, at: str) -> bool:
    return asked.ends <= seconds(at) <= asked.made


def _limit_changes(asked: Asked, lines: list[Any]) -> int:
    """Items whose limits differ from those of the round of that checklist that was put on record before."""
    versions = {row["id"]: (row["checklist"], row["version"]) for row in asked.rows("SELECT * FROM rounds")}
    seen: set[str] = set()
    last: dict[str, str] = {}
    found = 0
    for line in lines:
        if not line["subject"].startswith("round:") or line["subject"] in seen:
            continue
        seen.add(line["subject"])
        name, version = versions[int(line["subject"].removeprefix("round:"))]
        if line["act"] not in ON_RECORD:
            continue
        if name in last and last[name] != version and _inside(asked, line["at"]):
            old, new = _limits(asked, last[name]), _limits(asked, version)
            found += sum(old[item] != new[item] for item in old.keys() & new.keys())
        last[name] = version
    return found


def _limits(asked: Asked, version: str) -> dict[str, list[Any]]:
    """By item its three ranges: the file's, those of the profile in force over them, those of the site over both."""
    return {item: [_span(told.get(name)) for name in SPANS] for item, told in _items(asked, version).items()}


def _span(told: Any) -> list[float] | None:
    return None if told is None else [float(one) for one in told]


def _items(asked: Asked, version: str) -> dict[str, dict[str, Any]]:
    if (known := asked.kept.get(("items", version))) is not None:
        return dict(known)
    text = asked.rows("SELECT content FROM checklists WHERE version = ?", version)[0][0]
    file = tomllib.loads(text)
    force = file.get("in_force", {"profile": "gb50174"})
    found = asked.kept["items", version] = {
        item["id"]: {
            **item,
            **file.get("profile", {}).get(force["profile"], {}).get(item["id"], {}),
            **force.get("limits", {}).get(item["id"], {}),
        }
        for item in file["item"]
    }
    return found


def _facts(asked: Asked, row: Any) -> int:
    """How many facts are told of a round that was signed by the moment of making."""
    if row["state"] not in ("signed", "approved") or not asked.by_making(row["signed_at"]):
        return 0
    past = asked.rows(
        f"SELECT * FROM rounds WHERE checklist = ? AND due_at < ? AND signed_at < ? AND {SIGNED}"
        " ORDER BY due_at DESC LIMIT 200",
        *(row["checklist"], row["due_at"], row["signed_at"]),
    )
    return _fast(asked, row, past) + _same(asked, row, past) + _against(asked, row)


def _fast(asked: Asked, row: Any, past: list[Any]) -> int:
    if "back-filled" in row["marks"].split():
        return 0
    own = _paces(asked, row)
    others = [_paces(asked, one) for one in past if "back-filled" not in one["marks"].split()]
    found = 0
    for place in (0, 1):
        known = sorted(one[place] for one in others if one[place] is not None)
        if own[place] is not None and len(known) >= 20:
            found += own[place] < known[math.ceil(len(known) / 20) - 1]
    return found


def _paces(asked: Asked, row: Any) -> tuple[Any, Any]:
    """Seconds of the whole walk by its answers, and the median between two moments of answering."""
    given = asked.rows("SELECT at FROM entries WHERE round_id = ? AND answer IS NOT NULL", row["id"])
    times = [seconds(one[0]) for one in given]
    whole = None
    if row["started_at"] and row["signed_at"] and times:
        whole = (seconds(row["signed_at"]) - seconds(row["started_at"])) / len(times)
    moments = sorted({*times})
    return whole, median([later - sooner for sooner, later in pairwise(moments)])


def _same(asked: Asked, row: Any, past: list[Any]) -> int:
    """Numbers typed alike, and never measured, on each of the five newest days with a round."""
    days: dict[str, list[int]] = {row["due_on"]: [row["id"]]}
    for one in past:
        if one["due_on"] not in days and len(days) == 5:
            break
        days.setdefault(one["due_on"], []).append(one["id"])
    if len(days) < 5:
        return 0
    told = []
    for numbers in days.values():
        marks = ",".join("?" * len(numbers))
        found: dict[tuple[str, str], set[Any]] = {}
        for entry in asked.rows(
            f"SELECT * FROM entries WHERE round_id IN ({marks}) AND value IS NOT NULL AND answer IS NOT NULL", *numbers
        ):
            value = "measured" if entry["origin"] == "measured" else entry["value"]
            found.setdefault((entry["item"], entry["device"]), set()).add(value)
        told.append(found)
    return sum(
        len(values) == 1 and "measured" not in values and all(day.get(key) == values for day in told)
        for key, values in told[0].items()
    )


def _against(asked: Asked, row: Any) -> int:
    items = _items(asked, row["version"])
    found = 0
    for entry in asked.rows(
        "SELECT * FROM entries WHERE round_id = ? AND answer IS NOT NULL AND live_value IS NOT NULL"
        " AND origin <> 'measured' AND source <> 'computed'",
        row["id"],
    ):
        measured = _number(entry["live_value"])
        near = items.get(entry["item"], {}).get("tolerance", 0)
        found += entry["value"] is not None and measured is not None and abs(measured - entry["value"]) > near
        found += entry["verdict"] == "ok" and entry["item"] in items and _is_bad(items[entry["item"]], entry, measured)
    return found


def _is_bad(item: dict[str, Any], entry: Any, measured: float | None) -> bool:
    """Whether what the source said is not as it should be."""
    said = entry["live_value"]
    choices = {one["value"]: one["verdict"] for one in item.get("choices", [])}
    if item["kind"] == "check":
        choices = {"normal": "ok", "abnormal": "fault", "na": "not-installed"}
    if said in choices:
        return choices[said] in ("attention", "fault")
    if choices or measured is None or item["kind"] == "table":
        return False
    spans = [_span(item.get(name)) for name in ("normal", "critical")]
    return any(span is not None and not span[0] <= measured <= span[1] for span in spans)


def _number(text: str) -> float | None:
    found = re.fullmatch(r"[+-]?\d{1,15}(?:[.,]\d{1,15})?", text.strip())
    return float(found[0].replace(",", ".")) if found else None
