"""The words for the reasons of a verdict, in the language in force."""

from __future__ import annotations

from dutyroom import check_words, show
from dutyroom.model.reading import Reason
from dutyroom.words import N_, _

REASONS = {
    "never": N_("not asked yet"),
    "watch-silent": N_("nobody asks: the watch is silent"),
    "no-answer": N_("no answer"),
    "lost-on-battery": N_("lost while on battery"),
    "lost-in-trouble": N_("lost while {words}"),
    "on-battery": N_("on battery"),
    "input-present": N_("but its input has voltage"),
    "line-unknown": N_("line state unknown"),
    "line-contradictory": N_("says mains and battery at once"),
    "discharging-on-mains": N_("discharging while on mains"),
    "comm-fault": N_("its driver has lost it"),
    "battery-low": N_("battery low"),
    "battery-high": N_("battery voltage high"),
    "replace-battery": N_("replace battery"),
    "bypass": N_("bypass: no battery protection"),
    "output-off": N_("output off"),
    "overload": N_("overload"),
    "trim": N_("voltage too high, trimming"),
    "boost": N_("voltage too low, boosting"),
    "forced-shutdown": N_("forced shutdown"),
    "alarm": N_("alarm"),
    "calibrating": N_("runtime calibration"),
    "hold-time-short": N_("hold time short"),
    "hold-time-no-evidence": N_("hold time: no evidence"),
    "hold-time-evidence-old": N_("hold time: evidence too old"),
    "implausible": N_("implausible value"),
    "port-changed": N_("port down"),
    "port-down": N_("critical port down"),
    "port-gone": N_("port gone"),
    "port-unexpected-up": N_("port up that should be down"),
    "port-errors": N_("new errors"),
    "port-discards": N_("new discards"),
    "port-speed": N_("slower than before"),
    "port-flaps": N_("comes and goes"),
    "over-limit": N_("over its limit"),
    "part-fault": N_("broken"),
    "part-attention": N_("not as it should be"),
    "partial": N_("answers in part"),
    "no-values": N_("no values"),
}
QUANTITIES = {"cpu_percent": N_("cpu"), "memory_percent": N_("memory")}


def reason(value: Reason) -> str:
    """A reason in a few words, with what was seen and the limit where that helps."""
    if value.code in check_words.REASONS:
        return check_words.reason(value)
    text = _(REASONS.get(value.code, value.code)) if value.code in REASONS else show.state_of_code(value.code)
    if value.code == "port-changed":
        return _("{port} down").format(port=value.value)
    if value.code.startswith("port-"):
        return _port(value)
    if value.code == "part-fault":
        return _("{part} broken").format(part=value.value)
    if value.code == "part-attention":
        return _("{part} not as it should be").format(part=value.value)
    if value.code == "over-limit":
        quantity = value.quantity.removeprefix("volume ")
        name = _(QUANTITIES[quantity]) if quantity in QUANTITIES else quantity
        return _("{name} {value} % over {limit} %").format(name=name, value=value.value, limit=value.limit)
    if value.code == "lost-in-trouble":
        text = text.format(words=value.limit)
    if value.code in ("lost-on-battery", "lost-in-trouble") and isinstance(value.value, int | float):
        return _("{what}, {ago}").format(what=text, ago=show.ago(value.value))
    if (
        value.code == "hold-time-short"
        and isinstance(value.value, int | float)
        and isinstance(value.limit, int | float)
    ):
        return _("hold time short by {duration}").format(duration=show.duration(value.limit - value.value))
    if value.code == "input-present" and isinstance(value.value, int | float):
        return f"{text}: {show.number(value.value, 'V')}"
    if value.code == "forced-shutdown" and value.limit == "mains":
        return _("forced shutdown while on mains: latched, or always set")
    if value.code in ("no-answer", "watch-silent") and isinstance(value.value, int | float):
        return _("{what} for {duration}").format(what=text, duration=show.duration(value.value))
    if value.code in ("alarm", "implausible") and value.value not in (None, "ALARM"):
        return f"{text}: {value.value}"
    return text


def _port(value: Reason) -> str:
    """What is wrong at a port; its name is the value, or stands behind `port ` in the quantity."""
    name = value.quantity.removeprefix("port ")
    match value.code:
        case "port-down":
            return _("{port} down (critical)").format(port=value.value)
        case "port-gone":
            return _("{port} is not there any more").format(port=value.value)
        case "port-unexpected-up" if value.limit is None:
            return _("{port} up, not in the baseline").format(port=value.value)
        case "port-unexpected-up":
            return _("{port} up, should be down").format(port=value.value)
        case "port-errors":
            return _("{port}: {n} new errors").format(port=name, n=value.value)
        case "port-discards":
            return _("{port}: {n} new discards").format(port=name, n=value.value)
        case "port-flaps":
            return _("{port} went up or down {n} times").format(port=name, n=value.value)
        case "port-speed":
            return _("{port} runs at {now}, ran at {was}").format(
                port=name, now=show.bit_rate(value.value), was=show.bit_rate(value.limit)
            )
    return _(REASONS[value.code])
