"""What happened in the room, in a few words."""

from __future__ import annotations

from dutyroom import address_words, discharge_words, show
from dutyroom.inert import inert
from dutyroom.model.addresses import ADDRESSES
from dutyroom.model.discharge_test import StopSign
from dutyroom.model.events import CLOCK, WATCH, Event
from dutyroom.model.reading import State, Verdict
from dutyroom.rules.discharge_test import STOP
from dutyroom.words import N_, _

_EVENTS = {
    "state-changed": N_("{was} → {now}"),
    "verdict-changed": N_("{was} → {now}"),
    "on-battery": N_("on battery"),
    "on-mains": N_("back on mains"),
    "battery-blip": N_("{seconds} s on battery, no outage"),
    "port-down": N_("{port} down"),
    "port-up": N_("{port} up"),
    "restarted": N_("restarted"),
    "agent-restarted": N_("SNMP agent restarted, the device ran on"),
    "check-failed": N_("answers no more"),
    "check-answers": N_("answers again"),
    "backup-made": N_("new backup {path}"),
    "restored": N_("records restored from a backup"),
    "discharge-began": N_("discharge test: on battery"),
    "discharge-input-dead": N_("discharge test: the mains of this UPS are gone since"),
    "discharge-lost": N_("discharge test: contact lost"),
    "discharge-found": N_("discharge test: contact again"),
    "discharge-ended": N_("discharge test: over"),
    "discharge-dropped": N_("discharge test: not begun in time, dropped"),
}
# Sources that are no device: what they tell stands alone.
OWN_SOURCES = (CLOCK, WATCH, ADDRESSES)


def event(value: Event) -> str:
    """An event in a few words, without its time and source."""
    if address_words.is_ours(value):
        return address_words.event(value)
    pattern = _(_EVENTS[value.code]) if value.code in _EVENTS else value.code
    if value.source == CLOCK:
        return clock_step(value)
    if value.source == WATCH:
        return _of_watch(value)
    if value.code == STOP:
        sign = discharge_words.sign(StopSign(value.param("sign")))
        return _("discharge test: to be stopped, {why}").format(why=sign)
    known = set(State) | set(Verdict)
    shown = {key: (show.word_of_code(text) if text in known else text) for key, text in value.params}
    return pattern.format_map(show.Params(shown))


def _of_watch(value: Event) -> str:
    if value.code == "watch-gap":
        return _("nobody watched for {by}").format(by=show.duration(float(value.param("by") or 0.0)))
    if value.code == "site-file-refused":
        return site_file_refused(value)
    if value.code == "site-file-read":
        return _site_file_read(value)
    return value.code


def _site_file_read(value: Event) -> str:
    texts = {"added": _("{n} devices added"), "changed": _("{n} changed"), "removed": _("{n} removed")}
    told = [text.format(n=value.param(what)) for what, text in texts.items() if value.param(what) not in ("", "0")]
    return ", ".join([_("site file read again"), *told])


def site_file_refused(value: Event) -> str:
    """Which file is wrong, and where."""
    file, key = inert(value.param("file"), 200), inert(value.param("key"), 60)
    if key:
        return _("site file not taken, wrong at {key}: {file}").format(key=key, file=file)
    return _("site file not taken, it is wrong: {file}").format(file=file)


def clock_step(value: Event) -> str:
    """How the wall clock was set: `clock set forward by 8 h 00 m`."""
    by_s = float(value.param("by") or 0.0)
    if value.code == "clock-back":
        text = _("clock {by} behind the last record after a restart")
    else:
        text = _("clock set forward by {by}") if by_s > 0 else _("clock set back by {by}")
    return text.format(by=show.duration(abs(by_s)))
