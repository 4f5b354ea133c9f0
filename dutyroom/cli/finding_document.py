"""Findings as JSON. Pure; times are UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dutyroom.cli.documents import SCHEMA, Document, moment
from dutyroom.model.finding import Finding, FindingStep, Step
from dutyroom.rules.deadlines import countdowns

_CLOCKS = {FindingStep.CONTAINED: "contain", FindingStep.REPORTED: "report", FindingStep.AUTHORITY: "authority"}


def findings(found: Sequence[Finding], now: datetime) -> Document:
    """`findings list --json`."""
    return {"schema": SCHEMA, "findings": [_listed(one, now) for one in found]}


def one_finding(found: Finding, steps: Sequence[Step], now: datetime) -> Document:
    """`findings show ID --json`: the document of the list with that one finding, and its history."""
    return {**findings([found], now), "steps": [_step(step) for step in steps]}


def _listed(one: Finding, now: datetime) -> Document:
    return {
        "id": one.id,
        "origin": one.origin.value,
        "key": one.key,
        "severity": one.severity.value,
        "state": one.state.value,
        "overdue": one.is_overdue(now),
        "found_at": moment(one.found_at),
        "found_by": one.found_by,
        "deadline": moment(one.deadline),
        "item": one.item or None,
        "device": one.device or None,
        "round": one.round_id,
        "code": one.code or None,
        "params": dict(one.params),
        "text": one.text,
        "assignee": one.assignee,
        "times": one.times,
        "returned": one.returned,
        "gone_at": moment(one.gone_at),
        "maintenance": one.silenced_by,
        "known": _known(one, now),
        "clocks": [
            {
                "clock": _CLOCKS[clock.step],
                "due_at": moment(clock.due_at),
                "stopped_at": moment(clock.stopped_at),
                "late": clock.is_late(now),
            }
            for clock in countdowns(one)
        ],
        "done_at": moment(one.done_at),
        "done_by": one.done_by,
        "verified_at": moment(one.verified_at),
        "verified_by": one.verified_by,
    }


def _known(one: Finding, now: datetime) -> Document | None:
    if not one.is_known(now):
        return None
    return {"until": moment(one.known_until), "owner": one.known_owner, "reason": one.known_reason}


def _step(one: Step) -> Document:
    return {
        "at": moment(one.at),
        "by": one.by,
        "step": one.step.value,
        "note": one.note,
        "params": dict(one.params),
    }
