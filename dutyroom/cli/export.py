"""`dutyroom export`: workbooks."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from dutyroom.cli.options import Config, Lang, site_of
from dutyroom.cli.signing import As, PasswordFile, sign_in_as
from dutyroom.errors import ExportError
from dutyroom.words import N_, _

app = typer.Typer(no_args_is_help=True)
# Dates of workbooks begin with 1900, and nobody waits for the next century.
FIRST_YEAR, LAST_YEAR = 1900, 2099
NAMES_OF_PERIODS = {
    "week": "2026-W43",
    "month": "2026-10",
    "quarter": "2026-Q4",
    "year": "2026",
    "range": "2026-10-05..2026-11-04",
}

Output = Annotated[
    # A text: a path forgets the stroke at its end, which says that a folder is meant.
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help=N_("The file to write, or the folder to write it into."),
        show_default=False,
    ),
]


def _month(value: str) -> str:
    if re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", value) is None:
        raise typer.BadParameter(_("write the month as YYYY-MM, such as 2026-11"))
    return value


@app.command("month", help=N_("The workbook of a month; --lang is its language too."))
def month(
    ctx: typer.Context,
    which: Annotated[str, typer.Argument(metavar="YYYY-MM", callback=_month)],
    by: As,
    output: Output = None,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Writes the workbook, enters its SHA-256 in the ledger, and prints where it is."""
    return _write(ctx, which, by, output, password_file)


def _period(value: str) -> str:
    from dutyroom.rules.report_period import PeriodTooLong, parse

    try:
        named = parse(value)
    except PeriodTooLong as error:
        raise typer.BadParameter(_("a period is ten years at most: export it in parts")) from error
    except (ValueError, OverflowError):
        named = None
    if named is None or named.first.year < FIRST_YEAR or named.last.year > LAST_YEAR:
        told = _("write {week} (a week), {month}, {quarter} (a quarter), {year} or {range} (first and last day)")
        raise typer.BadParameter(told.format(**NAMES_OF_PERIODS))
    return value


@app.command("period", help=N_("The workbook of a period: 2026-W43, 2026-10, 2026-Q4, 2026 or 2026-10-05..2026-11-04."))
def period(
    ctx: typer.Context,
    which: Annotated[str, typer.Argument(metavar="WHICH", callback=_period)],
    by: As,
    output: Output = None,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Writes the workbook, enters its SHA-256 in the ledger, and prints where it is."""
    return _write(ctx, which, by, output, password_file)


def _write(ctx: typer.Context, which: str, by: str, output: str | None, password_file: Path | None) -> int:
    from dutyroom import clock, words
    from dutyroom.cli.signing import signed_in
    from dutyroom.report.files import file_name
    from dutyroom.rules.report_period import parse
    from dutyroom.sending import before_use, still_open, write_period

    wanted = parse(which)
    with _elsewhere(), signed_in(site_of(ctx), by, password_file) as (desk, actor):
        place = _file(output, file_name(wanted))
        sent = write_period(desk, actor, wanted, place, words.language(), clock.now)
        for told in (before_use(desk, wanted, sent.used_from), still_open(sent.path, sent.open_by)):
            if told:
                print(told, file=sys.stderr)
    print(sent.path)
    return 0


@app.command("zero-report", help=N_("The zero report of a duty day, as text and as workbook."))
def zero_report(
    ctx: typer.Context,
    day: Annotated[str, typer.Argument(metavar="DATE", help=N_("The duty day, named by its end."))],
    by: As,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FOLDER", help=N_("The folder to write into."), show_default=False),
    ] = None,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Writes both files, enters their SHA-256 in the ledger, and prints where they are."""
    from dutyroom import clock, words
    from dutyroom.cli.compose import open_desk
    from dutyroom.cli.zero import day_of
    from dutyroom.sending import write_zero_report

    which = day_of(day)
    assert which is not None  # an argument that must be given
    desk = open_desk(site_of(ctx))
    try:
        actor = sign_in_as(desk.store, by, password_file, desk.site.passwords)
        with _elsewhere():
            paths = write_zero_report(desk, actor, which, output or Path(), words.language(), clock.now)
    finally:
        desk.store.close()
    _warn_of_open(*paths)
    print("\n".join(str(path) for path in paths))
    return 0


@app.command("blank-round", help=N_("The empty form of a checklist, to be walked on paper: A4, in both languages."))
def blank_round(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=N_("The checklist."))] = "daily",
    text: Annotated[bool, typer.Option("--text", help=N_("As plain text instead of a workbook."))] = False,
    output: Output = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Writes the form over the site's devices and prints where it is; it needs no store."""
    from dutyroom import clock
    from dutyroom.checklists_in_force import named
    from dutyroom.report.blank_round import export_blank_round, write_blank_text

    site = site_of(ctx)
    checklist = named(site, name)
    path = _file(output, f"blank-round-{checklist.name}.{'txt' if text else 'xlsx'}")
    with _elsewhere():
        if text:
            written = write_blank_text(site, checklist, path)
        else:
            written = export_blank_round(site, checklist, path, clock.now())
    _warn_of_open(written)
    print(written)
    return 0


@app.command("outage-card", help=N_("The card for the wall: hold times, whom to call, what to shed, on A4."))
def outage_card(
    ctx: typer.Context,
    by: As,
    output: Output = None,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Writes the card in both languages, enters its SHA-256 in the ledger, and prints where it is."""
    from dutyroom import clock
    from dutyroom.cli.signing import signed_in
    from dutyroom.sending import card_name, write_outage_card

    with _elsewhere(), signed_in(site_of(ctx), by, password_file) as (desk, actor):
        now = clock.now()
        path = write_outage_card(desk, actor, _file(output, card_name(desk, now)), now)
    _warn_of_open(path)
    print(path)
    return 0


def _file(output: str | None, name: str) -> Path:
    """The file that is meant: where a folder is named, or what ends as one, the one of that name in it."""
    if not output:
        return Path(name)
    path = Path(output)
    return path / name if output.endswith("/") or os.path.isdir(path) else path


@contextmanager
def _elsewhere() -> Iterator[None]:
    """Where a file could not be written, how it is written somewhere else."""
    from dutyroom.report.file_trouble import NotWritten, joined

    try:
        yield
    except NotWritten as trouble:
        raise ExportError(joined(str(trouble), _("-o names another place.")), code=trouble.code) from trouble


def _warn_of_open(*paths: Path) -> None:
    from dutyroom.report.files import opened_by
    from dutyroom.sending import still_open

    for path in paths:
        if told := still_open(path, opened_by(path)):
            print(told, file=sys.stderr)
