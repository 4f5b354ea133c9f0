"""`dutyroom status`: the room now."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.errors import StoreError
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.board import Board, SourceView
    from dutyroom.model.reading import State
    from dutyroom.model.room import RoomRecords
    from dutyroom.model.site import Site

FINE, FOUND, UNREACHABLE = 0, 1, 4


def status(
    ctx: typer.Context,
    fresh: Annotated[bool, typer.Option("--fresh", help=N_("Ask every source once now; store nothing."))] = False,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints the room. Exit code 0 ok, 1 attention, fault or unknown, 4 nothing reachable."""
    from dutyroom import clock
    from dutyroom.board import make_board
    from dutyroom.checklists_in_force import in_force
    from dutyroom.cli import documents, status_document, status_lines

    site = site_of(ctx)
    records = _fresh(site) if fresh else _stored(site, clock.now())
    board = make_board(site, in_force(site)[0][0], records, clock.now(), clock.boot())
    if json:
        print(documents.to_text(status_document.status(board)))
    else:
        print("\n".join(status_lines.lines(board, site.timezone)))
    return exit_code_of(board)


def exit_code_of(board: Board) -> int:
    """0 when all is ok, 4 when every source was asked and none could be reached, else 1."""
    from dutyroom.model.reading import Verdict

    if board.verdict is Verdict.OK:
        return FINE
    return UNREACHABLE if none_reached(_reached(view) for view in board.sources) else FOUND


def none_reached(states: Iterable[State]) -> bool:
    """True when there are sources and not one of them gave any answer, not even a refusal."""
    from dutyroom.model.reading import State

    asked = list(states)
    return bool(asked) and all(state in (State.UNREACHABLE, State.TIMEOUT) for state in asked)


def _reached(view: SourceView) -> State:
    """The state of a source; that a check found nobody is its answer, and still nobody was reached."""
    from dutyroom.model.reading import State
    from dutyroom.rules.checks import reached

    return view.state if view.sample is None or reached(view.sample) else State.UNREACHABLE


def _stored(site: Site, now: datetime) -> RoomRecords:
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.records import read_room

    try:
        desk = open_desk(site, read_only=True)
    except StoreError as error:
        if error.code != "missing":
            raise
        sentence = _("Nothing is recorded yet: start `dutyroom` or `dutyroom collect`, or ask now with --fresh.")
        raise StoreError(sentence, code="missing") from error
    try:
        return read_room(desk, now)
    finally:
        desk.store.close()


def _fresh(site: Site) -> RoomRecords:
    """What the store holds (nothing, when it cannot be read) with every sample asked for now."""
    import asyncio
    from dataclasses import replace

    from dutyroom import clock
    from dutyroom.cli.collect import ask_once
    from dutyroom.model.room import RoomRecords
    from dutyroom.store.space import space_of

    try:
        records = _stored(site, clock.now())
    except StoreError as error:
        records = RoomRecords(space=space_of(site))
        if error.code != "missing":
            print(error, file=sys.stderr)
    asked = asyncio.run(ask_once(site, records.latest))
    return replace(records, latest={one.device.name: one.latest for one, _found in asked if one.latest is not None})
