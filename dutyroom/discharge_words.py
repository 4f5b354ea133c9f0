"""Guided discharge tests in words, in the language in force."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from dutyroom import show
from dutyroom.inert import inert
from dutyroom.model.discharge_test import (
    CONTACT,
    MAINS,
    NOT_BEGUN,
    PERSON,
    CheckState,
    StartCheck,
    StartItem,
    StopSign,
    TestNow,
    TestPhase,
)
from dutyroom.model.facts import RuntimeBasis
from dutyroom.model.runtime import DischargeTest, RuntimeEstimate, TestState
from dutyroom.words import N_, _

_CHECKS: dict[tuple[StartItem, CheckState, str], str] = {
    (StartItem.WATCH, CheckState.CONFIRMED, ""): N_("The watch runs: readings are taken by themselves."),
    (StartItem.WATCH, CheckState.REFUSED, ""): N_(
        "Nobody watches the room: no reading would be taken. Start the watch (dutyroom collect)."
    ),
    (StartItem.READING, CheckState.CONFIRMED, ""): N_("The UPS answers."),
    (StartItem.READING, CheckState.REFUSED, ""): N_(
        "The UPS does not answer now: nothing could be read during a test."
    ),
    (StartItem.MAINS, CheckState.CONFIRMED, ""): N_("The UPS is on mains."),
    (StartItem.MAINS, CheckState.REFUSED, ""): N_("The UPS is not on mains."),
    (StartItem.FULL, CheckState.CONFIRMED, ""): N_("The battery is full: {value}."),
    (StartItem.FULL, CheckState.REFUSED, ""): N_("The battery is not full: {value}, at least 95 % are needed."),
    (StartItem.FULL, CheckState.ASKED, "unknown"): N_(
        "The UPS does not tell its charge: it has been on mains for a whole day, so the battery is full."
    ),
    (StartItem.WELL, CheckState.CONFIRMED, ""): N_("The UPS reports no alarm, no overload and no bypass."),
    (StartItem.WELL, CheckState.REFUSED, ""): N_("The UPS is not well: {value}."),
    (StartItem.WELL, CheckState.ASKED, "replace"): N_(
        "The UPS wants a new battery: it may give out at once, and the test is wanted all the same."
    ),
    (StartItem.OUTAGE, CheckState.CONFIRMED, ""): N_("No outage runs."),
    (StartItem.OUTAGE, CheckState.REFUSED, ""): N_("An outage runs: {value}."),
    (StartItem.TEST, CheckState.CONFIRMED, ""): N_("No other discharge test runs."),
    (StartItem.TEST, CheckState.REFUSED, ""): N_("A discharge test runs already: {value}. One battery at a time."),
    (StartItem.FEEDS, CheckState.CONFIRMED, ""): N_("Every load has another feed on mains: {value}."),
    (StartItem.FEEDS, CheckState.REFUSED, "failing"): N_("These loads have no other feed on mains now: {value}."),
    (StartItem.FEEDS, CheckState.ASKED, "alone"): N_(
        "These loads have no other feed: {value}. They fall when this battery gives out, and that is agreed."
    ),
    (StartItem.FEEDS, CheckState.ASKED, "unknown"): N_(
        "It is not known whether the other feed of these loads is on mains: {value}. Somebody has looked."
    ),
    (StartItem.FEEDS, CheckState.ASKED, "none-named"): N_(
        "The site file names no load of this UPS: what hangs on it may fall, and that is agreed."
    ),
    (StartItem.PERSON, CheckState.ASKED, ""): N_("Somebody stands at the UPS who can switch it back to mains."),
    (StartItem.AGREED, CheckState.ASKED, ""): N_("The time is agreed with those who use the systems."),
    (StartItem.AGREED, CheckState.CONFIRMED, "planned"): N_("The time is agreed: planned maintenance, {value}."),
}
_SIGN_WORDS = {
    StopSign.LOW: N_("the battery is low"),
    StopSign.CHARGE: N_("the stop charge is reached"),
    StopSign.TIME: N_("the time is reached"),
    StopSign.LOAD: N_("the load is too high"),
    StopSign.ALARM: N_("the UPS reports an alarm"),
    StopSign.TEMPERATURE: N_("the battery is hot"),
}
_WHY = {
    MAINS: N_("switched back to mains before a stop criterion"),
    CONTACT: N_("contact was lost: counted to the last reading"),
    NOT_BEGUN: N_("not begun within 30 minutes"),
    PERSON: N_("given up"),
}
_STATES = {
    TestState.RUNNING: N_("runs"),
    TestState.ENDED: N_("to be signed"),
    TestState.SIGNED: N_("signed"),
    TestState.ABANDONED: N_("given up, proves nothing"),
}
_PHASES = {
    TestPhase.WAITING: N_("waiting for the first reading on battery"),
    TestPhase.DISCHARGING: N_("the battery carries the load"),
    TestPhase.LOST: N_("no contact"),
    TestPhase.OVER: N_("over"),
}
_BASES = {
    RuntimeBasis.REPORTED: N_("as the UPS reports it"),
    RuntimeBasis.SLOPE: N_("as the charge falls"),
    RuntimeBasis.HISTORY: N_("from earlier discharges"),
    RuntimeBasis.COUNTDOWN: N_("counted down"),
}
_CHECK_SIGNS = {CheckState.CONFIRMED: "✓", CheckState.ASKED: "?", CheckState.REFUSED: "✗"}


def check_line(one: StartCheck) -> str:
    """A line of the checklist as a sentence: what is so, or what is to be confirmed."""
    return _(_CHECKS[one.item, one.state, one.why]).format(value=inert(one.value, 120))


def check_sign(one: StartCheck) -> str:
    """One character: confirmed, asked, refused."""
    return _CHECK_SIGNS[one.state]


def sign(value: StopSign) -> str:
    """A stop criterion that is met."""
    return _(_SIGN_WORDS[value])


def stop_now(now: TestNow) -> str:
    """What is to be done as soon as a stop criterion is met; empty while none is."""
    if not now.signs:
        return ""
    why = ", ".join(sign(one) for one in now.signs)
    return _("Stop now: switch the UPS back to mains ({why}).").format(why=why)


def begun(test: DischargeTest, label: str) -> str:
    """What the person does next."""
    return _(
        "Test {number} of {ups} waits: begin the discharge at the UPS (its panel, or its input breaker). dutyroom "
        "switches nothing. Without a reading on battery within 30 minutes the test is dropped."
    ).format(number=test.id, ups=inert(label, 60))


def state(value: TestState) -> str:
    """Where a test stands."""
    return _(_STATES[value])


def phase(value: TestPhase) -> str:
    """How a test that runs stands."""
    return _(_PHASES[value])


def why(test: DischargeTest) -> str:
    """Why it ended; a dash while it runs."""
    code = test.stopped_why
    if code in set(StopSign):
        return sign(StopSign(code))
    return _(_WHY[code]) if code in _WHY else (code or show.NOTHING)


def waits(label: str) -> str:
    """That a test of the UPS people call so ended, and proves nothing until somebody signs it."""
    return _("Discharge test of {ups} waits for its signature").format(ups=label)


def stop_at(test: DischargeTest) -> str:
    """When it is to be stopped: at which charge, and after which time."""
    charge = _("at {percent}").format(percent=show.percent(test.stop_charge_percent))
    if test.stop_after_s is None:
        return charge
    return _("{charge} or after {time}").format(charge=charge, time=show.duration(test.stop_after_s))


def left(estimate: RuntimeEstimate) -> str:
    """How long the battery lasts, and how that is known; a dash where it is not."""
    if estimate.seconds is None or estimate.basis is None:
        return show.NOTHING
    told = show.duration(estimate.seconds)
    return (_("at least {time} ({basis})") if estimate.at_least else _("{time} ({basis})")).format(
        time=told, basis=_(_BASES[estimate.basis])
    )


def charges(test: DischargeTest) -> str:
    """`100 % → 41 %`; a dash where nothing was read."""
    if test.charge_from_percent is None and test.charge_to_percent is None:
        return show.NOTHING
    return f"{show.percent(test.charge_from_percent)} → {show.percent(test.charge_to_percent)}"


def row(test: DischargeTest, label: str, zone: ZoneInfo) -> tuple[str, ...]:
    """A test in the list: number, UPS, when, how it stands, held, charge, mean load, why it ended, who."""
    return (
        str(test.id),
        inert(label, 60),
        show.moment(test.began_at or test.started_at, zone),
        state(test.state),
        show.duration(test.held_s),
        charges(test),
        show.percent(test.load_percent),
        why(test),
        test.signed_by or test.started_by,
    )


def lines(now: TestNow, label: str, zone: ZoneInfo) -> list[tuple[str, str]]:
    """A test as it stands: what, and its value, in the order it is read."""
    test = now.test
    made = [
        (_("UPS"), inert(label, 60)),
        (_("state"), state(test.state) if now.phase is TestPhase.OVER else phase(now.phase)),
        (_("started"), _("{at} by {who}").format(at=show.moment(test.started_at, zone), who=test.started_by)),
        (_("stop"), stop_at(test)),
        (_("battery of"), test.battery_installed.isoformat() if test.battery_installed else show.NOTHING),
    ]
    if now.phase is TestPhase.WAITING:
        return [*made, (_("still waits"), show.duration(now.wait_left_s)), *alerts(now)]
    if now.phase is not TestPhase.OVER:
        return [*made, *watched(now), *_stop(now), *alerts(now)]
    made += [
        (_("on battery"), f"{show.moment(test.began_at, zone)} – {show.moment(test.ended_at, zone)}"),
        (_("held"), show.duration(test.held_s)),
        (_("charge"), charges(test)),
        (_("mean load"), show.percent(test.load_percent)),
        (_("ended"), why(test)),
    ]
    if now.gaps_s:
        told = _("{n} times, {longest} the longest").format(n=len(now.gaps_s), longest=show.duration(max(now.gaps_s)))
        made.append((_("without contact"), told))
    if test.signed_by is not None:
        told = _("{at} by {who}").format(at=show.moment(test.signed_at, zone), who=test.signed_by)
        made.append((_("signed"), told))
    if test.note:
        made.append((_("note"), inert(test.note, 500)))
    return made


def watched(now: TestNow) -> list[tuple[str, str]]:
    """What is read of a test that discharges."""
    return [
        (_("held"), show.duration(now.held_s)),
        (_("charge"), show.percent(now.charge_percent)),
        (_("load"), show.percent(now.load_percent)),
        (_("until the stop"), show.duration(now.to_stop_s)),
        (_("battery lasts"), left(now.left)),
        (_("temperature"), show.number(now.temperature_c, "°C")),
    ]


def alerts(now: TestNow) -> list[tuple[str, str]]:
    """What is out of order beside the stop criteria: no contact, another UPS on battery, no mains to go back to."""
    made = []
    if now.lost_s is not None:
        told = _("no reading for {time}: held time counts to the last one").format(time=show.duration(now.lost_s))
        made.append((_("contact"), told))
    if now.elsewhere:
        told = _("on battery too: {names}. The mains may have failed.").format(names=", ".join(now.elsewhere))
        made.append((_("elsewhere"), told))
    if now.input_dead:
        told = _("The mains of this UPS are gone since: switching back may bring nothing.")
        made.append((_("mains"), told))
    return made


def _stop(now: TestNow) -> list[tuple[str, str]]:
    return [(_("stop now"), stop_now(now))] if now.signs else []
