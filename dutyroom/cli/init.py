"""`dutyroom init`: a new room set up, in a conversation or from an answers file, and checked at the end."""

from __future__ import annotations

import os
import shlex
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom import words
from dutyroom.cli.asked import Asked
from dutyroom.cli.options import Config, Lang, asked_in
from dutyroom.errors import DutyroomError, StoreError
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.model.site import Site
    from dutyroom.setup.plan import Admin, Draft, Plan
    from dutyroom.setup.writing import Written

LOCALTIME = Path("/etc/localtime")
Answers = Annotated[
    Path | None,
    typer.Option("--answers", metavar="FILE", help=N_("Take the answers from this file."), show_default=False),
]


class NotSetUp(DutyroomError):
    """The conversation ended before there was anything to write."""

    code = "not-set-up"


def init(ctx: typer.Context, answers: Answers = None, config: Config = None, lang: Lang = None) -> int:
    """Writes the site file and the first admin, then looks everything over; exit code as that of `doctor`."""
    return set_up(asked_in(ctx), answers)


def set_up(asked: Asked, answers: Path | None = None) -> int:
    """The whole of `dutyroom init`. Raises NotSetUp, SiteFileError, SourceError, StoreError."""
    from dutyroom import clock
    from dutyroom.setup.writing import write

    plan = _scripted(asked, answers) if answers is not None else _conversed(asked)
    written = write(plan, clock.now())
    if asked.lang is None:
        words.install(str(written.site.language))
    _tell(written)
    secret = _first_admin(written.site, plan.admin) if plan.admin is not None else ""
    try:
        code = _doctor(plan.path)
    finally:
        # Last, where the eye is; and whatever becomes of the checks, because it is kept nowhere.
        if plan.admin is not None and secret:
            _tell_secret(plan.admin, secret, plan.path)
    print(_("Begin with: {command}").format(command=begin_with(plan.path)))
    return _perhaps_open(asked, plan.path, code, noted=bool(secret)) if answers is None else code


def _perhaps_open(asked: Asked, path: Path, code: int, *, noted: bool) -> int:
    """On a terminal the screens can follow at once, once a secret that was told is noted: they cover it."""
    from dutyroom.cli.screen import on_terminal, open_screens
    from dutyroom.cli.talk import TerminalTalk
    from dutyroom.setup.talk import Back, agrees

    if not on_terminal():
        return code
    question = _("Is the secret noted? Then open the screens now") if noted else _("Open the screens now?")
    try:
        opens = agrees(TerminalTalk(), question, True)
    except (Back, EOFError):
        return code
    return open_screens(Asked(config=path, lang=asked.lang)) if opens else code


def _scripted(asked: Asked, file: Path) -> Plan:
    from dutyroom.cli.finding import LiveFinder
    from dutyroom.config.values import absolute
    from dutyroom.setup.answers import read_answers
    from dutyroom.setup.scripted import plan_of

    answers = read_answers(file)
    if asked.lang is None:
        words.install(answers.language)
    named = asked.config
    if named is None and answers.site_file is not None:
        named = Path(absolute(str(file.absolute().parent), answers.site_file))
    path = named or _place()
    return plan_of(answers, file, _draft_at(path), LiveFinder(), print)


def _conversed(asked: Asked) -> Plan:
    from dutyroom.cli.finding import LiveFinder
    from dutyroom.cli.talk import TerminalTalk
    from dutyroom.setup.wizard import Around, Declined, converse

    around = Around(LiveFinder(), _draft_at, _operators, system_zone(), socket.gethostname().split(".")[0])
    try:
        return converse(TerminalTalk(), around, asked.config or _place(), asked.lang)
    except (Declined, EOFError):
        raise NotSetUp(_("Nothing was written.")) from None
    except KeyboardInterrupt:
        print("\n" + _("Nothing was written."), file=sys.stderr)
        raise


def _place() -> Path:
    """Where the site file is or will be: the one that is found, else the user's own, for root the machine's."""
    from platformdirs import user_config_path

    from dutyroom.config import find_site_file
    from dutyroom.config.site_file import SYSTEM_SITE_FILE

    found = find_site_file(None)
    if found is not None:
        return found
    return SYSTEM_SITE_FILE if os.geteuid() == 0 else user_config_path("dutyroom") / "site.toml"


def _draft_at(path: Path) -> Draft:
    from dutyroom.config.site_file import read_form
    from dutyroom.setup.plan import Draft

    return Draft.of(path, read_form(path) if path.exists() else None)


def _operators(plan: Plan) -> tuple[str, ...]:
    """The logins in the records of the planned room; none where there are no records."""
    from dutyroom.config.build import default_store_url
    from dutyroom.duty.operators import operators
    from dutyroom.store.database import Store

    try:
        store = Store.open(plan.form.store.url or default_store_url(), read_only=True)
    except StoreError as error:
        if error.code == "missing":
            return ()
        raise
    try:
        return tuple(one.name for one in operators(store))
    finally:
        store.close()


def system_zone(environment: str = "", localtime: Path = LOCALTIME) -> str:
    """The IANA name of this machine's zone: `TZ`, else where /etc/localtime points (localtime(5)), else UTC."""
    from dutyroom.config.values import zone_of

    named = (environment or os.environ.get("TZ", "")).removeprefix(":")
    linked = os.path.realpath(localtime).partition("zoneinfo/")[2]
    for name in (named, linked):
        try:
            if name:
                return zone_of(name).key
        except ValueError:
            continue
    return "UTC"


def _tell(written: Written) -> None:
    for path in written.files:
        print(_("Written: {path}").format(path=path))
    for path in written.kept:
        print(_("Kept: {path}").format(path=path))


def _first_admin(site: Site, admin: Admin) -> str:
    """Adds the first operator and gives the one-time secret still to be told.

    It is empty when it was written to a file, and where there are operators already: then nobody is added.
    """
    from dutyroom import clock
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.operators import add_with_secret, operators
    from dutyroom.model.people import Role
    from dutyroom.setup.writing import write_secret

    desk = open_desk(site)
    try:
        there = operators(desk.store)
        if there:
            told = _("There are operators already: {names}. None is added.")
            print(told.format(names=", ".join(one.name for one in there[:10])))
            return ""
        _operator, secret = add_with_secret(desk.store, None, admin.name, admin.label, Role.ADMIN, clock.now())
    finally:
        desk.store.close()
    if admin.secret_file is None:
        return secret
    write_secret(admin.secret_file, secret)
    print(_("Admin {name}: the one-time secret is in {path}").format(name=admin.name, path=admin.secret_file))
    return ""


def _tell_secret(admin: Admin, secret: str, path: Path) -> None:
    own = f"{begin_with(path)} operators password {admin.name} --as {admin.name}"
    print()
    print(_("Admin {name}, one-time secret (shown only now):").format(name=admin.name))
    print(f"\n    {secret}\n")
    print(_("It works once, within 72 hours. Choose a password of your own: {command}").format(command=own) + "\n")


def _doctor(path: Path) -> int:
    """Ends with the whole examination, and says how to begin."""
    from dutyroom.cli.doctor import examined

    print()
    code = examined(path)
    print()
    return code


def begin_with(path: Path) -> str:
    """The command that opens the screens of this room: without --config where the file is found by itself."""
    from dutyroom.config import find_site_file

    found = find_site_file(None)
    return "dutyroom" if found is not None and found.samefile(path) else f"dutyroom --config {shlex.quote(str(path))}"
