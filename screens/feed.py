"""The one reader of change: a thread with a read-only connection that tells the app when the store has news."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from dutyroom import clock
from dutyroom.errors import StoreError
from screens.messages import FeedBroken, RecordsChanged

if TYPE_CHECKING:
    from textual.app import App

    from dutyroom.model.room import RoomRecords
    from screens.desk import OpenedRoom

LOOK_EVERY_S = 0.1
# While nothing can be recorded the store tells no change: then the watch's own values are looked at so often.
LIVE_EVERY_S = 1.0
# The slot of the day changes without a write, so the records are read again now and then in any case.
READ_AT_LEAST_EVERY_S = 30.0
MIN_BETWEEN_S = 0.5
FILE_EVERY_S = 2.0


class Feed:
    """Looks at `PRAGMA data_version` ten times a second and posts RecordsChanged at most twice a second.

    While the watch in this program cannot record, what it sees is shown all the same.
    """

    def __init__(self, app: App[None], room: OpenedRoom) -> None:
        self._app, self._room, self._desk = app, room, room.desk
        self._records: RoomRecords | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)

    def start(self) -> None:
        """Starts looking."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread."""
        self._stopping.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        from dutyroom.duty.space import is_short

        seen: int | None = None
        short, read_at, looked_at = False, float("-inf"), clock.monotonic()
        while not self._stopping.is_set():
            since = clock.monotonic() - read_at
            try:
                version, was_short, short = self._desk.store.data_version(), short, is_short(self._desk.site)
                news = (version != seen or short != was_short) and since >= MIN_BETWEEN_S
                if news or since >= (LIVE_EVERY_S if self._watch_is_alone() else READ_AT_LEAST_EVERY_S):
                    seen, read_at = version, clock.monotonic()
                    self._read()
            except StoreError as error:
                self._show(str(error))
                self._stopping.wait(2.0)
            if self._room.site_file_changed is not None and clock.monotonic() - looked_at >= FILE_EVERY_S:
                looked_at = clock.monotonic()
                self._room.site_file_differs = self._room.site_file_changed()
            self._stopping.wait(LOOK_EVERY_S)

    def _watch_is_alone(self) -> bool:
        """True while the watch of this program asks the sources and cannot record what they say."""
        watch = self._room.watch
        return watch.holds_lock and bool(watch.trouble)

    def _read(self) -> None:
        from dutyroom.duty.records import read_room

        self._records = read_room(self._desk, clock.now())
        self._show("")

    def _show(self, trouble: str) -> None:
        from dutyroom.rules.newest import with_watched

        records, watch = self._records, self._room.watch
        if records is not None and self._watch_is_alone():
            records = with_watched(records, watch.latest, watch.beat())
        if records is not None:
            self._app.post_message(RecordsChanged(records, trouble))
        else:
            self._app.post_message(FeedBroken(trouble))
