"""From the board or the list into a round: who walks it, then start, go on with, or look at it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from dutyroom import clock
from dutyroom.board import DutyState
from dutyroom.duty import backfill, rounds, walks
from dutyroom.duty.clock_order import clock_warning
from dutyroom.duty.walks import Walk
from dutyroom.errors import DutyroomError
from dutyroom.model.rounds import RoundOwed, RoundState
from screens.dialogs.paper_times import PaperTimesDialog
from screens.fill import FillScreen

if TYPE_CHECKING:
    from screens.app import DutyroomApp

WARNED_S = 20.0


def open_round(app: DutyroomApp, item: str = "") -> None:
    """Opens the current slot's round: signed rounds to read, others to walk, after signing in.

    With the id of an item the cursor begins on its line.
    """
    board, opened = app.board, app.opened
    if board is None or opened is None:
        return
    found = board.duty.round
    if board.duty.state is DutyState.DONE and found is not None:
        read_round(app, found.id, item)
    elif app.actor is None:
        app.sign_in(lambda: open_round(app, item))
    else:
        app.run_worker(_walk(app, item), exclusive=True, group="round")


def open_owed(app: DutyroomApp, owed: RoundOwed, item: str = "") -> None:
    """Opens the round of a slot: starts it or goes on with it after signing in; one whose walk is over is only read."""
    found = owed.round
    if app.opened is None:
        return
    if found is not None and found.state is not RoundState.OPEN:
        read_round(app, found.id, item)
    elif app.actor is None:
        app.sign_in(lambda: open_owed(app, owed, item))
    else:
        app.run_worker(_walk(app, item, owed), exclusive=True, group="round")


def open_from_paper(app: DutyroomApp, checklist: str, due_at: datetime, named: Callable[[], str]) -> None:
    """Asks for the times on the paper, then opens the round of a slot to be typed in."""
    opened, actor = app.opened, app.actor
    if opened is None:
        return
    if actor is None:
        app.sign_in(lambda: open_from_paper(app, checklist, due_at, named))
        return

    async def act(begun: datetime, ended: datetime) -> Walk:
        return await opened.writer.carry_out(
            backfill.back_fill, opened.desk, actor, clock.now(), begun, ended, checklist, due_at
        )

    def fill(walk: Walk | None) -> None:
        if walk is not None:
            app.push_screen(FillScreen(opened, walk, actor))

    app.push_screen(PaperTimesDialog(named, due_at, app.site.timezone, act), fill)


def read_round(app: DutyroomApp, round_id: int, item: str = "") -> None:
    """Opens a round on record to be read."""
    app.run_worker(_read(app, round_id, item), exclusive=True, group="round")


async def _walk(app: DutyroomApp, item: str, owed: RoundOwed | None = None) -> None:
    opened, actor = app.opened, app.actor
    if opened is None or actor is None:
        return
    try:
        if owed is not None and owed.round is not None:
            walk = await opened.writer.carry_out(walks.load_walk, opened.desk, owed.round.id)
        else:
            slot = (owed.checklist, owed.due_at) if owed is not None else ()
            walk = await opened.writer.carry_out(rounds.start_round, opened.desk, actor, clock.now(), *slot)
        warning = await opened.writer.carry_out(clock_warning, opened.desk, clock.now())
    except DutyroomError as error:
        app.notify(str(error), severity="error", markup=False)
        if error.code == "handover":
            app.action_go_to_handover()
        return
    await _show(app, FillScreen(opened, walk, actor), item)
    if warning:
        app.notify(warning, severity="warning", timeout=WARNED_S, markup=False)


async def _read(app: DutyroomApp, round_id: int, item: str) -> None:
    opened = app.opened
    if opened is None:
        return
    try:
        walk = await opened.writer.carry_out(walks.load_walk, opened.desk, round_id)
    except DutyroomError as error:
        app.notify(str(error), severity="error", markup=False)
        return
    await _show(app, FillScreen(opened, walk, None), item)


async def _show(app: DutyroomApp, screen: FillScreen, item: str) -> None:
    screen.begin_at = item
    await app.push_screen(screen)
