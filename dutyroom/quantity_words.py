"""The words for what is measured: the name of a quantity, its unit, and a value of it as text."""

from __future__ import annotations

from dutyroom import show
from dutyroom.words import N_, _

NAMES = {
    "charge_percent": N_("charge"),
    "runtime_s": N_("runtime"),
    "load_percent": N_("load"),
    "input_voltage_v": N_("input voltage"),
    "output_voltage_v": N_("output voltage"),
    "battery_voltage_v": N_("battery voltage"),
    "temperature_c": N_("temperature"),
    "ambient_temperature_c": N_("room temperature"),
    "ambient_humidity_percent": N_("room humidity"),
    "cpu_percent": N_("cpu"),
    "memory_percent": N_("memory"),
    "load_1m": N_("load average, 1 min"),
    "fullest_volume_percent": N_("fullest volume"),
    "ports_up": N_("ports up"),
    "ports_down": N_("ports down"),
    "answered": N_("answers"),
    "latency_ms": N_("time to answer"),
    "loss_percent": N_("pings lost"),
    "size_gb": N_("size"),
    "fans": N_("fans"),
    "power_supplies": N_("power supplies"),
}
# The end of a quantity's name tells its unit; what has none is a bare number.
_UNITS = {"percent": "%", "v": "V", "c": "°C", "s": "s", "ms": "ms", "w": "W", "bps": "bit/s", "gb": "GB"}
# Charts do not zoom in further than this, by unit: noise would look like news.
_AT_LEAST = {"%": 10.0, "V": 10.0, "°C": 4.0, "s": 600.0, "ms": 10.0, "W": 100.0, "bit/s": 1000.0, "GB": 0.1}
_DURATION_STEPS = (60.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 21600.0, 43200.0, 86400.0, 172800.0)
_STEPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
_WHOLE_STEPS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


def name(quantity: str) -> str:
    """What people call it; of a quantity without words its own name."""
    return _(NAMES[quantity]) if quantity in NAMES else quantity


def unit(quantity: str) -> str:
    """Its unit (`s` for a duration), or nothing."""
    return _UNITS.get(quantity.rpartition("_")[2], "") if "_" in quantity else ""


def value(quantity: str, number: float | None) -> str:
    """A value with its unit: `31 %`, `5 h 12 m`, `229.4 V`, a dash for None."""
    known = unit(quantity)
    if number is None:
        return show.NOTHING
    if known == "s":
        return show.duration(number)
    if known == "bit/s":
        return rate(number)
    return show.number(number, known)


def axis(quantity: str, number: float) -> str:
    """A value as it stands beside a chart, without its unit: `31`, `5:12` for hours and minutes."""
    known = unit(quantity)
    if known == "s":
        minutes = int(number) // 60
        return f"{minutes // 60}:{minutes % 60:02d}"
    if known == "bit/s":
        return rate(number).removesuffix("bit/s").replace(" ", "")
    return f"{number:.2f}".rstrip("0").rstrip(".")


def rate(bits_per_s: float) -> str:
    """Bits per second with a decimal prefix: `1.2 Gbit/s`."""
    for prefix, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if abs(bits_per_s) >= size:
            return f"{show.number(bits_per_s / size)} {prefix}bit/s"
    return f"{show.number(bits_per_s)} bit/s"


def at_least(quantity: str) -> float:
    """The smallest range a chart of this quantity spans."""
    return _AT_LEAST.get(unit(quantity), 4.0)


def steps(quantity: str) -> tuple[float, ...]:
    """By which distances the numbers beside a chart may be apart, ascending."""
    known = unit(quantity)
    if known == "s":
        return _DURATION_STEPS
    return _STEPS if known or quantity == "load_1m" else _WHOLE_STEPS
