"""What every command understands (`--config`, `--lang`, `--json`), before or after the command's own name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom import words
from dutyroom.cli.asked import Asked, language_named, site_asked, site_file, speak
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.model.site import Site


def asked_in(ctx: typer.Context) -> Asked:
    """What this command line asked for so far."""
    return ctx.find_root().ensure_object(Asked)


def _config(ctx: typer.Context, value: Path | None) -> Path | None:
    if value is not None:
        asked_in(ctx).config = value
    return value


def _lang(ctx: typer.Context, value: str | None) -> str | None:
    if value is None:
        return None
    known = language_named(value)
    if known is None:
        raise typer.BadParameter(_("choose one of: {languages}").format(languages=", ".join(words.LANGUAGES)))
    asked_in(ctx).lang = known
    words.install(known)
    return known


def _json(ctx: typer.Context, value: bool) -> bool:
    if value:
        asked_in(ctx).json = True
    return value


Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="PATH", help=N_("The site file."), callback=_config, show_default=False),
]
Lang = Annotated[
    str | None,
    typer.Option("--lang", metavar="en|zh_CN", help=N_("The language to speak."), callback=_lang, show_default=False),
]
Json = Annotated[
    bool, typer.Option("--json", help=N_("One JSON document on stdout."), callback=_json, show_default=False)
]


def site_file_of(ctx: typer.Context) -> Path:
    """Where the site file is. Raises SiteFileError (`no-site-file`) when there is none."""
    return site_file(asked_in(ctx))


def site_of(ctx: typer.Context) -> Site:
    """The site, checked; from here on its language is spoken unless `--lang` named one. Raises SiteFileError."""
    return site_asked(asked_in(ctx))


def speak_for(ctx: typer.Context, path: Path, site: Site) -> None:
    """Installs the language: `--lang`, else the site file's own, else that of the environment."""
    speak(asked_in(ctx), path, site)
