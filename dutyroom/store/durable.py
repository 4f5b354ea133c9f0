"""Files that are still there after a power cut: made with their rights, synced with their folder."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from dutyroom.store.trouble import of_system

# Some network file systems cannot sync a folder; their server answers for the name itself.
_CANNOT = frozenset((errno.EINVAL, errno.ENOTSUP, errno.ENOSYS))


def folder_made(folder: Path) -> None:
    """Makes the folder and what is missing above it, mode 0700; what exists is left as it is. Raises StoreError."""
    try:
        for place in (*reversed(folder.parents), folder):
            if not place.exists():
                place.mkdir(mode=0o700, exist_ok=True)
                own_like_folder(place)
    except OSError as error:
        raise of_system(error, folder) from error


def own_like_folder(path: Path) -> None:
    """What root makes belongs to the owner of the folder it lies in: the account of the service must be able to use it.

    Raises OSError when it is gone.
    """
    if os.geteuid() == 0:
        owner = path.parent.stat()
        # A network file system may not let root give files away; they are readable there as they are.
        with suppress(PermissionError):
            os.chown(path, owner.st_uid, owner.st_gid)


def create_private(path: Path) -> None:
    """Makes an empty file that only its owner may read, over what had the name. Raises OSError."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    own_like_folder(path)


def write_private(path: Path, content: bytes) -> None:
    """Writes such a file; its content is on the disk when this returns. Raises OSError."""
    create_private(path)
    with path.open("r+b") as file:
        file.write(content)
    sync_file(path)


def sync_file(path: Path) -> None:
    """The content is on the disk when this returns. Raises OSError."""
    file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def sync_folder(folder: Path) -> None:
    """The names in the folder are on the disk when this returns. Raises OSError."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    except OSError as error:
        if error.errno not in _CANNOT:
            raise
    finally:
        os.close(file)
