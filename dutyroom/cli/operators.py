"""`dutyroom operators`: who may sign in."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dutyroom import show
from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.cli.signing import (
    As,
    PasswordFile,
    PerhapsAs,
    new_password,
    read_password,
    sign_in_as,
    sign_in_with,
    terminal,
)
from dutyroom.inert import inert
from dutyroom.model.people import LastSignIn, Operator, Role, Tries
from dutyroom.model.site import Site
from dutyroom.rules.passwords import left_s
from dutyroom.words import N_, _

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME")]
NewPasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--new-password-file", metavar="FILE", help=N_("Read the password to be set here."), show_default=False
    ),
]
OneTime = Annotated[
    bool,
    typer.Option("--one-time", help=N_("Print a secret that works once, for choosing an own password (72 hours).")),
]


@app.command("add", help=N_("Add an operator. The first one is an admin and needs no --as."))
def add(
    ctx: typer.Context,
    name: Name,
    label: Annotated[str, typer.Option(help=N_("The name people read."), show_default=False)] = "",
    role: Annotated[Role | None, typer.Option(help=N_("What they may do."), show_default=False)] = None,
    by: PerhapsAs = None,
    password_file: PasswordFile = None,
    new_password_file: NewPasswordFile = None,
    one_time: OneTime = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Adds; without --as the password file is the new operator's, because nobody else has one.

    An admin who gives no --new-password-file gets a one-time secret to hand over: nobody knows another's password.
    """
    from dutyroom import clock
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.desk import require
    from dutyroom.duty.operators import OperatorRefused, add_operator, add_with_secret, operators
    from dutyroom.model.people import Act

    site = site_of(ctx)
    store, secret = open_desk(site).store, ""
    try:
        first = not operators(store)
        if first and by is not None:
            raise OperatorRefused(_("There is no operator yet: add the first one without --as."))
        if first and role not in (None, Role.ADMIN):
            raise OperatorRefused(_("The first operator must be an admin, who then adds the others."))
        if not first and by is None:
            raise OperatorRefused(_("There are operators already: give --as NAME of an admin."))
        actor = sign_in_as(store, by, password_file, site.passwords) if by is not None else None
        if actor is not None:
            # Said before anybody types a new password twice.
            require(actor, Act.ADD_OPERATOR)
        given = role or (Role.ADMIN if first else Role.TECHNICIAN)
        if one_time or (actor is not None and new_password_file is None):
            added, secret = add_with_secret(store, actor, name, label, given, clock.now())
        else:
            password = new_password(new_password_file or (password_file if actor is None else None), name)
            added = add_operator(store, actor, name, label, given, password, clock.now(), site.passwords)
    finally:
        store.close()
    print(_("Added {name} ({role}).").format(name=added.name, role=show.role(added.role)))
    _print_secret(secret)
    return 0


def _print_secret(secret: str) -> None:
    if secret:
        print(_("One-time secret, shown only now and good for 72 hours: {secret}").format(secret=secret))


@app.command("list", help=N_("Everybody with a login, disabled ones too."))
def list_operators(ctx: typer.Context, json: Json = False, config: Config = None, lang: Lang = None) -> int:
    """Prints one line for each operator: name, label, role, last sign-in, and what is to be known of the login."""
    from dutyroom import clock
    from dutyroom.cli import documents
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.operators import operators, sign_ins

    site, now = site_of(ctx), clock.now()
    store = open_desk(site, read_only=True).store
    try:
        found = operators(store)
        last, closed = sign_ins(store, now)
    finally:
        store.close()
    if json:
        print(documents.to_text(documents.operators(found, last, closed)))
        return 0
    rows = [
        (one.name, one.label, show.role(one.role), *_login(one, last[one.name], closed.get(one.name), site, now))
        for one in found
    ]
    print("\n".join(aligned(rows)) if rows else _("There is no operator yet: dutyroom operators add NAME"))
    return 0


def _login(one: Operator, last: LastSignIn, closed: Tries | None, site: Site, now: datetime) -> tuple[str, str]:
    """The last sign-in, and why the login does not work as usual."""
    zone, left = site.timezone, left_s(one, site.passwords, now)
    seen = _("last {at}").format(at=show.moment(last.at, zone)) if last.at is not None else _("never signed in")
    if one.disabled_at is not None:
        return seen, _("disabled {at}").format(at=show.moment(one.disabled_at, zone))
    if closed is not None and closed.closed_until is not None:
        return seen, _("closed until {at}").format(at=show.moment(closed.closed_until, zone))
    if one.one_time_until is not None:
        return seen, _("one-time secret until {at}").format(at=show.moment(one.one_time_until, zone))
    if left is not None and left < 0:
        return seen, _("password overdue")
    return seen, ""


@app.command("disable", help=N_("End somebody's login; the records stay."))
def disable(
    ctx: typer.Context,
    name: Name,
    by: As,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Disables an operator as an admin."""
    from dutyroom import clock
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.operators import disable_operator

    site = site_of(ctx)
    store = open_desk(site).store
    try:
        actor = sign_in_as(store, by, password_file, site.passwords)
        disable_operator(store, actor, name, clock.now())
    finally:
        store.close()
    print(_("Disabled {name}.").format(name=name))
    return 0


@app.command("password", help=N_("Set your own password, or as an admin give somebody a one-time secret."))
def password(
    ctx: typer.Context,
    name: Name,
    by: As,
    password_file: PasswordFile = None,
    new_password_file: NewPasswordFile = None,
    one_time: OneTime = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Sets one's own password (a one-time secret or an old password opens this too), or resets somebody's."""
    from dutyroom import clock
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.operators import reset_password, set_password
    from dutyroom.duty.signin import PasswordChangeNeeded, change_password

    site = site_of(ctx)
    store, secret, rules = open_desk(site).store, "", site.passwords
    try:
        if name == by:
            old = read_password(password_file, _("Password of {name}: ").format(name=inert(name, 64)))
            with suppress(PasswordChangeNeeded):  # that is what follows
                sign_in_with(store, name, old, rules)
            new = new_password(new_password_file, name)
            change_password(store, name, old, new, terminal(), clock.now(), rules)
        else:
            actor = sign_in_as(store, by, password_file, rules)
            if one_time or new_password_file is None:
                secret = reset_password(store, actor, name, clock.now())
            else:
                set_password(store, actor, name, new_password(new_password_file, name), clock.now(), rules)
    finally:
        store.close()
    print(_("The password of {name} is set.").format(name=name))
    _print_secret(secret)
    return 0


@app.command("pin", help=N_("Set your own PIN: it unlocks your own locked screen, and nothing else."))
def pin(
    ctx: typer.Context,
    by: As,
    password_file: PasswordFile = None,
    pin_file: Annotated[
        Path | None, typer.Option("--pin-file", metavar="FILE", help=N_("Read the PIN here."), show_default=False)
    ] = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Sets the PIN of the operator who gives the password."""
    from dutyroom import clock
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.operators import set_pin

    site = site_of(ctx)
    store = open_desk(site).store
    try:
        old = read_password(password_file, _("Password of {name}: ").format(name=inert(by, 64)))
        actor = sign_in_with(store, by, old, site.passwords)
        set_pin(store, actor, old, new_password(pin_file, by, pin=True), clock.now())
    finally:
        store.close()
    print(_("The PIN of {name} is set.").format(name=by))
    return 0
