"""What a UPS says of itself, in words: the tokens of its status, and what its variables measure.

Tokens: NUT, docs/new-drivers.txt, "Status data"; `ECO`, `HE`, `TEST` and `COMMFAULT` are sent by some drivers beside
them. Names and units of variables: NUT, docs/nut-names.txt.
"""

from __future__ import annotations

from dutyroom import show
from dutyroom.rules.plausibility import number
from dutyroom.words import N_, _

STATUS = {
    "OL": N_("mains feed it"),
    "OB": N_("the battery feeds it"),
    "LB": N_("battery low"),
    "HB": N_("battery voltage high"),
    "RB": N_("the battery is to be replaced"),
    "CHRG": N_("the battery is charging"),
    "DISCHRG": N_("the battery is discharging"),
    "BYPASS": N_("bypass: no battery protection"),
    "CAL": N_("runtime calibration: it discharges on purpose"),
    "OFF": N_("output off: what hangs on it has no power"),
    "OVER": N_("overload"),
    "TRIM": N_("voltage too high, trimming"),
    "BOOST": N_("voltage too low, boosting"),
    "FSD": N_("forced shutdown: whoever listens shuts down now"),
    "ALARM": N_("it gives an alarm, see ups.alarm"),
    "WAIT": N_("the driver has no data yet"),
    "ECO": N_("high-efficiency mode"),
    "HE": N_("high-efficiency mode"),
    "TEST": N_("a battery test runs"),
    "COMMFAULT": N_("its driver does not reach it"),
    "COMMLOST": N_("its driver does not reach it"),
}
GROUPS = {
    "ambient": N_("surroundings"),
    "battery": N_("battery"),
    "device": N_("device"),
    "driver": N_("driver"),
    "input": N_("input"),
    "outlet": N_("outlets"),
    "output": N_("output"),
    "server": N_("NUT server"),
}
# By the last part of a variable's name.
_UNITS = {
    "charge": "%",
    "load": "%",
    "humidity": "%",
    "percent": "%",
    "efficiency": "%",
    "voltage": "V",
    "transfer": "V",
    "current": "A",
    "frequency": "Hz",
    "temperature": "°C",
    "realpower": "W",
    "power": "VA",
    "capacity": "Ah",
}
# Of these the last part says which one is meant, the part before it what is measured.
_KINDS = {"nominal", "minimum", "maximum", "low", "high", "warning", "fault", "restart", "bypass", "status"}
_SECONDS = ("battery.runtime", "ups.timer.", "ups.delay.", "driver.parameter.poll")


def status_token(token: str) -> str:
    """What a token of the status means; of one that is in no list, that it is shown as it came."""
    known = STATUS.get(token.upper())
    return _(known) if known is not None else _("not in NUT's list: shown as it came")


def group(prefix: str) -> str:
    """The first part of variables' names in words, or as it is."""
    return _(GROUPS[prefix]) if prefix in GROUPS else prefix


def understood(name: str, raw: str) -> str:
    """What a variable's text says as a number with its unit; nothing where there is nothing to add to the text."""
    if name == "ups.status":
        return ", ".join(status_token(token) for token in raw.split())
    value = number(raw)
    if value is None:
        return ""
    if name.startswith(_SECONDS):
        if value < 0:
            return _("not counting")
        return show.duration(value)
    parts = name.split(".")
    if len(parts) > 1 and parts[-1] in _KINDS:
        parts.pop()
    unit = _UNITS.get(parts[-1].partition("-")[0] if len(parts) > 1 else "")
    return show.number(value, unit) if unit else ""
