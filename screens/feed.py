"""The one reader of change: a thread with a read-only connection that tells the app when the store has news."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from dutyroom import clock
from dutyroom.errors import StoreError
from screens.messages import FeedBroken, RecordsChanged

if TYPE_CHECKING:
    from textual.app import App

    from dutyroom.duty.desk import Desk

LOOK_EVERY_S = 0.25
# The slot of the day changes without a write, so the records are read again now and then in any case.
READ_AT_LEAST_EVERY_S = 30.0
MIN_BETWEEN_S = 0.5


class Feed:
    """Looks at `PRAGMA data_version` four times a second and posts RecordsChanged at most twice a second."""

    def __init__(self, app: App[None], desk: Desk) -> None:
        self._app, self._desk = app, desk
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
        seen: int | None = None
        read_at = float("-inf")
        while not self._stopping.is_set():
            since = clock.monotonic() - read_at
            try:
                version = self._desk.store.data_version()
                if (version != seen and since >= MIN_BETWEEN_S) or since >= READ_AT_LEAST_EVERY_S:
                    seen, read_at = version, clock.monotonic()
                    self._read()
            except StoreError as error:
                self._app.post_message(FeedBroken(str(error)))
                self._stopping.wait(2.0)
            self._stopping.wait(LOOK_EVERY_S)

    def _read(self) -> None:
        from dutyroom.duty.records import read_room

        self._app.post_message(RecordsChanged(read_room(self._desk, clock.now())))
