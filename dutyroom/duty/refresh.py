"""Asking the watcher to ask every source now, whichever process it runs in."""

from __future__ import annotations

from datetime import datetime

from dutyroom.duty.desk import Desk
from dutyroom.store import events


def request_poll(desk: Desk, now: datetime) -> None:
    """Leaves a request the watcher serves within a second."""
    with desk.store.write() as session:
        events.request_poll(session, now)
