"""The site as configured: one hospital campus, one room, its devices. Made by `dutyroom.config` from the site file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from dutyroom.model.addresses import AddressRules, Registration
from dutyroom.model.checklist import Bounds
from dutyroom.model.devices import (
    AirConditioner,
    BackupJob,
    Device,
    Load,
    NetworkDevice,
    OutsideLine,
    Server,
    System,
    Ups,
)
from dutyroom.model.hold import HoldRules
from dutyroom.model.notification import NotifyRules, Recipient
from dutyroom.model.profile import Profile
from dutyroom.model.roster import ShiftTime


class Language(StrEnum):
    """Languages of the screens and the workbook."""

    EN = "en"
    ZH_CN = "zh_CN"


class LimitProfile(StrEnum):
    """Which set of environment limits is in force."""

    GB50174 = "gb50174"
    STRICT = "strict"
    HOUSE = "house"


@dataclass(frozen=True, slots=True)
class PollIntervals:
    """Seconds between the end of one poll and the start of the next, by kind of source."""

    ups_s: float = 5.0
    ups_on_battery_s: float = 2.0
    network_s: float = 30.0
    server_s: float = 10.0
    check_s: float = 30.0
    backup_s: float = 600.0


@dataclass(frozen=True, slots=True)
class Credential:
    """A password with a rotation period; only the date is kept."""

    name: str
    label: str
    rotated: date
    every_s: float


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call, in order."""

    role: str
    name: str
    phone: str
    order: int = 0


@dataclass(frozen=True, slots=True)
class Tool:
    """A key, tool or spare part that is counted at every handover, and how many there should be (None: any number)."""

    name: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """What a password must be. GB/T 22239-2019 level 2 (7.1.4.1) asks for complexity and periodic change.

    `kinds` is how many of the four kinds of characters (small, capital, digit, other) it needs; 1 asks for none.
    `every_s` is how old it may get, in seconds; None: it never has to be changed.
    """

    shortest: int = 8
    kinds: int = 3
    every_s: float | None = 180 * 86400.0


@dataclass(frozen=True, slots=True)
class SessionRules:
    """How long somebody stays signed in: seconds without a key until the lock, and seconds in all. None: no limit."""

    lock_after_s: float | None = 300.0
    longest_s: float | None = 12 * 3600.0


@dataclass(frozen=True, slots=True)
class BackupRules:
    """When the store is backed up (local time) and where to; `folder` None means `backups` beside the database.

    `second` is a folder on another disk or machine that gets a copy of each; None is a standing warning.
    """

    at: time = time(2, 30)
    folder: Path | None = None
    second: Path | None = None


@dataclass(frozen=True, slots=True)
class ChecklistRules:
    """The folder of the site's own checklist files (None: there is none), and the checklists that are not walked."""

    folder: Path | None = None
    off: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LimitChange:
    """What a site puts in the place of an item's limits; None leaves that one as it is."""

    normal: Bounds | None = None
    critical: Bounds | None = None
    physical: Bounds | None = None


@dataclass(frozen=True, slots=True)
class ScreenRules:
    """How the screens look: the theme's short name (dark, light, contrast, terminal), and whether the mouse works."""

    theme: str = "dark"
    mouse: bool = True


@dataclass(frozen=True, slots=True)
class Site:
    """Everything the site file says, checked. `live` maps an item id to `(source, variable)`.

    `zero_report_grace_s`: after so many seconds past the end of the duty day its zero report is late.
    `fingerprint` is the SHA-256 of the site file's bytes: the board compares it with the running watcher's.
    """

    language: Language
    timezone: ZoneInfo
    name: str
    room: str
    hold_time_s: float
    limit_profile: LimitProfile
    zero_report_at: time
    store_url: str
    fingerprint: str
    poll: PollIntervals = field(default_factory=PollIntervals)
    ups: tuple[Ups, ...] = ()
    network: tuple[NetworkDevice, ...] = ()
    servers: tuple[Server, ...] = ()
    loads: tuple[Load, ...] = ()
    air_conditioners: tuple[AirConditioner, ...] = ()
    systems: tuple[System, ...] = ()
    lines: tuple[OutsideLine, ...] = ()
    backups: tuple[BackupJob, ...] = ()
    credentials: tuple[Credential, ...] = ()
    contacts: tuple[Contact, ...] = ()
    shifts: tuple[ShiftTime, ...] = ()
    tools: tuple[Tool, ...] = ()
    register: tuple[Registration, ...] = ()
    live: tuple[tuple[str, tuple[str, str]], ...] = ()
    limits: tuple[tuple[str, LimitChange], ...] = ()
    checklists: ChecklistRules = ChecklistRules()
    session: SessionRules = SessionRules()
    passwords: PasswordRules = PasswordRules()
    backup: BackupRules = BackupRules()
    screen: ScreenRules = ScreenRules()
    addresses: AddressRules = field(default_factory=AddressRules)
    keys: tuple[tuple[str, str], ...] = ()
    zero_report_grace_s: float = 1800.0
    notify: NotifyRules = field(default_factory=NotifyRules)
    recipients: tuple[Recipient, ...] = ()
    own_profiles: tuple[Profile, ...] = ()
    hold: HoldRules = field(default_factory=HoldRules)

    def devices(self) -> Iterator[Device]:
        """Every device that is a source, UPSes first, in the order of the site file.

        A system, line or backup that does not say how it is checked is a line of the round and nothing else.
        """
        yield from self.ups
        yield from self.network
        yield from self.servers
        yield from (system for system in self.systems if system.check is not None)
        yield from (line for line in self.lines if line.check is not None)
        yield from (backup for backup in self.backups if backup.path is not None)

    def label_of(self, name: str) -> str:
        """What people call the device, system or backup of that name; the name itself when nothing has it."""
        everything: list[Device | AirConditioner] = [*self.ups, *self.network, *self.servers, *self.air_conditioners]
        everything += [*self.systems, *self.lines, *self.backups]
        return next((thing.label for thing in everything if thing.name == name), name)
