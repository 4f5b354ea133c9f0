"""Outages on record in words: where one stands, what came of it, its clocks, and what it proves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from dutyroom import outage_words, show
from dutyroom.inert import inert
from dutyroom.model.facts import RuntimeBasis
from dutyroom.model.outage import EventState, Outage, OutageState, PhaseChange, PowerEvent
from dutyroom.outage_board import OutageBoard
from dutyroom.rules.event_clocks import EventClock
from dutyroom.rules.outage_proof import EndedBy, Proof
from dutyroom.words import N_, _

_STATES = {
    OutageState.OPEN: N_("on battery"),
    OutageState.CLOSED: N_("over"),
    OutageState.GAP: N_("nobody watched"),
}
_EVENTS = {
    EventState.RUNNING: N_("runs"),
    EventState.RESTORED: N_("mains is back, the closing text is owed"),
    EventState.CLOSED: N_("closed"),
}
_ENDS = {
    EndedBy.MAINS: N_("mains came back in time"),
    EndedBy.LOW: N_("the battery was low when mains came back"),
}
# Why a change came, where that is to be told: the code of what said that the battery is low.
_BY = {"charge": N_("by its charge"), "runtime": N_("by its runtime"), "LB": N_("the UPS says so")}
# What an outage nobody watched left behind; see `rules.unwatched`.
_SIGNS = {
    "on-battery": N_("last seen on battery"),
    "charge-fell": N_("the charge fell"),
    "recharging": N_("recharging"),
    "ups-restarted": N_("the UPS restarted"),
    "loads-restarted": N_("what it feeds restarted"),
}


def state(one: Outage, phases: Sequence[PhaseChange]) -> str:
    """Where the outage stands: while it is open, its newest phase."""
    if one.state is OutageState.OPEN and phases:
        return outage_words.phase(phases[-1].phase)
    return _(_STATES[one.state])


def headline(outage: OutageBoard) -> str:
    """The power event that is not closed, in one line."""
    number = _("power event {number}").format(number=outage.event.id)
    worst = outage.worst
    if outage.is_over or worst is None:
        return f"{number}: {event_state(outage.event)}"
    pattern = _("{event}: {n} of {all} UPSes on battery for {lasted}; least time left {left}, {ups}")
    return pattern.format(
        event=number,
        n=outage.on_battery,
        all=outage.of_total,
        lasted=show.duration(outage.elapsed_s),
        left=show.duration(worst.left.seconds),
        ups=inert(worst.label, 60),
    )


def event_state(event: PowerEvent) -> str:
    """Where a power event stands, and whether it is a major one."""
    parts = [_(_EVENTS[event.state])]
    if event.is_major:
        parts.append(_("major event"))
    return ", ".join(parts)


def phase(change: PhaseChange) -> str:
    """A phase, and what told it."""
    by = dict(change.params).get("by", "")
    text = outage_words.phase(change.phase)
    return f"{text} ({_(_BY[by])})" if by in _BY else text


def signs(one: Outage) -> str:
    """What an outage nobody watched left behind."""
    return ", ".join(_(_SIGNS[code]) if code in _SIGNS else inert(code, 40) for code in one.signs)


def clock(value: EventClock, zone: ZoneInfo, person: Callable[[str], str]) -> str:
    """`02:12, after 2 m, Zhang Wei`; `1 m left`; `over by 4 m`; late ones say so."""
    if value.stamped_at is not None:
        text = _("{at}, after {took}, {who}").format(
            at=show.moment(value.stamped_at, zone),
            took=show.duration(value.took_s),
            who=person(value.stamped_by or ""),
        )
        return _("{text}: late").format(text=text) if value.is_late else text
    if not value.needed or value.left_s is None:
        return _("not needed")
    if value.left_s < 0:
        return _("not done, over by {by}").format(by=show.duration(-value.left_s))
    return _("{left} left").format(left=show.duration(value.left_s))


def ended(value: EndedBy) -> str:
    """What ended an outage."""
    return _(_ENDS[value])


def estimate(seconds: float | None, basis: RuntimeBasis | None) -> str:
    """A time left, and what it rests on."""
    if seconds is None:
        return show.NOTHING
    return show.duration(seconds) if basis is None else f"{show.duration(seconds)} ({outage_words.basis(basis)})"


def proven(proof: Proof) -> str:
    """What happened: how long it held, and what ended it."""
    if proof.on_battery_s is None:
        return show.NOTHING
    parts = [_("{held} on battery").format(held=show.duration(proof.on_battery_s))]
    if proof.to_low_s is not None:
        parts.append(_("low after {held}").format(held=show.duration(proof.to_low_s)))
    if proof.ended_by is not None:
        parts.append(ended(proof.ended_by))
    return ", ".join(parts)


def required(proof: Proof) -> str:
    """The required hold time, and whether this outage met it."""
    if proof.required_s is None:
        return show.NOTHING
    return f"{show.hours(proof.required_s)}: {show.hold(proof.verdict)}"
