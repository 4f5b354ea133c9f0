"""The JSON documents people script against: model values in, plain dicts out. `schema` is 1; names only get more.

Times are UTC with `Z`, durations seconds. `status --json` is in `status_document`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dutyroom.model.checklist import Bounds, Checklist, Item, ItemKind
from dutyroom.model.events import Verification
from dutyroom.model.people import LastSignIn, Operator, Tries
from dutyroom.model.rounds import Entry, Round

if TYPE_CHECKING:
    from dutyroom.report.recheck import Recheck

SCHEMA = 1
Document = dict[str, Any]


def to_text(document: Document) -> str:
    """The document as it is printed."""
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)


def error(code: str, message: str) -> Document:
    """What a command with `--json` prints when it fails."""
    return {"schema": SCHEMA, "error": {"code": code, "message": message}}


def rounds(found: Sequence[Round]) -> Document:
    """`rounds list --json`."""
    return {"schema": SCHEMA, "rounds": [_round(one) for one in found]}


def one_round(found: Round, entries: Sequence[Entry]) -> Document:
    """`rounds show ID --json`: the document of the list with that one round, and its entries."""
    return {**rounds([found]), "entries": [_entry(entry) for entry in entries]}


def operators(found: Sequence[Operator], last: Mapping[str, LastSignIn], closed: Mapping[str, Tries]) -> Document:
    """`operators list --json`; `last` are the newest sign-ins by name, `closed` the names closed after failures."""
    return {
        "schema": SCHEMA,
        "operators": [
            {
                "name": one.name,
                "label": one.label,
                "role": one.role.value,
                "created_at": moment(one.created_at),
                "disabled_at": moment(one.disabled_at),
                "password_set_at": moment(one.password_set_at or one.created_at),
                "one_time_until": moment(one.one_time_until),
                "last_sign_in_at": moment(last[one.name].at),
                "refused_since": last[one.name].refused_since,
                "closed_until": moment(closed[one.name].closed_until) if one.name in closed else None,
            }
            for one in found
        ],
    }


def verification(found: Verification, file: str | None = None, again: Recheck | None = None) -> Document:
    """`verify --json`; `file` is how the file that was given stands to the ledger, `again` what counting it gave."""
    first = again.difference if again is not None else None
    return {
        "schema": SCHEMA,
        "intact": not found.faults,
        "lines": found.lines,
        "rows": found.rows,
        "head": found.head,
        "file": file,
        "file_version": again.version if again is not None else None,
        "own_version": again.own_version if again is not None else None,
        "site_changed": "report_site" in again.other_origin if again is not None else None,
        "rows_changed": "report_rows" in again.other_origin if again is not None else None,
        "difference": None
        if first is None
        else {
            "sheet": first.sheet,
            "cell": first.cell,
            "file_says": first.said,
            "records_give": first.given,
            "records": first.records,
        },
        "faults": [{"code": fault.code, "subject": fault.subject, "seq": fault.seq} for fault in found.faults],
    }


def checklists(found: Sequence[Checklist]) -> Document:
    """`checklist check --json`."""
    return {"schema": SCHEMA, "checklists": [_checklist(one) for one in found]}


def checklist_items(found: Checklist) -> Document:
    """`checklist show --json`."""
    return {**checklists([found]), "items": [_item(item) for item in found.items]}


def settings(rows: Sequence[tuple[str, str, str]]) -> Document:
    """`config show --json`; secrets are stars already."""
    return {
        "schema": SCHEMA,
        "settings": [{"key": key, "value": value, "origin": origin} for key, value, origin in rows],
    }


def site_checked(path: str, warnings: Sequence[str]) -> Document:
    """`config check --json`."""
    return {"schema": SCHEMA, "file": path, "warnings": list(warnings)}


def moment(at: datetime | None) -> str | None:
    """UTC with milliseconds and `Z`."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _round(one: Round) -> Document:
    return {
        "id": one.id,
        "checklist": one.checklist,
        "version": one.version,
        "due_at": moment(one.due_at),
        "started_at": moment(one.started_at),
        "started_by": one.started_by,
        "signed_at": moment(one.signed_at),
        "signed_by": one.signed_by,
        "state": one.state.value,
        "marks": [mark.value for mark in one.marks],
        "duty_day": one.duty_day.isoformat(),
        "items": one.items,
        "abnormal": one.abnormal,
        "clock_reason": one.clock_reason,
        "revision": one.revision,
        "approved_at": moment(one.approved_at),
        "approved_by": one.approved_by,
        "skip_reason": one.skip_reason.value if one.skip_reason is not None else None,
        "skip_note": one.skip_note,
        "closed_at": moment(one.closed_at),
        "closed_by": one.closed_by,
        "paper_from": moment(one.paper_from),
        "paper_to": moment(one.paper_to),
        "period": one.period_id,
    }


def _entry(entry: Entry) -> Document:
    return {
        "item": entry.item,
        "device": entry.device,
        "answer": entry.answer,
        "value": entry.value,
        "unit": entry.unit,
        "verdict": entry.verdict.value,
        "origin": entry.origin.value,
        "live_value": entry.live_value,
        "source": entry.source,
        "age_s": entry.age_s,
        "note": entry.note,
        "finding": entry.finding_id,
        "at": moment(entry.at),
        "by": entry.by,
    }


def _checklist(one: Checklist) -> Document:
    return {
        "name": one.name,
        "version": one.version,
        "words": {"en": one.words.en, "zh_CN": one.words.zh},
        "cadence": one.schedule.cadence.value,
        "due_at": one.schedule.due_at.isoformat("minutes"),
        "count": len(one.items),
    }


def _item(item: Item) -> Document:
    return {
        "id": item.id,
        "area": item.area,
        "words": {"en": item.words.en, "zh_CN": item.words.zh},
        "kind": item.kind.value,
        "mode": item.mode.value,
        "per": item.per.value if item.per is not None else None,
        "unit": item.unit,
        "normal": _bounds(item.limit.normal),
        "critical": _bounds(item.limit.critical),
        "physical": _bounds(item.limit.physical),
        "source": item.limit.source,
        "choices": [choice.value for choice in item.choices],
        "every": item.every,
        "show_if": item.show_if.item if item.show_if is not None else None,
        "show_if_answers": list(item.show_if.answers) if item.show_if is not None else [],
        "cells": item.cells if item.kind is ItemKind.TABLE else None,
    }


def _bounds(bounds: Bounds | None) -> list[float] | None:
    return None if bounds is None else [bounds.low, bounds.high]
