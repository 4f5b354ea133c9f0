"""`dutyroom config unit`: the systemd unit of the watch, as this installation and this site file need it."""

from __future__ import annotations

import grp
import os
import pwd
import re
import shutil
import sys
from pathlib import Path

from dutyroom.model.site import Site
from dutyroom.resources import data_path

UNIT = "dutyroom-collect.service"
# systemd makes this folder itself and gives it to the account of the unit (StateDirectory=, systemd.exec(5)).
STATE = Path("/var/lib/dutyroom")


def unit(site: Site, site_file: Path) -> str:
    """The text of the unit: program, site file, account and the folders that are written filled in."""
    from dutyroom.store.places import path_of

    store = path_of(site.store_url)
    user, group = _owner(store)
    written = [folder for folder in (store.parent, site.backup.folder, site.backup.second) if folder is not None]
    outside = list(dict.fromkeys(folder for folder in written if not folder.is_relative_to(STATE)))
    filled = {
        "ExecStart": f"{_quoted(program())} --config {_quoted(site_file.absolute())} collect",
        "User": user,
        "Group": group,
    }
    text = data_path("systemd", UNIT).read_text("utf-8")
    for key, value in filled.items():
        text = _put(text, key, value)
    if outside:
        # A folder that is not there (a disk that is not mounted) must not keep the watch from starting.
        text = _put(text, "#ReadWritePaths", " ".join(f"-{_quoted(folder)}" for folder in outside), "ReadWritePaths")
    if not store.is_relative_to(STATE):
        text = re.sub(r"^StateDirectory.*\n", "", text, flags=re.MULTILINE)
    return text


def program() -> Path:
    """The command `dutyroom` as it was called: the link that stays where it is when the program is upgraded."""
    called = Path(sys.argv[0]).absolute()
    linked = shutil.which("dutyroom")
    if linked is not None and Path(linked).resolve() == called.resolve():
        return Path(linked).absolute()
    return called if os.access(called, os.X_OK) else Path(sys.prefix, "bin", "dutyroom")


def _owner(store: Path) -> tuple[str, str]:
    """The account the records belong to; where there are none yet, the one that asks."""
    there = next((path for path in (store, store.parent) if path.exists()), None)
    found = there.stat() if there is not None else None
    uid, gid = (found.st_uid, found.st_gid) if found is not None else (os.geteuid(), os.getegid())
    try:
        return pwd.getpwuid(uid).pw_name, grp.getgrgid(gid).gr_name
    except KeyError:
        return str(uid), str(gid)


def _put(text: str, key: str, value: str, into: str = "") -> str:
    return re.sub(rf"^{re.escape(key)}=.*$", lambda _match: f"{into or key}={value}", text, flags=re.MULTILINE)


def _quoted(path: Path) -> str:
    """A path in a line of a unit (systemd.syntax(7)): quoted where it must be, `%` doubled, `$` too."""
    text = str(path).replace("%", "%%").replace("$", "$$")
    if not re.search(r"""[\s"'\\;]""", text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
