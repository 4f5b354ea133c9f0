"""Notifications on the board: how many wait, and the key that says that somebody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dutyroom import clock, notify_words
from dutyroom.errors import DutyroomError
from dutyroom.words import _
from screens.widgets.lines import Line, Run

if TYPE_CHECKING:
    from dutyroom.board import Board
    from screens.app import DutyroomApp


def lines(board: Board, key: str) -> list[Line]:
    """That nobody sees the room, and that notifications wait; `key` acknowledges them. Nothing when all is well."""
    made: list[Line] = []
    if text := notify_words.watch_trouble(board.watch.silent_s, board.watch.blind_s):
        # On a small terminal there is no room left for the hint in the panel below.
        start: tuple[Run, ...] = (("  → dutyroom collect", "key"),) if board.watch.silent_s is not None else ()
        made.append(((f" ✗ {text[:1].upper()}{text[1:]}", "fault"), *start))
    waiting, unreached = (
        notify_words.waiting(board.notifications, board.at),
        notify_words.unreached(board.notifications),
    )
    runs: list[Run] = [(" !", "attention")]
    if waiting:
        hint = _("{key} acknowledges").format(key=key)
        runs += [(f" {waiting}", "attention"), (f"  {hint}", "key")]
    if unreached:
        runs.append((f"  {unreached}", "attention"))
    return [*made, tuple(runs)] if waiting or unreached else made


def acknowledge(app: DutyroomApp) -> None:
    """Acknowledges what waits, and says what that was. Who is not signed in does that first."""
    opened, actor = app.opened, app.actor
    if opened is None:
        return
    if actor is None:
        app.sign_in(lambda: acknowledge(app))
        return
    desk = opened.desk

    def act() -> None:
        from dutyroom.duty.notifications import acknowledge_all

        try:
            done = acknowledge_all(desk, actor, clock.now())
        except DutyroomError as error:
            app.call_from_thread(app.notify, str(error), severity="warning", markup=False)
            return
        told = "\n".join(notify_words.line(one, desk.site, names=True) for one in done[:5])
        text = _("Acknowledged: {what}").format(what=told)
        app.call_from_thread(app.notify, text, markup=False)

    app.run_worker(act, thread=True, group="acknowledge")
