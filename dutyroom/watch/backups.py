"""The daily backup, made by whoever holds the watch, in a thread of its own: nothing it waits for delays a poll.

It is made at the site's time, at once when the machine was off then, and an hour after a try that failed. A copy the
second place lacks is tried again every hour.
"""

from __future__ import annotations

import logging
import threading

from dutyroom import clock
from dutyroom.duty.backups import back_up, copy_to_second
from dutyroom.errors import StoreError
from dutyroom.model.backup import Backup, BackupReason
from dutyroom.model.site import Site
from dutyroom.rules.backups import AGAIN_AFTER, is_due
from dutyroom.store import backups
from dutyroom.store.database import Store

log = logging.getLogger(__name__)

# The first answers of the room and the first frame come before the first backup.
FIRST_AFTER_S = 5.0
LOOK_EVERY_S = 20.0
END_WITHIN_S = 10.0
SECOND_WITHIN_S = 300.0


class DailyBackup:
    """Looks now and then whether a backup is due, from `start()` to `stop()`."""

    def __init__(self, site: Site, store: Store, first_after_s: float = FIRST_AFTER_S) -> None:
        self.site, self.store = site, store
        self._first_after_s = first_after_s
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._copied_at: float | None = None

    def start(self) -> None:
        """Starts looking."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="backup", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends looking; a backup that was begun is waited for, a second place that does not answer is not."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(END_WITHIN_S)
            self._thread = None

    def look(self) -> None:
        """Makes what is due now. What cannot be made is remembered in the store and told in the log."""
        try:
            with self.store.read() as session:
                good, tried = backups.newest_good(session), backups.newest(session)
            now = clock.now()
            if is_due(good, tried, self.site.backup.at, self.site.timezone, now):
                made = back_up(self.store, self.site, BackupReason.DAILY, now)
                log.info("backed up: %s", made.path)
                self._copy(made)
            elif good is not None and good.second is None and self._may_copy():
                self._copy(good)
        except StoreError as error:
            log.error("no backup: %s", error)

    def _copy(self, backup: Backup) -> None:
        self._copied_at = clock.monotonic()
        copied = copy_to_second(self.store, self.site, backup, SECOND_WITHIN_S, self._stopping.is_set)
        if copied.second_trouble is not None:
            log.error("no copy in the second place: %s", copied.second_trouble)

    def _may_copy(self) -> bool:
        if self.site.backup.second is None:
            return False
        return self._copied_at is None or clock.monotonic() - self._copied_at >= AGAIN_AFTER.total_seconds()

    def _run(self) -> None:
        wait_s = self._first_after_s
        while not self._stopping.wait(wait_s):
            wait_s = LOOK_EVERY_S
            try:
                self.look()
            except Exception:
                # A defect here must not leave the room without a backup for good.
                log.exception("the backup failed")
