"""The vocabulary of messages. Workers never touch widgets: they post one of these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from dutyroom.model.room import RoomRecords
    from screens.desk import OpenedRoom


class RoomOpened(Message):
    """The store is open and the watch has been started."""

    def __init__(self, room: OpenedRoom) -> None:
        super().__init__()
        self.room = room


class RoomRefused(Message):
    """The room could not be opened; the sentence says why and what to do."""

    def __init__(self, sentence: str, exit_code: int) -> None:
        super().__init__()
        self.sentence, self.exit_code = sentence, exit_code


class RecordsChanged(Message):
    """The store holds something new, or the watch does while the store cannot be read: `trouble` says why then.

    A newer one replaces an older one that was not handled yet.
    """

    def __init__(self, records: RoomRecords, trouble: str = "") -> None:
        super().__init__()
        self.records, self.trouble = records, trouble

    def can_replace(self, message: Message) -> bool:
        """True for an older message of the same kind."""
        return isinstance(message, RecordsChanged)


class FeedBroken(Message):
    """The store cannot be read at the moment; the sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence
