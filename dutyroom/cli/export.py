"""`dutyroom export`: workbooks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from dutyroom.cli.options import Config, Lang, site_of
from dutyroom.cli.signing import As, PasswordFile, sign_in_as
from dutyroom.words import N_, _

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
    from dutyroom.cli.month import write_month

    desk = open_desk(site_of(ctx))
    try:
        actor = sign_in_as(desk.store, by, password_file, desk.site.passwords)
        path = write_month(desk, which, _place(output, which), words.language(), actor)
    finally:
        desk.store.close()
    print(path)
    return 0


def _place(output: Path | None, month: str) -> Path:
    name = f"dutyroom-{month}.xlsx"
    if output is None:
        return Path(name)
    return output / name if output.is_dir() else output
