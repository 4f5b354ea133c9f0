"""What `[live]` may name: `source:variable`, and what the variable says now.

A number feeds a number, true and false feed normal and abnormal. Of a UPS any variable of NUT's own list
(docs/nut-names.txt of NUT) or of its facts; of a part of a server the part stands behind a colon, as in `volume:/`.
"""

from __future__ import annotations

import re
from datetime import datetime
from difflib import get_close_matches

from dutyroom.model.facts import BackupFacts, CheckFacts, DeviceFacts, ServerFacts, UpsFacts, count_ports
from dutyroom.model.reading import Kind, Sample
from dutyroom.rules.checks import usual_size
from dutyroom.rules.plausibility import number

Value = float | bool | None

_UPS = (
    *("charge_percent", "runtime_s", "load_percent", "input_voltage_v", "output_voltage_v", "battery_voltage_v"),
    "temperature_c",
)
_NETWORK = ("cpu_percent", "memory_percent", "temperature_c", "uptime_s", "ports_up", "ports_down", "ports_total")
_SERVER = ("cpu_percent", "memory_percent", "load_1m", "uptime_s", "temperature_c", "fullest_volume_percent")
_CHECK = ("answered", "latency_ms", "loss_percent")
_BACKUP = ("age_s", "age_h", "size_bytes", "size_gb", "size_percent", "count")
_WHOLE: dict[Kind, tuple[str, ...]] = {
    Kind.UPS: _UPS,
    Kind.NETWORK: _NETWORK,
    Kind.SERVER: _SERVER,
    Kind.SYSTEM: _CHECK,
    Kind.LINE: _CHECK,
    Kind.BACKUP: _BACKUP,
}
# Written with what comes behind the colon.
_PARTS: dict[Kind, tuple[str, ...]] = {
    Kind.NETWORK: ("port:", "in_bps:", "out_bps:"),
    Kind.SERVER: ("volume:", "temperature:", "link:", "errors:"),
}
_NUT = (
    *("ambient.temperature", "ambient.humidity", "ambient.temperature.high", "ambient.temperature.low"),
    *("ambient.humidity.high", "ambient.humidity.low", "battery.capacity", "battery.charge", "battery.charge.low"),
    *("battery.charge.warning", "battery.current", "battery.packs", "battery.runtime", "battery.runtime.low"),
    *("battery.temperature", "battery.voltage", "battery.voltage.nominal", "input.current", "input.frequency"),
    *("input.load", "input.power", "input.realpower", "input.voltage", "input.voltage.nominal", "output.current"),
    *("input.bypass.voltage", "input.bypass.frequency", "output.frequency", "output.power", "output.realpower"),
    *("output.voltage", "output.voltage.nominal", "outlet.current", "outlet.power", "outlet.realpower"),
    *("ups.efficiency", "ups.load", "ups.power", "ups.power.nominal", "ups.realpower", "ups.realpower.nominal"),
    *("ups.temperature", "ups.humidity"),
)
_COLLECTIONS = ("ambient", "battery", "device", "driver", "experimental", "input", "outlet", "output", "server", "ups")
# `input.L1.voltage`, `ambient.2.temperature`, `output.L1-N.voltage`: of one phase, one probe, one outlet.
_ONE_OF_SEVERAL = re.compile(r"\.(?:\d+|L\d(?:-(?:L\d|N))?|N|group)(?=\.)")


def names_of(kind: Kind) -> tuple[str, ...]:
    """What may be named of a device of that kind; those that end with a colon want a part behind it."""
    return (*_WHOLE[kind], *_PARTS.get(kind, ()), *(_NUT if kind is Kind.UPS else ()))


def is_known(kind: Kind, variable: str) -> bool:
    """False for a variable no device of that kind can have.

    A UPS may have variables of its maker's: only what is nearly the name of a common one is taken for a mistake.
    """
    head, colon, part = variable.partition(":")
    if colon and f"{head}:" in _PARTS.get(kind, ()):
        return bool(part)
    if variable in _WHOLE[kind]:
        return True
    if kind is not Kind.UPS or variable.partition(".")[0] not in _COLLECTIONS or "." not in variable:
        return False
    general = _ONE_OF_SEVERAL.sub("", variable)
    return general in _NUT or not get_close_matches(general, _NUT, 1, 0.9)


def read(sample: Sample, variable: str, now: datetime) -> Value:
    """What the variable says in this sample, or None when it does not say. `now` is for ages."""
    if sample.ups is not None:
        return _of_ups(sample.ups, variable)
    if sample.device is not None:
        return _of_network(sample.device, variable)
    if sample.server is not None:
        return _of_server(sample.server, variable)
    if sample.check is not None:
        return _of_check(sample.check, variable)
    return _of_backup(sample.backup, variable, now) if sample.backup is not None else None


def _of_ups(facts: UpsFacts, variable: str) -> Value:
    if any(odd.variable == variable for odd in facts.implausible):
        return None
    raw = facts.variable(variable)
    if raw is not None:
        return number(raw)
    return _field(facts, variable) if variable in _UPS else None


def _of_network(facts: DeviceFacts, variable: str) -> Value:
    head, colon, name = variable.partition(":")
    if colon:
        port = next((one for one in facts.interfaces if name in (one.name, one.descr, one.alias)), None)
        if port is None:
            return None
        return {"port": port.is_up, "in_bps": port.in_bps, "out_bps": port.out_bps}.get(head)
    if head.startswith("ports_"):
        counts = count_ports(facts.interfaces) if facts.interfaces else None
        return float(getattr(counts, head.removeprefix("ports_"))) if counts is not None else None
    return _field(facts, variable)


def _of_server(facts: ServerFacts, variable: str) -> Value:
    head, colon, name = variable.partition(":")
    if colon:
        links = {link.name: link for link in facts.network}
        link = links.get(name)
        errors = link.errors if link is not None else None
        return {
            "volume": next((one.used_percent for one in facts.volumes if one.mount == name), None),
            "temperature": next((one.celsius for one in facts.temperatures if one.name == name), None),
            "link": link.up if link is not None else None,
            "errors": float(errors) if errors is not None else None,
        }.get(head)
    if variable == "temperature_c":
        return max((one.celsius for one in facts.temperatures), default=None)
    if variable == "fullest_volume_percent":
        return facts.fullest_volume.used_percent if facts.fullest_volume is not None else None
    return _field(facts, variable)


def _of_check(facts: CheckFacts, variable: str) -> Value:
    return facts.answered if variable == "answered" else _field(facts, variable)


def _of_backup(facts: BackupFacts, variable: str, now: datetime) -> Value:
    newest, usual = facts.newest, usual_size(facts)
    if variable == "count":
        return float(facts.count)
    if newest is None:
        return None
    age_s = (now - newest.at).total_seconds()
    return {
        "age_s": max(0.0, age_s),
        "age_h": max(0.0, age_s) / 3600,
        "size_bytes": float(newest.size),
        "size_gb": newest.size / 1e9,
        "size_percent": 100.0 * newest.size / usual if usual else None,
    }.get(variable)


def _field(facts: object, name: str) -> float | None:
    value = getattr(facts, name, None)
    return float(value) if isinstance(value, int | float) else None
