"""Backups by day and job, restore tests and the store's own backups, counted again."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from tests.recount import rounds
from tests.recount.database import HOUR_S, Asked, duration, seconds

BAD = ("failed", "missing", "old", "partial")
TROUBLES = {
    "backup-none": "missing",
    "backup-empty": "failed",
    "backup-old": "old",
    "backup-small": "partial",
    "backup-large": "partial",
}
Answer = tuple[str, dict[str, Any]]
"""The local day its round was due on, and the answer."""


def count(asked: Asked) -> dict[str, Any]:
    """The figures of the sheet of backups."""
    used = [seconds(row["created_at"]) for row in asked.rows("SELECT created_at FROM operators")]
    in_use = bool(used) and min(used) < asked.cutoff and asked.begins < asked.cutoff
    jobs = _jobs(asked, min(used)) if in_use else {}
    days = [one for job in jobs.values() for one in job]
    given = _of_period(asked)
    tests = [one for one in given if one[1]["item"].startswith("bak.restore")]
    done = [day for day, one in (*_older(asked), *tests) if one["verdict"] == "ok"]
    others = [one for _day, one in given if one["item"] not in ("bak.hot", "bak.size")]
    known = bool(jobs or others or done)
    own = asked.rows("SELECT * FROM backups") if in_use else []
    own = [row for row in own if asked.begins <= seconds(row["at"]) < asked.cutoff]
    last = max(done, default=None)
    until = min(asked.last, asked.day_of(asked.cutoff))
    well, bad = days.count("ok"), sum(one in BAD for one in days)
    failed = sum(one["verdict"] in rounds.ABNORMAL for _day, one in tests)
    return {
        "backups.days": len(days) if jobs else None,
        "backups.ok": well if jobs else None,
        "backups.not_ok": bad if well or bad else None,
        "backups.unknown": days.count("") if jobs else None,
        "backups.restore_tests": sum(one["verdict"] == "ok" for _day, one in tests) if known else None,
        "backups.restore_failed": failed if known else None,
        "backups.last_restore_test": last,
        "backups.days_since_test": max(0, (until - date.fromisoformat(last)).days) if last else None,
        "backups.own_made": sum(row["sha256"] is not None for row in own) if in_use else None,
        "backups.own_failed": sum(row["trouble"] is not None for row in own) if in_use else None,
    }


def _of_period(asked: Asked) -> list[Answer]:
    """What the signed rounds of the period say about backups."""
    due_on = {one.row["id"]: str(one.day) for one in rounds.walks(asked) if one.row is not None}
    return [
        (due_on[number], one)
        for number, of_round in rounds.answers(asked).items()
        for (item, _device), one in of_round.items()
        if item.startswith("bak.") and one["answer"] != "na"
    ]


def _older(asked: Asked) -> list[Answer]:
    """Restore tests of rounds that were due before the period, as they stood at the cut-off."""
    found: list[Answer] = []
    for row in asked.rows("SELECT * FROM rounds WHERE due_on < ? AND signed_at IS NOT NULL", str(asked.first)):
        if seconds(row["signed_at"]) > asked.cutoff:
            continue
        entries = [dict(one) for one in asked.rows("SELECT * FROM entries WHERE round_id = ?", row["id"])]
        for amended in asked.rows("SELECT * FROM amendments WHERE round_id = ? ORDER BY revision", row["id"]):
            entries += json.loads(amended["entries"]) if seconds(amended["at"]) <= asked.cutoff else []
        standing = {(one["item"], one["device"]): one for one in entries if one["item"].startswith("bak.restore")}
        found += [(row["due_on"], one) for one in standing.values() if one["answer"] not in (None, "na")]
    return found


def _jobs(asked: Asked, used: float) -> dict[str, list[str]]:
    """By job how every day was: those of the site file, and what else is on record, from its first day to its last."""
    given, listed = _of_period(asked), {one["name"]: one for one in asked.of_site("backup")}
    others = {one["device"] for _day, one in given if one["item"] in ("bak.hot", "bak.size")}
    for sql in (
        "SELECT source, hour_s AS at FROM hourly_readings JOIN series ON id = series_id WHERE quantity = 'size_gb'",
        "SELECT source, unixepoch(at) AS at FROM events WHERE code = 'backup-made'",
    ):
        others |= {row["source"] for row in asked.rows(sql) if asked.begins <= row["at"] < asked.cutoff}
    found = {}
    for job in sorted(others | {*listed}):
        max_age = listed.get(job, {}).get("max_age")
        days = _days(asked, job, given, used, duration(max_age) if max_age else None)
        if job not in listed:
            told = [place for place, (_word, is_told, _is_over) in enumerate(days) if is_told]
            days = days[told[0] : told[-1] + 1] if told else []
        if days:
            found[job] = [word for word, _is_told, is_over in days if is_over]
    return found


def _days(
    asked: Asked, job: str, given: list[Answer], used: float, max_age: float | None
) -> list[tuple[str, bool, bool]]:
    """How every day so far was (ok, one of BAD, or empty), whether anything is on record of it, whether it is over."""
    told, looked, found = _told(asked, job), _looked(asked, job), []
    for day in asked.days:
        begins, ends = asked.midnight(day), asked.midnight(date.fromordinal(day.toordinal() + 1))
        if begins >= asked.cutoff or used >= ends:
            continue
        answers = [one for on, one in given if on == str(day) and one["device"] == job and one["item"] == "bak.hot"]
        inside = [one for one in told if begins <= one[0] < ends]
        hours = [hour for hour in looked if begins <= hour < ends]
        words = {*map(_said, answers), _seen([one for one in told if one[0] < ends], inside, hours, max_age)}
        word = next((one for one in (*BAD, "ok") if one in words), "")
        found.append((word, bool(answers or inside or hours), ends <= asked.cutoff))
    return found


def _said(answer: dict[str, Any]) -> str:
    if answer["verdict"] not in ("ok", "attention", "fault"):
        return ""
    if answer["verdict"] == "ok":
        return "ok"
    return {"not run": "missing", "partial": "partial"}.get(answer["answer"], "failed")


def _told(asked: Asked, job: str) -> list[tuple[float, str]]:
    """From when on the backup of the job was how; `file` is a new one with something in it."""
    rows = asked.rows("SELECT at, code, params FROM events WHERE source = ? ORDER BY at, id", job)
    events = [(seconds(row["at"]), row["code"], json.loads(row["params"])) for row in rows]
    events = [one for one in events if one[0] < asked.cutoff and one[1] in ("backup-made", "verdict-changed")]
    for row in asked.rows("SELECT found_at FROM findings WHERE code = 'backup-missing' AND device = ?", job):
        if asked.before_cutoff(row["found_at"]):
            events.append((seconds(row["found_at"]), "finding", {}))
    verdicts = [params for _at, code, params in events if code == "verdict-changed"]
    state = "ok" if verdicts and verdicts[0]["was"] == "ok" else None
    told = [(float("-inf"), state)] if state else []
    for at, code, params in sorted(events, key=lambda one: one[0]):
        new = None
        if code == "verdict-changed":
            new = "ok" if params["now"] == "ok" else TROUBLES.get(params["reason"], "")
        elif code == "backup-made" and int(params["size"]) == 0:
            new = "failed"
        elif state is None:
            new = "missing" if code == "finding" else "ok"
        if code == "backup-made" and int(params["size"]):
            told.append((at, "file"))
        if new is not None:
            state = new
            told.append((at, new))
    return told


def _looked(asked: Asked, job: str) -> list[float]:
    """The whole hours with an answer of the folder."""
    rows = asked.rows("SELECT hour_s FROM hourly_polls WHERE source = ? AND ok > 0 ORDER BY hour_s", job)
    hours = [float(row["hour_s"]) for row in rows]
    return [hour for hour in hours if asked.begins <= hour < asked.cutoff and hour + HOUR_S <= asked.made]


def _seen(
    so_far: list[tuple[float, str]], inside: list[tuple[float, str]], hours: list[float], max_age: float | None
) -> str:
    if not inside and not hours:
        return ""
    at_end = next((word for _at, word in reversed(so_far) if word != "file"), "")
    words = {at_end, *(word for _at, word in inside)}
    if worst := next((one for one in BAD if one in words), None):
        return worst
    if "file" in words:
        return "ok"
    files = [at for at, word in so_far if word == "file"]
    looked = max([*hours, *(at for at, _word in inside)])
    if at_end == "ok" and files and max_age is not None and looked - files[-1] > max_age:
        return "old"
    return at_end
