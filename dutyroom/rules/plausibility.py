"""What a UPS's variables may be believed to say.

NUT passes on what firmware answers, and firmware answers sentinels, noise and stale registers. A value that cannot be
true is kept raw with a reason code and used for nothing; a fact that is not known is None, never zero.

Names and meanings of the variables: NUT developer guide, appendix "NUT command and variable naming scheme"
(docs/nut-names.txt); status tokens: "Status data" of docs/new-drivers.txt. The bounds are dutyroom's own, wide enough
for any UPS that works.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from dutyroom.model.facts import Implausible, Line, RuntimeBasis, UpsFacts

CHARGE_TOP = 100.5
LOAD_TOP = 200.0
VOLTAGE = (0.0, 600.0)
BATTERY_VOLTAGE = (0.0, 1000.0)
# Below this an input carries nothing: a share of the rated voltage, and volts where the rating is not told.
DEAD_SHARE, DEAD_V = 0.1, 5.0
TEMPERATURE = (-40.0, 100.0)
DAY_S = 86_400.0
# 16-bit all ones in seconds, and the same count taken as minutes.
RUNTIME_SENTINELS = (65_535.0, 3_932_100.0)

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,15})?")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,15},[0-9]{3}")
_COLONS = re.compile(r"[0-9]+(?::[0-9]+)+")
_PHASE_LOADS = tuple(f"{head}.L{phase}.{tail}" for phase in (1, 2, 3) for head, tail in (
    ("output", "power.percent"), ("ups", "load"),
))  # fmt: skip
_INPUTS = ("input.voltage", "input.L1-N.voltage", "input.L2-N.voltage", "input.L3-N.voltage")
_MEASURED = ("battery.charge", "battery.runtime", "battery.voltage", "input.voltage", "output.voltage", "ups.load")
_NO_ALARM = {"0", "none", "no alarm", "no alarms", "-"}
_RAW_LENGTH = 64


def number(text: str) -> float | None:
    """The finite number a device text spells in decimal digits, or None.

    Leading zeros and a decimal comma are read; a comma before exactly three digits could be either kind and is not.
    No units, exponents, NaN or infinity; at most 15 digits on either side of the point.
    """
    text = text.strip(" ")
    if not _NUMBER.fullmatch(text) or _THOUSANDS.fullmatch(text):
        return None
    return float(text.replace(",", "."))


class _Readings:
    """The variables of one answer, and the marks collected while they are read."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.marks: list[Implausible] = []

    def text(self, *names: str) -> str | None:
        """The first of these variables that is not blank."""
        return next((text for name in names if (text := self.variables.get(name, "").strip())), None)

    def mark(self, name: str, why: str) -> None:
        """Keep the raw text of a variable that cannot be true."""
        raw = self.variables.get(name, "")
        raw = raw if len(raw) <= _RAW_LENGTH else raw[: _RAW_LENGTH - 1] + "…"
        self.marks.append(Implausible(name, raw, why))

    def value(self, name: str, low: float, high: float) -> float | None:
        """A number within the bounds; None when the variable is absent or blank, None and a mark when it lies."""
        if (text := self.text(name)) is None:
            return None
        value = number(text)
        if value is None:
            self.mark(name, "not-a-number")
        elif not low <= value <= high:
            self.mark(name, "out-of-range")
            return None
        return value

    def first(self, low: float, high: float, *names: str) -> float | None:
        """The first of several variables that gives a value within the bounds."""
        return next((value for name in names if (value := self.value(name, low, high)) is not None), None)

    def input_is_dead(self) -> bool:
        """True when the UPS measures its input, and every phase of it carries next to nothing."""
        told = [number(self.variables.get(name, "")) for name in _INPUTS]
        volts = [value for value in told if value is not None and value >= 0]
        nominal = number(self.variables.get("input.voltage.nominal", "")) or 0.0
        return bool(volts) and max(volts) < max(DEAD_V, DEAD_SHARE * nominal)


def flags(status: Iterable[str]) -> frozenset[str]:
    """The words of a status as upsmon compares them (strcasecmp in upsmon.c): in capitals, in no order."""
    return frozenset(word.upper() for word in status)


def contradicts_itself(status: Iterable[str]) -> bool:
    """True for a status that says mains and, in the same breath, battery or discharging."""
    words = flags(status)
    return "OL" in words and not words.isdisjoint(("OB", "DISCHRG"))


def line_of(status: tuple[str, ...], *, input_is_dead: bool = False) -> Line:
    """Which side feeds the UPS: OL or OB decide; where they contradict each other, a dead input does.

    OL beside DISCHRG is mains (some models idle so) unless the input is dead. TRIM and BOOST regulate mains, so they
    tell the line where a driver leaves OL out.
    """
    words = flags(status)
    if contradicts_itself(status):
        if input_is_dead:
            return Line.BATTERY
        return Line.UNKNOWN if "OB" in words else Line.MAINS
    if "OB" in words:
        return Line.BATTERY
    return Line.UNKNOWN if words.isdisjoint(("OL", "TRIM", "BOOST")) else Line.MAINS


def _is_all_ones(variables: Mapping[str, str]) -> bool:
    """True when every measured variable reads 1: a driver that talks past its UPS (seen on an APC XS 1200)."""
    texts = [variables[name] for name in _MEASURED if name in variables]
    return len(texts) >= 4 and all(number(text) == 1.0 for text in texts)


def _runtime(readings: _Readings, line: Line) -> float | None:
    """Seconds left as the UPS reports them; None with a mark when the number is a habit of firmware, not a time."""
    name = "battery.runtime"
    if (text := readings.text(name)) is None:
        return None
    value = number(text)
    why = ""
    if value is None:
        # Some drivers write 3:58 for minutes and seconds, others for hours and minutes: nothing can be computed.
        why = "unit-unclear" if _COLONS.fullmatch(text) else "not-a-number"
    elif value in RUNTIME_SENTINELS:
        why = "sentinel"
    elif value < 0:
        why = "negative"
    elif value >= DAY_S:
        why = "too-long"
    elif value == 0 and line is not Line.BATTERY:
        why = "zero-on-mains"
    if why:
        readings.mark(name, why)
        return None
    return value


def _charge(readings: _Readings, line: Line) -> float | None:
    """Percent 0..100; zero beside a runtime of zero while not on battery means that the UPS has no value."""
    name = "battery.charge"
    value = readings.value(name, 0.0, CHARGE_TOP)
    if value == 0 and line is not Line.BATTERY and number(readings.text("battery.runtime") or "") == 0:
        readings.mark(name, "zero-on-mains")
        return None
    return None if value is None else min(value, 100.0)


def _load(readings: _Readings) -> float | None:
    """Percent of the rating; where the whole is not told, the phase that carries most."""
    whole = readings.first(0.0, LOAD_TOP, "ups.load", "output.power.percent")
    if whole is not None:
        return whole
    phases = (readings.value(name, 0.0, LOAD_TOP) for name in _PHASE_LOADS)
    return max((value for value in phases if value is not None), default=None)


def _alarm(readings: _Readings) -> str | None:
    """The text of `ups.alarm`; blank, `0` and `none` mean that there is no alarm."""
    text = readings.text("ups.alarm")
    return None if text is None or text.casefold() in _NO_ALARM else text


def ups_facts(variables: Mapping[str, str]) -> UpsFacts:
    """The facts in one complete answer to `LIST VAR`; `variables` maps NUT names to inert raw texts.

    Codes in `implausible`: `not-a-number`, `out-of-range`, `unit-unclear`, `sentinel`, `negative`, `too-long`,
    `zero-on-mains`, `all-ones`; the sources add `unchanged` and `no-value`. `temperature_c` is ups.temperature, else
    battery.temperature.
    """
    readings = _Readings(variables)
    status = tuple(variables.get("ups.status", "").split())
    model = readings.text("ups.model", "device.model")
    if _is_all_ones(variables):
        for name in ("ups.status", *_MEASURED):
            if name in variables:
                readings.mark(name, "all-ones")
        return UpsFacts(
            status=status, model=model, implausible=tuple(readings.marks), variables=tuple(variables.items())
        )
    line = line_of(status, input_is_dead=readings.input_is_dead())
    runtime = _runtime(readings, line)
    return UpsFacts(
        status=status,
        line=line,
        charge_percent=_charge(readings, line),
        runtime_s=runtime,
        runtime_basis=None if runtime is None else RuntimeBasis.REPORTED,
        load_percent=_load(readings),
        input_voltage_v=readings.value("input.voltage", *VOLTAGE),
        output_voltage_v=readings.value("output.voltage", *VOLTAGE),
        battery_voltage_v=readings.value("battery.voltage", *BATTERY_VOLTAGE),
        temperature_c=readings.first(*TEMPERATURE, "ups.temperature", "battery.temperature"),
        alarm=_alarm(readings),
        model=model,
        implausible=tuple(readings.marks),
        variables=tuple(variables.items()),
    )
