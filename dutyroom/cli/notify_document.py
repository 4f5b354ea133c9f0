"""Notifications as JSON. Pure; times are UTC."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dutyroom.cli.documents import SCHEMA, Document, moment

if TYPE_CHECKING:
    from dutyroom.duty.notifications import Told
    from dutyroom.model.notification import Attempt, Recipient


def notifications(found: Sequence[Told]) -> Document:
    """`notify list --json`, newest first."""
    return {"schema": SCHEMA, "notifications": [_listed(one) for one in found]}


def tests(found: Sequence[tuple[Recipient, Attempt]]) -> Document:
    """`notify test --json`."""
    return {"schema": SCHEMA, "attempts": [attempt(one) for _recipient, one in found]}


def attempt(one: Attempt) -> Document:
    """One attempt."""
    code, _blank, param = one.detail.partition(" ")
    return {
        "id": one.id,
        "to": one.recipient,
        "message": one.message.value,
        "try": one.number,
        "batch": one.batch,
        "started_at": moment(one.started_at),
        "ended_at": moment(one.ended_at),
        "state": one.state.value,
        "reason": code or None,
        "detail": param or None,
    }


def _listed(told: Told) -> Document:
    one = told.notification
    return {
        "id": one.id,
        "event": one.cause.topic.value,
        "code": one.cause.code,
        "severity": one.cause.severity.value,
        "device": one.cause.device or None,
        "since": moment(one.cause.since),
        "noticed_at": moment(one.noticed_at),
        "over_at": moment(one.over_at),
        "times": one.times,
        "acknowledged_at": moment(one.acknowledged_at),
        "acknowledged_by": one.acknowledged_by,
        "attempts": [attempt(tried) for tried in told.attempts],
    }
