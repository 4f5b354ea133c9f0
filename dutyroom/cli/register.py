"""`dutyroom register`: who an address belongs to."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.cli.signing import As, PasswordFile, PerhapsAs, sign_in_as, signed_in
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.model.addresses import Registration
    from dutyroom.report.imports import BadCell
    from dutyroom.rules.register import Plan

app = typer.Typer(no_args_is_help=True)
BAD = 1
_WHY = {
    "formula": N_("row {row}, {column}: a formula ({value}); write the value itself"),
    "not-an-ip": N_("row {row}, {column}: {value} is no IP address, range or network"),
    "not-a-mac": N_("row {row}, {column}: {value} is no MAC address"),
    "no-address": N_("row {row}: neither an IP nor a MAC address"),
    "not-a-date": N_("row {row}, {column}: {value} is no date such as 2026-12-31"),
    "nobody": N_("row {row}: {value} belongs to nobody; fill in name, owner, user or department"),
    "twice": N_("row {row}: the same address as in row {value}"),
}
_COLUMNS = {"ip": N_("IP address"), "mac": N_("MAC address"), "valid_until": N_("Valid until")}


@app.command("import", help=N_("Import a register from Excel; nothing is imported unless every row is good."))
def import_file(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=N_("The workbook (.xlsx) with a header row."))],
    by: PerhapsAs = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Only say what would change."))] = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help=N_("Import the good rows all the same."))] = False,
    replace_all: Annotated[
        bool, typer.Option("--replace", help=N_("Remove registrations that the file does not name."))
    ] = False,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Imports, or says what would change. Exit code 1 when rows are bad, 2 without --as."""
    from dutyroom import clock
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.register import import_register, planned
    from dutyroom.report.imports import read_register

    site = site_of(ctx)
    if by is None and not dry_run:
        raise typer.BadParameter(_("give --as NAME, or --dry-run"))
    sheet = read_register(file)
    for one in sheet.bad:
        print(_bad(one), file=sys.stderr)
    given = [registration for _row, registration in sheet.good]
    desk = open_desk(site)
    try:
        if dry_run:
            plan = planned(desk, given, replace_all=replace_all)
        elif sheet.bad and not skip_bad:
            print(_("Nothing was imported: {count} rows are bad.").format(count=len(sheet.bad)), file=sys.stderr)
            return BAD
        else:
            actor = sign_in_as(desk.store, by or "", password_file, site.passwords)
            plan = import_register(desk, actor, given, clock.now(), replace_all=replace_all)
    finally:
        desk.store.close()
    print("\n".join(_told(plan, len(sheet.bad), dry_run=dry_run)))
    return BAD if sheet.bad else 0


def _bad(one: BadCell) -> str:
    column = _(_COLUMNS[one.column]) if one.column in _COLUMNS else one.column
    return _(_WHY[one.code]).format(row=one.row, column=column, value=one.value)


def _told(plan: Plan, bad: int, *, dry_run: bool) -> list[str]:
    counts = _("{added} added, {changed} changed, {unchanged} unchanged, {removed} removed").format(
        added=len(plan.added), changed=len(plan.changed), unchanged=len(plan.unchanged), removed=len(plan.removed)
    )
    lines = [_("Would be: {counts}").format(counts=counts) if dry_run else counts]
    if plan.kept:
        lines.append(_("{kept} not in the file, kept (--replace removes them)").format(kept=len(plan.kept)))
    if bad:
        lines.append(_("{bad} bad rows left out").format(bad=bad))
    return lines


@app.command("list", help=N_("Every registered address."))
def list_register(ctx: typer.Context, json: Json = False, config: Config = None, lang: Lang = None) -> int:
    """Prints one line for each; those of the site file have no number."""
    from dutyroom import show
    from dutyroom.cli import documents, register_document
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.register import listed

    site = site_of(ctx)
    desk = open_desk(site, read_only=True)
    try:
        found = listed(desk).all
    finally:
        desk.store.close()
    if json:
        print(documents.to_text(register_document.register(found)))
        return 0
    rows = [
        (
            str(one.id or "·"),
            one.ip or show.NOTHING,
            one.mac or show.NOTHING,
            one.whose,
            one.department if one.department != one.whose else "",
            f"{one.switch} {one.port}".strip(),
            _("until {date}").format(date=one.valid_until.isoformat()) if one.valid_until is not None else "",
        )
        for one in found
    ]
    print("\n".join(aligned(rows)) if rows else _("Nothing is registered yet: dutyroom register import FILE"))
    return 0


@app.command("add", help=N_("Register one address, range or MAC."))
def add(
    ctx: typer.Context,
    by: As,
    ip: Annotated[str, typer.Option(help=N_("Address, range or network."), show_default=False)] = "",
    mac: Annotated[str, typer.Option(help=N_("MAC address."), show_default=False)] = "",
    name: Annotated[str, typer.Option(help=N_("What it is."), show_default=False)] = "",
    owner: Annotated[str, typer.Option(help=N_("Who is responsible for it."), show_default=False)] = "",
    user: Annotated[str, typer.Option(help=N_("Who uses it."), show_default=False)] = "",
    department: Annotated[str, typer.Option(help=N_("The department."), show_default=False)] = "",
    location: Annotated[str, typer.Option(help=N_("Where it stands."), show_default=False)] = "",
    switch: Annotated[str, typer.Option(help=N_("The switch it is connected to."), show_default=False)] = "",
    port: Annotated[str, typer.Option(help=N_("The port there."), show_default=False)] = "",
    valid_until: Annotated[
        str, typer.Option("--valid-until", metavar="DATE", help=N_("The last day it is valid."), show_default=False)
    ] = "",
    note: Annotated[str, typer.Option(help=N_("Anything else."), show_default=False)] = "",
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Registers it and prints its number."""
    from dutyroom import clock
    from dutyroom.duty.register import add as register
    from dutyroom.inert import inert

    site = site_of(ctx)
    one = _address(ip, mac, valid_until)
    texts = {"name": name, "owner": owner, "user": user, "department": department, "location": location}
    texts |= {"switch": switch, "port": port, "note": note}
    one = replace(one, **{key: inert(text, 200).strip() for key, text in texts.items()})  # type: ignore[arg-type]
    if not one.whose:
        raise typer.BadParameter(_("fill in at least one of --name, --owner, --user, --department"))
    with signed_in(site, by, password_file) as (desk, actor):
        added = register(desk, actor, one, clock.now())
    print(_("Registered as number {number}: {address}").format(number=added.id, address=added.ip or added.mac))
    return 0


def _address(ip: str, mac: str, valid_until: str) -> Registration:
    from dutyroom.model.addresses import Registration
    from dutyroom.rules.macs import of_text
    from dutyroom.rules.register import range_of

    try:
        first, last = range_of(ip) if ip else ("", "")
    except ValueError:
        raise typer.BadParameter(_("--ip is no IP address, range or network")) from None
    known = of_text(mac) if mac else ""
    if known is None:
        raise typer.BadParameter(_("--mac is no MAC address"))
    if not first and not known:
        raise typer.BadParameter(_("give --ip or --mac"))
    try:
        until = date.fromisoformat(valid_until) if valid_until else None
    except ValueError:
        raise typer.BadParameter(_("--valid-until is no date such as 2026-12-31")) from None
    return Registration(first=first, last=last, mac=known, valid_until=until)


@app.command("remove", help=N_("End a registration; it stays on record."))
def remove(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help=N_("Its number in the list."))],
    by: As,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Removes it."""
    from dutyroom import clock
    from dutyroom.duty.register import remove as end

    site = site_of(ctx)
    with signed_in(site, by, password_file) as (desk, actor):
        removed = end(desk, actor, number, clock.now())
    print(_("Removed: {address}").format(address=removed.ip or removed.mac))
    return 0


@app.command("learn", help=N_("Write an Excel sheet of what was seen, to be filled in and imported."))
def learn(
    ctx: typer.Context,
    by: As,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help=N_("Where to write it."))] = Path(
        "addresses.xlsx"
    ),
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Writes the sheet, enters its SHA-256 in the ledger, and prints where it is."""
    from dutyroom import words
    from dutyroom.cli.compose import open_desk
    from dutyroom.cli.learn import write_learnt

    desk = open_desk(site_of(ctx))
    try:
        actor = sign_in_as(desk.store, by, password_file, desk.site.passwords)
        path, count = write_learnt(desk, output, words.language(), actor)
    finally:
        desk.store.close()
    print(_("{count} addresses seen").format(count=count), file=sys.stderr)
    print(path)
    return 0
