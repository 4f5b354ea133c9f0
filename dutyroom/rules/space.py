"""How much room is left on the disks this program writes to, and what may still be begun there."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from dutyroom.model.reading import Verdict
from dutyroom.model.room import FreeSpace

LOW_BYTES = 500_000_000
NONE_BYTES = 50_000_000


class Room(StrEnum):
    """Enough; less than it should be; too little to begin a round."""

    OK = "ok"
    LOW = "low"
    NONE = "none"


_VERDICTS = {Room.OK: Verdict.OK, Room.LOW: Verdict.ATTENTION, Room.NONE: Verdict.FAULT}


def room_left(space: FreeSpace) -> Room:
    """How it stands with a folder's file system."""
    if space.free_bytes < NONE_BYTES:
        return Room.NONE
    return Room.LOW if space.free_bytes < LOW_BYTES else Room.OK


def verdict_of_space(space: FreeSpace) -> Verdict:
    """The verdict of a folder. Only records can be lost: elsewhere too little space is attention, never a fault."""
    verdict = _VERDICTS[room_left(space)]
    return Verdict.ATTENTION if verdict is Verdict.FAULT and space.use != "store" else verdict


def tightest(spaces: Iterable[FreeSpace]) -> FreeSpace | None:
    """The folder that needs attention first: the one of the records when it does, else the one with the least."""
    return min(
        spaces, key=lambda space: (room_left(space) is Room.OK, space.use != "store", space.free_bytes), default=None
    )
