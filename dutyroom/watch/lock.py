"""One watcher at a time: an OS lock that ends with its process, however that ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from dutyroom.store.durable import own_like_folder


class WatchLock:
    """`flock` on `<database>.watch`. No clock decides: a killed watcher's lock is free at once."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + ".watch")
        self._file: int | None = None

    def acquire(self) -> bool:
        """Takes the lock if nobody holds it. True when it is ours."""
        if self._file is not None:
            return True
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        own_like_folder(self.path)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Gives the lock back; nothing happens when it is not ours."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
