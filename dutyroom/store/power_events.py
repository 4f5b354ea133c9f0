"""Power events and what people did in them. Stamps are set once, a closed event is sealed: by triggers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from dutyroom.model.events import Boot
from dutyroom.model.outage import CallResult, EventAct, EventState, EventStep, PowerEvent
from dutyroom.store.outage_tables import EventStepRow, PowerEventRow
from dutyroom.store.trouble import not_found

_SAME = (
    *("began_at", "restored_at", "is_major", "seen_at", "seen_by", "contained_at", "contained_by", "reported_at"),
    *("reported_by", "authority_at", "authority_by", "closing_text", "closed_at", "closed_by"),
)


def add(s: Session, new: PowerEvent) -> PowerEvent:
    """Stores a new power event and gives it back with its number (the given one is ignored)."""
    row = PowerEventRow(**_fields(new))
    s.add(row)
    s.flush()
    assert row.id is not None  # given by the flush
    return replace(new, id=row.id)


def update(s: Session, changed: PowerEvent) -> None:
    """Stores every field of a power event under its number.

    Raises:
        StoreError: `not-found`; the write session ends with `sealed` for a stamp set twice or an event that is closed.
    """
    row = s.get(PowerEventRow, changed.id)
    if row is None:
        raise not_found(f"power-event:{changed.id}")
    for name, value in _fields(changed).items():
        setattr(row, name, value)
    s.flush()


def get(s: Session, number: int) -> PowerEvent | None:
    """The power event of that number, or None."""
    row = s.get(PowerEventRow, number)
    return None if row is None else _event(row)


def not_closed(s: Session) -> tuple[PowerEvent, ...]:
    """Those that run, and those whose closing text is owed, by number."""
    query = select(PowerEventRow).where(PowerEventRow.state != EventState.CLOSED.value)
    return tuple(_event(row) for row in s.exec(query.order_by(col(PowerEventRow.id))))


def running(s: Session) -> PowerEvent | None:
    """The power event in which outages run now, or None."""
    query = select(PowerEventRow).where(PowerEventRow.state == EventState.RUNNING.value)
    row = s.exec(query.order_by(col(PowerEventRow.id).desc()).limit(1)).first()
    return None if row is None else _event(row)


def between(s: Session, since: datetime, until: datetime) -> tuple[PowerEvent, ...]:
    """Those that began before `until` and were not over at `since`, by number."""
    query = select(PowerEventRow).where(
        PowerEventRow.began_at < until,
        (col(PowerEventRow.began_at) >= since)
        | col(PowerEventRow.restored_at).is_(None)
        | (col(PowerEventRow.restored_at) >= since),
    )
    return tuple(_event(row) for row in s.exec(query.order_by(col(PowerEventRow.id))))


def add_step(s: Session, new: EventStep) -> EventStep:
    """Appends a line to the history of a power event; gives it with its number."""
    row = EventStepRow(
        event_id=new.event_id,
        at=new.at,
        by=new.by,
        act=new.act.value,
        subject=new.subject,
        result=new.result.value if new.result is not None else None,
        note=new.note,
    )
    s.add(row)
    s.flush()
    assert row.id is not None  # given by the flush
    return replace(new, id=row.id)


def steps(s: Session, event_id: int) -> tuple[EventStep, ...]:
    """What people did in a power event, in the order it was recorded."""
    query = select(EventStepRow).where(EventStepRow.event_id == event_id).order_by(col(EventStepRow.id))
    return tuple(_step(row) for row in s.exec(query))


def several(s: Session, numbers: Iterable[int]) -> tuple[PowerEvent, ...]:
    """The power events of those numbers, in their order; one that does not exist is absent."""
    query = select(PowerEventRow).where(col(PowerEventRow.id).in_({*numbers})).order_by(col(PowerEventRow.id))
    return tuple(_event(row) for row in s.exec(query))


def steps_of(s: Session, events: Iterable[int]) -> dict[int, tuple[EventStep, ...]]:
    """What people did in each of these power events, in the order it was recorded."""
    found: dict[int, list[EventStep]] = {number: [] for number in events}
    query = select(EventStepRow).where(col(EventStepRow.event_id).in_(list(found))).order_by(col(EventStepRow.id))
    for row in s.exec(query):
        found[row.event_id].append(_step(row))
    return {number: tuple(steps) for number, steps in found.items()}


def _fields(one: PowerEvent) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in _SAME},
        "state": one.state.value,
        "boot_id": one.began_boot.id if one.began_boot is not None else None,
        "boot_s": one.began_boot.seconds if one.began_boot is not None else None,
    }


def _event(row: PowerEventRow) -> PowerEvent:
    boot = Boot(row.boot_id, row.boot_s) if row.boot_id is not None and row.boot_s is not None else None
    same = {name: getattr(row, name) for name in _SAME}
    return PowerEvent(**same, state=EventState(row.state), began_boot=boot, id=row.id or 0)


def _step(row: EventStepRow) -> EventStep:
    return EventStep(
        event_id=row.event_id,
        at=row.at,
        by=row.by,
        act=EventAct(row.act),
        subject=row.subject,
        result=CallResult(row.result) if row.result is not None else None,
        note=row.note,
        id=row.id or 0,
    )
