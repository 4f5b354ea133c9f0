"""Who may read and write the files: the site file, the secrets it names, the records."""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

from dutyroom.config.device_forms import AcForm, NetworkForm, ServerForm, UpsForm
from dutyroom.config.secrets import SECRETS
from dutyroom.config.sections import SiteForm
from dutyroom.config.values import absolute
from dutyroom.doctor.check import Check, Group, make
from dutyroom.model.reading import Verdict

OTHERS, OTHERS_WRITE = 0o077, 0o022


def site_file_mode(path: Path) -> list[Check]:
    """Whoever can write the site file decides where the room is asked and stored."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & OTHERS_WRITE:
        told = {"path": path, "mode": f"{mode:03o}"}
        return [make(Group.SITE, "site-mode", Verdict.ATTENTION, "writable", "chmod-write", str(path), **told)]
    return []


def secret_files(path: Path, form: SiteForm) -> list[Check]:
    """Every file of a secret that the site file names: there, and for its owner alone."""
    named = list(dict.fromkeys(_named(path.absolute().parent, form)))
    if not named:
        return [make(Group.SITE, "secrets", Verdict.OK, "no-secrets")]
    bad = [check for file in named for check in _secret(file)]
    return bad or [make(Group.SITE, "secrets", Verdict.OK, "secrets", count=len(named))]


def _named(folder: Path, form: SiteForm) -> Iterator[Path]:
    devices: list[UpsForm | NetworkForm | ServerForm | AcForm] = [*form.ups, *form.network, *form.server, *form.ac]
    for device in devices:
        for key in SECRETS if device.snmp is not None else ():
            file = getattr(device.snmp, f"{key}_file")
            if file is not None:
                yield Path(absolute(str(folder), file))


def _secret(file: Path) -> list[Check]:
    try:
        facts = file.stat()
    except OSError as error:
        told = {"path": file, "reason": error.strerror or str(error)}
        return [make(Group.SITE, "secrets", Verdict.FAULT, "secret-missing", "secret-missing", str(file), **told)]
    mode = stat.S_IMODE(facts.st_mode)
    if mode & OTHERS:
        told = {"path": file, "mode": f"{mode:03o}"}
        return [make(Group.SITE, "secrets", Verdict.FAULT, "secret-open", "chmod", str(file), **told)]
    return _owner(Group.SITE, "secrets", file, facts.st_uid)


def store_files(database: Path) -> list[Check]:
    """The records and their folder are for one account; the files SQLite keeps beside them too."""
    bad: list[Check] = []
    for path in (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm", ".watch"))):
        if path.exists():
            facts = path.stat()
            mode = stat.S_IMODE(facts.st_mode)
            if mode & OTHERS:
                told = {"path": path, "mode": f"{mode:03o}"}
                bad.append(make(Group.RECORDS, "store-mode", Verdict.ATTENTION, "open", "chmod", str(path), **told))
            bad += _owner(Group.RECORDS, "store-mode", path, facts.st_uid)
    folder = database.parent
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & OTHERS_WRITE:
        told = {"path": folder, "mode": f"{mode:03o}"}
        bad.append(make(Group.RECORDS, "store-mode", Verdict.ATTENTION, "writable", "chmod-write", str(folder), **told))
    return bad or [make(Group.RECORDS, "store-mode", Verdict.OK, "owner-only")]


def _owner(group: Group, code: str, path: Path, uid: int) -> list[Check]:
    """Root may read everything; every other account only what is its own."""
    if uid == os.geteuid() or os.geteuid() == 0:
        return []
    told = {"path": path, "owner": account(uid), "account": account(os.geteuid())}
    return [make(group, code, Verdict.ATTENTION, "other-owner", "owner", str(path), **told)]


def account(uid: int) -> str:
    """The login of that number, or the number."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
