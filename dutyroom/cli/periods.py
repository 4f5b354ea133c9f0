"""`dutyroom period`: critical periods, in which the room is walked more often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.local_time import moment
from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.cli.signing import As, PasswordFile, signed_in
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from dutyroom.model.periods import CriticalPeriod

app = typer.Typer(no_args_is_help=True)


@app.command("open", help=N_("A lead opens a critical period before it begins."))
def open_one(
    ctx: typer.Context,
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help=N_("What it is called, such as National Day."))],
    begins: Annotated[str, typer.Option("--from", metavar="TIME", help=N_("When it begins, local: 2026-12-01 22:00."))],
    ends: Annotated[str, typer.Option("--until", metavar="TIME", help=N_("When it ends."))],
    by: As,
    kind: Annotated[str, typer.Option("--kind", metavar="CODE", help=N_("holiday, event, drill or other"))] = "other",
    every: Annotated[str, typer.Option("--every", metavar="DURATION", help=N_("How often it is walked: 4h."))] = "4h",
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Opens; exit code 1 for a period that is refused."""
    from dutyroom import clock
    from dutyroom.duty.periods import open_period
    from dutyroom.model.periods import PeriodKind
    from dutyroom.tomlvalues import seconds

    if kind not in set(PeriodKind):
        raise typer.BadParameter(_("the kind is one of {codes}").format(codes=", ".join(PeriodKind)))
    try:
        every_s = seconds(every)
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(str(error)) from None
    site = site_of(ctx)
    times = (moment(begins, site.timezone), moment(ends, site.timezone))
    with signed_in(site, by, password_file) as (desk, actor):
        opened = open_period(desk, actor, clock.now(), PeriodKind(kind), name, *times, every_s)
    print(_("Entered: {window}").format(window="  ".join(_row(opened, site.timezone))))
    return 0


@app.command("close", help=N_("A lead ends a period before its planned end; it stays on record."))
def close_one(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help=N_("The period's number in the list."))],
    by: As,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Closes."""
    from dutyroom import clock
    from dutyroom.duty.periods import close_period

    site = site_of(ctx)
    with signed_in(site, by, password_file) as (desk, actor):
        closed = close_period(desk, actor, number, clock.now())
    print(_("Closed: {window}").format(window="  ".join(_row(closed, site.timezone))))
    return 0


@app.command("list", help=N_("Critical periods that run or are to come."))
def list_periods(
    ctx: typer.Context,
    every: Annotated[bool, typer.Option("--all", help=N_("Those that are over and closed too."))] = False,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints one line for each."""
    from dutyroom import clock
    from dutyroom.cli import documents, maintenance_document
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.periods import listed

    site = site_of(ctx)
    desk = open_desk(site, read_only=True)
    try:
        found = listed(desk, clock.now(), every=every)
    finally:
        desk.store.close()
    if json:
        print(documents.to_text(maintenance_document.periods(found, clock.now())))
        return 0
    rows = aligned([_row(one, site.timezone) for one in found])
    print("\n".join(rows) if found else _("No critical period runs or is to come."))
    return 0


def _row(one: CriticalPeriod, zone: ZoneInfo) -> tuple[str, ...]:
    from dutyroom import show
    from dutyroom.inert import inert

    return (
        str(one.id),
        f"{show.moment(one.starts_at, zone)} – {show.moment(one.over_at, zone)}",
        show.duration(one.every_s),
        inert(one.name),
        one.opened_by,
    )
