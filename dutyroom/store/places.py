"""Where the database file may lie: on a local disk, readable by its owner alone."""

from __future__ import annotations

import os
from pathlib import Path

from dutyroom.errors import StoreError
from dutyroom.store.trouble import of_system, trouble
from dutyroom.words import _

MOUNTINFO = Path("/proc/self/mountinfo")
# File systems whose locks or shared memory do not hold between machines; WAL needs both (sqlite.org/wal.html).
NETWORK = frozenset(
    (
        *("9p", "afs", "afpfs", "beegfs", "ceph", "cifs", "coda", "davfs", "fuse.ceph", "fuse.cephfs", "fuse.davfs"),
        *("fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "fuse.vmhgfs-fuse", "gfs", "gfs2", "glusterfs"),
        *("gpfs", "lustre", "ncp", "ncpfs", "nfs", "nfs4", "ocfs2", "smb", "smb2", "smb3", "smbfs", "vboxsf", "vmhgfs"),
    )
)


def path_of(url: str) -> Path:
    """The absolute path in `sqlite:////absolute/path` (or `sqlite:///relative`).

    Raises:
        StoreError: `url` when it is anything else.
    """
    prefix = "sqlite:///"
    rest = url.removeprefix(prefix)
    if not url.startswith(prefix) or rest in ("", ":memory:") or "?" in rest:
        sentence = _("The store must be a SQLite file such as sqlite:////var/lib/dutyroom/dutyroom.db, not {url}")
        raise StoreError(sentence.format(url=url), code="url")
    return Path(rest).expanduser().absolute()


def _unescape(text: str) -> str:
    # proc_pid_mountinfo(5): blank, tab, newline and backslash are written as octal escapes.
    for code, character in (("040", " "), ("011", "\t"), ("012", "\n"), ("134", "\\")):
        text = text.replace(f"\\{code}", character)
    return text


def file_system_of(path: Path, mountinfo: str) -> str:
    """The type of the file system that holds `path`, by the longest mount point; empty when none matches.

    `mountinfo` is the text of /proc/self/mountinfo (proc_pid_mountinfo(5)).
    """
    best, kind = -1, ""
    for line in mountinfo.splitlines():
        before, dash, after = line.partition(" - ")
        fields = before.split(" ")
        if not dash or len(fields) < 5:
            continue
        point = Path(_unescape(fields[4]))
        # A later mount on the same point hides the earlier one.
        if path.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split(" ")[0]
    return kind


def refuse_network(path: Path, mountinfo: Path) -> None:
    """Does nothing for a local file system or where there is no mount table.

    Raises:
        StoreError: `network-file-system`.
    """
    try:
        table = mountinfo.read_text("utf-8", "surrogateescape")
    except FileNotFoundError:
        return
    kind = file_system_of(path.resolve(), table)
    if kind in NETWORK:
        sentence = _("{path} lies on a network file system ({kind}), where its locks do not hold. Use a local disk.")
        raise StoreError(sentence.format(path=path, kind=kind), code="network-file-system")


def prepare(path: Path) -> None:
    """Makes missing directories (mode 0700) and the file (mode 0600); what exists is left as it is.

    Raises:
        StoreError: `read-only`, `disk-full`, `cannot-open`.
    """
    try:
        for parent in reversed(path.parents):
            if not parent.exists():
                parent.mkdir(mode=0o700, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise of_system(error, path) from error


def require(path: Path) -> None:
    """Raises StoreError `missing` when there is no file."""
    try:
        there = path.is_file()
    except OSError as error:
        raise of_system(error, path) from error
    if not there:
        raise trouble("missing", path)
