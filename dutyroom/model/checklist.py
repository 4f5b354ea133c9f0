"""The versioned form of a round: items, their limits and choices, and the lines they expand to over the devices."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from dutyroom.model.reading import Verdict

ITEM_ID = re.compile(r"[a-z][A-Za-z0-9_-]{0,31}(\.[A-Za-z0-9_-]{1,32}){1,5}")


class ItemKind(StrEnum):
    """How an item is answered."""

    CHECK = "check"
    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"
    COMPUTED = "computed"
    TABLE = "table"


class Cadence(StrEnum):
    """How often a checklist is walked; `period`: again and again while a critical period is open."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a checklist is due, in the site's local time.

    It may start `early_s` before it is due and is late `window_s` after; it is missed `grace_s` after that, or, when
    that is None, as soon as the next one may start. `weekday` is ISO (1 Monday) for weekly ones. `day` is the day of
    the month for monthly ones and of the quarter for quarterly ones, counted from the end when negative (-1 the last);
    beyond the last day it is the last day. `every_s` is for Cadence.PERIOD: from the beginning of the period on.
    """

    cadence: Cadence = Cadence.DAILY
    due_at: time = time(8, 30)
    early_s: float = 1800.0
    window_s: float = 5400.0
    grace_s: float | None = None
    weekday: int = 1
    day: int = 1
    every_s: float = 4 * 3600.0


@dataclass(frozen=True, slots=True)
class ShowIf:
    """A line is asked only when that item (of the same device, else of the room) has one of these answers."""

    item: str
    answers: tuple[str, ...]


class Mode(StrEnum):
    """Who reads the value: a source fills it and a person accepts; a panel read by eye; eyes only."""

    ACCEPT = "A"
    PANEL = "X"
    EYES = "M"


class Per(StrEnum):
    """Over which devices an item expands."""

    UPS = "ups"
    AC = "ac"
    SERVER = "server"
    NETWORK = "netdev"
    SYSTEM = "system"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class Bounds:
    """A closed interval in the item's unit."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """True when the value lies inside, borders included."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Limit:
    """Inside `normal` is ok; outside `critical` is a fault; outside `physical` is a typing error and refused.

    `source` is a document people may look up, or empty for a limit that is dutyroom's own proposal.
    """

    normal: Bounds | None = None
    critical: Bounds | None = None
    physical: Bounds | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The same text in both languages."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice: the value stored, the words shown, the verdict it means."""

    value: str
    words: Words
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist before it is expanded over devices. `tolerance` is for Mode.PANEL, in the unit.

    `every`: asked at each n-th occurrence of the checklist. `cells`: how many numbers a table has, 0 for as many as are
    typed; its answer is the numbers with single blanks between them.
    """

    id: str
    area: str
    words: Words
    kind: ItemKind
    mode: Mode
    unit: str = ""
    per: Per | None = None
    limit: Limit = field(default_factory=Limit)
    choices: tuple[Choice, ...] = ()
    live: str = ""
    tolerance: float | None = None
    every: int = 1
    show_if: ShowIf | None = None
    cells: int = 0

    def choice(self, value: str) -> Choice | None:
        """The choice with that stored value, or None."""
        return next((choice for choice in self.choices if choice.value == value), None)


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checklist in walking order. `version` is the first 12 hex digits of the SHA-256 of its content.

    `areas` names the areas of its items in walking order.
    """

    name: str
    words: Words
    version: str
    items: tuple[Item, ...]
    schedule: Schedule = Schedule()
    areas: tuple[tuple[str, Words], ...] = ()

    def item(self, item_id: str) -> Item | None:
        """The item with that id, or None."""
        return next((item for item in self.items if item.id == item_id), None)


@dataclass(frozen=True, slots=True)
class WalkLine:
    """One line of the walk: an item, and the device it is asked of (empty name: the room as a whole)."""

    item: Item
    device: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """(item id, device name): what an entry is stored under."""
        return (self.item.id, self.device)
