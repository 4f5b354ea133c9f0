"""Where people's acts happen: the store, the site and the checklist in force."""

from __future__ import annotations

from dataclasses import dataclass

from dutyroom import show
from dutyroom.errors import NotAllowed
from dutyroom.model.checklist import Checklist
from dutyroom.model.people import Act, Actor
from dutyroom.model.site import Site
from dutyroom.rules.privileges import may
from dutyroom.store.database import Store
from dutyroom.words import _


@dataclass(frozen=True, slots=True)
class Desk:
    """One duty desk. `checklist_text` is the file the checklist was read from: a round keeps it for ever."""

    store: Store
    site: Site
    checklist: Checklist
    checklist_text: str


def require(actor: Actor, act: Act) -> None:
    """Raises NotAllowed when the actor's role may not do this."""
    if not may(actor.role, act):
        raise NotAllowed(
            _("Your role ({role}) may not do this; sign in as somebody who may.").format(role=show.role(actor.role))
        )
