"""APC's PowerNet-MIB (enterprise 318, `hardware.ups`) in NUT's words.

Units of the MIB: percent, degrees Celsius, volts, TimeTicks; its high precision objects tell tenths.
"""

from __future__ import annotations

from collections.abc import Mapping

from dutyroom.sources.snmp.answers import Oid, Value, number, oid, text
from dutyroom.sources.snmp.ups_told import Cells, Told, UpsMib, put, put_lines, put_text

UPS = oid("1.3.6.1.4.1.318.1.1.1")
BATTERY_STATUS = (*UPS, 2, 1, 1, 0)
RUNTIME = (*UPS, 2, 2, 3, 0)
REPLACE = (*UPS, 2, 2, 4, 0)
OUTPUT_STATUS = (*UPS, 4, 1, 1, 0)
OUTPUT_PHASES = (*UPS, 4, 1, 2, 0)
STATE_FLAGS = (*UPS, 11, 1, 1, 0)
STATUS = (OUTPUT_STATUS, BATTERY_STATUS)
# The variable, its object in whole units, and the one in tenths.
_NUMBERS: tuple[tuple[str, Oid, Oid], ...] = (
    ("battery.charge", (*UPS, 2, 2, 1, 0), (*UPS, 2, 3, 1, 0)),
    ("battery.temperature", (*UPS, 2, 2, 2, 0), (*UPS, 2, 3, 2, 0)),
    ("battery.voltage", (*UPS, 2, 2, 8, 0), (*UPS, 2, 3, 4, 0)),
    ("input.voltage", (*UPS, 3, 2, 1, 0), (*UPS, 3, 3, 1, 0)),
    ("output.voltage", (*UPS, 4, 2, 1, 0), (*UPS, 4, 3, 1, 0)),
    ("ups.load", (*UPS, 4, 2, 3, 0), (*UPS, 4, 3, 3, 0)),
)
SCALARS = (
    *STATUS,
    RUNTIME,
    REPLACE,
    OUTPUT_PHASES,
    STATE_FLAGS,
    *(whole for _, whole, _ in _NUMBERS),
    *(tenths for _, _, tenths in _NUMBERS),
)
INPUT_VOLTAGE = (*UPS, 9, 2, 3, 1, 3)
OUTPUT_VOLTAGE = (*UPS, 9, 3, 3, 1, 3)
OUTPUT_LOAD = (*UPS, 9, 3, 3, 1, 10)
COLUMNS = (INPUT_VOLTAGE, OUTPUT_VOLTAGE, OUTPUT_LOAD)
MODEL, NAME_OF_UPS, FIRMWARE, SERIAL = (*UPS, 1, 1, 1, 0), (*UPS, 1, 1, 2, 0), (*UPS, 1, 2, 1, 0), (*UPS, 1, 2, 3, 0)
FIXED = (MODEL, NAME_OF_UPS, FIRMWARE, SERIAL)

_NO_TICKS = 2**32 - 1
_UNKNOWN = 1
# upsBasicOutputStatus; what is not here is shown by its number and tells no line.
_OUTPUTS = {
    2: ("OL",),
    3: ("OB",),
    4: ("OL", "BOOST"),
    5: ("OFF",),
    6: ("OL", "BYPASS"),
    7: ("OFF",),
    8: ("OFF",),
    9: ("OL", "BYPASS"),
    10: ("OL", "BYPASS"),
    11: ("OFF",),
    12: ("OL", "TRIM"),
    13: ("OL", "ECO"),
    14: ("OL",),
    # A test that the UPS makes of itself: on battery, but no outage.
    15: ("OB", "CAL"),
    16: ("OL", "BYPASS"),
    17: ("OL", "BYPASS"),
    18: ("OL", "ECO"),
    20: ("OL", "ECO"),
}
# upsBasicBatteryStatus: 3 low, 4 in fault condition, 5 none present.
_BATTERIES: dict[int, tuple[str | None, str | None]] = {
    3: ("LB", None),
    4: ("RB", "battery in fault condition"),
    5: (None, "no battery present"),
}
# upsBasicStateOutputState, a text of 64 digits, one flag each, counted from 1.
_FLAGS = {
    2: "OB",
    3: "LB",
    4: "OL",
    5: "RB",
    7: "BOOST",
    8: "TRIM",
    9: "OVER",
    10: "CAL",
    12: "BYPASS",
    13: "BYPASS",
    14: "BYPASS",
    15: "BYPASS",
    16: "BYPASS",
}
_LINE_FLAGS = ("OL", "OB", "BOOST", "TRIM")
_COMMUNICATES = 6
_ALARMS = {
    1: "abnormal condition",
    21: "battery communication lost",
    22: "graceful shutdown initiated",
    23: "boost or trim fault",
    24: "bad output voltage",
    25: "battery charger failure",
    26: "high battery temperature",
    28: "critical battery temperature",
    33: "no batteries attached",
    38: "transfer relay failure",
    39: "shutdown or unable to transfer",
    40: "low battery shutdown",
    41: "electronic unit fan failure",
    42: "main relay failure",
    43: "bypass relay failure",
    45: "high internal temperature",
    49: "PFC failure",
    50: "critical hardware fault",
    53: "emergency power off",
    56: "internal communication failure",
}
_FEWEST_FLAGS = 32


def _columns(scalars: Cells) -> tuple[Oid, ...]:
    """The tables of phases are worth asking for where there are several, or no load of the whole is told."""
    _, whole, tenths = _NUMBERS[-1]
    load = (number(scalars.get(whole)), number(scalars.get(tenths)))
    has_load = any(value is not None and value >= 0 for value in load)
    return () if has_load and (number(scalars.get(OUTPUT_PHASES)) or 1) <= 1 else COLUMNS


def told(scalars: Cells, columns: Mapping[Oid, Cells], fixed: Cells) -> Told:
    """What the card says. `columns` holds COLUMNS where they were asked for."""
    said = Told()
    if fixed:
        said.variables["ups.mfr"] = "APC"
    for name, place in zip(("ups.model", "ups.id", "ups.firmware", "ups.serial"), FIXED, strict=True):
        put_text(said, name, fixed.get(place))
    lines = [_by_phase(columns.get(column, {})) for column in COLUMNS]
    for name, whole, tenths in _NUMBERS:
        _put_number(said, name, number(scalars.get(whole)), number(scalars.get(tenths)))
    if any(len(line) > 1 for line in lines):
        for name in ("input.voltage", "output.voltage", "ups.load"):
            said.variables.pop(name, None)
        put_lines(said, *lines)
    ticks = number(scalars.get(RUNTIME))
    if ticks == _NO_TICKS:
        said.not_believed("battery.runtime", str(ticks), "sentinel")
    elif ticks is not None:
        put(said, "battery.runtime", ticks // 100 if ticks >= 0 else ticks)
    _put_status(said, scalars)
    return said


def _put_number(said: Told, name: str, whole: int | None, tenths: int | None) -> None:
    """The finer of the two, where it is a value: some agents answer 0 or -1 there beside a good whole number."""
    if tenths is not None and tenths > 0:
        put(said, name, tenths, per=10)
    else:
        put(said, name, whole if whole is not None else tenths)


def _by_phase(cells: Cells) -> dict[int, int]:
    """A column of a table of phases by its last index, the phase; -1 is a phase that is not there."""
    found = {index[-1]: value for index, cell in cells.items() if index and (value := number(cell)) is not None}
    return {phase: value for phase, value in sorted(found.items()) if 1 <= phase <= 3 and value >= 0}


def _put_status(said: Told, scalars: Cells) -> None:
    output = number(scalars.get(OUTPUT_STATUS))
    words = list(_OUTPUTS.get(output or 0, ()))
    if output is not None and output != _UNKNOWN and not words:
        words.append(f"powernet:{output}")
    texts = []
    word, alarm = _BATTERIES.get(number(scalars.get(BATTERY_STATUS)) or 0, (None, None))
    words += [word] if word is not None else []
    texts += [alarm] if alarm is not None else []
    if number(scalars.get(REPLACE)) == 2:
        words.append("RB")
    flags = _flags(scalars.get(STATE_FLAGS))
    if flags:
        # The line is told by the output status; the flags tell it only where that does not.
        words += [word for flag, word in _FLAGS.items() if flag in flags and (word not in _LINE_FLAGS or not words)]
        texts += [text for flag, text in _ALARMS.items() if flag in flags and text not in texts]
        if _COMMUNICATES not in flags:
            words.append("COMMFAULT")
    if texts:
        words.insert(0, "ALARM")
        said.variables["ups.alarm"] = "; ".join(texts)
    said.variables["ups.status"] = " ".join(dict.fromkeys(words))


def _flags(value: Value | None) -> frozenset[int]:
    """The flags that are set; none for a text that is not one of flags, or of zeros, which older agents answer."""
    digits = text(value) or ""
    if len(digits) < _FEWEST_FLAGS or set(digits) - {"0", "1"}:
        return frozenset()
    return frozenset(place for place, digit in enumerate(digits, start=1) if digit == "1")


POWERNET = UpsMib("PowerNet-MIB", STATUS, SCALARS, FIXED, _columns, told)
