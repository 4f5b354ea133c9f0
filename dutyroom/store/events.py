"""What the watch saw, its sign of life, and the wish for a poll."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, func, select

from dutyroom.model.events import Boot, Event, Heartbeat
from dutyroom.store.tables import EventRow, HeartbeatRow, PollRequestRow


def add(s: Session, events: Iterable[Event]) -> None:
    """Appends events in the order given."""
    s.add_all(
        EventRow(
            at=event.at,
            source=event.source,
            code=event.code,
            params=json.dumps(dict(event.params), ensure_ascii=False),
            boot_id=event.boot.id if event.boot is not None else None,
            boot_s=event.boot.seconds if event.boot is not None else None,
        )
        for event in events
    )
    s.flush()


def since(s: Session, at: datetime, limit: int = 1000) -> tuple[Event, ...]:
    """Events at or after `at`, oldest first; of more than `limit` the newest."""
    query = select(EventRow).where(EventRow.at >= at).order_by(col(EventRow.at).desc(), col(EventRow.id).desc())
    return tuple(_event(row) for row in reversed(s.exec(query.limit(limit)).all()))


def newest(s: Session, codes: Iterable[str]) -> tuple[Event, ...]:
    """Of every source the newest event with one of the codes."""
    last = select(func.max(EventRow.id)).where(col(EventRow.code).in_(list(codes))).group_by(col(EventRow.source))
    rows = s.exec(select(EventRow).where(col(EventRow.id).in_(last)).order_by(col(EventRow.source)))
    return tuple(_event(row) for row in rows)


def between(s: Session, codes: Iterable[str], since: datetime, until: datetime) -> tuple[Event, ...]:
    """Events with one of the codes at or after `since` and before `until`, oldest first."""
    query = select(EventRow).where(EventRow.at >= since, EventRow.at < until, col(EventRow.code).in_(list(codes)))
    return tuple(_event(row) for row in s.exec(query.order_by(col(EventRow.at), col(EventRow.id))))


def count_others(s: Session, codes: Iterable[str], since: datetime, until: datetime) -> int:
    """How many events with other codes there are at or after `since` and before `until`."""
    query = select(func.count()).select_from(EventRow).where(EventRow.at >= since, EventRow.at < until)
    return s.exec(query.where(col(EventRow.code).not_in(list(codes)))).one()


def newest_before(s: Session, codes: Iterable[str], at: datetime) -> tuple[Event, ...]:
    """Of every source the newest event with one of the codes before `at`."""
    last = (
        select(func.max(EventRow.id))
        .where(EventRow.at < at, col(EventRow.code).in_(list(codes)))
        .group_by(col(EventRow.source))
    )
    rows = s.exec(select(EventRow).where(col(EventRow.id).in_(last)).order_by(col(EventRow.source)))
    return tuple(_event(row) for row in rows)


def last_number(s: Session) -> int:
    """The number of the newest event; 0 when there is none."""
    return s.exec(select(func.max(EventRow.id))).one() or 0


def after(s: Session, number: int, codes: Iterable[str]) -> tuple[int, tuple[Event, ...]]:
    """The number of the newest event, and those with one of the codes that came after `number`, oldest first."""
    query = select(EventRow).where(col(EventRow.id) > number).order_by(col(EventRow.id))
    rows, wanted = s.exec(query).all(), set(codes)
    newest_number = rows[-1].id if rows else number
    return newest_number or number, tuple(_event(row) for row in rows if row.code in wanted)


def beat(s: Session, heartbeat: Heartbeat) -> None:
    """Replaces the watcher's sign of life."""
    row = HeartbeatRow(
        id=1,
        host=heartbeat.host,
        pid=heartbeat.pid,
        started_at=heartbeat.started_at,
        last_cycle_at=heartbeat.last_cycle_at,
        fingerprint=heartbeat.fingerprint,
        boot_id=heartbeat.boot.id if heartbeat.boot is not None else None,
        boot_s=heartbeat.boot.seconds if heartbeat.boot is not None else None,
    )
    s.merge(row)
    s.flush()


def heartbeat(s: Session) -> Heartbeat | None:
    """The watcher's last sign of life, or None when there never was one."""
    row = s.get(HeartbeatRow, 1)
    if row is None:
        return None
    boot = _boot(row.boot_id, row.boot_s)
    return Heartbeat(row.host, row.pid, row.started_at, row.last_cycle_at, row.fingerprint, boot)


def request_poll(s: Session, at: datetime) -> None:
    """Asks the watcher to poll every source now."""
    s.merge(PollRequestRow(id=1, at=at))
    s.flush()


def poll_requested(s: Session) -> datetime | None:
    """When somebody last asked for a poll (UTC), or None. The watcher compares it with the last it served."""
    row = s.get(PollRequestRow, 1)
    return None if row is None else row.at


def _event(row: EventRow) -> Event:
    params = tuple((str(key), str(value)) for key, value in json.loads(row.params).items())
    return Event(row.at, row.source, row.code, params, _boot(row.boot_id, row.boot_s))


def _boot(boot_id: str | None, seconds: float | None) -> Boot | None:
    return Boot(boot_id, seconds) if boot_id is not None and seconds is not None else None
