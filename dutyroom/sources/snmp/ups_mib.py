"""UPS-MIB (RFC 1628) in NUT's words: the variables and status words that a NUT driver would make of an SNMP card.

Units of the MIB: seconds, minutes, percent, 0.1 V for the battery, RMS volts for lines, degrees Celsius.
"""

from __future__ import annotations

from collections.abc import Mapping

from dutyroom.sources.snmp.answers import Oid, Value, dotted, number, oid
from dutyroom.sources.snmp.ups_told import Cells, Told, UpsMib, phases, put, put_lines, put_text

UPS = oid("1.3.6.1.2.1.33.1")
BATTERY_STATUS = (*UPS, 2, 1, 0)
ON_BATTERY_S = (*UPS, 2, 2, 0)
MINUTES_LEFT = (*UPS, 2, 3, 0)
CHARGE = (*UPS, 2, 4, 0)
BATTERY_VOLTAGE = (*UPS, 2, 5, 0)
BATTERY_TEMPERATURE = (*UPS, 2, 7, 0)
INPUT_LINES = (*UPS, 3, 2, 0)
OUTPUT_SOURCE = (*UPS, 4, 1, 0)
OUTPUT_LINES = (*UPS, 4, 3, 0)
ALARMS = (*UPS, 6, 1, 0)
STATUS = (OUTPUT_SOURCE, BATTERY_STATUS)
SCALARS = (
    *STATUS,
    ON_BATTERY_S,
    MINUTES_LEFT,
    CHARGE,
    BATTERY_VOLTAGE,
    BATTERY_TEMPERATURE,
    INPUT_LINES,
    OUTPUT_LINES,
    ALARMS,
)
INPUT_VOLTAGE = (*UPS, 3, 3, 1, 3)
OUTPUT_VOLTAGE = (*UPS, 4, 4, 1, 2)
OUTPUT_LOAD = (*UPS, 4, 4, 1, 5)
COLUMNS = (INPUT_VOLTAGE, OUTPUT_VOLTAGE, OUTPUT_LOAD)
ALARM_DESCR = (*UPS, 6, 2, 1, 2)
FIXED = tuple((*UPS, *tail, 0) for tail in ((1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (9, 1), (9, 3), (9, 5), (9, 7)))

# upsOutputSource; 1 is "other".
_SOURCES = {
    2: ("OFF",),
    3: ("OL",),
    4: ("OL", "BYPASS"),
    5: ("OB",),
    6: ("OL", "BOOST"),
    7: ("OL", "TRIM"),
}
_LOW, _DEPLETED = 3, 4
# upsWellKnownAlarms: what is said of it, and the status word it stands for.
_WELL_KNOWN: dict[int, tuple[str, str | None]] = {
    1: ("battery bad", "RB"),
    2: ("on battery", "OB"),
    3: ("low battery", "LB"),
    4: ("depleted battery", "LB"),
    5: ("temperature bad", None),
    6: ("input bad", None),
    7: ("output bad", None),
    8: ("output overload", "OVER"),
    9: ("on bypass", "BYPASS"),
    10: ("bypass bad", None),
    11: ("output off as requested", "OFF"),
    12: ("UPS off as requested", "OFF"),
    13: ("charger failed", None),
    14: ("UPS output off", "OFF"),
    15: ("UPS system off", "OFF"),
    16: ("fan failure", None),
    17: ("fuse failure", None),
    18: ("general fault", None),
    19: ("diagnostic test failed", None),
    20: ("communications lost", "COMMFAULT"),
    21: ("awaiting power", None),
    22: ("shutdown pending", None),
    23: ("shutdown imminent", None),
    24: ("test in progress", "TEST"),
}
_WELL_KNOWN_ALARMS = (*UPS, 6, 3)
# 65535 seconds, the placeholder of many UPSes, taken for minutes by their cards; 16 bits of minutes.
_NO_MINUTES = (1092, 65_535)


def _columns(scalars: Cells) -> tuple[Oid, ...]:
    """The table of alarms is worth asking for where there are some, or the card does not say how many."""
    return COLUMNS if number(scalars.get(ALARMS)) == 0 else (*COLUMNS, ALARM_DESCR)


def told(scalars: Cells, columns: Mapping[Oid, Cells], fixed: Cells) -> Told:
    """What the card says. `columns` holds COLUMNS, and ALARM_DESCR where it was asked for."""
    said = Told()
    for tail, name in (((1, 1), "ups.mfr"), ((1, 2), "ups.model"), ((1, 3), "ups.firmware"), ((1, 5), "ups.id")):
        put_text(said, name, fixed.get((*UPS, *tail, 0)))
    put_text(said, "ups.firmware.aux", fixed.get((*UPS, 1, 4, 0)))
    for tail, name in (((9, 1), "input.voltage"), ((9, 3), "output.voltage"), ((9, 5), "ups.power")):
        if (rated := number(fixed.get((*UPS, *tail, 0)))) is not None and rated > 0:
            said.variables[f"{name}.nominal"] = str(rated)
    if (low := number(fixed.get((*UPS, 9, 7, 0)))) is not None and low > 0:
        said.variables["battery.runtime.low"] = str(low * 60)
    put(said, "battery.charge", number(scalars.get(CHARGE)))
    _put_runtime(said, number(scalars.get(MINUTES_LEFT)))
    put(said, "battery.voltage", number(scalars.get(BATTERY_VOLTAGE)), per=10)
    put(said, "battery.temperature", number(scalars.get(BATTERY_TEMPERATURE)))
    inputs = phases(columns.get(INPUT_VOLTAGE, {}), number(scalars.get(INPUT_LINES)))
    outputs = phases(columns.get(OUTPUT_VOLTAGE, {}), number(scalars.get(OUTPUT_LINES)))
    loads = phases(columns.get(OUTPUT_LOAD, {}), number(scalars.get(OUTPUT_LINES)))
    put_lines(said, inputs, outputs, loads)
    _put_status(said, scalars, columns.get(ALARM_DESCR, {}))
    return said


def _put_runtime(said: Told, minutes: int | None) -> None:
    if minutes in _NO_MINUTES:
        said.not_believed("battery.runtime", f"{minutes} min", "sentinel")
    else:
        put(said, "battery.runtime", minutes, times=60)


def _put_status(said: Told, scalars: Cells, alarms: Cells) -> None:
    source, on_battery_s = number(scalars.get(OUTPUT_SOURCE)), number(scalars.get(ON_BATTERY_S)) or 0
    words = list(_SOURCES.get(source or 0, ()))
    if on_battery_s > 0 and "OB" not in words:
        # Where the source is told, the seconds may be those of the last outage: a contradiction, no outage by itself.
        words.append("DISCHRG" if "OL" in words else "OB")
    if number(scalars.get(BATTERY_STATUS)) in (_LOW, _DEPLETED):
        words.append("LB")
    texts = []
    for value in alarms.values():
        text, word = _alarm(value)
        texts.append(text)
        if word is not None:
            words.append(word)
    count = number(scalars.get(ALARMS)) or 0
    if texts or count > 0:
        words.insert(0, "ALARM")
        said.variables["ups.alarm"] = "; ".join(texts) or f"{count} alarms"
    said.variables["ups.status"] = " ".join(dict.fromkeys(words))


def _alarm(value: Value) -> tuple[str, str | None]:
    """The text and the status word of one upsAlarmDescr; an alarm of the vendor's own is told by its OID."""
    if isinstance(value, tuple):
        if value[:-1] == _WELL_KNOWN_ALARMS and value[-1] in _WELL_KNOWN:
            return _WELL_KNOWN[value[-1]]
        return dotted(value), None
    return "an alarm without a name", None


UPS_MIB = UpsMib("UPS-MIB", STATUS, SCALARS, FIXED, _columns, told)
