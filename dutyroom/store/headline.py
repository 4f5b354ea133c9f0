"""The quantities of a sample that are kept as history. Everything else is kept only in the newest sample."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from dutyroom.model.facts import BackupFacts, CheckFacts, DeviceFacts, ServerFacts, UpsFacts, count_ports
from dutyroom.model.reading import Sample
from dutyroom.rules.live_variables import read
from dutyroom.rules.plausibility import number

UPS = (
    *("charge_percent", "runtime_s", "load_percent", "input_voltage_v", "output_voltage_v", "battery_voltage_v"),
    "temperature_c",
)
NETWORK = ("cpu_percent", "memory_percent", "temperature_c", "ports_up", "ports_down")
CHECK = ("answered", "latency_ms", "loss_percent")
BACKUP = ("size_gb",)
SERVER = ("cpu_percent", "memory_percent", "load_1m", "fullest_volume_percent", "temperature_c")


# What a probe at the UPS tells of the room (nut-names.txt, "ambient"), and between which bounds it is believed.
AMBIENT = {
    "ambient_temperature_c": ("ambient.temperature", -40.0, 100.0),
    "ambient_humidity_percent": ("ambient.humidity", 0.0, 100.0),
}


def _of_ups(facts: UpsFacts) -> Mapping[str, float | None]:
    room = {name: _ambient(facts, *where) for name, where in AMBIENT.items()}
    return {name: getattr(facts, name) for name in UPS} | room


def _ambient(facts: UpsFacts, variable: str, low: float, high: float) -> float | None:
    value = number(facts.variable(variable) or "")
    return value if value is not None and low <= value <= high else None


def _of_device(facts: DeviceFacts) -> Mapping[str, float | None]:
    ports = count_ports(facts.interfaces) if facts.interfaces else None
    return {
        "cpu_percent": facts.cpu_percent,
        "memory_percent": facts.memory_percent,
        "temperature_c": facts.temperature_c,
        "ports_up": None if ports is None else ports.up,
        "ports_down": None if ports is None else ports.down,
    }


def _of_server(facts: ServerFacts) -> Mapping[str, float | None]:
    fullest = facts.fullest_volume
    return {
        "cpu_percent": facts.cpu_percent,
        "memory_percent": facts.memory_percent,
        "load_1m": facts.load_1m,
        "fullest_volume_percent": None if fullest is None else fullest.used_percent,
        "temperature_c": max((sensor.celsius for sensor in facts.temperatures), default=None),
    }


def _of_check(facts: CheckFacts) -> Mapping[str, float | None]:
    return {
        "answered": float(facts.answered),
        "latency_ms": facts.latency_ms,
        "loss_percent": facts.loss_percent,
    }


def _of_backup(facts: BackupFacts) -> Mapping[str, float | None]:
    return {"size_gb": facts.newest.size / 1e9 if facts.newest is not None else None}


def _number(sample: Sample, variable: str) -> float | None:
    value = read(sample, variable, sample.at)
    return None if isinstance(value, bool) else value


def headline(sample: Sample, also: Iterable[str] = ()) -> dict[str, float]:
    """Quantity to value, in the unit its name tells; empty for a sample that carries no values.

    `also` are variables as `[live]` names them, kept under that name where they are no quantity of every sample. What
    is not known, and what is no finite number, is left out: it never becomes 0.
    """
    values: dict[str, float | None] = {}
    if sample.state.knows:
        if sample.ups is not None:
            values.update(_of_ups(sample.ups))
        if sample.device is not None:
            values.update(_of_device(sample.device))
        if sample.server is not None:
            values.update(_of_server(sample.server))
        if sample.check is not None:
            values.update(_of_check(sample.check))
        if sample.backup is not None:
            values.update(_of_backup(sample.backup))
        kept = {*values, *(variable for variable, _low, _high in AMBIENT.values())}
        values.update({name: _number(sample, name) for name in also if name not in kept})
    return {name: float(value) for name, value in values.items() if value is not None and math.isfinite(value)}
