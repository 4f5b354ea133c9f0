"""One short read of a power event: what the outage screen and `outages show` are made from."""

from __future__ import annotations

from datetime import datetime, timedelta

from dutyroom.model.outage import OutageState, PowerEvent
from dutyroom.model.outage_records import EventRecords, Told
from dutyroom.model.site import Site
from dutyroom.store import discharges, outages, power_events, readings
from dutyroom.store.database import Session
from dutyroom.store.headline import AMBIENT

# The item of the round whose source tells how warm the room is.
ROOM_TEMPERATURE = "env.temp.cold"
TEMPERATURES_FOR = timedelta(minutes=30)


def power_now(session: Session, site: Site, now: datetime) -> EventRecords | None:
    """The power event that runs, else the oldest one whose closing text is owed; None when there is neither."""
    waiting = power_events.not_closed(session)
    event = power_events.running(session) or (waiting[0] if waiting else None)
    return None if event is None else event_records(session, site, event, now)


def event_records(session: Session, site: Site, event: PowerEvent, now: datetime) -> EventRecords:
    """Everything of one power event; the room's temperature is that of the half hour before `now` (UTC)."""
    found = outages.of_event(session, event.id)
    running = [one.id for one in found if one.state is OutageState.OPEN]
    lowest = {one.id: one.lowest_charge_percent for one in found} | discharges.lowest_charges(session, running)
    return EventRecords(
        event=event,
        outages=found,
        phases=outages.phases(session, [one.id for one in found]),
        told={number: Told(*told) for number, told in discharges.told_last(session, found).items()},
        lowest=lowest,
        steps=power_events.steps(session, event.id),
        temperatures=_temperatures(session, site, now),
    )


def _temperatures(session: Session, site: Site, now: datetime) -> tuple[tuple[datetime, float], ...]:
    place = dict(site.live).get(ROOM_TEMPERATURE)
    if place is None:
        return ()
    source, variable = place
    quantity = next((name for name, where in AMBIENT.items() if where[0] == variable), variable)
    found = readings.history(session, source, quantity, now - TEMPERATURES_FOR, now + timedelta(seconds=1))
    return tuple((one.at, one.value) for one in found)
