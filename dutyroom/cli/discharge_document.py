"""Discharge tests as JSON. Pure; times are UTC, durations seconds."""

from __future__ import annotations

from collections.abc import Sequence

from dutyroom.cli.documents import SCHEMA, Document, moment
from dutyroom.model.discharge_test import StartCheck, TestNow
from dutyroom.model.runtime import DischargeTest


def checklist(ups: str, checks: Sequence[StartCheck]) -> Document:
    """`discharge check --json`."""
    items = [
        {"item": one.item.value, "state": one.state.value, "why": one.why, "value": one.value or None} for one in checks
    ]
    return {"schema": SCHEMA, "ups": ups, "checklist": items}


def tests(found: Sequence[DischargeTest]) -> Document:
    """`discharge list --json`."""
    return {"schema": SCHEMA, "discharge_tests": [_test(one) for one in found]}


def test(now: TestNow) -> Document:
    """`discharge show --json`: the document of the list with that one test, how it stands now, and its readings."""
    points = now.discharge.points if now.discharge is not None else ()
    stands = {
        "phase": now.phase.value,
        "held_s": now.held_s,
        "charge_percent": now.charge_percent,
        "load_percent": now.load_percent,
        "temperature_c": now.temperature_c,
        "to_stop_s": now.to_stop_s,
        "left_s": now.left.seconds,
        "left_basis": now.left.basis.value if now.left.basis is not None else None,
        "left_at_least": now.left.at_least,
        "wait_left_s": now.wait_left_s,
        "lost_s": now.lost_s,
        "stop_now": [one.value for one in now.signs],
        "met": [one.value for one in now.met],
        "elsewhere": list(now.elsewhere),
        "input_dead": now.input_dead,
        "gaps_s": list(now.gaps_s),
    }
    readings = [
        {
            "at_s": point.at_s,
            "charge_percent": point.charge_percent,
            "load_percent": point.load_percent,
            "reported_s": point.reported_s,
            "voltage_v": point.voltage_v,
        }
        for point in points
    ]
    return {**tests([now.test]), "now": stands, "readings": readings}


def _test(one: DischargeTest) -> Document:
    return {
        "id": one.id,
        "ups": one.ups,
        "state": one.state.value,
        "started_at": moment(one.started_at),
        "started_by": one.started_by,
        "stop_charge_percent": one.stop_charge_percent,
        "stop_after_s": one.stop_after_s,
        "began_at": moment(one.began_at),
        "ended_at": moment(one.ended_at),
        "stopped_why": one.stopped_why or None,
        "held_s": one.held_s,
        "charge_from_percent": one.charge_from_percent,
        "charge_to_percent": one.charge_to_percent,
        "load_percent": one.load_percent,
        "battery_installed": one.battery_installed.isoformat() if one.battery_installed is not None else None,
        "note": one.note or None,
        "signed_at": moment(one.signed_at),
        "signed_by": one.signed_by,
    }
