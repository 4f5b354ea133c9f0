"""`dutyroom doctor`: is this machine fit to watch the room, and what is to be done?"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from dutyroom import words
from dutyroom.cli.options import Config, Json, Lang, asked_in
from dutyroom.words import _

if TYPE_CHECKING:
    from dutyroom.cli.asked import Asked
    from dutyroom.doctor.check import Check
    from dutyroom.doctor.run import Around
    from dutyroom.doctor.terminal import Terminal
    from dutyroom.model.reading import Sample
    from dutyroom.model.site import Site

FINE, FOUND = 0, 1
WIDEST = 100


def doctor(ctx: typer.Context, json: Json = False, config: Config = None, lang: Lang = None) -> int:
    """Prints every check as it is made, and at the end what is to be done; exit code 1 when there is anything."""
    from dutyroom.config import find_site_file

    asked = asked_in(ctx)
    path = find_site_file(asked.config)
    speak_of(asked, path)
    return examined(path, json=json)


def speak_of(asked: Asked, path: Path | None) -> None:
    """The site file's language, also of one that is wrong elsewhere, unless another was asked for."""
    from dutyroom.cli.screen import first_look

    if asked.lang is None and path is not None and (language := first_look(path).language):
        words.install(language)


def examined(path: Path | None, *, json: bool = False) -> int:
    """Looks everything over and prints it; 0 when there is nothing to do, else 1."""
    from dutyroom import clock
    from dutyroom.cli import doctor_document, documents
    from dutyroom.cli.terminal_width import this_terminal
    from dutyroom.doctor.run import examine

    around = around_of(path, None if json else this_terminal())
    if json:
        found = list(examine(around))
        print(documents.to_text(doctor_document.examination(found, clock.now())))
    else:
        found = _told_one_by_one(examine(around))
    return FOUND if any(check.needs_doing for check in found) else FINE


def around_of(path: Path | None, terminal: Terminal | None) -> Around:
    """What the checks look at, with the real sources."""
    from dutyroom.doctor.run import Around

    return Around(path, os.environ, terminal, ask_all)


def ask_all(site: Site) -> Sequence[Sample]:
    """Every source asked once; nothing is stored."""
    from dutyroom.cli.collect import ask_once

    return [found.sample for _poller, found in asyncio.run(ask_once(site, {}))]


def _told_one_by_one(checks: Iterable[Check]) -> list[Check]:
    """Each check as it comes, under the heading of its group; what is to be done stands last, where the eye is."""
    from dutyroom.doctor import words as doctor_words

    found: list[Check] = []
    width = min(WIDEST, shutil.get_terminal_size().columns)
    for check in checks:
        if not found or found[-1].group is not check.group:
            print(("\n" if found else "") + doctor_words.group(check.group))
        found.append(check)
        print("\n".join(_lines(check, width)), flush=True)
    _print_todo(found, width)
    return found


def _lines(check: Check, width: int) -> list[str]:
    from dutyroom import show
    from dutyroom.cli.talk import folded
    from dutyroom.doctor import words as doctor_words

    line = f"  {show.symbol(check.verdict)} {doctor_words.title(check)}: {doctor_words.told(check)}"
    return _hanging(folded(line, width - 4))


def _hanging(parts: list[str]) -> list[str]:
    return [parts[0], *(f"  {part}" for part in parts[1:])]


def _print_todo(found: Sequence[Check], width: int) -> None:
    from dutyroom.cli.talk import folded
    from dutyroom.doctor import words as doctor_words
    from dutyroom.rules.severity import rank

    todo = sorted((check for check in found if check.needs_doing), key=lambda check: rank(check.verdict))
    print()
    if not todo:
        print("✓ " + _("Everything is in order."))
        return
    print(_("{count} to see to, the worst last:").format(count=len(todo)))
    for check in todo:
        print("\n".join(_lines(check, width)))
        if advice := doctor_words.advice(check):
            print("\n".join(_hanging(folded(f"      → {advice}", width - 2))))
