"""What people do in a power event from the command line, such as over SSH at night; each act is signed in for.

An outage is named by its number in the list; what is done is done for the whole power event. The stamp is of the moment
the command was given, also when a password is asked for in between.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Lang, site_of
from dutyroom.cli.signing import As, PasswordFile, signed_in
from dutyroom.model.outage import CallResult, EventAct
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from pathlib import Path

    from dutyroom.duty.desk import Desk
    from dutyroom.model.outage import PowerEvent
    from dutyroom.model.people import Actor

    # The desk, who, the number of the power event, when the command was given, and now.
    Act = Callable[[Desk, Actor, int, datetime, datetime], PowerEvent]

Number = Annotated[int, typer.Argument(metavar="ID", help=N_("The outage's number in the list."))]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help=N_("What was done, or why."), show_default=False)]
Contact = Annotated[str, typer.Argument(metavar="NAME", help=N_("Who was called, as the site file names them."))]
Result = Annotated[CallResult, typer.Option("--result", help=N_("What came of it."), show_default=False)]
LoadName = Annotated[str, typer.Argument(metavar="LOAD", help=N_("The load's name in the site file."))]

_STAMPS = {
    "seen": EventAct.SEEN,
    "contain": EventAct.CONTAINED,
    "report": EventAct.REPORTED,
    "authority": EventAct.AUTHORITY,
}


def add_to(app: typer.Typer) -> None:
    """Adds every act to the group of commands."""
    commands: tuple[tuple[str, str, Callable[..., int]], ...] = (
        ("seen", N_("Say that you know; that ends the alarms."), _noted("seen")),
        ("contain", N_("It does no more harm (within 3 minutes)."), _noted("contain")),
        ("report", N_("The leading group was told (within 30 minutes)."), _noted("report")),
        ("authority", N_("The authority was told of a major event (within 4 hours)."), _noted("authority")),
        ("major", N_("It is a major event: the authority is to be told within 4 hours."), _noted("major")),
        ("call", N_("Somebody of the call list was called."), call),
        ("shed", N_("A load was switched off, by whoever owns it."), _ticked("shed")),
        ("unshed", N_("A load is on again, or never was off."), _ticked("unshed")),
        ("restarted", N_("A load runs again, or an air conditioner was looked after."), _ticked("restarted")),
        ("note", N_("Add a line to its timeline."), note),
        ("close", N_("Close what is over, with what happened and what was done."), close),
    )
    for name, words, command in commands:
        app.command(name, help=words)(command)


def _noted(name: str) -> Callable[..., int]:
    """The command of an act that takes a note and nothing else: it stops a clock, or says that the event is major."""

    def command(
        ctx: typer.Context,
        number: Number,
        by: As,
        said: Note = "",
        password_file: PasswordFile = None,
        config: Config = None,
        lang: Lang = None,
    ) -> int:
        from dutyroom.duty import power_events

        def act(desk: Desk, actor: Actor, event: int, pressed_at: datetime, now: datetime) -> PowerEvent:
            if name in _STAMPS:
                return power_events.stamp(desk, actor, event, _STAMPS[name], pressed_at, now, said)
            return power_events.say_major(desk, actor, event, pressed_at, now, said)

        return _carry_out(ctx, number, by, password_file, act)

    return command


def _ticked(name: str) -> Callable[..., int]:
    """The command that ticks one thing off."""

    def command(
        ctx: typer.Context,
        number: Number,
        load: LoadName,
        by: As,
        password_file: PasswordFile = None,
        config: Config = None,
        lang: Lang = None,
    ) -> int:
        from dutyroom.duty import power_events

        ticks = {"shed": power_events.shed, "unshed": power_events.unshed, "restarted": power_events.restarted}

        def act(desk: Desk, actor: Actor, event: int, pressed_at: datetime, now: datetime) -> PowerEvent:
            return ticks[name](desk, actor, event, load, pressed_at, now)

        return _carry_out(ctx, number, by, password_file, act)

    return command


def call(
    ctx: typer.Context,
    number: Number,
    contact: Contact,
    result: Result,
    by: As,
    said: Note = "",
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Records a call and what came of it."""
    from dutyroom.duty import power_events

    return _carry_out(
        ctx,
        number,
        by,
        password_file,
        lambda desk, actor, event, pressed_at, now: power_events.record_call(
            desk, actor, event, contact, result, pressed_at, now, said
        ),
    )


def note(
    ctx: typer.Context,
    number: Number,
    said: Annotated[str, typer.Option("--note", metavar="TEXT", help=N_("What is to be known."))],
    by: As,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Adds a line to its timeline."""
    from dutyroom.duty import power_events

    return _carry_out(
        ctx,
        number,
        by,
        password_file,
        lambda desk, actor, event, pressed_at, now: power_events.add_note(desk, actor, event, said, pressed_at, now),
    )


def close(
    ctx: typer.Context,
    number: Number,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help=N_("What happened and what was done."))],
    by: As,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Closes a power event that is over."""
    from dutyroom.duty import power_events

    return _carry_out(
        ctx,
        number,
        by,
        password_file,
        lambda desk, actor, event, _pressed_at, now: power_events.close(desk, actor, event, text, now),
    )


def _carry_out(ctx: typer.Context, number: int, by: str, password_file: Path | None, act: Act) -> int:
    from dutyroom import clock, outage_record_words, outage_words
    from dutyroom.duty.outage_lists import event_of
    from dutyroom.rules.durations import between
    from dutyroom.rules.event_clocks import event_clocks

    site, pressed_at = site_of(ctx), clock.now()
    with signed_in(site, by, password_file) as (desk, actor):
        now = clock.now()
        event = act(desk, actor, event_of(desk, number), pressed_at, now)
    clocks = event_clocks(event, between(event.began_at, event.began_boot, now, clock.boot()).seconds)
    sentence = _("Power event {number}: {state}.")
    print(sentence.format(number=event.id, state=outage_record_words.event_state(event)))
    for one in clocks:
        if one.needed:
            print(f"{outage_words.clock(one.name)}: {outage_record_words.clock(one, site.timezone, lambda name: name)}")
    return 0
