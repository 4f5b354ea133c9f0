"""Which measurement belongs to which line of a round, and may it be accepted now?

The walk never invents: a line has a live value only when its source answered, the value is fresh and plausible.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dutyroom.model.addresses import AddressesNow
from dutyroom.model.checklist import Item, ItemKind, WalkLine
from dutyroom.model.devices import NetworkDevice
from dutyroom.model.facts import UpsFacts
from dutyroom.model.finding import FindingsNow
from dutyroom.model.reading import HoldVerdict, Latest, Sample, State, Verdict
from dutyroom.model.rounds import ABNORMAL, NORMAL, Entry
from dutyroom.model.runtime import Discharge
from dutyroom.model.site import Site
from dutyroom.model.zero_report import ZeroNow
from dutyroom.rules.address_item import unregistered
from dutyroom.rules.computed import days_since, dew_point, restarted, zero_report
from dutyroom.rules.freshness import fresh_for, is_fresh
from dutyroom.rules.hold import hold_evidence
from dutyroom.rules.limits import is_possible, verdict_of, worst_cell
from dutyroom.rules.live_checks import all_answer, answers, gigabytes, last_night
from dutyroom.rules.live_network import busiest, new_errors, ports_down
from dutyroom.rules.live_ups import minutes, mode, panel, self_test, variable
from dutyroom.rules.live_variables import read as read_variable
from dutyroom.rules.sources import interval_of


@dataclass(frozen=True, slots=True)
class LiveValue:
    """What a source says for one line: the answer it would be stored as, its number, and where and when it was read.

    `at` is the time of the measurement (UTC); `fresh_for_s` is how old it may grow before it cannot be accepted.
    """

    answer: str
    value: float | None
    source: str
    at: datetime
    fresh_for_s: float

    def is_fresh(self, now: datetime) -> bool:
        """True while the value may still be accepted."""
        return (now - self.at).total_seconds() <= self.fresh_for_s


@dataclass(frozen=True, slots=True)
class RoomNow:
    """What live values are read from: the site, the latest samples, this round's entries and the last signed walk.

    `clock_set`: the wall clock was set since that walk, so that times before and after cannot be compared.
    """

    site: Site
    latest: Mapping[str, Latest]
    entries: Mapping[tuple[str, str], Entry]
    last_signed_at: datetime | None
    now: datetime
    on_battery_s: Mapping[str, float]
    clock_set: bool = False
    addresses: AddressesNow = field(default_factory=AddressesNow)
    findings: FindingsNow | None = None
    zero: ZeroNow = field(default_factory=ZeroNow)
    proven: Mapping[str, tuple[Discharge, ...]] = field(default_factory=dict)


def live_value(line: WalkLine, room: RoomNow) -> LiveValue | None:
    """The fresh measurement for a line, or None when no source knows it now."""
    mapped = dict(room.site.live).get(line.item.id)
    if mapped is not None:
        return _mapped(line.item, mapped, room)
    of_room = _OF_ROOM.get(line.item.id)
    if of_room is not None:
        return of_room(line.item, room)
    reader = _READERS.get(line.item.id)
    sample = _fresh(line.device, room)
    if reader is None or sample is None:
        return None
    read = reader(sample, room)
    return _value(read, line.item, sample, room) if read is not None else None


def judge_answer(item: Item, answer: str, value: float | None, live: LiveValue | None = None) -> Verdict:
    """The verdict of an answer: from limits for numbers, from the choice for choices, from the word for checks.

    A panel reading that differs from the live value by more than the item's tolerance is at least attention.
    """
    if answer == "na":
        return Verdict.NOT_INSTALLED
    choice = item.choice(answer)
    if choice is not None:
        return choice.verdict
    if item.kind is ItemKind.TABLE:
        return worst_cell(item, answer)
    if value is None:
        return Verdict.OK if item.kind is ItemKind.TEXT else Verdict.UNKNOWN
    verdict = verdict_of(value, item.limit)
    return Verdict.ATTENTION if verdict is Verdict.OK and differs(item, value, live) else verdict


def differs(item: Item, value: float, live: LiveValue | None) -> bool:
    """True when a typed reading and the live value are further apart than the item tolerates."""
    if item.tolerance is None or live is None or live.value is None:
        return False
    return abs(value - live.value) > item.tolerance


def _fresh(source: str, room: RoomNow) -> Sample | None:
    latest = room.latest.get(source)
    if latest is None or not latest.sample.state.knows:
        return None
    age_s = (room.now - latest.sample.at).total_seconds()
    return latest.sample if is_fresh(age_s, interval_of(room.site, source)) else None


def _value(read: str | float, item: Item, sample: Sample, room: RoomNow) -> LiveValue | None:
    fresh_for_s = fresh_for(interval_of(room.site, sample.source))
    if isinstance(read, str):
        return LiveValue(read, None, sample.source, sample.at, fresh_for_s)
    if not math.isfinite(read) or not is_possible(read, item.limit):
        return None
    rounded = round(read, 1)
    return LiveValue(f"{rounded:.10g}", rounded, sample.source, sample.at, fresh_for_s)


def _mapped(item: Item, mapped: tuple[str, str], room: RoomNow) -> LiveValue | None:
    source, variable = mapped
    sample = _fresh(source, room)
    if sample is None:
        return None
    read = read_variable(sample, variable, room.now)
    if isinstance(read, bool):
        # Only a yes or no can be a check's answer, and a check takes nothing else.
        return _value(NORMAL if read else ABNORMAL, item, sample, room) if item.kind is ItemKind.CHECK else None
    return _value(read, item, sample, room) if read is not None and item.kind is not ItemKind.CHECK else None


def _dew_point(_item: Item, room: RoomNow) -> LiveValue | None:
    """Computed from this round's own temperature and humidity, and only as young as the older of the two."""
    temperature, humidity = (room.entries.get((item, "")) for item in ("env.temp.cold", "env.rh"))
    if temperature is None or humidity is None or temperature.value is None or humidity.value is None:
        return None
    point = dew_point(temperature.value, humidity.value)
    if point is None:
        return None
    return _computed(round(point, 1), room)


def _computed(found: float | str, room: RoomNow) -> LiveValue:
    """Not a measurement that ages: it is as true as what it stands on, however long the walk takes."""
    if isinstance(found, str):
        return LiveValue(found, None, "computed", room.now, 3600.0)
    return LiveValue(f"{found:g}", float(found), "computed", room.now, 3600.0)


def _open_findings(_item: Item, room: RoomNow) -> LiveValue | None:
    return _computed(room.findings.open, room) if room.findings is not None else None


def _password_age(_item: Item, room: RoomNow) -> LiveValue | None:
    days = days_since(room.site.credentials, room.now.astimezone(room.site.timezone).date())
    return _computed(days, room) if days is not None else None


def _zero_report(_item: Item, room: RoomNow) -> LiveValue | None:
    said = zero_report(room.zero, room.now)
    return _computed(said, room) if said is not None else None


def _unregistered(_item: Item, room: RoomNow) -> LiveValue | None:
    known = unregistered(room.site, room.addresses, room.now)
    if known is None:
        return None
    count, source, at, fresh_for_s = known
    return LiveValue(str(count), float(count), source, at, fresh_for_s)


def _ups(read: Callable[[UpsFacts], str | float | None]) -> Callable[[Sample, RoomNow], str | float | None]:
    return lambda sample, _room: read(sample.ups) if sample.ups is not None else None


def _autonomy(sample: Sample, room: RoomNow) -> str | None:
    device = next((ups for ups in room.site.ups if ups.name == sample.source), None)
    if device is None or sample.ups is None:
        return None
    on_battery_s, proven = room.on_battery_s.get(sample.source), room.proven.get(sample.source, ())
    verdict = hold_evidence(sample.ups, device, room.now, on_battery_s, proven, room.site.hold).verdict
    return {HoldVerdict.MET: "met", HoldVerdict.SHORT: "short"}.get(verdict, "unknown")


def _server(quantity: str) -> Callable[[Sample, RoomNow], float | None]:
    return lambda sample, _room: getattr(sample.server, quantity) if sample.server is not None else None


def _fullest(sample: Sample, _room: RoomNow) -> float | None:
    volume = sample.server.fullest_volume if sample.server is not None else None
    return volume.used_percent if volume is not None else None


def _restarted(sample: Sample, room: RoomNow) -> str | None:
    if sample.server is None:
        return None
    return restarted(sample.server, room.last_signed_at, clock_set=room.clock_set)


def _variable(name: str) -> Callable[[Sample, RoomNow], float | None]:
    return lambda sample, room: variable(sample, name, room.now)


def _answers(sample: Sample, _room: RoomNow) -> str | None:
    return NORMAL if sample.state is State.OK and sample.device is not None else None


def _lines(item: Item, room: RoomNow) -> LiveValue | None:
    """One item stands for every outside line that is checked: normal when all of them answer."""
    checked = [line.name for line in room.site.lines if line.check is not None]
    samples = [_fresh(name, room) for name in checked]
    said = all_answer([sample.check if sample is not None else None for sample in samples])
    decides = samples[said[1]] if said is not None else None
    return _value(said[0], item, decides, room) if said is not None and decides is not None else None


def _system(sample: Sample, _room: RoomNow) -> str | None:
    return answers(sample.check) if sample.check is not None else None


def _hot_backup(sample: Sample, room: RoomNow) -> str | None:
    job = next((one for one in room.site.backups if one.name == sample.source), None)
    return last_night(sample.backup, job, room.now) if sample.backup is not None and job is not None else None


def _backup_size(sample: Sample, _room: RoomNow) -> float | None:
    return gigabytes(sample.backup) if sample.backup is not None else None


def _network(
    read: Callable[[Sample, NetworkDevice, Latest], float | None],
) -> Callable[[Sample, RoomNow], float | None]:
    def of(sample: Sample, room: RoomNow) -> float | None:
        device = next((one for one in room.site.network if one.name == sample.source), None)
        return read(sample, device, room.latest[sample.source]) if device is not None else None

    return of


def _temperature(sample: Sample, _room: RoomNow) -> float | None:
    return sample.device.temperature_c if sample.device is not None else None


_OF_ROOM: dict[str, Callable[[Item, RoomNow], LiveValue | None]] = {
    "env.dew": _dew_point,
    "net.line": _lines,
    "net.unknown": _unregistered,
    "sec.pwd": _password_age,
    "duty.open": _open_findings,
    "duty.zero": _zero_report,
}
_READERS: dict[str, Callable[[Sample, RoomNow], str | float | None]] = {
    "ups.status": _ups(mode),
    "ups.panel": _ups(panel),
    "ups.in.v": _ups(lambda facts: facts.input_voltage_v),
    "ups.out.v": _ups(lambda facts: facts.output_voltage_v),
    "ups.load": _ups(lambda facts: facts.load_percent),
    "ups.batt.charge": _ups(lambda facts: facts.charge_percent),
    "ups.batt.v": _ups(lambda facts: facts.battery_voltage_v),
    "ups.runtime": _ups(minutes),
    "ups.in.hz": _variable("input.frequency"),
    "ups.batt.temp": _variable("battery.temperature"),
    "ups.out.a": _variable("output.current"),
    "ups.selftest": _ups(self_test),
    "ups.autonomy": _autonomy,
    "srv.cpu": _server("cpu_percent"),
    "srv.mem": _server("memory_percent"),
    "srv.disk": _fullest,
    "srv.reboot": _restarted,
    "net.core": _answers,
    "net.ports": _network(ports_down),
    "net.errors": _network(new_errors),
    "net.uplink": _network(busiest),
    "net.temp": _temperature,
    "his.up": _system,
    "bak.hot": _hot_backup,
    "bak.size": _backup_size,
}
