"""Asks once, a minute after a watch began, whether there was an outage while nobody watched."""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping
from datetime import datetime

from dutyroom import clock
from dutyroom.duty.outages import record_gap
from dutyroom.model.people import watch_actor
from dutyroom.model.reading import Latest
from dutyroom.model.site import Site
from dutyroom.rules.unwatched import SETTLED_S, signs
from dutyroom.store import outages, readings
from dutyroom.store.database import Session

log = logging.getLogger(__name__)


class Unwatched:
    """The time nobody watched, and what was known before it."""

    def __init__(self, between: tuple[datetime, datetime], before: Mapping[str, Latest]) -> None:
        self._between, self._before = between, before
        self._ask_at_s = clock.monotonic() + SETTLED_S

    def is_due(self) -> bool:
        """True once every device had time to answer."""
        return clock.monotonic() >= self._ask_at_s

    def ask(self, session: Session, site: Site) -> None:
        """Records an outage for every UPS that shows signs of one, and of which none is open."""
        after, now = readings.latest(session), clock.now()
        since, _until = self._between
        known = {one.ups for one in (*outages.still_open(session), *outages.between(session, since, now))}
        told = [
            (device, found)
            for device in site.ups
            if device.name not in known and (found := signs(device.name, self._before, after, site.loads))
        ]
        if told:
            record_gap(session, watch_actor(socket.gethostname()), told, self._between, now)
            for device, found in told:
                log.warning("%s: an outage nobody watched (%s)", device.name, ", ".join(found))
