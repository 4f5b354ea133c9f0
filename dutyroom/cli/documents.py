"""The JSON documents people script against: model values in, plain dicts out. `schema` is 1; names only get more.

Times are UTC with `Z`, durations seconds, shares percent. What is not known is null; a source that does not answer
now has no values here, however young its last ones are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from dutyroom.board import Board, SourceView, WatchView
from dutyroom.model.checklist import Bounds, Checklist, Item
from dutyroom.model.events import Verification
from dutyroom.model.people import Operator
from dutyroom.model.reading import (
    DeviceFacts,
    HoldVerdict,
    Interface,
    Kind,
    Part,
    Reason,
    ServerFacts,
    UpsFacts,
    count_ports,
)
from dutyroom.model.rounds import Entry, Round

SCHEMA = 1
Document = dict[str, Any]


def to_text(document: Document) -> str:
    """The document as it is printed."""
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)


def error(code: str, message: str) -> Document:
    """What a command with `--json` prints when it fails."""
    return {"schema": SCHEMA, "error": {"code": code, "message": message}}


def status(board: Board) -> Document:
    """`status --json`."""
    return {
        "schema": SCHEMA,
        "at": moment(board.at),
        "site": board.site,
        "room": board.room,
        "verdict": board.verdict.value,
        "watch": _watch(board.watch),
        "sources": [_source(view) for view in board.sources],
    }


def rounds(found: Sequence[Round]) -> Document:
    """`rounds list --json`."""
    return {"schema": SCHEMA, "rounds": [_round(one) for one in found]}


def one_round(found: Round, entries: Sequence[Entry]) -> Document:
    """`rounds show ID --json`: the document of the list with that one round, and its entries."""
    return {**rounds([found]), "entries": [_entry(entry) for entry in entries]}


def operators(found: Sequence[Operator]) -> Document:
    """`operators list --json`."""
    return {
        "schema": SCHEMA,
        "operators": [
            {
                "name": one.name,
                "label": one.label,
                "role": one.role.value,
                "created_at": moment(one.created_at),
                "disabled_at": moment(one.disabled_at),
            }
            for one in found
        ],
    }


def verification(found: Verification) -> Document:
    """`verify --json`."""
    return {
        "schema": SCHEMA,
        "intact": not found.faults,
        "lines": found.lines,
        "rows": found.rows,
        "head": found.head,
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


def _watch(view: WatchView) -> Document:
    beat = view.heartbeat
    return {
        "running": view.running,
        "holder": f"{beat.host}:{beat.pid}" if beat is not None else None,
        "last_cycle_at": moment(beat.last_cycle_at) if beat is not None else None,
        "site_file_current": view.site_file_current,
    }


def _source(view: SourceView) -> Document:
    sample = view.sample
    facts = sample if sample is not None and view.state.knows else None
    document: Document = {
        "name": view.name,
        "label": view.label,
        "kind": view.kind.value,
        "state": view.state.value,
        "stale_by": view.stale_by.value if view.stale_by is not None else None,
        "verdict": view.verdict.value,
        "at": moment(sample.at) if sample is not None else None,
        "age_s": round(view.age_s, 1) if view.age_s is not None else None,
        "detail": sample.detail if sample is not None else "",
        "reasons": [_reason(reason) for reason in view.reasons],
    }
    match view.kind:
        case Kind.UPS:
            document["ups"] = _ups(view, (facts.ups if facts is not None else None) or UpsFacts())
        case Kind.NETWORK:
            document["device"] = _device((facts.device if facts is not None else None) or DeviceFacts())
        case Kind.SERVER:
            document["server"] = _server((facts.server if facts is not None else None) or ServerFacts())
    return document


def _reason(reason: Reason) -> Document:
    return {
        "code": reason.code,
        "quantity": reason.quantity,
        "value": _whole(reason.value),
        "limit": _whole(reason.limit),
    }


def _ups(view: SourceView, facts: UpsFacts) -> Document:
    return {
        "status": list(facts.status),
        "line": facts.line.value,
        "charge_percent": facts.charge_percent,
        "runtime_s": _whole(facts.runtime_s),
        "runtime_basis": facts.runtime_basis.value if facts.runtime_basis is not None else None,
        "load_percent": facts.load_percent,
        "input_voltage_v": facts.input_voltage_v,
        "output_voltage_v": facts.output_voltage_v,
        "battery_voltage_v": facts.battery_voltage_v,
        "temperature_c": facts.temperature_c,
        "alarm": facts.alarm,
        "model": facts.model,
        "hold_time_s": _whole(view.hold_time_s),
        "hold_verdict": (view.hold_verdict or HoldVerdict.NO_EVIDENCE).value,
        "implausible": [{"variable": odd.variable, "raw": odd.raw, "why": odd.why} for odd in facts.implausible],
    }


def _device(facts: DeviceFacts) -> Document:
    return {
        "sys_name": facts.sys_name,
        "sys_descr": facts.sys_descr,
        "sys_object_id": facts.sys_object_id,
        "vendor": facts.vendor,
        "uptime_s": facts.uptime_s,
        "cpu_percent": facts.cpu_percent,
        "memory_percent": facts.memory_percent,
        "temperature_c": facts.temperature_c,
        "fans": [_part(part) for part in facts.fans],
        "power_supplies": [_part(part) for part in facts.power_supplies],
        "counts": _counts(facts.interfaces),
        "interfaces": [_interface(row) for row in facts.interfaces],
    }


def _part(part: Part) -> Document:
    return {"name": part.name, "state": part.state}


def _counts(rows: tuple[Interface, ...]) -> Document | None:
    # No row at all is a table that was not read, and that is no "0 ports up".
    if not rows:
        return None
    counts = count_ports(rows)
    return {
        "total": counts.total,
        "up": counts.up,
        "down": counts.down,
        "admin_down": counts.admin_down,
        "other": counts.other,
    }


def _interface(row: Interface) -> Document:
    return {
        "index": row.index,
        "name": row.name,
        "alias": row.alias,
        "type": row.type,
        "admin": row.admin,
        "oper": row.oper,
        "speed_bps": row.speed_bps,
        "in_octets": row.in_octets,
        "out_octets": row.out_octets,
        "in_errors": row.in_errors,
        "out_errors": row.out_errors,
        "in_discards": row.in_discards,
        "out_discards": row.out_discards,
    }


def _server(facts: ServerFacts) -> Document:
    return {
        "cpu_percent": facts.cpu_percent,
        "memory_percent": facts.memory_percent,
        "load_1m": facts.load_1m,
        "uptime_s": facts.uptime_s,
        "boot_time": moment(facts.boot_time),
        "temperatures": [{"name": sensor.name, "celsius": sensor.celsius} for sensor in facts.temperatures],
        "network": [{"name": link.name, "up": link.up, "errors": link.errors} for link in facts.network],
        "volumes": [{"mount": volume.mount, "used_percent": volume.used_percent} for volume in facts.volumes],
    }


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
        "at": moment(entry.at),
        "by": entry.by,
    }


def _checklist(one: Checklist) -> Document:
    return {
        "name": one.name,
        "version": one.version,
        "words": {"en": one.words.en, "zh_CN": one.words.zh},
        "due_at": one.due_at.isoformat("minutes"),
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
    }


def _bounds(bounds: Bounds | None) -> list[float] | None:
    return None if bounds is None else [bounds.low, bounds.high]


def _whole(value: float | int | str | None) -> float | int | str | None:
    """Seconds that are whole read better without `.0`."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
