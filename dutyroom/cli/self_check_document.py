"""The self-check as JSON. Pure; times are UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from dutyroom.cli.documents import SCHEMA, Document, moment
from dutyroom.model.self_check import SelfCheckAnswer
from dutyroom.report.figure import Figure
from dutyroom.report.self_check_lines import CheckLine
from dutyroom.rules.report_period import ReportPeriod


def self_check(period: ReportPeriod, found: Sequence[CheckLine]) -> Document:
    """`self-check list --json`."""
    return {"schema": SCHEMA, "period": period.name, "self_check": [_row(one) for one in found]}


def _row(one: CheckLine) -> Document:
    return {
        "id": one.row.id,
        "sheet": one.row.sheet.value,
        "result": one.result.value,
        "controls": [f"{clause} {name}" for clause, name in one.row.controls],
        "documents": list(one.row.documents),
        "figures": [_figure(figure) for figure in one.figures],
        "answer": None if one.answer is None else _answer(one.answer),
    }


def _figure(one: Figure) -> Document:
    value = one.value
    return {"name": one.name, "value": value.isoformat() if isinstance(value, date | datetime) else value}


def _answer(one: SelfCheckAnswer) -> Document:
    return {
        "result": one.result.value if one.result is not None else None,
        "text": one.text,
        "plan": one.plan,
        "set_at": moment(one.set_at),
        "set_by": one.set_by,
    }
