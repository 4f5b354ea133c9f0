"""Zero reports as JSON. Pure; times are UTC."""

from __future__ import annotations

import json
from collections.abc import Sequence

from dutyroom.cli.documents import SCHEMA, Document, moment
from dutyroom.model.zero_content import to_json
from dutyroom.model.zero_page import ZeroPage
from dutyroom.model.zero_report import ZeroDay


def reports(found: Sequence[ZeroDay]) -> Document:
    """`zero list --json`."""
    return {"schema": SCHEMA, "zero_reports": [_day(one) for one in found]}


def one(page: ZeroPage) -> Document:
    """`zero show --json`: the document of the list with that one day, what it lists, and the ledger's line."""
    content = json.loads(to_json(page.content))
    return {
        **reports([page.day]),
        "content": content,
        "unreported": len(page.unreported),
        "ledger_line": {"seq": page.anchor[0], "hash": page.anchor[1]} if page.anchor is not None else None,
    }


def _day(one: ZeroDay) -> Document:
    marks = ["late"] if one.is_late else []
    return {
        "duty_day": one.window.duty_day.isoformat(),
        "begins_at": moment(one.window.begins_at),
        "ends_at": moment(one.window.ends_at),
        "late_after": moment(one.window.late_after),
        "state": one.state.value,
        "marks": [*marks, "amended"] if one.is_amended else marks,
        "versions": [
            {
                "version": version.version,
                "state": version.state.value,
                "signed_at": moment(version.signed_at),
                "signed_by": version.signed_by,
                "reason": version.reason,
            }
            for version in one.versions
        ],
    }
