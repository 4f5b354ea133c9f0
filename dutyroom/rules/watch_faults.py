"""Which faults does the watch see in the room now, that somebody has to put right?

A fault is not every verdict: what passes by itself (a UPS on battery is an outage, a busy processor, a voltage that is
trimmed) is shown and makes no finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dutyroom.model.addresses import AddressFinding, Mismatch
from dutyroom.model.devices import BackupJob, Device
from dutyroom.model.facts import Line
from dutyroom.model.finding import Severity
from dutyroom.model.reading import Latest, Reason, Sample
from dutyroom.model.site import Credential, Site
from dutyroom.rules.checks import is_down
from dutyroom.rules.severity import Judgement, judge
from dutyroom.rules.sources import interval_of

DOWN, PORT, PORT_FLAPS, PART = "device-down", "port-down", "port-flaps", "part-fault"
UPS, BACKUP, PASSWORD, ADDRESS = "ups-fault", "backup-missing", "password-overdue", "address-unregistered"
MANY_DOWN, MANY_PORTS, MANY_ADDRESSES = "devices-down", "ports-down", "addresses-unregistered"
MANY = {DOWN: MANY_DOWN, PORT: MANY_PORTS, ADDRESS: MANY_ADDRESSES}
"""The one finding that stands for many that begin at once, by the code of each."""

# The items of the checklists that ask for the same.
_ITEMS = {BACKUP: "bak.hot", PASSWORD: "sec.pwd", ADDRESS: "net.unknown", PORT: "net.ports"}
_PORTS = ("port-down", "port-changed", "port-gone")
_BACKUPS = ("backup-none", "backup-empty", "backup-old")
_OF_UPS = {
    "forced-shutdown": Severity.CRITICAL,
    "output-off": Severity.CRITICAL,
    "bypass": Severity.CRITICAL,
    "overload": Severity.CRITICAL,
    "alarm": Severity.CRITICAL,
    "battery-low": Severity.CRITICAL,
    "replace-battery": Severity.CRITICAL,
    "battery-high": Severity.OTHER,
}
# A battery that runs down in an outage is the outage, not a fault of its own.
_OUTAGE = ("battery-low", "alarm")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong now. `detail` tells several of one device apart: a port, a part, a code, an address.

    `item` is the checklist's item that asks for the same; `params` are codes and values for the sentence.
    """

    device: str
    code: str
    detail: str
    severity: Severity
    params: tuple[tuple[str, str], ...] = ()
    item: str = ""

    @property
    def key(self) -> str:
        """The fault's name: one finding, however often it is seen."""
        return f"watch:{self.device}/{self.code}/{self.detail}"

    @property
    def group(self) -> str:
        """The key of the finding that stands for it when very many begin at once; empty where there is none."""
        if self.code not in MANY:
            return ""
        return f"watch:{'' if self.code == DOWN else self.device}/{MANY[self.code]}/"


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the room saw. Of the devices in `blind` nothing is known, of those in `down` only that.

    `is_swept` is False while nothing is known of the addresses.
    """

    faults: tuple[Fault, ...]
    blind: frozenset[str] = frozenset()
    down: frozenset[str] = frozenset()
    is_swept: bool = True

    def knows(self, device: str, code: str) -> bool:
        """True when a fault of that device and code would have been seen if it were there."""
        if code in (ADDRESS, MANY_ADDRESSES):
            return self.is_swept
        if code == MANY_DOWN:
            return True
        return device not in self.blind and (device not in self.down or code in (DOWN, BACKUP))


def look(
    site: Site,
    latest: Mapping[str, Latest],
    unregistered: Sequence[AddressFinding] | None,
    now: datetime,
    today: date,
) -> Look:
    """Every fault there is now. `unregistered` is None while the addresses are not known, or are being learnt."""
    faults: list[Fault] = []
    blind: set[str] = set()
    down: set[str] = set()
    for device in site.devices():
        known = latest.get(device.name)
        judged = judge(device, known, interval_of(site, device.name), now)
        if known is None or not judged.state.knows:
            lost = next((one for one in judged.reasons if one.code in ("no-answer", "lost-on-battery")), None)
            if lost is None or judged.watcher_silent:
                blind.add(device.name)
                continue
            down.add(device.name)
            why = next((one.code for one in judged.reasons if one is not lost), lost.code)
            code = BACKUP if isinstance(device, BackupJob) else DOWN
            faults.append(Fault(device.name, code, "", Severity.CRITICAL, (("why", why),), _ITEMS.get(code, "")))
            continue
        faults += _of_device(device, known.sample, judged)
    faults += (_of_address(one) for one in unregistered or () if one.code is Mismatch.IP_UNREGISTERED)
    faults += (_of_password(one) for one in site.credentials if is_overdue(one, today))
    return Look(tuple(faults), frozenset(blind), frozenset(down), unregistered is not None)


def is_overdue(password: Credential, today: date) -> bool:
    """True from the day after the one on which the password had to be changed; `today` is a local date."""
    return today > password.rotated + timedelta(seconds=password.every_s)


def grouped(faults: Iterable[Fault]) -> Fault:
    """The one fault that stands for all of these, which share a group."""
    found = tuple(faults)
    code = found[0].code
    named = [one.detail or one.device for one in found]
    severity = min((one.severity for one in found), key=list(Severity).index)
    device = "" if code == DOWN else found[0].device
    params = (("n", str(len(found))), ("first", ", ".join(named[:3])))
    return Fault(device, MANY[code], "", severity, params, found[0].item)


def _of_device(device: Device, sample: Sample, judged: Judgement) -> list[Fault]:
    """The faults of a device that answers."""
    if sample.check is not None:
        if not is_down(sample.check):
            return []
        why = judged.reasons[0].code if judged.reasons else sample.check.error
        return [Fault(device.name, DOWN, "", Severity.CRITICAL, (("why", why),))]
    in_outage = sample.ups is not None and sample.ups.line is Line.BATTERY
    faults: dict[str, Fault] = {}
    for reason in judged.reasons:
        if in_outage and reason.code in _OUTAGE:
            continue
        if (fault := _of_reason(device.name, reason)) is not None:
            faults.setdefault(fault.key, fault)
    return list(faults.values())


def _of_reason(device: str, reason: Reason) -> Fault | None:
    """The fault a reason of a verdict tells of, None for one that is none."""
    told = _told(reason)
    if reason.code in _PORTS:
        severity = Severity.CRITICAL if reason.code == "port-down" else Severity.OTHER
        return Fault(device, PORT, str(reason.value), severity, told, _ITEMS[PORT])
    if reason.code == "port-flaps":
        return Fault(device, PORT_FLAPS, reason.quantity.removeprefix("port "), Severity.OTHER, told, _ITEMS[PORT])
    if reason.code == "part-fault":
        return Fault(device, PART, str(reason.value), Severity.CRITICAL, told)
    if reason.code in _OF_UPS:
        return Fault(device, UPS, reason.code, _OF_UPS[reason.code], told, "ups.status")
    if reason.code in _BACKUPS:
        return Fault(device, BACKUP, "", Severity.CRITICAL, told, _ITEMS[BACKUP])
    return None


def _told(reason: Reason) -> tuple[tuple[str, str], ...]:
    """A reason as parameters, for its words later."""
    parts = (("why", reason.code), ("quantity", reason.quantity), ("value", reason.value), ("limit", reason.limit))
    return tuple((name, str(value)) for name, value in parts if value not in (None, ""))


def _of_address(found: AddressFinding) -> Fault:
    params = (("ip", found.ip), ("mac", found.mac), ("at", f"{found.device} {found.port}".strip()))
    kept = tuple((name, value) for name, value in params if value)
    return Fault("", ADDRESS, found.subject, Severity.OTHER, kept, _ITEMS[ADDRESS])


def _of_password(one: Credential) -> Fault:
    due = one.rotated + timedelta(seconds=one.every_s)
    return Fault(
        "", PASSWORD, one.name, Severity.OTHER, (("label", one.label), ("due", due.isoformat())), _ITEMS[PASSWORD]
    )
