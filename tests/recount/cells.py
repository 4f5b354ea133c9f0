"""The cells of an exported workbook (in English) held against the recount, sheet by sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.recount import cells_items, cells_lists, cells_outages, cells_rounds, inspection
from tests.recount.database import Asked, seconds
from tests.recount.records import lost
from tests.recount.workbook import Sheet, sheets

SHEETS: dict[str, Callable[[Asked, Sheet], None]] = {
    "Completion": cells_rounds.completion,
    "Abnormal answers": cells_rounds.abnormal,
    "Readings": cells_rounds.readings,
    "Findings and rectification": cells_lists.findings_rows,
    "Zero reports": cells_lists.zero_days,
    "Environment": cells_lists.environment_days,
    "Availability": cells_lists.availability_rows,
    "Downtimes": cells_lists.downtimes,
    "UPS outages and hold time": cells_outages.outage_sheet,
    "UPS load and runtime by day": cells_outages.ups_days,
    "Items by day": cells_items.items_by_day,
}
ONLY_SHORT = ("Items by day",)
"""They stand in the workbooks of periods up to 31 days."""
RESULTS = {
    "met": "fully met",
    "partly": "partly met",
    "not-met": "not met",
    "not-applicable": "not applicable",
    "unknown": "not known",
}
TILES = {
    "Completion rate": "rounds.completion",
    "Rounds missed": "rounds.missed",
    "Findings overdue": "findings.overdue",
    "Zero reports missing": "zero.missing",
    "Backups not well": "backups.not_ok",
    "Outages": "outages.count",
    "Longest outage on battery (min)": "outages.longest_minutes",
    "Clocks of power events not met": "outages.clock_breaches",
    "UPSes that do not hold long enough": "hold.short",
    "Hours outside the limits (hours)": "environment.hours_outside",
    "Abnormal answers": "answers.abnormal",
}
"""Key figures of the cover by their labels."""
AUDIT_TILES = {
    "Amendments of signed rounds": "audit.amendments",
    "Answers amended": "audit.answers_amended",
    "Approvals withdrawn": "audit.withdrawn",
    "Skips entered": "audit.skips",
    "Changes after the period": "audit.after",
    "Limits changed": "audit.limit_changes",
    "Changes of register and roster": "audit.register",
    "Sign-ins": "audit.sign_ins",
}


def compare(asked: Asked, path: Path, told: dict[str, Any]) -> dict[str, Any]:
    """By sheet how much was compared and what differs; `told` is what the recount says of the period as a whole."""
    found = sheets(path)
    for title, sheet in found.items():
        for record in lost(asked, sheet.records):
            sheet.differing.append(f"no such record: {record}")
        if title in SHEETS:
            SHEETS[title](asked, sheet)
    wanted = [title for title in SHEETS if title not in ONLY_SHORT or len(asked.days) <= cells_rounds.DAYS]
    for title in {*wanted} - found.keys():
        found[title] = Sheet(title, [], [], differing=["no such sheet"])
    _cover(found["Cover"], told)
    for title, held_against in (("Backups", _backups), ("Audit", _audit)):
        if title in found:
            held_against(asked, found[title], told["figures"])
    for title, of in (("Self-check", "self-check"), ("Self-inspection", "inspection")):
        if title in found:
            _results(found[title], told["self_check"], of)
    return {
        title: {"compared": one.compared, "records": len(one.records), "differing": one.differing}
        for title, one in found.items()
    }


def _cover(sheet: Sheet, told: dict[str, Any]) -> None:
    tiles = sheet.tiles()
    for label, name in TILES.items():
        value = told["figures"][name]
        sheet.same(label, tiles.get(label), "–" if value is None else value)
    for label, name in (("First line of the period", "first"), ("Last line counted", "last")):
        row = next((row for row in sheet.rows if label in row), ())
        values = [value for value in row if value is not None and value != label]
        sheet.same(label, [str(value) for value in values[:2]], [str(value) for value in told["ledger"][name]])


def _backups(_asked: Asked, sheet: Sheet, figures: dict[str, Any]) -> None:
    """The sums behind the signs of every job and month."""
    heads = {"Well": "backups.ok", "Not well": "backups.not_ok", "Not known": "backups.unknown"}
    rows = [row for rows in sheet.tables("Job", *heads) for row in rows if row["Well"] is not None]
    for head, name in heads.items():
        sheet.same(head, sum(row[head] for row in rows), figures[name] or 0)


def _audit(asked: Asked, sheet: Sheet, figures: dict[str, Any]) -> None:
    """The key figures, and of every act when it was done and by whom, as its line of the ledger says."""
    tiles = sheet.tiles()
    for label, name in AUDIT_TILES.items():
        sheet.same(label, tiles.get(label), figures[name])
    for row in sheet.table("Time", "Who", "Act", "Ledger line"):
        number = re.match(r"\d+", str(row["Ledger line"]))
        line = asked.rows("SELECT at, actor FROM ledger WHERE seq = ?", number[0] if number else None)
        sheet.same(f"line {row['Ledger line']}", len(line), 1)
        for one in line:
            sheet.same(f"{row['Ledger line']} at", row["Time"], asked.wall(seconds(one["at"])))
            # What the watch did, nobody did.
            who = "–" if one["actor"].startswith("watch:") else asked.person(one["actor"])
            sheet.same(f"{row['Ledger line']} by", row["Who"], who)


def _results(sheet: Sheet, results: dict[str, str], of: str) -> None:
    rows = [row for row in inspection.rows() if row.get("sheet", "self-check") == of]
    counted = [RESULTS[results[row["id"]]] for row in rows]
    found = {row["Requirement"]: row["Result"] for row in sheet.table("Requirement", "Result")}
    for row, result in zip(rows, counted, strict=True):
        sheet.same(row["id"], found.get(row["en"]), result)
    sheet.same("rows", len(found), len(rows))
    tiles = sheet.tiles()
    for word in RESULTS.values():
        sheet.same(word, tiles.get(word), counted.count(word))
