"""Who does what a command writes: `--as NAME`, and that operator's password from a file or a prompt."""

from __future__ import annotations

import getpass
import os
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.errors import DutyroomError, SignInRefused
from dutyroom.inert import inert
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.duty.desk import Desk
    from dutyroom.model.people import Actor
    from dutyroom.model.site import PasswordRules, Site
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


class NoPassword(DutyroomError):
    """No password could be read."""

    code = "password"
    exit_code = 2


@contextmanager
def signed_in(site: Site, name: str, password_file: Path | None) -> Iterator[tuple[Desk, Actor]]:
    """The desk of the site with the operator at it; its store is closed at the end. Raises as `sign_in_as`."""
    from dutyroom.cli.compose import open_desk

    desk = open_desk(site)
    try:
        yield desk, sign_in_as(desk.store, name, password_file, site.passwords)
    finally:
        desk.store.close()


def sign_in_as(store: Store, name: str, password_file: Path | None, rules: PasswordRules) -> Actor:
    """The operator, signed in: a line in the ledger whichever way it goes.

    At a prompt a one-time secret or a password that is too old is followed by the question for a new one.

    Raises NoPassword when there is no password to be had, SignInRefused when it is wrong or may be used no longer.
    """
    from dutyroom import clock
    from dutyroom.duty.signin import PasswordChangeNeeded, change_password

    shown = inert(name, 64)
    password = read_password(password_file, _("Password of {name}: ").format(name=shown))
    try:
        return sign_in_with(store, name, password, rules)
    except PasswordChangeNeeded as needed:
        if password_file is not None:
            how = f"dutyroom operators password {shown} --as {shown} --password-file … --new-password-file …"
            raise SignInRefused(f"{needed} {how}", code=needed.code) from None
        print(str(needed), file=sys.stderr)
        new = new_password(None, name)
        return change_password(store, name, password, new, terminal(), clock.now(), rules).actor


def sign_in_with(store: Store, name: str, password: str, rules: PasswordRules) -> Actor:
    """The operator, signed in with a password that was read already. Raises SignInRefused."""
    from dutyroom import clock
    from dutyroom.duty.signin import sign_in

    return sign_in(store, name, password, terminal(), clock.now(), rules).actor


def read_password(path: Path | None, prompt: str) -> str:
    """The password in the file, or typed at the prompt. Raises NoPassword."""
    if path is not None:
        return _in_file(path)
    if not sys.stdin.isatty():
        raise NoPassword(_("There is no terminal to ask for the password: give --password-file FILE."))
    return getpass.getpass(prompt)


def new_password(path: Path | None, name: str, *, pin: bool = False) -> str:
    """A password or PIN to be set: from the file, or typed twice. Raises NoPassword."""
    prompt = _("New PIN of {name}: ") if pin else _("New password of {name}: ")
    password = read_password(path, prompt.format(name=inert(name, 64)))
    if path is None and getpass.getpass(_("The same again: ")) != password:
        raise NoPassword(_("The two were not the same: nothing was changed."))
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
        raise NoPassword(_("{path}: cannot be read ({reason}).").format(path=shown, reason=reason)) from None
    try:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            raise NoPassword(_("{path} is not an ordinary file.").format(path=shown))
        if facts.st_mode & 0o077:
            raise NoPassword(_("Others can read {path}; run: chmod 600 {path}").format(path=shown))
        raw = os.read(handle, LONGEST)
    finally:
        os.close(handle)
    try:
        password = raw.decode("utf-8").split("\n")[0].rstrip("\r")
    except UnicodeDecodeError:
        raise NoPassword(_("{path}: the password is not UTF-8 text.").format(path=shown)) from None
    if not password:
        raise NoPassword(_("{path} is empty; write the password on its first line.").format(path=shown))
    return password
