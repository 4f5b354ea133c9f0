"""`dutyroom rounds facts`, `rounds approve` and `rounds amend`: what becomes of a round after its signature."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Lang, site_of
from dutyroom.cli.signing import As, PasswordFile
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.duty.desk import Desk
    from dutyroom.duty.walks import Walk
    from dutyroom.model.honesty import Honesty
    from dutyroom.model.people import Actor

Number = Annotated[int, typer.Argument(metavar="ID", help=N_("The round's number in the list."))]


def show_facts(ctx: typer.Context, number: Number, config: Config = None, lang: Lang = None) -> int:
    """Prints the facts; exit code 1 when there is no round of that number."""
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.honesty import honesty_of
    from dutyroom.duty.walks import load_walk

    desk = open_desk(site_of(ctx), read_only=True)
    try:
        walk, found = load_walk(desk, number), honesty_of(desk, number)
    finally:
        desk.store.close()
    print("\n".join(_facts(walk, found)))
    return 0


def approve(
    ctx: typer.Context,
    number: Number,
    by: As,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Approves the round as it stands, and prints the facts it was approved with."""
    from dutyroom import clock
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.approval import approve_round
    from dutyroom.duty.honesty import honesty_of
    from dutyroom.duty.walks import load_walk

    desk = open_desk(site_of(ctx))
    try:
        actor, password = _signer(desk, by, password_file)
        walk, found = load_walk(desk, number), honesty_of(desk, number)
        approve_round(desk, actor, number, password, clock.now(), walk.round.revision)
    finally:
        desk.store.close()
    print("\n".join(_facts(walk, found)))
    print(_("Round {id} is approved.").format(id=number))
    return 0


def amend(
    ctx: typer.Context,
    number: Number,
    by: As,
    item: Annotated[str, typer.Option("--item", metavar="ITEM", help=N_("The item whose answer is another one."))],
    answer: Annotated[str, typer.Option("--answer", metavar="TEXT", help=N_("The answer that is right."))],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=N_("Why it is amended."))],
    device: Annotated[str, typer.Option("--device", metavar="NAME", help=N_("Of which device."))] = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help=N_("A note to the answer."))] = "",
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Amends one answer of a signed round; an approval is withdrawn."""
    from dutyroom import clock
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.amendments import amend_round
    from dutyroom.duty.answers import Given
    from dutyroom.duty.walks import load_walk
    from dutyroom.errors import RoundRefused

    desk = open_desk(site_of(ctx))
    try:
        actor, password = _signer(desk, by, password_file)
        walk = load_walk(desk, number)
        line = next((one for one in walk.lines if one.key == (item, device)), None)
        if line is None:
            sentence = _("Round {id} has no line {item} {device}: rounds show {id} --json lists them.")
            raise RoundRefused(sentence.format(id=number, item=item, device=device), code="unknown-line")
        changes = [(line, Given(answer, note))]
        done = amend_round(desk, actor, number, walk.round.revision, changes, reason, password, clock.now())
    finally:
        desk.store.close()
    print(_("Round {id} is amended: this is its version {n}.").format(id=number, n=done.revision))
    return 0


def _signer(desk: Desk, by: str, password_file: Path | None) -> tuple[Actor, str]:
    from dutyroom.cli.signing import read_password, sign_in_with
    from dutyroom.inert import inert

    password = read_password(password_file, _("Password of {name}: ").format(name=inert(by, 64)))
    return sign_in_with(desk.store, by, password, desk.site.passwords), password


def _facts(walk: Walk, found: Honesty) -> list[str]:
    from dutyroom import honesty_words

    lines = []
    if found.pace.whole is not None and found.pace.between is not None:
        told = _("{whole:.0f} s from the beginning to the signature, {between:.1f} s between two answers.")
        lines.append(told.format(whole=found.pace.whole, between=found.pace.between))
    lines += [honesty_words.fact(fact, walk.checklist.item) for fact in found.facts]
    return lines if found.facts else [*lines, _("Nothing is to be remarked on how it was walked.")]
