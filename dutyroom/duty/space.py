"""No round is begun where it might not be finished: room on the disk of the records."""

from __future__ import annotations

from dutyroom import trouble_words
from dutyroom.errors import RoundRefused
from dutyroom.model.room import FreeSpace
from dutyroom.model.site import Site
from dutyroom.rules.space import Room, room_left
from dutyroom.store import places, space


def space_of_store(site: Site) -> FreeSpace | None:
    """What is left on the disk of the records, or None when it cannot be told."""
    folder = places.path_of(site.store_url).parent
    free = space.free_bytes(folder)
    return FreeSpace("store", str(folder), free) if free is not None else None


def is_short(site: Site) -> bool:
    """True while no new round may begin."""
    found = space_of_store(site)
    return found is not None and room_left(found) is Room.NONE


def refuse_without_space(site: Site) -> None:
    """Raises RoundRefused (`disk`) while a new round would have too little space to be finished."""
    found = space_of_store(site)
    if found is not None and room_left(found) is Room.NONE:
        raise RoundRefused(trouble_words.refused_round(found), code="disk")
