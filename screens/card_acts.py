"""The outage card written from the screens, to be printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dutyroom import clock
from dutyroom.errors import DutyroomError
from dutyroom.words import _

if TYPE_CHECKING:
    from pathlib import Path

    from dutyroom.duty.desk import Desk
    from dutyroom.model.people import Actor
    from screens.app import DutyroomApp


def print_card(app: DutyroomApp) -> None:
    """Writes the card and says where it is. Who is not signed in does that first."""
    opened, actor = app.opened, app.actor
    if opened is None:
        return
    if actor is None:
        app.sign_in(lambda: print_card(app))
        return

    async def write() -> None:
        try:
            path = await opened.writer.carry_out(write_card, opened.desk, actor)
        except DutyroomError as error:
            app.notify(str(error), severity="error", markup=False)
        else:
            app.notify(_("The outage card to print: {path}").format(path=path), markup=False)

    app.run_worker(write(), group="card")


def write_card(desk: Desk, actor: Actor) -> Path:
    """Writes it into the folder of the cards. Raises as `write_outage_card`."""
    from dutyroom.sending import card_folder, card_name, make_folder, write_outage_card

    now, folder = clock.now(), card_folder(desk)
    make_folder(folder)
    return write_outage_card(desk, actor, folder / card_name(desk, now), now)
