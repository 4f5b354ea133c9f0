"""What a zero report lists, and its canonical JSON: codes, numbers, moments, and what people wrote; no sentences."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

# The form of the JSON; a report signed with an older one is read as what it was.
FORM = 1


class ZeroKind(StrEnum):
    """What happened: an outage, a UPS fed by its battery without one, a device in fault, a restart, a finding, an
    abnormal answer without."""

    OUTAGE = "outage"
    BATTERY = "on-battery"
    FAULT = "fault"
    RESTARTED = "restarted"
    FINDING = "finding"
    ABNORMAL = "abnormal"


@dataclass(frozen=True, slots=True)
class ZeroItem:
    """One thing that happened to one device, times that came again taken together. UTC.

    `ended_at` None: it had not ended when the report was made. `seconds` is how long it lasted inside the duty day.
    `reason` is the code of a verdict's reason, `severity` that of a finding, `item` the checklist's item. `number` is
    the finding's or the round's. `text` is what a person wrote. `planned`: inside a maintenance window, which is told
    but is no event. Of an outage `number` is its own, `times` how often it went to battery, `percent` its lowest
    charge, and `reason` is `gap` for one nobody watched.
    """

    kind: ZeroKind
    source: str
    began_at: datetime
    ended_at: datetime | None = None
    times: int = 1
    seconds: float = 0.0
    reason: str = ""
    severity: str = ""
    item: str = ""
    number: int | None = None
    text: str = ""
    planned: bool = False
    percent: float | None = None

    @property
    def key(self) -> tuple[str, str, str, int | None, datetime]:
        """What tells it from any other."""
        return (self.kind.value, self.source, self.item or self.reason, self.number, self.began_at)


@dataclass(frozen=True, slots=True)
class ZeroRound:
    """A round that was due in the duty day: its number (0 when nobody began it), state and marks, who signed, when."""

    number: int
    checklist: str
    due_at: datetime
    state: str
    marks: tuple[str, ...] = ()
    by: str | None = None
    at: datetime | None = None
    abnormal: int = 0


@dataclass(frozen=True, slots=True)
class ZeroPower:
    """A power event that reached into the duty day: what its outages share. UTC.

    `contained_s`, `reported_s` and `authority_s` are how long each took from the beginning, None while it is not done;
    `late` are the clocks that were over. `calls` is how many calls were made, `shed` the loads that were switched off.
    `by` and `text`: who closed it, with what; empty while the text is owed.
    """

    number: int
    began_at: datetime
    restored_at: datetime | None = None
    state: str = ""
    major: bool = False
    contained_s: float | None = None
    reported_s: float | None = None
    authority_s: float | None = None
    late: tuple[str, ...] = ()
    calls: int = 0
    shed: tuple[str, ...] = ()
    by: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class ZeroContent:
    """Everything the report tells, as it was known at `until` (UTC).

    Of findings: how many were not over, of them overdue and known, and how many were verified within the duty day.
    `unwatched_s` is how long nobody watched the room, None when that is not known. `others` counts what else the watch
    saw (ports, changed states). `remark` is the signer's own; `clock_reason` says why it was signed although the clock
    stood before the newest record.
    """

    until: datetime
    items: tuple[ZeroItem, ...] = ()
    rounds: tuple[ZeroRound, ...] = ()
    findings_open: int = 0
    findings_overdue: int = 0
    findings_known: int = 0
    findings_verified: int = 0
    unwatched_s: float | None = None
    others: int = 0
    remark: str = ""
    clock_reason: str = ""
    power: tuple[ZeroPower, ...] = ()

    @property
    def is_zero(self) -> bool:
        """True when nothing happened that was not planned."""
        return all(item.planned for item in self.items)


def to_json(content: ZeroContent) -> str:
    """The canonical JSON: sorted keys, no blanks, moments in UTC with six decimals and `Z`."""
    told = {"form": FORM, **_plain(content)}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def from_json(text: str) -> ZeroContent:
    """The content of a report. Raises ValueError for a text that is none."""
    try:
        told: dict[str, Any] = json.loads(text)
        told.pop("form")
        told["until"] = _moment(told["until"])
        told["items"] = tuple(_item(one) for one in told["items"])
        told["rounds"] = tuple(_round(one) for one in told["rounds"])
        # A report from before there were outages on record has none.
        told["power"] = tuple(_power(one) for one in told.get("power", ()))
        return ZeroContent(**told)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not the content of a zero report: {error}") from None


def _item(told: dict[str, Any]) -> ZeroItem:
    told |= {"kind": ZeroKind(told["kind"]), "began_at": _moment(told["began_at"])}
    told["ended_at"] = _moment(told["ended_at"]) if told["ended_at"] else None
    return ZeroItem(**told)


def _round(told: dict[str, Any]) -> ZeroRound:
    told |= {"due_at": _moment(told["due_at"]), "marks": tuple(told["marks"])}
    told["at"] = _moment(told["at"]) if told["at"] else None
    return ZeroRound(**told)


def _power(told: dict[str, Any]) -> ZeroPower:
    told |= {"began_at": _moment(told["began_at"]), "late": tuple(told["late"]), "shed": tuple(told["shed"])}
    told["restored_at"] = _moment(told["restored_at"]) if told["restored_at"] else None
    return ZeroPower(**told)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        case StrEnum():
            return value.value
        case tuple():
            return [_plain(one) for one in value]
        case ZeroContent() | ZeroItem() | ZeroPower() | ZeroRound():
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            return value
