"""What people do on the outage screen. An act is of the moment of its key, whatever is asked before it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from dutyroom import clock, outage_words, show
from dutyroom.duty import power_events
from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.model.outage import CallResult, EventAct, PowerEvent
from dutyroom.rules.calls import subject_of
from dutyroom.words import N_, _
from screens.dialogs.finding_form import Field, FindingFormDialog

if TYPE_CHECKING:
    from dutyroom.model.site import Contact
    from screens.app import DutyroomApp

STAMPS = (EventAct.SEEN, EventAct.CONTAINED, EventAct.REPORTED)
TICKS: Mapping[EventAct, Callable[..., PowerEvent]] = {
    EventAct.SHED: power_events.shed,
    EventAct.UNSHED: power_events.unshed,
    EventAct.RESTARTED: power_events.restarted,
}
_DONE = {
    EventAct.SEEN: N_("Seen {time}: the bell is silent."),
    EventAct.CONTAINED: N_("Contained {time}."),
    EventAct.REPORTED: N_("Reported {time}."),
    EventAct.AUTHORITY: N_("Reported to the authority {time}."),
    EventAct.MAJOR: N_("A major event since {time}."),
    EventAct.CALLED: N_("The call of {time} is on record."),
    EventAct.SHED: N_("{name}: off {time}."),
    EventAct.UNSHED: N_("{name}: on again {time}."),
    EventAct.RESTARTED: N_("{name}: runs again {time}."),
    EventAct.NOTED: N_("The note of {time} is on record."),
    EventAct.CLOSED: N_("The power event is closed."),
}
_TITLES = {
    EventAct.CALLED: N_("Result of a call"),
    EventAct.MAJOR: N_("It is a major event: report it to the authority within 4 h"),
    EventAct.AUTHORITY: N_("Reported to the authority"),
    EventAct.NOTED: N_("A line in the timeline"),
    EventAct.CLOSED: N_("Closes the power event"),
}
CONTACT, RESULT, NOTE = N_("Who was called"), N_("Result"), N_("Note")
CLOSING = N_("What happened, and what was done")


def act_on(app: DutyroomApp, act: EventAct, subject: str = "") -> None:
    """Does that in the power event on the board; `subject` is a load or a contact.

    Asks who acts when nobody is signed in or the screens are locked, then what the act needs.
    """
    found = app.board.outage if app.board is not None else None
    if found is None or app.screen.is_modal:
        return
    at, number = clock.now(), found.event.id
    app.when_in(partial(_go_on, app, act, number, subject, at))


def _go_on(app: DutyroomApp, act: EventAct, number: int, subject: str, at: datetime) -> None:
    if act in STAMPS or act in TICKS:
        app.run_worker(_at_once(app, act, number, subject, at), group="outage")
        return
    fields = _fields(app, act, subject)

    async def send(values: Mapping[str, str]) -> PowerEvent:
        return await carry_out(app, act, number, subject, at, values)

    def did(changed: PowerEvent | None) -> None:
        if changed is not None:
            _tell(app, act, subject, at)

    def title() -> str:
        return f"{show.time_of_day(at, app.site.timezone, seconds=True)} · {_(_TITLES[act])}"

    app.push_screen(FindingFormDialog(title, fields, send), did)


async def _at_once(app: DutyroomApp, act: EventAct, number: int, subject: str, at: datetime) -> None:
    try:
        await carry_out(app, act, number, subject, at, {})
    except DutyroomError as error:
        app.notify(str(error), severity="error", markup=False)
    else:
        _tell(app, act, subject, at)


def _tell(app: DutyroomApp, act: EventAct, subject: str, at: datetime) -> None:
    time = show.time_of_day(at, app.site.timezone, seconds=True)
    labels = {load.name: load.label for load in app.site.loads} | {
        ac.name: ac.label for ac in app.site.air_conditioners
    }
    name = labels.get(subject, subject)
    app.notify(_(_DONE[act]).format(time=time, name=inert(name, 60)), markup=False)


async def carry_out(
    app: DutyroomApp, act: EventAct, number: int, subject: str, at: datetime, values: Mapping[str, str]
) -> PowerEvent:
    """Does it. Raises EventRefused, NotAllowed, StoreError."""
    actor, opened = app.actor, app.opened
    assert actor is not None  # asked for before
    assert opened is not None
    run, desk, now, note = opened.writer.carry_out, opened.desk, clock.now(), values.get("note", "")
    if act in TICKS:
        return await run(TICKS[act], desk, actor, number, subject, at, now)
    match act:
        case EventAct.MAJOR:
            return await run(power_events.say_major, desk, actor, number, at, now, note)
        case EventAct.CALLED:
            result = CallResult(values["result"])
            return await run(power_events.record_call, desk, actor, number, values["contact"], result, at, now, note)
        case EventAct.NOTED:
            return await run(power_events.add_note, desk, actor, number, note, at, now)
        case EventAct.CLOSED:
            return await run(power_events.close, desk, actor, number, note, now)
    return await run(power_events.stamp, desk, actor, number, act, at, now, note)


def _fields(app: DutyroomApp, act: EventAct, subject: str) -> list[Field]:
    match act:
        case EventAct.CALLED:
            contacts = {subject_of(one): one for one in app.site.contacts}
            options = tuple((name, partial(_contact_words, contacts)) for name in contacts)
            results = tuple((one.value, _result_words) for one in CallResult)
            return [
                Field("contact", CONTACT, subject, needed=True, options=options),
                Field("result", RESULT, CallResult.ANSWERED.value, options=results),
                Field("note", NOTE),
            ]
        case EventAct.CLOSED:
            return [Field("note", CLOSING, needed=True)]
        case EventAct.NOTED:
            return [Field("note", NOTE, needed=True)]
    return [Field("note", NOTE)]


def _contact_words(contacts: Mapping[str, Contact], name: str) -> str:
    contact = contacts[name]
    return "  ".join(filter(None, (name, contact.role if contact.name else "", contact.phone)))


def _result_words(code: str) -> str:
    return outage_words.call_result(CallResult(code))
