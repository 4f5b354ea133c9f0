"""Accepting the ports of a device from its page: who may, what would be accepted, and the signature."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dutyroom import clock
from dutyroom.duty.baselines import accept_baseline, propose
from dutyroom.duty.desk import require
from dutyroom.errors import DutyroomError
from dutyroom.model.people import Act
from dutyroom.words import _
from screens.dialogs.accept_ports import AcceptPortsDialog

if TYPE_CHECKING:
    from dutyroom.duty.baselines import Proposal
    from dutyroom.model.people import Actor
    from dutyroom.model.ports import Baseline, BaselinePort
    from screens.app import DutyroomApp
    from screens.desk import OpenedRoom


def accept(app: DutyroomApp, device: str) -> None:
    """Asks who does it where nobody is signed in, then shows what would be accepted."""
    actor, opened = app.actor, app.opened
    if opened is None:
        return
    if actor is None:
        app.sign_in(lambda: accept(app, device))
        return
    app.run_worker(_show(app, opened, actor, device), group="baseline", exclusive=True)


async def _show(app: DutyroomApp, opened: OpenedRoom, actor: Actor, device: str) -> None:
    try:
        require(actor, Act.ACCEPT_BASELINE)
        proposal = await opened.writer.carry_out(propose, opened.desk, device, clock.now())
    except DutyroomError as error:
        app.notify(str(error), severity="error", markup=False)
        return

    async def sign(ports: tuple[BaselinePort, ...], password: str) -> Baseline:
        wanted: Proposal = replace(proposal, ports=ports)
        return await opened.writer.carry_out(accept_baseline, opened.desk, actor, wanted, password, clock.now())

    def told(kept: Baseline | None) -> None:
        if kept is not None:
            sentence = _("Baseline {n} of {name} is in force.")
            app.notify(sentence.format(n=kept.version, name=app.site.label_of(device)), markup=False)

    app.push_screen(AcceptPortsDialog(app.site.label_of(device), proposal.ports, sign), told)
