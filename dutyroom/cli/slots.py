"""`dutyroom rounds skip` and `rounds back-fill`: a round that need not be walked, and one that was walked on paper."""

from __future__ import annotations

from typing import Annotated

import typer

from dutyroom.cli.local_time import moment
from dutyroom.cli.options import Config, Lang, site_of
from dutyroom.cli.signing import As, PasswordFile, signed_in
from dutyroom.words import N_, _

Name = Annotated[str, typer.Argument(metavar="CHECKLIST", help=N_("The checklist's name, such as daily."))]
Due = Annotated[str, typer.Option("--due", metavar="TIME", help=N_("When the round is due, local: 2026-12-01 08:30."))]


def skip(
    ctx: typer.Context,
    checklist: Name,
    due: Due,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help=N_("Why, in a few words."))],
    by: As,
    reason: Annotated[str, typer.Option("--reason", metavar="CODE", help=N_("A code such as maintenance."))] = "other",
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Skips; exit code 1 when the round may not be skipped."""
    from dutyroom import clock
    from dutyroom.duty.skipping import skip_round
    from dutyroom.model.rounds import SkipReason

    if reason not in set(SkipReason):
        raise typer.BadParameter(_("the reason is one of {codes}").format(codes=", ".join(SkipReason)))
    site = site_of(ctx)
    with signed_in(site, by, password_file) as (desk, actor):
        at = moment(due, site.timezone)
        done = skip_round(desk, actor, clock.now(), SkipReason(reason), note, checklist, at)
    print(_("Round {id} is skipped.").format(id=done.id))
    return 0


def back_fill(
    ctx: typer.Context,
    checklist: Name,
    due: Due,
    begun: Annotated[str, typer.Option("--from", metavar="TIME", help=N_("When the walk on paper began."))],
    ended: Annotated[str, typer.Option("--to", metavar="TIME", help=N_("When the walk on paper ended."))],
    by: As,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Opens the round; exit code 1 when it may not be typed in."""
    from dutyroom import clock
    from dutyroom.duty.backfill import back_fill as open_from_paper

    site = site_of(ctx)
    zone = site.timezone
    with signed_in(site, by, password_file) as (desk, actor):
        paper = (moment(begun, zone), moment(ended, zone))
        walk = open_from_paper(desk, actor, clock.now(), *paper, checklist, moment(due, zone))
    print(_("Round {id} is open: type its answers in on the page of rounds, then sign it.").format(id=walk.round.id))
    return 0
