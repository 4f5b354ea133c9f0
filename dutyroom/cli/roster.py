"""`dutyroom roster`: who is on duty when."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.cli.signing import PasswordFile, PerhapsAs, sign_in_as
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.model.site import Site
    from dutyroom.report.imports import BadCell
    from dutyroom.rules.roster import RosterPlan

app = typer.Typer(no_args_is_help=True)
BAD = 1
_WHY = {
    "formula": N_("row {row}, {column}: a formula ({value}); write the value itself"),
    "not-a-date": N_("row {row}: {value} is no date such as 2026-12-31"),
    "no-shift": N_("row {row}, {column}: {value} is none of the shifts ({shifts})"),
}
_COLUMNS = {"day": N_("Date"), "shift": N_("Shift"), "people": N_("On duty")}


@app.command("import", help=N_("Import the roster from Excel; nothing is imported unless every cell is good."))
def import_file(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=N_("The workbook (.xlsx) with a header row."))],
    by: PerhapsAs = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Only say what would change."))] = False,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Imports, or says what would change. Exit code 1 when cells are bad, 2 without --as."""
    from dutyroom import clock
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.roster import import_roster, planned
    from dutyroom.report.roster_form import read_roster
    from dutyroom.rules.shifts import shift_times

    site = site_of(ctx)
    if by is None and not dry_run:
        raise typer.BadParameter(_("give --as NAME, or --dry-run"))
    sheet = read_roster(file, shift_times(site))
    for one in sheet.bad:
        print(_bad(one, site), file=sys.stderr)
    given = {(line.day, line.shift): line.people for line in sheet.lines}
    desk = open_desk(site)
    try:
        if dry_run:
            plan = planned(desk, given, clock.now())
        elif sheet.bad:
            print(_("Nothing was imported: {count} cells are bad.").format(count=len(sheet.bad)), file=sys.stderr)
            return BAD
        else:
            actor = sign_in_as(desk.store, by or "", password_file, site.passwords)
            plan = import_roster(desk, actor, given, clock.now())
    finally:
        desk.store.close()
    print("\n".join(_told(plan, dry_run=dry_run)))
    return BAD if sheet.bad else 0


def _bad(one: BadCell, site: Site) -> str:
    from dutyroom.rules.shifts import shift_times

    column = _(_COLUMNS[one.column]) if one.column in _COLUMNS else one.column
    shifts = ", ".join(shift.label or shift.code for shift in shift_times(site))
    return _(_WHY[one.code]).format(row=one.row, column=column, value=one.value or "–", shifts=shifts)


def _told(plan: RosterPlan, *, dry_run: bool) -> list[str]:
    from dutyroom import show

    counts = _("{added} added, {replaced} taken out, {unchanged} unchanged").format(
        added=len(plan.added), replaced=len(plan.replaced), unchanged=plan.unchanged
    )
    lines = [_("Would be: {counts}").format(counts=counts) if dry_run else counts]
    if plan.days:
        lines.append(
            _("Days that change: {first} – {last}").format(first=show.day(plan.days[0]), last=show.day(plan.days[-1]))
        )
    if plan.unknown:
        lines.append(_("No operator is called so; kept as written: {names}").format(names=", ".join(plan.unknown[:20])))
    return lines


@app.command("show", help=N_("Who is on duty on the days to come."))
def show_roster(
    ctx: typer.Context,
    first: Annotated[
        str, typer.Option("--from", metavar="DATE", help=N_("The first day; default: today."), show_default=False)
    ] = "",
    days: Annotated[int, typer.Option(min=1, max=400, help=N_("How many days."))] = 7,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints one line for each shift."""
    from dutyroom import clock, shift_words, show
    from dutyroom.cli import documents, duty_document
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.operators import operators
    from dutyroom.duty.roster import in_use, shifts_between

    site = site_of(ctx)
    begins = _date(first) if first else clock.local_date(clock.now(), site.timezone)
    desk = open_desk(site, read_only=True)
    try:
        shifts = shifts_between(desk, begins, begins + timedelta(days=days - 1))
        used, names = in_use(desk), {one.name: one.label for one in operators(desk.store)}
    finally:
        desk.store.close()
    if json:
        print(documents.to_text(duty_document.roster(shifts, used.last_day)))
        return 0
    if used.since is None:
        print(_("There is no roster yet: dutyroom roster import FILE"))
        return 0
    rows = [
        (
            show.day(one.day),
            shift_words.label(site, one.code),
            shift_words.span(one, site.timezone),
            shift_words.people(one.people, lambda name: names.get(name, name)),
        )
        for one in shifts
    ]
    print("\n".join(aligned(rows)))
    return 0


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(_("{text} is no date such as 2026-12-31").format(text=repr(text))) from None
