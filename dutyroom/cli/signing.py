"""Who does what a command writes: `--as NAME`, and that operator's password from a file or a prompt."""

from __future__ import annotations

import getpass
import os
import socket
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.model.people import Actor
    from dutyroom.store.database import Store

LONGEST = 4096

As = Annotated[str, typer.Option("--as", metavar="NAME", help=N_("The operator who does this."))]
PerhapsAs = Annotated[
    str | None, typer.Option("--as", metavar="NAME", help=N_("The operator who does this."), show_default=False)
]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--password-file",
        metavar="FILE",
        help=N_("Read that operator's password here (chmod 600)."),
        show_default=False,
    ),
]


class PasswordRefused(DutyroomError):
    """No password could be read."""

    code = "password"
    exit_code = 2


def sign_in_as(store: Store, name: str, password_file: Path | None) -> Actor:
    """The operator, signed in: a line in the ledger whichever way it goes.

    Raises PasswordRefused when there is no password to be had, SignInRefused when it is wrong.
    """
    from dutyroom import clock
    from dutyroom.duty.signin import sign_in

    shown = inert(name, 64)
    password = read_password(password_file, _("Password of {name}: ").format(name=shown))
    _operator, actor = sign_in(store, name, password, terminal(), clock.now())
    return actor


def read_password(path: Path | None, prompt: str) -> str:
    """The password in the file, or typed at the prompt. Raises PasswordRefused."""
    if path is not None:
        return _in_file(path)
    if not sys.stdin.isatty():
        raise PasswordRefused(_("There is no terminal to ask for the password: give --password-file FILE."))
    return getpass.getpass(prompt)


def new_password(path: Path | None, name: str) -> str:
    """A password to be set: from the file, or typed twice. Raises PasswordRefused."""
    shown = inert(name, 64)
    password = read_password(path, _("New password of {name}: ").format(name=shown))
    if path is None and getpass.getpass(_("The same again: ")) != password:
        raise PasswordRefused(_("The two were not the same: nothing was changed."))
    return password


def terminal() -> str:
    """Where the operator sits, for the ledger: `duty-pc:pts/0`."""
    try:
        device = os.ttyname(sys.stdin.fileno()).removeprefix("/dev/")
    except (OSError, ValueError):
        device = "-"
    return inert(f"{socket.gethostname()}:{device}", 64)


def _in_file(path: Path) -> str:
    shown = inert(str(path), 200)
    try:
        # Opened without waiting, so that a named pipe in the place of the file cannot hold the program up.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or _("not a path")
        raise PasswordRefused(_("{path}: cannot be read ({reason}).").format(path=shown, reason=reason)) from None
    try:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            raise PasswordRefused(_("{path} is not an ordinary file.").format(path=shown))
        if facts.st_mode & 0o077:
            raise PasswordRefused(_("Others can read {path}; run: chmod 600 {path}").format(path=shown))
        raw = os.read(handle, LONGEST)
    finally:
        os.close(handle)
    try:
        password = raw.decode("utf-8").split("\n")[0].rstrip("\r")
    except UnicodeDecodeError:
        raise PasswordRefused(_("{path}: the password is not UTF-8 text.").format(path=shown)) from None
    if not password:
        raise PasswordRefused(_("{path} is empty; write the password on its first line.").format(path=shown))
    return password
