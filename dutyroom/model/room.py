"""What the store holds about the room now: everything the board is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dutyroom.model.addresses import AddressesNow
from dutyroom.model.backup import Backup
from dutyroom.model.events import Event, Heartbeat
from dutyroom.model.finding import FindingsNow
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.notification import NotificationsNow
from dutyroom.model.outage_card import PrintedCard
from dutyroom.model.outage_records import EventRecords
from dutyroom.model.reading import Latest
from dutyroom.model.roster import DutyNow
from dutyroom.model.rounds import Round, RoundOwed
from dutyroom.model.runtime import Discharge, DischargeTest
from dutyroom.model.zero_report import ZeroNow


@dataclass(frozen=True, slots=True)
class FreeSpace:
    """What an ordinary account may still write in a folder. `use` is a code: `store`, `backup`, `second`."""

    use: str
    folder: str
    free_bytes: int


@dataclass(frozen=True, slots=True)
class RoomRecords:
    """One short read of the store.

    `round` is the round of the current slot (None: not begun), `answered` how many of its `lines` have an answer.
    `last_signed` is the newest signed round, `events` what happened since it was signed, newest last.
    `on_battery_since` holds the newest `on-battery` event of each UPS not followed by an `on-mains` one.
    `people` are the operators' labels by name. `last_backup` is the last good backup, `last_try` the last try, good or
    not. `clock_step` is the newest event of a wall clock that was set, `space` the folders this program writes to where
    their free space could be read. `site_file_refused` is set while the watch goes on with an older site file because
    the newest is wrong. `maintenance` are the planned windows that run or are to come, by their start.
    `owed` are the slots of every checklist around now, the most pressing first. `power` is the power event that runs,
    else the oldest one whose closing text is owed. `proven` are, by UPS, the discharges of its battery
    that are over. `card` is the newest outage card, `unsigned_tests` are the discharge tests that ended and prove
    nothing until somebody signs them.
    """

    latest: Mapping[str, Latest] = field(default_factory=dict)
    heartbeat: Heartbeat | None = None
    round: Round | None = None
    answered: int = 0
    lines: int = 0
    last_signed: Round | None = None
    events: tuple[Event, ...] = ()
    on_battery_since: Mapping[str, Event] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    last_backup: Backup | None = None
    last_try: Backup | None = None
    clock_step: Event | None = None
    site_file_refused: Event | None = None
    space: tuple[FreeSpace, ...] = ()
    addresses: AddressesNow = field(default_factory=AddressesNow)
    maintenance: tuple[MaintenanceWindow, ...] = ()
    owed: tuple[RoundOwed, ...] = ()
    findings: FindingsNow = field(default_factory=FindingsNow)
    on_duty: DutyNow = field(default_factory=DutyNow)
    zero: ZeroNow = field(default_factory=ZeroNow)
    power: EventRecords | None = None
    proven: Mapping[str, tuple[Discharge, ...]] = field(default_factory=dict)
    card: PrintedCard | None = None
    notifications: NotificationsNow = field(default_factory=NotificationsNow)
    unsigned_tests: tuple[DischargeTest, ...] = ()

    def person(self, name: str | None) -> str:
        """What people call an operator; the login name of one nobody knows."""
        return self.people.get(name or "", name or "")
