"""`dutyroom operators`: who may sign in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.cli.signing import As, PasswordFile, PerhapsAs, new_password, sign_in_as
from dutyroom.model.people import Role
from dutyroom.words import N_, _

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME")]
NewPasswordFile = Annotated[
    Path | None,
    typer.Option(
        "--new-password-file", metavar="FILE", help=N_("Read the password to be set here."), show_default=False
    ),
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
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Adds; without --as the password file is the new operator's, because nobody else has one."""
    from dutyroom import clock
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.desk import require
    from dutyroom.duty.signin import OperatorRefused, add_operator, operators
    from dutyroom.model.people import Act

    store = open_desk(site_of(ctx)).store
    try:
        first = not operators(store)
        if first and by is not None:
            raise OperatorRefused(_("There is no operator yet: add the first one without --as."))
        if first and role not in (None, Role.ADMIN):
            raise OperatorRefused(_("The first operator must be an admin, who then adds the others."))
        if not first and by is None:
            raise OperatorRefused(_("There are operators already: give --as NAME of an admin."))
        actor = sign_in_as(store, by, password_file) if by is not None else None
        if actor is not None:
            # Said before anybody types a new password twice.
            require(actor, Act.ADD_OPERATOR)
        password = new_password(new_password_file or (password_file if actor is None else None), name)
        given = role or (Role.ADMIN if first else Role.TECHNICIAN)
        added = add_operator(store, actor, name, label, given, password, clock.now())
    finally:
        store.close()
    print(_("Added {name} ({role}).").format(name=added.name, role=added.role))
    return 0


@app.command("list", help=N_("Everybody with a login, disabled ones too."))
def list_operators(ctx: typer.Context, json: Json = False, config: Config = None, lang: Lang = None) -> int:
    """Prints one line for each operator."""
    from dutyroom import show
    from dutyroom.cli import documents
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.signin import operators

    site = site_of(ctx)
    store = open_desk(site, read_only=True).store
    try:
        found = operators(store)
    finally:
        store.close()
    if json:
        print(documents.to_text(documents.operators(found)))
        return 0
    ended = _("disabled {at}")
    rows = [
        (
            one.name,
            one.label,
            one.role.value,
            ended.format(at=show.moment(one.disabled_at, site.timezone)) if one.disabled_at else "",
        )
        for one in found
    ]
    print("\n".join(aligned(rows)) if rows else _("There is no operator yet: dutyroom operators add NAME"))
    return 0


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
    from dutyroom.duty.signin import disable_operator

    store = open_desk(site_of(ctx)).store
    try:
        actor = sign_in_as(store, by, password_file)
        disable_operator(store, actor, name, clock.now())
    finally:
        store.close()
    print(_("Disabled {name}.").format(name=name))
    return 0


@app.command("password", help=N_("Set a password: your own, or as an admin anybody's."))
def password(
    ctx: typer.Context,
    name: Name,
    by: As,
    password_file: PasswordFile = None,
    new_password_file: NewPasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Sets the password of NAME."""
    from dutyroom import clock
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.signin import set_password

    store = open_desk(site_of(ctx)).store
    try:
        actor = sign_in_as(store, by, password_file)
        set_password(store, actor, name, new_password(new_password_file, name), clock.now())
    finally:
        store.close()
    print(_("The password of {name} is set.").format(name=name))
    return 0
