"""The records that a workbook names in its hidden columns: does the file have them?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from tests.recount import checklists, environment, zero
from tests.recount.database import HOUR_S, Asked
from tests.recount.workbook import RECORD

CUT = "…"


def lost(asked: Asked, cells: Sequence[str]) -> list[str]:
    """Those of the cells that are not in the file, once each."""
    named = {record for cell in cells for record in _records(cell)}
    return sorted(f"{kind}:{name}" for kind, name in named if not _is_there(asked, kind, name))


def _records(cell: str) -> Iterator[tuple[str, str]]:
    """`round:1-31,40 slot:daily@…`: kind and name of each. What was cut off at the end of a long cell is not read."""
    words = cell.split()
    for place, word in enumerate(words):
        if CUT in word or (place == len(words) - 2 and words[-1] == CUT):
            continue
        if (found := RECORD.fullmatch(word)) is None:
            yield "unreadable", word
            continue
        kind, names = found.groups()
        if kind == "checklist" or not re.fullmatch(r"[\d,-]+", names) or re.fullmatch(r"\d{4}-\d\d-\d\d", names):
            yield kind, names
            continue
        for span in names.split(","):
            first, _dash, last = span.partition("-")
            yield from ((kind, str(number)) for number in range(int(first), int(last or first) + 1))


def _is_there(asked: Asked, kind: str, name: str) -> bool:
    match kind:
        case "slot":
            checklist, _at, due = name.partition("@")
            at = datetime.fromisoformat(due).timestamp()
            return any((one.checklist, one.due) == (checklist, at) for one in checklists.slots(asked))
        case "hours":
            return _has_hours(asked, name)
        case "zero-day":
            # A day is named by itself where no report of it counts.
            day = zero.days(asked).get(name)
            return day is not None and not day["rows"]
        case "polls" | "events":
            return _has_of_day(asked, kind, name)
        case "backup-day":
            # A day of a job of which nothing is on record.
            return name.partition("@")[2] in map(str, asked.days)
        case "silence":
            source, _at, began = name.partition("@")
            return bool(asked.rows("SELECT 1 FROM silences WHERE source = ? AND began_s = ?", source, int(began)))
        case "checklist":
            return bool(asked.rows("SELECT 1 FROM checklists WHERE version = ?", name))
        case "operator":
            return bool(asked.rows("SELECT 1 FROM operators WHERE name = ?", name))
        case "self-check":
            return bool(asked.rows("SELECT 1 FROM self_check_answers WHERE id = ?", name))
        case "maintenance" | "roster":
            return bool(asked.rows(f"SELECT 1 FROM {kind} WHERE id = ?", name))
        case "ledger":
            return bool(asked.rows("SELECT 1 FROM ledger WHERE seq = ?", name))
    table = kind.replace("-", "_") + "s"
    known = asked.rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", table)
    return bool(known) and bool(asked.rows(f"SELECT 1 FROM {table} WHERE rowid = ?", name))


def _has_hours(asked: Asked, name: str) -> bool:
    """`ups-a/load_percent@2026-10-01` is a series and a day, `ups-a@2026-10-31T15Z` a source and an hour (UTC)."""
    series, _at, when = name.partition("@")
    source, _slash, quantity = series.partition("/")
    if quantity:
        return when in environment.hours(asked, source, quantity)
    begins = datetime.strptime(when, "%Y-%m-%dT%HZ").replace(tzinfo=UTC).timestamp()
    sql = "SELECT 1 FROM hourly_readings JOIN series ON id = series_id WHERE source = ? AND hour_s = ?"
    return bool(asked.rows(sql, source, begins // HOUR_S * HOUR_S))


def _has_of_day(asked: Asked, kind: str, name: str) -> bool:
    """`polls:his-full@2026-10-01`: an hour of polls, or an event, of the source that begins on the local day."""
    source, _at, on = name.partition("@")
    table, moment = ("hourly_polls", "hour_s") if kind == "polls" else ("events", "unixepoch(at)")
    rows = asked.rows(f"SELECT {moment} AS moment FROM {table} WHERE source = ?", source)
    return any(str(asked.day_of(row["moment"])) == on for row in rows)
