"""One short read of everything the board is made from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dutyroom.duty.desk import Desk
from dutyroom.duty.finding_lists import findings_now
from dutyroom.duty.outage_cards import newest_card
from dutyroom.duty.outage_records import power_now
from dutyroom.duty.owed import owed_now
from dutyroom.duty.proven import read_proven
from dutyroom.duty.roster import duty_now
from dutyroom.duty.walks import count_lines
from dutyroom.duty.zero_reports import zero_now
from dutyroom.model.events import CLOCK, Event
from dutyroom.model.room import RoomRecords
from dutyroom.rules.schedule import current_slot
from dutyroom.rules.watching import SITE_FILE_CODES, is_refused
from dutyroom.store import (
    addresses,
    backups,
    baselines,
    discharge_tests,
    events,
    maintenance,
    notifications,
    people,
    readings,
    rounds,
    space,
)

MAX_EVENTS = 200
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def read_room(desk: Desk, now: datetime) -> RoomRecords:
    """What the store holds about the room and the current slot's round, in one read transaction."""
    slot = current_slot(desk.checklist, now, desk.site.timezone)
    free = space.space_of(desk.site)
    with desk.store.read() as session:
        found = rounds.of_slot(session, desk.checklist.name, slot)
        entries = rounds.entries(session, found.id) if found is not None else ()
        last_signed = rounds.last_signed(session, desk.checklist.name)
        steps = events.newest(session, ("clock-step", "clock-back"))
        step = next((event for event in steps if event.source == CLOCK), None)
        since = last_signed.signed_at if last_signed is not None else None
        happened = events.since(session, _reach_back(since or BEGINNING, step), limit=MAX_EVENTS)
        return RoomRecords(
            latest=baselines.with_ports(readings.latest(session), baselines.known(session, since)),
            heartbeat=events.heartbeat(session),
            round=found,
            answered=sum(entry.answer is not None for entry in entries),
            lines=count_lines(session, desk, found, slot.due_on, entries),
            last_signed=last_signed,
            events=happened,
            on_battery_since=_on_battery(events.newest(session, ("on-battery", "on-mains"))),
            last_backup=backups.newest_good(session),
            last_try=backups.newest(session),
            people={operator.name: operator.label for operator in people.operators(session)},
            clock_step=step,
            site_file_refused=is_refused(events.newest(session, SITE_FILE_CODES)),
            space=free,
            addresses=addresses.now(session),
            maintenance=maintenance.not_over(session, now),
            owed=owed_now(session, desk, now),
            on_duty=duty_now(session, desk.site, now),
            findings=findings_now(session, now),
            zero=zero_now(session, desk.site, now),
            power=power_now(session, desk.site, now),
            proven=read_proven(session, desk.store, desk.site),
            card=newest_card(session),
            notifications=notifications.notifications_now(session, now),
            unsigned_tests=discharge_tests.unsigned(session),
        )


def _reach_back(since: datetime, step: Event | None) -> datetime:
    """Events after a clock was set back have earlier times than what was before: the list begins with the step."""
    if step is None:
        return since
    by_s = float(step.param("by") or 0.0)
    return step.at if by_s < 0 and step.at < since <= step.at - timedelta(seconds=by_s) else since


def _on_battery(changes: tuple[Event, ...]) -> dict[str, Event]:
    """The UPSes whose newest change of line was to battery."""
    return {event.source: event for event in changes if event.code == "on-battery"}
