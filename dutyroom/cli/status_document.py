"""`status --json`: the board as a plain dict. Pure.

Times are UTC with `Z`, durations seconds, shares percent. What is not known is null; a source that does not answer
now has no values here, however young its last ones are.
"""

from __future__ import annotations

from datetime import datetime

from dutyroom.board import Board, SourceView, WatchView
from dutyroom.cli.check_document import backup_job, check
from dutyroom.cli.documents import SCHEMA, Document, moment
from dutyroom.cli.maintenance_document import window
from dutyroom.cli.register_document import addresses
from dutyroom.model.events import Event
from dutyroom.model.facts import DeviceFacts, Interface, Part, ServerFacts, UpsFacts, count_ports
from dutyroom.model.hold import HoldEvidence, HoldUnknown
from dutyroom.model.reading import HoldVerdict, Kind, Reason
from dutyroom.model.room import FreeSpace
from dutyroom.rules.backups import Judged
from dutyroom.rules.space import room_left


def status(board: Board) -> Document:
    """The whole document."""
    return {
        "schema": SCHEMA,
        "at": moment(board.at),
        "site": board.site,
        "room": board.room,
        "verdict": board.verdict.value,
        "watch": _watch(board.watch),
        "backup": _backup(board.backup),
        "space": _space(board.space),
        "clock_step": _clock_step(board.clock_step),
        "notifications": {
            "unacknowledged": board.notifications.unacknowledged,
            "oldest_at": moment(board.notifications.oldest_at),
            "failing": list(board.notifications.failing),
        },
        "addresses": addresses(board.addresses),
        "sources": [_source(view, board.at) for view in board.sources],
    }


def _watch(view: WatchView) -> Document:
    beat = view.heartbeat
    return {
        "running": view.running,
        "holder": f"{beat.host}:{beat.pid}" if beat is not None else None,
        "last_cycle_at": moment(beat.last_cycle_at) if beat is not None else None,
        "site_file_current": view.site_file_current,
        "site_file_refused": _refused(view.refused),
        "silent_s": round(view.silent_s, 1) if view.silent_s is not None else None,
        "blind_s": round(view.blind_s, 1) if view.blind_s is not None else None,
    }


def _refused(event: Event | None) -> Document | None:
    if event is None:
        return None
    return {"at": moment(event.at), "file": event.param("file"), "key": event.param("key") or None}


def _backup(judged: Judged) -> Document:
    good = judged.good
    return {
        "verdict": judged.verdict.value,
        "last_good_at": moment(good.at) if good is not None else None,
        "age_s": round(judged.age_s, 1) if judged.age_s is not None else None,
        "path": good.path if good is not None else None,
        "ledger_seq": good.ledger_seq if good is not None else None,
        "trouble": judged.trouble,
        "second": judged.second.value,
        "second_path": good.second if good is not None else None,
        "second_trouble": good.second_trouble if good is not None else None,
    }


def _space(space: FreeSpace | None) -> Document | None:
    if space is None:
        return None
    state = room_left(space).value
    return {"state": state, "use": space.use, "folder": space.folder, "free_bytes": space.free_bytes}


def _clock_step(step: Event | None) -> Document | None:
    if step is None:
        return None
    return {"at": moment(step.at), "by_s": float(step.param("by") or 0.0), "restarted": step.code == "clock-back"}


def _source(view: SourceView, now: datetime) -> Document:
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
        "last_good_at": moment(view.good.at) if view.good is not None else None,
        "last_good_age_s": round(max(0.0, (now - view.good.at).total_seconds()), 1) if view.good is not None else None,
        "detail": sample.detail if sample is not None else "",
        "reasons": [_reason(reason) for reason in view.reasons],
        "maintenance": window(view.maintenance),
    }
    match view.kind:
        case Kind.UPS:
            document["ups"] = _ups(view, (facts.ups if facts is not None else None) or UpsFacts())
        case Kind.NETWORK:
            document["device"] = _device((facts.device if facts is not None else None) or DeviceFacts())
        case Kind.SERVER:
            document["server"] = _server((facts.server if facts is not None else None) or ServerFacts())
        case Kind.SYSTEM | Kind.LINE:
            document["check"] = check(facts.check if facts is not None else None)
        case Kind.BACKUP:
            document["backup_job"] = backup_job(facts.backup if facts is not None else None, now)
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
        "hold_evidence": _evidence(view),
        "implausible": [{"variable": odd.variable, "raw": odd.raw, "why": odd.why} for odd in facts.implausible],
    }


def _evidence(view: SourceView) -> Document:
    why = HoldUnknown.NO_CONTACT
    nothing = HoldEvidence(HoldVerdict.NO_EVIDENCE, view.hold_time_s or 0.0, proof_why_not=why, reported_why_not=why)
    hold = view.hold or nothing
    proof = hold.proof
    return {
        "basis": hold.basis.value,
        "seconds": _rounded(hold.seconds),
        "short_by_s": _rounded(hold.short_by_s),
        "held_s": _rounded(hold.held_s),
        "proven_s": _rounded(hold.proven_s),
        "proven_by": proof.basis.value if proof is not None else None,
        "proven_at": moment(proof.at) if proof is not None else None,
        "proven_held_s": _rounded(proof.held_s) if proof is not None else None,
        "proven_load_percent": round(proof.load_then_percent, 1) if proof is not None else None,
        "proven_to_the_end": proof.is_complete if proof is not None else None,
        "proven_why_not": hold.proof_why_not.value if hold.proof_why_not is not None else None,
        "reported_s": _rounded(hold.reported_s),
        "reported_why_not": hold.reported_why_not.value if hold.reported_why_not is not None else None,
    }


def _rounded(seconds: float | None) -> int | None:
    return round(seconds) if seconds is not None else None


def _device(facts: DeviceFacts) -> Document:
    return {
        "sys_name": facts.sys_name,
        "sys_descr": facts.sys_descr,
        "sys_object_id": facts.sys_object_id,
        "vendor": facts.vendor,
        "uptime_s": facts.uptime_s,
        "cpu_percent": facts.cpu_percent,
        "cpu_basis": facts.cpu_basis,
        "memory_percent": facts.memory_percent,
        "temperature_c": facts.temperature_c,
        "fans": [_part(part) for part in facts.fans],
        "power_supplies": [_part(part) for part in facts.power_supplies],
        "origins": dict(facts.origins),
        "counts": _counts(facts.interfaces),
        "interfaces": [_interface(row) for row in facts.interfaces],
        "neighbours": [
            {"port": row.port, "name": row.name, "remote_port": row.remote_port, "protocol": row.protocol}
            for row in facts.neighbours
        ],
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
        "in_bps": round(row.in_bps, 1) if row.in_bps is not None else None,
        "out_bps": round(row.out_bps, 1) if row.out_bps is not None else None,
        "new_errors": row.new_errors,
        "new_discards": row.new_discards,
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


def _whole(value: float | int | str | None) -> float | int | str | None:
    """Seconds that are whole read better without `.0`."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
