"""What people do in a power event: stamps, calls, shedding, notes, and the closing text.

`pressed_at` is the moment of the key: the stamp is of then, even when a password was asked for in between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from dutyroom.duty.desk import Desk, require
from dutyroom.errors import EventRefused
from dutyroom.inert import inert
from dutyroom.model.outage import CallResult, EventAct, EventState, EventStep, PowerEvent
from dutyroom.model.people import Act, Actor
from dutyroom.rules.calls import subject_of
from dutyroom.rules.shedding import shed_now
from dutyroom.store import ledger, power_events
from dutyroom.words import N_, _

LONGEST_NOTE = 500
LONGEST_NAME = 80
_REFUSED = {
    "not-found": N_("There is no power event {number}."),
    "closed": N_("Power event {number} is closed: nothing in it changes any more."),
    "stamped": N_("That is on record already."),
    "not-major": N_("Only a major event is reported to the authority: say first that it is one."),
    "not-over": N_("The outage is not over: it is closed when mains has stood for a minute on every UPS."),
    "text-needed": N_("Write what happened and what was done."),
    "no-contact": N_("There is no contact {subject} in the site file."),
    "no-load": N_("There is no load {subject} in the site file."),
    "shed": N_("That load is off already."),
    "not-shed": N_("That load is not off."),
    "too-early": N_("That was before the mains failed: check the clock."),
}
_STAMPS = {
    EventAct.SEEN: "seen",
    EventAct.CONTAINED: "contained",
    EventAct.REPORTED: "reported",
    EventAct.AUTHORITY: "authority",
}


def stamp(
    desk: Desk, actor: Actor, number: int, which: EventAct, pressed_at: datetime, now: datetime, note: str = ""
) -> PowerEvent:
    """Stops one of the clocks (CONTAINED, REPORTED, AUTHORITY), or says that somebody knows (SEEN).

    Raises EventRefused: `closed`, `stamped`, `not-major`, `too-early`.
    """
    name = _STAMPS[which]

    def change(event: PowerEvent) -> PowerEvent:
        if getattr(event, f"{name}_at") is not None:
            raise _refused("stamped", number)
        if which is EventAct.AUTHORITY and not event.is_major:
            raise _refused("not-major", number)
        if pressed_at < event.began_at:
            raise _refused("too-early", number)
        stamped = {f"{name}_at": pressed_at, f"{name}_by": actor.name}
        if which is not EventAct.SEEN and event.seen_at is None:
            # Whoever acts knows.
            stamped |= {"seen_at": pressed_at, "seen_by": actor.name}
        return replace(event, **stamped)  # type: ignore[arg-type]

    return _act(desk, actor, number, _step(number, pressed_at, actor, which, note=note), now, change)


def say_major(desk: Desk, actor: Actor, number: int, pressed_at: datetime, now: datetime, note: str = "") -> PowerEvent:
    """It is a major event: the clock of four hours to the authority runs, from the beginning.

    Raises EventRefused: `closed`, `stamped`.
    """

    def change(event: PowerEvent) -> PowerEvent:
        if event.is_major:
            raise _refused("stamped", number)
        return replace(event, is_major=True)

    return _act(desk, actor, number, _step(number, pressed_at, actor, EventAct.MAJOR, note=note), now, change)


def record_call(
    desk: Desk,
    actor: Actor,
    number: int,
    contact: str,
    result: CallResult,
    pressed_at: datetime,
    now: datetime,
    note: str = "",
) -> PowerEvent:
    """Somebody of the call list was called; `contact` is what `rules.calls.subject_of` gives.

    Raises EventRefused: `closed`, `no-contact`.
    """
    if all(subject_of(one) != contact for one in desk.site.contacts):
        raise _refused("no-contact", number, subject=inert(contact, LONGEST_NAME))
    step = replace(_step(number, pressed_at, actor, EventAct.CALLED, contact, note), result=result)
    return _act(desk, actor, number, step, now)


def shed(desk: Desk, actor: Actor, number: int, load: str, pressed_at: datetime, now: datetime) -> PowerEvent:
    """A load was switched off, by hand and by whoever owns it. Raises EventRefused: `closed`, `no-load`, `shed`."""
    return _tick(desk, actor, number, load, EventAct.SHED, pressed_at, now)


def unshed(desk: Desk, actor: Actor, number: int, load: str, pressed_at: datetime, now: datetime) -> PowerEvent:
    """It is on again, or never was off. Raises EventRefused: `closed`, `no-load`, `not-shed`."""
    return _tick(desk, actor, number, load, EventAct.UNSHED, pressed_at, now)


def restarted(desk: Desk, actor: Actor, number: int, name: str, pressed_at: datetime, now: datetime) -> PowerEvent:
    """A load runs again, or an air conditioner was looked after. Raises EventRefused: `closed`, `no-load`."""
    known = {load.name for load in desk.site.loads} | {one.name for one in desk.site.air_conditioners}
    if name not in known:
        raise _refused("no-load", number, subject=inert(name, LONGEST_NAME))
    return _act(desk, actor, number, _step(number, pressed_at, actor, EventAct.RESTARTED, name), now)


def add_note(desk: Desk, actor: Actor, number: int, note: str, pressed_at: datetime, now: datetime) -> PowerEvent:
    """A line in the timeline. Raises EventRefused: `closed`, `text-needed`."""
    if not _said(note):
        raise _refused("text-needed", number)
    return _act(desk, actor, number, _step(number, pressed_at, actor, EventAct.NOTED, note=note), now)


def close(desk: Desk, actor: Actor, number: int, text: str, now: datetime) -> PowerEvent:
    """Closes an event whose outages are over, with what happened and what was done; nothing in it changes after.

    Raises EventRefused: `closed`, `not-over`, `text-needed`.
    """

    def change(event: PowerEvent) -> PowerEvent:
        if event.state is EventState.RUNNING:
            raise _refused("not-over", number)
        if not _said(text):
            raise _refused("text-needed", number)
        return replace(event, state=EventState.CLOSED, closing_text=_said(text), closed_at=now, closed_by=actor.name)

    step = _step(number, now, actor, EventAct.CLOSED)
    return _act(desk, actor, number, step, now, change, act=Act.CLOSE_EVENT)


def _tick(
    desk: Desk, actor: Actor, number: int, load: str, act: EventAct, pressed_at: datetime, now: datetime
) -> PowerEvent:
    if all(one.name != load for one in desk.site.loads):
        raise _refused("no-load", number, subject=inert(load, LONGEST_NAME))
    step = _step(number, pressed_at, actor, act, load)

    def check(before: tuple[EventStep, ...]) -> None:
        if (load in shed_now(before)) is (act is EventAct.SHED):
            raise _refused("shed" if act is EventAct.SHED else "not-shed", number)

    return _act(desk, actor, number, step, now, check=check)


def _act(
    desk: Desk,
    actor: Actor,
    number: int,
    step: EventStep,
    now: datetime,
    change: Callable[[PowerEvent], PowerEvent] = lambda event: event,
    *,
    check: Callable[[tuple[EventStep, ...]], None] | None = None,
    act: Act = Act.WORK_ON_EVENT,
) -> PowerEvent:
    """One act, stored whole: the event where it changes, the line of its history, and their lines in the ledger."""
    require(actor, act)
    with desk.store.write() as session:
        event = power_events.get(session, number)
        if event is None:
            raise _refused("not-found", number)
        if event.state is EventState.CLOSED:
            raise _refused("closed", number)
        if check is not None:
            check(power_events.steps(session, number))
        changed = change(event)
        kept = power_events.add_step(session, step)
        if changed != event:
            power_events.update(session, changed)
            ledger.append_row(session, at=now, actor=actor, act=act, of=changed)
        ledger.append_row(session, at=now, actor=actor, act=act, of=kept)
    return changed


def _step(number: int, at: datetime, actor: Actor, act: EventAct, subject: str = "", note: str = "") -> EventStep:
    return EventStep(number, at, actor.name, act, inert(subject, LONGEST_NAME), note=_said(note))


def _said(text: str) -> str:
    return inert(text, LONGEST_NOTE).strip()


def _refused(code: str, number: int, **params: object) -> EventRefused:
    return EventRefused(_(_REFUSED[code]).format(number=number, **params), code=code)
