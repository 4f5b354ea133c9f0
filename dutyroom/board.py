"""The room now: a pure function of the site, what the store holds, and one moment.

Screens, `status` from the store and `status --fresh` all show this same value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dutyroom.model.addresses import AddressesNow
from dutyroom.model.checklist import Checklist
from dutyroom.model.devices import Device, Ups
from dutyroom.model.events import Boot, Event, Heartbeat
from dutyroom.model.facts import Line
from dutyroom.model.hold import HoldEvidence
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.notification import NotificationsNow
from dutyroom.model.reading import HoldVerdict, Kind, Latest, Reason, Sample, StaleBy, State, Verdict
from dutyroom.model.room import FreeSpace, RoomRecords
from dutyroom.model.rounds import Round, RoundOwed
from dutyroom.model.runtime import DischargeTest
from dutyroom.model.site import Site
from dutyroom.outage_board import OutageBoard, make_outage_board, with_time_left
from dutyroom.rules.addresses import is_learning, learning_until
from dutyroom.rules.backups import Judged
from dutyroom.rules.backups import judge as judge_backups
from dutyroom.rules.clock import is_recent
from dutyroom.rules.durations import records_now
from dutyroom.rules.freshness import is_fresh
from dutyroom.rules.maintenance import running
from dutyroom.rules.notify import of_recipients
from dutyroom.rules.notify_causes import unseen_for
from dutyroom.rules.owed import at as owed_at
from dutyroom.rules.owed import owed_state
from dutyroom.rules.schedule import Slot, current_slot
from dutyroom.rules.severity import judge, rank, worst
from dutyroom.rules.sources import interval_of, kind_of
from dutyroom.rules.space import tightest, verdict_of_space

# The watcher writes its sign of life every second or two; after this it is not there any more.
HEARTBEAT_SILENT_S = 15.0


class DutyState(StrEnum):
    """Where the current round stands, for the board."""

    DUE = "due"
    LATE = "late"
    OPEN = "open"
    DONE = "done"
    MISSED = "missed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class WatchView:
    """Whether somebody asks the sources: the holder, its last cycle, and whether it runs with this site file.

    `refused` is the event of a newer site file that is wrong, while the watch goes on with the one before. `silent_s`
    and `blind_s`: for how many seconds there was no sign of life, or no device answered, once that is a fault.
    """

    running: bool
    heartbeat: Heartbeat | None
    site_file_current: bool
    refused: Event | None = None
    silent_s: float | None = None
    blind_s: float | None = None


@dataclass(frozen=True, slots=True)
class SourceView:
    """One source as it is shown: state, verdict, reasons, and the sample the values come from.

    `maintenance` is the planned window the device is in now: its verdict is as it is, and is expected.
    `sample` is the newest one (its facts are None when it failed); `good` the newest with values, shown grey and with
    its age. Times in UTC, ages in seconds.
    """

    name: str
    label: str
    kind: Kind
    state: State
    verdict: Verdict
    reasons: tuple[Reason, ...]
    sample: Sample | None
    good: Sample | None
    age_s: float | None
    is_fresh: bool
    stale_by: StaleBy | None
    hold_time_s: float | None = None
    hold: HoldEvidence | None = None
    on_battery_s: float | None = None
    maintenance: MaintenanceWindow | None = None

    @property
    def hold_verdict(self) -> HoldVerdict | None:
        """Whether the hold time is met; None for what is no UPS, or was never read."""
        return self.hold.verdict if self.hold is not None else None

    @property
    def urgency(self) -> int:
        """A number that grows with how bad it is for the room; in planned maintenance trouble is expected."""
        return rank(Verdict.OK) if self.maintenance is not None else rank(self.verdict)

    def age_of(self, moment: datetime) -> float | None:
        """How long ago a moment was that the newest sample tells of, in seconds; None without a sample."""
        if self.sample is None or self.age_s is None:
            return None
        return (self.sample.at - moment).total_seconds() + self.age_s


@dataclass(frozen=True, slots=True)
class AddressView:
    """What of the addresses does not agree with the register, and since when that is known (`age_s` of the last sweep).

    Until `learning_until` (UTC; None before the first sweep) nothing of it is an alarm.
    """

    now: AddressesNow
    learning_until: datetime | None
    is_learning: bool
    age_s: float | None


@dataclass(frozen=True, slots=True)
class DutyView:
    """The daily round of the current slot: `answered` of `lines` lines have an answer."""

    checklist: Checklist
    slot: Slot
    state: DutyState
    round: Round | None
    answered: int
    lines: int
    last_signed: Round | None


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the first screen says. `sources` are worst first within their kind.

    `verdict` is that of the sources that are not in planned maintenance: the room now. `backup` has its own.
    `space` is the folder with the least free space, `clock_step` the last time the clock was set, while that is news.
    `owed` are the slots of every checklist around now, the most pressing first. `outage` is the power event that
    runs, or whose closing text is owed. `unsigned_tests` are the discharge tests that wait for a signature.
    """

    at: datetime
    site: str
    room: str
    verdict: Verdict
    watch: WatchView
    sources: tuple[SourceView, ...]
    duty: DutyView
    events: tuple[Event, ...]
    backup: Judged
    addresses: AddressView
    space: FreeSpace | None = None
    clock_step: Event | None = None
    owed: tuple[RoundOwed, ...] = ()
    outage: OutageBoard | None = None
    notifications: NotificationsNow = field(default_factory=NotificationsNow)
    unsigned_tests: tuple[DischargeTest, ...] = ()

    def label_of(self, name: str) -> str:
        """What people call a source; the name of one that the site file has no more."""
        return next((source.label for source in self.sources if source.name == name), name)

    def of_kind(self, kind: Kind) -> tuple[SourceView, ...]:
        """The sources of one kind, in the order of the board."""
        return tuple(source for source in self.sources if source.kind is kind)


def make_board(
    site: Site, checklist: Checklist, records: RoomRecords, now: datetime, boot: Boot | None = None
) -> Board:
    """The board at `now` (UTC), `boot` on the clock that never steps. Nothing is read and nothing is asked."""
    records = with_time_left(records_now(records, now, boot))
    step = records.clock_step
    sources = [_view(site, device, records, now) for device in site.devices()]
    order = {kind: position for position, kind in enumerate(Kind)}
    sources.sort(key=lambda view: _place(view, order))
    counted = [view.verdict for view in sources if view.maintenance is None]
    if sources and not counted:
        # Work on the whole room: nobody can say that it is well.
        counted = [Verdict.UNKNOWN]
    watch = _watch(site, records, now)
    if watch.silent_s is not None or watch.blind_s is not None:
        # What was seen last may be long past: a room nobody sees is not well.
        counted.append(Verdict.FAULT)
    return Board(
        at=now,
        site=site.name,
        room=site.room,
        verdict=worst([*counted, *map(verdict_of_space, records.space)]),
        watch=watch,
        sources=tuple(sources),
        duty=_duty(site, checklist, records, now),
        events=records.events,
        backup=judge_backups(records.last_backup, records.last_try, now, has_second=site.backup.second is not None),
        addresses=_addresses(site, records.addresses, now),
        space=tightest(records.space),
        clock_step=step if step is not None and is_recent(step, now, boot) else None,
        owed=owed_at(records.owed, now),
        outage=make_outage_board(site, records, now, boot),
        notifications=of_recipients(site.recipients, records.notifications),
        unsigned_tests=records.unsigned_tests,
    )


def on_battery_seconds(records: RoomRecords, now: datetime) -> dict[str, float]:
    """For each UPS on battery: seconds since the watch first saw it there."""
    return {name: (now - event.at).total_seconds() for name, event in records.on_battery_since.items()}


def _place(view: SourceView, order: Mapping[Kind, int]) -> tuple[float, ...]:
    """By kind, what is planned last, the worst first."""
    return (order[view.kind], view.maintenance is not None, -view.urgency, _runtime_left(view))


def _runtime_left(view: SourceView) -> float:
    """Among equally bad UPSes the one with the least time comes first; other kinds keep the site's order."""
    facts = view.sample.ups if view.sample is not None else None
    return facts.runtime_s if facts is not None and facts.runtime_s is not None else 0.0


def _view(site: Site, device: Device, records: RoomRecords, now: datetime) -> SourceView:
    latest: Latest | None = records.latest.get(device.name)
    interval_s = interval_of(site, device.name)
    on_battery_s = on_battery_seconds(records, now).get(device.name)
    proven = records.proven.get(device.name, ())
    judged = judge(device, latest, interval_s, now, on_battery_s, proven, site.hold)
    sample = latest.sample if latest is not None else None
    age_s = (now - sample.at).total_seconds() if sample is not None else None
    stale_by = StaleBy.WATCHER if judged.watcher_silent else (sample.stale_by if sample is not None else None)
    required_s = device.hold_time_s if isinstance(device, Ups) else None
    on_battery = sample is not None and sample.ups is not None and sample.ups.line is Line.BATTERY
    return SourceView(
        name=device.name,
        label=device.label,
        kind=kind_of(device),
        state=judged.state,
        verdict=judged.verdict,
        reasons=judged.reasons,
        sample=sample,
        good=latest.good if latest is not None else None,
        age_s=age_s,
        is_fresh=age_s is not None and judged.state.knows and is_fresh(age_s, interval_s),
        stale_by=stale_by,
        hold_time_s=required_s,
        hold=judged.hold,
        on_battery_s=on_battery_s if on_battery else None,
        maintenance=running(records.maintenance, device.name, now),
    )


def _addresses(site: Site, known: AddressesNow, now: datetime) -> AddressView:
    first, last = known.first_sweep_at, known.last_sweep_at
    return AddressView(
        now=known,
        learning_until=learning_until(first, site.addresses),
        is_learning=is_learning(first, site.addresses, now),
        age_s=(now - last).total_seconds() if last is not None else None,
    )


def _watch(site: Site, records: RoomRecords, now: datetime) -> WatchView:
    heartbeat, refused = records.heartbeat, records.site_file_refused
    running = heartbeat is not None and (now - heartbeat.last_cycle_at).total_seconds() <= HEARTBEAT_SILENT_S
    current = heartbeat is not None and heartbeat.fingerprint == site.fingerprint
    silent_s, blind_s = unseen_for(site, records.latest, heartbeat, now, running=running)
    return WatchView(running, heartbeat, current and refused is None, refused, silent_s, blind_s)


def _duty(site: Site, checklist: Checklist, records: RoomRecords, now: datetime) -> DutyView:
    slot = current_slot(checklist, now, site.timezone)
    # What was read just before a slot began is of the slot before.
    found = records.round if records.round is not None and records.round.due_on == slot.due_on else None
    state = DutyState(owed_state(found, slot.late_after, slot.missed_after, now).value)
    return DutyView(
        checklist, slot, state, found, records.answered if found is not None else 0, records.lines, records.last_signed
    )
