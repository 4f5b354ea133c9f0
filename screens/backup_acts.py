"""Backing up by hand from the screens: in a thread of its own, so that no answer waits for a disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dutyroom import clock
from dutyroom.errors import DutyroomError
from dutyroom.words import _

if TYPE_CHECKING:
    from screens.app import DutyroomApp

# A person looks at the screen; the watch tries the second place again by itself.
SECOND_WITHIN_S = 60.0


def back_up_now(app: DutyroomApp) -> None:
    """Makes a backup and says how it went. Who is not signed in does that first."""
    opened, actor = app.opened, app.actor
    if opened is None:
        return
    if actor is None:
        app.sign_in(lambda: back_up_now(app))
        return
    desk = opened.desk

    def act() -> None:
        from dutyroom import backup_words
        from dutyroom.duty.backups import back_up_by_hand, copy_to_second

        try:
            made = back_up_by_hand(desk.store, desk.site, actor, clock.now())
            made = copy_to_second(desk.store, desk.site, made, SECOND_WITHIN_S)
        except DutyroomError as error:
            app.call_from_thread(app.notify, str(error), severity="error", markup=False)
            return
        wrong = made.trouble is not None or made.second_trouble is not None
        told = backup_words.made(made)
        app.call_from_thread(app.notify, told, severity="warning" if wrong else "information", markup=False)

    app.notify(_("backing up …"), markup=False)
    app.run_worker(act, thread=True, group="backup")
