"""Items by day: the sign of every answer, and the sums behind them, held against the recount."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.recount import checklists, rounds
from tests.recount.database import Asked
from tests.recount.workbook import Sheet

SIGNS = {"ok": "✓", "attention": "!", "fault": "✗", "unknown": "?", "not-applicable": "–"}
DAILY = "daily"


def items_by_day(asked: Asked, sheet: Sheet) -> None:
    """Every line of the daily round over the days of the period."""
    top = next((number for number, row in enumerate(sheet.rows) if "Item" in row and "Normal" in row), None)
    if top is None:
        sheet.differing.append("no head of the list")
        return
    head = [*sheet.rows[top]]
    first, last, of = head.index("Device") + 1, head.index("Normal"), head.index("Item")
    counted, met, item = _counted(asked), set(), ""
    for row in sheet.rows[top + 3 :]:
        if row[last + 1] is None:
            break
        item = row[of] or item
        key = (item, row[of + 1] or "")
        found = counted.get(key, {})
        met.add(key)
        for day, told in zip(asked.days, row[first:last], strict=True):
            sheet.same(f"{key} {day}", told, SIGNS[found[str(day)]] if str(day) in found else None)
        number = Counter(verdict for verdict in found.values() if verdict != "not-applicable")
        answers = sum(number.values())
        sheet.same(f"{key} normal", row[last], number["ok"] / answers if answers else "–")
        sheet.same(f"{key} answers", row[last + 1], answers)
        sheet.same(f"{key} abnormal", row[last + 2], number["attention"] + number["fault"])
    sheet.same("lines that were answered", sorted(counted.keys() - met), [])


def _counted(asked: Asked) -> dict[tuple[str, str], dict[str, Any]]:
    """By item and device as people call them: the verdict of each day."""
    names = {one["id"]: one["en"] for one in checklists.in_force(asked)[DAILY]["item"]}
    days = {one.row["id"]: one for one in rounds.walks(asked) if one.row is not None}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for number, of_round in rounds.answers(asked).items():
        if days[number].checklist != DAILY:
            continue
        for (item, device), one in of_round.items():
            key = (names.get(item, item), asked.label(device) if device else "")
            verdict = "not-applicable" if one["answer"] == "na" else one["verdict"]
            found.setdefault(key, {})[str(days[number].day)] = verdict
    return found
