"""Notifications, every attempt to send them, and who acknowledged them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select, update

from dutyroom.model.finding import Severity
from dutyroom.model.notification import (
    Acknowledgement,
    Attempt,
    AttemptState,
    Cause,
    MessageKind,
    Notification,
    NotificationsNow,
    Topic,
)
from dutyroom.rules.notify import GIVE_UP, counts
from dutyroom.store.notification_tables import AcknowledgementRow, AttemptRow, NotificationRow
from dutyroom.store.trouble import not_found

_FAILED = (AttemptState.FAILED, AttemptState.INTERRUPTED)


def add(s: Session, cause: Cause, noticed_at: datetime) -> Notification:
    """Stores the notification of a cause; gives it with its number."""
    row = NotificationRow(
        key=cause.key,
        topic=cause.topic.value,
        severity=cause.severity.value,
        since=cause.since,
        code=cause.code,
        device=cause.device,
        params=json.dumps(dict(cause.params), ensure_ascii=False),
        noticed_at=noticed_at,
        over_at=cause.over_at,
    )
    s.add(row)
    s.flush()
    return _notification(row, None)


def update_life(s: Session, changed: Notification) -> None:
    """Stores whether it is over, and how often it came back. Raises StoreError (`not-found`)."""
    row = s.get(NotificationRow, changed.id)
    if row is None:
        raise not_found(f"notification:{changed.id}")
    row.over_at, row.times = changed.over_at, changed.times
    s.flush()


def one(s: Session, number: int) -> Notification | None:
    """The notification of that number, or None."""
    return next(iter(_read(s, NotificationRow.id == number)), None)


def in_play(s: Session, now: datetime) -> tuple[Notification, ...]:
    """Those that stand, and those over for so short a time that a message of them may still go out; by number."""
    return _read(s, col(NotificationRow.over_at).is_(None) | (col(NotificationRow.over_at) > now - GIVE_UP))


def newest(s: Session, limit: int) -> tuple[Notification, ...]:
    """The newest `limit` notifications there ever were, by number."""
    last = select(NotificationRow.id).order_by(col(NotificationRow.id).desc()).limit(limit)
    return _read(s, col(NotificationRow.id).in_(last))


def attempts(s: Session, numbers: Collection[int]) -> dict[int, tuple[Attempt, ...]]:
    """Every attempt for these notifications, oldest first; an empty tuple for one without any."""
    found: dict[int, list[Attempt]] = {number: [] for number in numbers}
    query = select(AttemptRow).where(col(AttemptRow.notification_id).in_(list(found))).order_by(col(AttemptRow.id))
    for row in s.exec(query):
        found[row.notification_id].append(_attempt(row))
    return {number: tuple(tries) for number, tries in found.items()}


def begin(s: Session, attempt: Attempt) -> Attempt:
    """Puts on record that this is sent now, before it is; gives it with its number."""
    row = AttemptRow(
        notification_id=attempt.notification_id,
        recipient=attempt.recipient,
        message=attempt.message.value,
        batch=attempt.batch,
        number=attempt.number,
        started_at=attempt.started_at,
        expires_at=attempt.expires_at,
        state=AttemptState.SENDING.value,
    )
    s.add(row)
    s.flush()
    return replace(attempt, id=row.id or 0)


def end(s: Session, batch: str, state: AttemptState, detail: str, at: datetime) -> int:
    """How the sending of a batch ended; how many attempts were still on their way."""
    changed = s.connection().execute(
        update(AttemptRow)
        .where(col(AttemptRow.batch) == batch, col(AttemptRow.state) == AttemptState.SENDING.value)
        .values(state=state.value, detail=detail, ended_at=at)
    )
    return int(changed.rowcount)


def reached(s: Session) -> dict[str, datetime]:
    """When anything last arrived at each recipient (UTC)."""
    sent = select(func.max(AttemptRow.id)).where(AttemptRow.state == AttemptState.SENT.value)
    rows = s.exec(select(AttemptRow).where(col(AttemptRow.id).in_(sent.group_by(col(AttemptRow.recipient)))))
    return {row.recipient: row.ended_at for row in rows if row.ended_at is not None}


def expired(s: Session, now: datetime) -> tuple[str, ...]:
    """The batches that are on their way for longer than any sending lasts: whoever sent them was ended meanwhile."""
    query = select(AttemptRow.batch).where(
        AttemptRow.state == AttemptState.SENDING.value, col(AttemptRow.expires_at) < now
    )
    return tuple(s.exec(query.distinct()))


def acknowledge(s: Session, new: Acknowledgement) -> Acknowledgement:
    """Stores who knows of a notification; gives it with its number. The write session ends with `exists` for two."""
    row = AcknowledgementRow(notification_id=new.notification_id, at=new.at, by=new.by)
    s.add(row)
    s.flush()
    return replace(new, id=row.id or 0)


def notifications_now(s: Session, now: datetime) -> NotificationsNow:
    """What the board tells of them."""
    waiting = [one for one in in_play(s, now) if counts(one, now)]
    last = select(func.max(AttemptRow.id)).where(
        AttemptRow.state != AttemptState.SENDING.value, col(AttemptRow.started_at) > now - timedelta(days=2)
    )
    rows = s.exec(select(AttemptRow).where(col(AttemptRow.id).in_(last.group_by(col(AttemptRow.recipient)))))
    failing = sorted(row.recipient for row in rows if AttemptState(row.state) in _FAILED)
    return NotificationsNow(len(waiting), min((one.noticed_at for one in waiting), default=None), tuple(failing))


def _read(s: Session, where: object) -> tuple[Notification, ...]:
    query = (
        select(NotificationRow, AcknowledgementRow)
        .join(AcknowledgementRow, col(AcknowledgementRow.notification_id) == col(NotificationRow.id), isouter=True)
        .where(where)  # type: ignore[arg-type]
        .order_by(col(NotificationRow.id))
    )
    found: Iterable[tuple[NotificationRow, AcknowledgementRow | None]] = s.exec(query)
    return tuple(_notification(row, known) for row, known in found)


def _notification(row: NotificationRow, known: AcknowledgementRow | None) -> Notification:
    params = tuple((str(key), str(value)) for key, value in json.loads(row.params).items())
    topic, severity = Topic(row.topic), Severity(row.severity)
    return Notification(
        Cause(row.key, topic, severity, row.since, row.code, row.device, params),
        noticed_at=row.noticed_at,
        over_at=row.over_at,
        times=row.times,
        acknowledged_at=known.at if known is not None else None,
        acknowledged_by=known.by if known is not None else None,
        id=row.id or 0,
    )


def _attempt(row: AttemptRow) -> Attempt:
    return Attempt(
        notification_id=row.notification_id,
        recipient=row.recipient,
        message=MessageKind(row.message),
        batch=row.batch,
        number=row.number,
        started_at=row.started_at,
        expires_at=row.expires_at,
        state=AttemptState(row.state),
        ended_at=row.ended_at,
        detail=row.detail,
        id=row.id or 0,
    )
