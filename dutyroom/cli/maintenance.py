"""`dutyroom maintenance`: planned windows, entered before they begin."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.local_time import moment
from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.cli.signing import As, PasswordFile, signed_in
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from dutyroom.model.maintenance import MaintenanceWindow

app = typer.Typer(no_args_is_help=True)

From = Annotated[str, typer.Option("--from", metavar="TIME", help=N_("When it begins, local: 2026-12-01 22:00."))]
Until = Annotated[str | None, typer.Option("--until", metavar="TIME", help=N_("When it ends."), show_default=False)]
For = Annotated[
    str | None, typer.Option("--for", metavar="DURATION", help=N_("Or how long: 90m, 4h."), show_default=False)
]
Devices = Annotated[
    list[str] | None,
    typer.Option("--device", metavar="NAME", help=N_("A device, by its name; may be repeated."), show_default=False),
]
WholeRoom = Annotated[bool, typer.Option("--room", help=N_("The whole room."))]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help=N_("Why, in a few words."))]


@app.command("add", help=N_("Enter a window before it begins: trouble of these devices is expected then."))
def add(
    ctx: typer.Context,
    begins: From,
    reason: Reason,
    by: As,
    ends: Until = None,
    lasts: For = None,
    devices: Devices = None,
    room: WholeRoom = False,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Enters; exit code 2 for a time that cannot be read, 1 for a window that is refused."""
    from dutyroom import clock
    from dutyroom.duty.maintenance import plan

    site = site_of(ctx)
    if bool(devices) is room:
        raise typer.BadParameter(_("give --device NAME, or --room"))
    starts_at = moment(begins, site.timezone)
    ends_at = _end(starts_at, ends, lasts, site.timezone)
    with signed_in(site, by, password_file) as (desk, actor):
        window = plan(desk, actor, starts_at, ends_at, devices or (), reason, clock.now())
    print(_("Entered: {window}").format(window="  ".join(_row(window, site.timezone, clock.now()))))
    return 0


@app.command("list", help=N_("Windows that run or are to come."))
def list_windows(
    ctx: typer.Context,
    every: Annotated[bool, typer.Option("--all", help=N_("Those that are over and cancelled too."))] = False,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints one line for each window."""
    from dutyroom import clock
    from dutyroom.cli import documents, maintenance_document
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.maintenance import listed

    site, now = site_of(ctx), clock.now()
    desk = open_desk(site, read_only=True)
    try:
        found = listed(desk, now, every=every)
    finally:
        desk.store.close()
    if json:
        print(documents.to_text(maintenance_document.maintenance(found, now)))
    elif found:
        print("\n".join(aligned([_row(one, site.timezone, now) for one in found])))
    else:
        print(_("No maintenance is planned."))
    return 0


@app.command("cancel", help=N_("Take a window back; it stays on record."))
def cancel(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help=N_("The window's number in the list."))],
    by: As,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Cancels."""
    from dutyroom import clock
    from dutyroom.duty.maintenance import cancel as take_back

    site = site_of(ctx)
    with signed_in(site, by, password_file) as (desk, actor):
        window = take_back(desk, actor, number, clock.now())
    print(_("Cancelled: {window}").format(window="  ".join(_row(window, site.timezone, clock.now()))))
    return 0


def _row(one: MaintenanceWindow, zone: ZoneInfo, now: datetime) -> tuple[str, ...]:
    from dutyroom import maintenance_words, show

    return (
        str(one.id),
        f"{show.moment(one.starts_at, zone)} – {show.moment(one.ends_at, zone)}",
        maintenance_words.state(one, now),
        " ".join(one.devices) or _("whole room"),
        one.reason,
        one.entered_by,
    )


def _end(starts_at: datetime, ends: str | None, lasts: str | None, zone: ZoneInfo) -> datetime:
    from dutyroom.tomlvalues import seconds

    if (ends is None) is (lasts is None):
        raise typer.BadParameter(_("give --until TIME, or --for DURATION"))
    if ends is not None:
        return moment(ends, zone)
    try:
        return starts_at + timedelta(seconds=seconds(lasts or ""))
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(str(error)) from None
