"""`dutyroom export`: workbooks."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Lang, site_of
from dutyroom.cli.signing import As, PasswordFile, sign_in_as
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.duty.desk import Desk
    from dutyroom.model.people import Actor

app = typer.Typer(no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keeps `month` a command of its own while it is the only one."""


def _month(value: str) -> str:
    if re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", value) is None:
        raise typer.BadParameter(_("write the month as YYYY-MM, such as 2026-11"))
    return value


@app.command("month", help=N_("The workbook of a month; --lang is its language too."))
def month(
    ctx: typer.Context,
    which: Annotated[str, typer.Argument(metavar="YYYY-MM", callback=_month)],
    by: As,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help=N_("Where to write it."), show_default=False)
    ] = None,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Writes the workbook, enters its SHA-256 in the ledger, and prints where it is."""
    from dutyroom import words
    from dutyroom.cli.compose import open_desk

    desk = open_desk(site_of(ctx))
    try:
        actor = sign_in_as(desk.store, by, password_file)
        path = write_month(desk, which, _place(output, which), words.language(), actor)
    finally:
        desk.store.close()
    print(path)
    return 0


def write_month(desk: Desk, month: str, path: Path, language: str, actor: Actor) -> Path:
    """Writes the workbook of `YYYY-MM` and its line in the ledger: the file's name and SHA-256. Gives the path.

    Raises NotAllowed, ExportError (an older file at `path` is then as it was), StoreError.
    """
    from dutyroom import clock
    from dutyroom.duty.desk import require
    from dutyroom.model.people import Act
    from dutyroom.report.export import export_month
    from dutyroom.report.gather import month_records
    from dutyroom.store import ledger

    require(actor, Act.EXPORT)
    year, number = (int(part) for part in month.split("-"))
    records = month_records(desk.store, desk.site, desk.checklist, (year, number), clock.now())
    written = export_month(records, path, language)
    row = {"sha256": hashlib.sha256(written.read_bytes()).hexdigest(), "file": written.name}
    with desk.store.write() as session:
        ledger.append(session, at=clock.now(), actor=actor, act=Act.EXPORT, subject=f"export:month:{month}", row=row)
    return written


def _place(output: Path | None, month: str) -> Path:
    name = f"dutyroom-{month}.xlsx"
    if output is None:
        return Path(name)
    return output / name if output.is_dir() else output
