"""Where people's acts happen: the store, the site and the checklist in force."""

from __future__ import annotations

from collections.abc import Sequence
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
class Published:
    """A checklist in force and the text of its file: a round keeps that for ever."""

    checklist: Checklist
    text: str


@dataclass(frozen=True, slots=True)
class Desk:
    """One duty desk. `checklist` is the daily one, read from `checklist_text`; `others` are the rest in force."""

    store: Store
    site: Site
    checklist: Checklist
    checklist_text: str
    others: tuple[Published, ...] = ()

    @classmethod
    def over(cls, store: Store, site: Site, checklists: Sequence[tuple[Checklist, str]]) -> Desk:
        """The desk with those checklists and their texts, the daily one first."""
        (daily, text), *others = checklists
        return cls(store, site, daily, text, tuple(Published(*one) for one in others))

    def published(self) -> tuple[Published, ...]:
        """Every checklist in force, the daily one first."""
        return (Published(self.checklist, self.checklist_text), *self.others)

    def named(self, name: str) -> Published | None:
        """The checklist in force of that name, or None."""
        return next((one for one in self.published() if one.checklist.name == name), None)


def require(actor: Actor, act: Act) -> None:
    """Raises NotAllowed when the actor's role may not do this."""
    if not may(actor.role, act):
        raise NotAllowed(
            _("Your role ({role}) may not do this; sign in as somebody who may.").format(role=show.role(actor.role))
        )
