"""Notifications: who has acknowledged them (a line in the ledger), what was sent, and a test message."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dutyroom import notify_words
from dutyroom.duty.desk import Desk, require
from dutyroom.errors import DutyroomError
from dutyroom.messenger import NotDelivered, deliver_within
from dutyroom.model.finding import Severity
from dutyroom.model.notification import (
    Acknowledgement,
    Attempt,
    AttemptState,
    Cause,
    MessageKind,
    Notification,
    Recipient,
    Topic,
)
from dutyroom.model.people import Act, Actor
from dutyroom.rules.notify import counts
from dutyroom.store import ledger, notifications
from dutyroom.words import N_, _

MOST = 100
_GRACE_S = 15.0
_REFUSED = {
    "not-found": N_("There is no notification {number}."),
    "acknowledged": N_("{who} has acknowledged notification {number} already."),
    "nothing": N_("No notification waits for an acknowledgement."),
    "no-recipient": N_("The site file has no [[recipient]]."),
    "unknown-recipient": N_("The site file has no [[recipient]] named {name}."),
}


class NotificationRefused(DutyroomError):
    """This cannot be done to a notification now.

    `code` says why: `not-found`, `acknowledged`, `nothing`, `no-recipient`, `unknown-recipient`.
    """

    code = "notification-refused"


@dataclass(frozen=True, slots=True)
class Told:
    """A notification with every attempt to send it, oldest first."""

    notification: Notification
    attempts: tuple[Attempt, ...]


def acknowledge(desk: Desk, actor: Actor, number: int, now: datetime) -> Notification:
    """Says that the actor knows of it: the ladder stops. Raises NotificationRefused, NotAllowed, StoreError."""
    require(actor, Act.ACKNOWLEDGE)
    with desk.store.write() as session:
        known = notifications.one(session, number)
        if known is None or known.cause.topic is Topic.TEST:
            raise _refused("not-found", number=number)
        if known.is_acknowledged:
            raise _refused("acknowledged", number=number, who=known.acknowledged_by)
        made = notifications.acknowledge(session, Acknowledgement(number, now, actor.name))
        ledger.append_row(session, at=now, actor=actor, act=Act.ACKNOWLEDGE, of=made)
        found = notifications.one(session, number)
    assert found is not None  # it was there a line ago, under the lock
    return found


def acknowledge_all(desk: Desk, actor: Actor, now: datetime) -> tuple[Notification, ...]:
    """The same for every one that waits. Raises NotificationRefused (`nothing`), NotAllowed, StoreError."""
    require(actor, Act.ACKNOWLEDGE)
    waiting_now = waiting(desk, now)
    if not waiting_now:
        raise _refused("nothing")
    with desk.store.write() as session:
        for one in waiting_now:
            fresh = notifications.one(session, one.id)
            if fresh is not None and not fresh.is_acknowledged:
                made = notifications.acknowledge(session, Acknowledgement(one.id, now, actor.name))
                ledger.append_row(session, at=now, actor=actor, act=Act.ACKNOWLEDGE, of=made)
    return waiting_now


def waiting(desk: Desk, now: datetime) -> tuple[Notification, ...]:
    """Those nobody has acknowledged, by number."""
    with desk.store.read() as session:
        return tuple(one for one in notifications.in_play(session, now) if counts(one, now))


def listed(desk: Desk, limit: int = MOST) -> tuple[Told, ...]:
    """The newest notifications with their attempts, newest first."""
    with desk.store.read() as session:
        found = notifications.newest(session, limit)
        tries = notifications.attempts(session, [one.id for one in found])
    return tuple(Told(one, tries[one.id]) for one in reversed(found))


def send_test(desk: Desk, name: str | None, now: Callable[[], datetime]) -> tuple[tuple[Recipient, Attempt], ...]:
    """Sends a test message to one recipient or to every one, each attempt on record; how each went.

    Raises NotificationRefused (`no-recipient`, `unknown-recipient`), StoreError.
    """
    to = [one for one in desk.site.recipients if name is None or one.name == name]
    if not to:
        raise _refused("no-recipient" if name is None else "unknown-recipient", name=name)
    at = now()
    cause = Cause(f"test:{secrets.token_hex(4)}", Topic.TEST, Severity.CRITICAL, at, "test", over_at=at)
    with desk.store.write() as session:
        about = notifications.add(session, cause, at)
    return tuple((one, _try(desk, one, about, now)) for one in to)


def _try(desk: Desk, recipient: Recipient, about: Notification, now: Callable[[], datetime]) -> Attempt:
    at = now()
    expires_at = at + timedelta(seconds=recipient.timeout_s + _GRACE_S)
    attempt = Attempt(about.id, recipient.name, MessageKind.TEST, secrets.token_hex(8), 1, at, expires_at)
    with desk.store.write() as session:
        notifications.begin(session, attempt)
    state, detail = AttemptState.SENT, ""
    try:
        deliver_within(recipient, notify_words.message(desk.site, recipient, MessageKind.TEST, (about,)))
    except NotDelivered as error:
        state, detail = AttemptState.FAILED, error.detail
    with desk.store.write() as session:
        notifications.end(session, attempt.batch, state, detail, now())
        (ended,) = (one for one in notifications.attempts(session, [about.id])[about.id] if one.batch == attempt.batch)
    return ended


def _refused(code: str, **params: object) -> NotificationRefused:
    return NotificationRefused(_(_REFUSED[code]).format_map(params), code=code)
