"""Why a file could not be written, as a sentence that says what to do; kept as a cause, to be said in any language."""

from __future__ import annotations

import errno
import os
import pwd
import shutil
import stat
from dataclasses import dataclass, replace
from pathlib import Path

from dutyroom.backup_words import size
from dutyroom.errors import ExportError
from dutyroom.inert import inert
from dutyroom.words import N_, _, language

SENTENCES = {
    "disk-full": N_("{path} was not written: the disk is full. It takes {needed}, {free} are free. Free some space."),
    "disk-full-folder": N_("{path} was not written: the disk is full, {free} are free. Free some space."),
    "no-more-files": N_("{path} was not written: its disk takes no more files, although {free} are free. Remove some."),
    "quota": N_("{path} was not written: {account} has used up the space it may use on that disk. Remove something."),
    "too-large": N_("{path} was not written: that disk or this account takes no file so large. Raise the limit."),
    "read-only-disk": N_("{path} was not written: its disk is mounted read-only."),
    "no-right": N_("{path} was not written: {account} may not write into that folder. Its owner can allow it."),
    "protected": N_("{path} is write-protected and was not replaced. Take the protection away, or give another name."),
    "is-folder": N_("{path} was not written: there is a folder of that name. Give another name."),
    "no-ordinary-file": N_("{path} was not written: that is a device or a pipe. Give another name."),
    "no-folder": N_("There is no folder {folder}. Make it first, or see whether its disk is mounted."),
    "not-a-folder": N_("{path} was not written: a part of that path is a file, no folder. Give another folder."),
    "name-too-long": N_("{path} was not written: the name is too long for that disk. Give a shorter one."),
    "in-use": N_(
        "{path} was not replaced: another program holds it open, or it belongs to somebody else."
        " Close it there and repeat."
    ),
    "disk-error": N_("{path} was not written: its disk or network drive failed ({why}). Look at it, then repeat."),
    "other": N_("The file {path} could not be written: {why}."),
}
CAUSES = {
    errno.ENOSPC: "disk-full",
    errno.EDQUOT: "quota",
    errno.EFBIG: "too-large",
    errno.EROFS: "read-only-disk",
    errno.EACCES: "no-right",
    errno.EPERM: "no-right",
    errno.EISDIR: "is-folder",
    errno.ENOENT: "no-folder",
    errno.ENOTDIR: "not-a-folder",
    errno.EEXIST: "not-a-folder",
    errno.ENAMETOOLONG: "name-too-long",
    # What a share answers while somebody has the file open (the kernel's names for a sharing violation).
    errno.EBUSY: "in-use",
    errno.ETXTBSY: "in-use",
    errno.EIO: "disk-error",
    errno.ESTALE: "disk-error",
    errno.ENOTCONN: "disk-error",
    errno.ENODEV: "disk-error",
    errno.ENXIO: "disk-error",
    errno.ETIMEDOUT: "disk-error",
    errno.EHOSTDOWN: "disk-error",
    errno.EHOSTUNREACH: "disk-error",
    errno.EREMOTEIO: "disk-error",
}
PATH_LIMIT = 160
"""Characters of a path that are told; of a longer one its beginning and its end."""
WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stood in the way of a file: a code of SENTENCES, the file, the system's words, bytes needed and free.

    `replaces`: it was whole and on record, and only could not take its place; `line` is its line in the ledger then.
    `keeps`: an older file lies there as it was.
    """

    code: str
    path: str
    why: str = ""
    needed: int | None = None
    free: int | None = None
    account: str = ""
    replaces: bool = False
    line: int | None = None
    keeps: bool = False

    def sentence(self) -> str:
        """The cause and what to do, in the language in force."""
        path = Path(self.path)
        told = [
            _(SENTENCES[self.code]).format(
                path=_shown(path),
                folder=_shown(path.parent),
                why=inert(self.why, 200),
                needed=_bytes(self.needed),
                free=_bytes(self.free),
                account=inert(self.account, 64),
            )
        ]
        if self.keeps:
            told.append(_("The older file is as it was."))
        if self.line is not None:
            told.append(_("Line {line} of the ledger names the new one all the same.").format(line=self.line))
        return joined(*told)


def joined(*sentences: str) -> str:
    """Sentences in a row, as the language in force writes them; empty ones are left out."""
    return ("" if language() == "zh_CN" else " ").join(filter(None, sentences))


class NotWritten(ExportError):
    """A file that did not take its place. `code` is the cause; another folder or name helps with all but `other`."""

    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.sentence(), code=obstacle.code)
        self.obstacle = obstacle

    def about(self, path: Path) -> NotWritten:
        """The same trouble, said of the file people know by that path."""
        return NotWritten(replace(self.obstacle, path=str(path), keeps=os.path.isfile(path)))

    def on_record(self, line: int) -> NotWritten:
        """The same trouble of a file that the ledger names already."""
        return NotWritten(replace(self.obstacle, line=line))


def not_written(target: Path, error: OSError, needed: int | None = None, *, replaces: bool = False) -> NotWritten:
    """The trouble behind an error of the system about `target`; `needed` are the bytes that it takes.

    `replaces`: the file was whole and only could not take its place.
    """
    code = CAUSES.get(error.errno or 0, "other")
    free = None
    if code == "disk-full":
        free = _free(target)
        if needed is None:
            code = "disk-full-folder"
        elif free is not None and free > needed:
            code = "no-more-files"
    elif code == "no-folder" and os.path.isdir(target.parent):
        code = "other"
    elif code == "no-right" and replaces:
        # A file could be made in that folder a moment ago.
        code = "in-use"
    return _of(code, target, why=error.strerror or type(error).__name__, needed=needed, free=free, replaces=replaces)


def require_ordinary(path: Path) -> Path:
    """The file that a path leads to, which may be replaced or made. Raises NotWritten."""
    target = Path(os.path.realpath(path))
    try:
        found = os.stat(target)
    except FileNotFoundError as error:
        if not os.path.isdir(target.parent):
            raise _of("no-folder", target) from error
        return target
    except OSError as error:
        raise not_written(target, error) from error
    if stat.S_ISDIR(found.st_mode):
        raise _of("is-folder", target)
    if not stat.S_ISREG(found.st_mode):
        raise _of("no-ordinary-file", target)
    # A rename would not ask: somebody keeps this one on purpose.
    if not found.st_mode & WRITABLE:
        raise _of("protected", target)
    return target


def _of(
    code: str,
    target: Path,
    *,
    why: str = "",
    needed: int | None = None,
    free: int | None = None,
    replaces: bool = False,
) -> NotWritten:
    keeps = os.path.isfile(target) and code != "protected"
    return NotWritten(Obstacle(code, str(target), why, needed, free, _account(), replaces, keeps=keeps))


def _shown(path: Path) -> str:
    text = inert(str(path))
    half = PATH_LIMIT // 2
    return text if len(text) <= PATH_LIMIT else f"{text[:half]}…{text[1 - half :]}"


def _account() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _free(target: Path) -> int | None:
    place = next((one for one in (target, *target.parents) if os.path.isdir(one)), None)
    try:
        return shutil.disk_usage(place).free if place is not None else None
    except OSError:
        return None


def _bytes(count: int | None) -> str:
    return "–" if count is None else size(count)
