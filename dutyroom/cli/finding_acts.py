"""What people do to a finding from the command line; each act is signed in for on its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Lang, site_of
from dutyroom.cli.signing import As, PasswordFile, signed_in
from dutyroom.model.finding import Severity
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from dutyroom.duty.desk import Desk
    from dutyroom.model.finding import Finding
    from dutyroom.model.people import Actor

    Act = Callable[[Desk, Actor, datetime], Finding]

Number = Annotated[int, typer.Argument(metavar="ID", help=N_("The finding's number in the list."))]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help=N_("What was done, or why."), show_default=False)]
Class = Annotated[Severity, typer.Option("--class", help=N_("How bad it is."), show_default=False)]
Until = Annotated[str, typer.Option("--until", metavar="DATE", help=N_("The last day, at most 31 days from now."))]
Deadline = Annotated[
    str | None, typer.Option("--deadline", metavar="TIME", help=N_("Until when it is to be done."), show_default=False)
]
To = Annotated[str | None, typer.Option("--to", metavar="NAME", help=N_("Who is to do it."), show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Adds every act to the group of commands."""
    commands: tuple[tuple[str, str, Callable[..., int]], ...] = (
        ("add", N_("Enter what was seen outside a round."), add),
        ("contain", N_("It does no more harm (within 3 minutes)."), _noted("contain")),
        ("report", N_("The leading group was told (within 30 minutes)."), _noted("report")),
        ("authority", N_("The authority was told of a major event (within 4 hours)."), _noted("authority")),
        ("take", N_("Work on it yourself."), _noted("take")),
        ("assign", N_("Give it to somebody, with another deadline where one is given."), assign),
        ("note", N_("Add a line to its history."), note),
        ("done", N_("Say that it is put right, and how."), _noted("done")),
        ("verify", N_("Say that you have seen it right again; never your own work."), _noted("verify")),
        ("return", N_("Send it back to work, and say what is missing."), _noted("return")),
        ("known", N_("Make it a known fault, with an owner and a last day (a lead)."), known),
        ("rate", N_("Give it another class; a lower one is a lead's."), rate),
        ("withdraw", N_("Say that it was none; it stays on record."), withdraw),
    )
    for name, words, command in commands:
        app.command(name, help=words)(command)


def _noted(name: str) -> Callable[..., int]:
    """The command of an act that takes a note and nothing else."""

    def command(
        ctx: typer.Context,
        number: Number,
        by: As,
        said: Note = "",
        password_file: PasswordFile = None,
        config: Config = None,
        lang: Lang = None,
    ) -> int:
        from dutyroom.duty import findings

        acts: dict[str, Act] = {
            "contain": lambda desk, actor, now: findings.contain(desk, actor, number, now, said),
            "report": lambda desk, actor, now: findings.report(desk, actor, number, now, said),
            "authority": lambda desk, actor, now: findings.tell_authority(desk, actor, number, now, said),
            "take": lambda desk, actor, now: findings.take(desk, actor, number, now, said),
            "done": lambda desk, actor, now: findings.done(desk, actor, number, said, now),
            "verify": lambda desk, actor, now: findings.verify(desk, actor, number, now, said),
            "return": lambda desk, actor, now: findings.return_to_work(desk, actor, number, said, now),
        }
        return _carry_out(ctx, by, password_file, acts[name])

    return command


def add(
    ctx: typer.Context,
    severity: Class,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help=N_("What is wrong."))],
    by: As,
    device: Annotated[
        str, typer.Option("--device", metavar="NAME", help=N_("The device it is about."), show_default=False)
    ] = "",
    to: To = None,
    deadline: Deadline = None,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Enters a finding of a person."""
    from dutyroom.duty import findings

    until = _moment(deadline, site_of(ctx).timezone) if deadline is not None else None
    return _carry_out(
        ctx,
        by,
        password_file,
        lambda desk, actor, now: findings.find(
            desk, actor, severity, text, now, device=device, assignee=to, deadline=until
        ),
    )


def assign(
    ctx: typer.Context,
    number: Number,
    to: Annotated[str, typer.Option("--to", metavar="NAME", help=N_("Who is to do it."))],
    by: As,
    deadline: Deadline = None,
    said: Note = "",
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Gives it to another operator."""
    from dutyroom.duty import findings

    until = _moment(deadline, site_of(ctx).timezone) if deadline is not None else None
    return _carry_out(
        ctx,
        by,
        password_file,
        lambda desk, actor, now: findings.assign(desk, actor, number, to, now, said, until),
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
    """Adds a line to its history."""
    from dutyroom.duty import findings

    return _carry_out(
        ctx, by, password_file, lambda desk, actor, now: findings.add_note(desk, actor, number, said, now)
    )


def known(
    ctx: typer.Context,
    number: Number,
    owner: Annotated[str, typer.Option("--owner", metavar="TEXT", help=N_("Who answers for it."))],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=N_("Why it is not put right now."))],
    until: Until,
    by: As,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Makes it a known fault."""
    from dutyroom.duty import findings

    last = _moment(until, site_of(ctx).timezone)
    return _carry_out(
        ctx,
        by,
        password_file,
        lambda desk, actor, now: findings.know(desk, actor, number, owner, reason, last, now),
    )


def rate(
    ctx: typer.Context,
    number: Number,
    severity: Class,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=N_("Why, in a few words."))],
    by: As,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Gives it another class."""
    from dutyroom.duty import findings

    return _carry_out(
        ctx, by, password_file, lambda desk, actor, now: findings.rate(desk, actor, number, severity, reason, now)
    )


def withdraw(
    ctx: typer.Context,
    number: Number,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=N_("Why, in a few words."))],
    by: As,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Withdraws it."""
    from dutyroom.duty import findings

    return _carry_out(
        ctx, by, password_file, lambda desk, actor, now: findings.withdraw(desk, actor, number, reason, now)
    )


def _carry_out(ctx: typer.Context, by: str, password_file: Path | None, act: Act) -> int:
    from dutyroom import clock, finding_words, show

    site = site_of(ctx)
    with signed_in(site, by, password_file) as (desk, actor):
        now = clock.now()
        found = act(desk, actor, now)
    sentence = _("Finding {number}: {state}; deadline {deadline}.")
    deadline = show.moment(found.deadline, site.timezone)
    print(sentence.format(number=found.id, state=finding_words.standing(found, now), deadline=deadline))
    return 0


def _moment(text: str, zone: ZoneInfo) -> datetime:
    """A local time, or one with its own offset, as UTC; a date alone is the end of that day."""
    try:
        if len(text.strip()) == len("2026-12-01"):
            at = datetime.combine(date.fromisoformat(text.strip()), time(23, 59, 59))
        else:
            at = datetime.fromisoformat(text.strip())
        return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        sentence = _("{text} is no time such as 2026-12-01 22:00")
        raise typer.BadParameter(sentence.format(text=repr(text))) from None
