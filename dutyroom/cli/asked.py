"""What a command line asks for beside its command: site file, language, form of the answer. Loads no library."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dutyroom import words
from dutyroom.errors import SiteFileError
from dutyroom.words import _

if TYPE_CHECKING:
    from dutyroom.model.site import Site

_ENVIRONMENT = ("DUTYROOM_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(slots=True)
class Asked:
    """The options that hold for every command, as given on this command line."""

    config: Path | None = None
    lang: str | None = None
    json: bool = False


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


def site_asked(asked: Asked) -> Site:
    """The site, checked; from here on its language is spoken unless `--lang` named one. Raises SiteFileError."""
    from dutyroom.config import load_site

    path = site_file(asked)
    site = load_site(path)
    speak(asked, path, site)
    return site


def speak(asked: Asked, path: Path, site: Site) -> None:
    """Installs the language: `--lang`, else the site file's own, else that of the environment."""
    from dutyroom.config import origins

    language = asked.lang
    if language is None and ("language", str(site.language), "default") in origins(path):
        language = language_of_environment(os.environ)
    words.install(language or site.language)


def use_utf8() -> None:
    """Names and notes are in any language, whatever the locale of the terminal says."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
