"""What every command understands (`--config`, `--lang`, `--json`), before or after the command's own name."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom import words
from dutyroom.errors import SiteFileError
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.model.site import Site

_ENVIRONMENT = ("DUTYROOM_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(slots=True)
class Asked:
    """The options that hold for every command, as given on this command line."""

    config: Path | None = None
    lang: str | None = None
    json: bool = False


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


def language_named(text: str) -> str | None:
    """The language (one of `words.LANGUAGES`) of `zh`, `zh-CN`, `zh_CN.UTF-8`, `en_GB`, ...; None for any other."""
    tag = text.strip().split(".")[0].split("@")[0].replace("-", "_").casefold()
    stem = tag.split("_")[0]
    return {"en": "en", "zh": "zh_CN"}.get(stem)


def language_of_environment(environment: Mapping[str, str]) -> str:
    """The language the environment asks for (DUTYROOM_LANG, LC_ALL, LC_MESSAGES, LANG); English for any other."""
    named = next((environment[name] for name in _ENVIRONMENT if environment.get(name)), "")
    return language_named(named) or "en"


def first_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language for help and errors, before the command line is understood and a site file was read."""
    for at, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == "--lang":
            given = value if equals else next(iter(arguments[at + 1 : at + 2]), "")
            return language_named(given) or language_of_environment(environment)
    return language_of_environment(environment)


def options_alone(arguments: Sequence[str]) -> Asked | None:
    """What a command line without a command asks for; None when it holds anything but good --config and --lang."""
    asked, left = Asked(), list(arguments)
    while left:
        name, equals, value = left.pop(0).partition("=")
        if name not in ("--config", "--lang") or not (equals or left):
            return None
        value = value if equals else left.pop(0)
        if name == "--config":
            asked.config = Path(value)
        else:
            asked.lang = language_named(value)
            if asked.lang is None:
                return None
    return asked


def site_file_of(ctx: typer.Context) -> Path:
    """Where the site file is. Raises SiteFileError (`no-site-file`) when there is none."""
    return site_file(asked_in(ctx))


def site_file(asked: Asked) -> Path:
    """Where the site file is. Raises SiteFileError (`no-site-file`) when there is none."""
    from dutyroom.config import find_site_file

    path = find_site_file(asked.config)
    if path is None:
        raise SiteFileError(
            _("No site file: try `dutyroom demo`, or write one (`dutyroom config example` prints a commented one)."),
            code="no-site-file",
        )
    return path


def site_of(ctx: typer.Context) -> Site:
    """The site, checked; from here on its language is spoken unless `--lang` named one. Raises SiteFileError."""
    return site_asked(asked_in(ctx))


def site_asked(asked: Asked) -> Site:
    """The site, checked; from here on its language is spoken unless `--lang` named one. Raises SiteFileError."""
    from dutyroom.config import load_site

    path = site_file(asked)
    site = load_site(path)
    speak(asked, path, site)
    return site


def speak_for(ctx: typer.Context, path: Path, site: Site) -> None:
    """Installs the language: `--lang`, else the site file's own, else that of the environment."""
    speak(asked_in(ctx), path, site)


def speak(asked: Asked, path: Path, site: Site) -> None:
    """Installs the language: `--lang`, else the site file's own, else that of the environment."""
    from dutyroom.config import origins

    language = asked.lang
    if language is None and ("language", str(site.language), "default") in origins(path):
        language = language_of_environment(os.environ)
    words.install(language or site.language)
