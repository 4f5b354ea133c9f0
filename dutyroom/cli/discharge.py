"""`dutyroom discharge`: guided discharge tests. A person switches; readings, stop criteria and result are kept here."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.cli.signing import As, PasswordFile, signed_in
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.model.discharge_test import StartCheck
    from dutyroom.model.people import Actor
    from dutyroom.model.runtime import DischargeTest
    from dutyroom.model.site import Site

app = typer.Typer(no_args_is_help=True)

Ups = Annotated[str, typer.Argument(metavar="UPS", help=N_("The UPS, by its name in the site file."))]
Number = Annotated[int, typer.Argument(metavar="ID", help=N_("The test's number in the list."))]
StopCharge = Annotated[
    float, typer.Option("--stop-charge", metavar="PERCENT", help=N_("Stop when the charge has fallen to this."))
]
StopAfter = Annotated[
    str | None,
    typer.Option("--stop-after", metavar="DURATION", help=N_("Or after this time: 45m, 2h."), show_default=False),
]
Confirm = Annotated[
    list[str] | None,
    typer.Option(
        "--confirm",
        metavar="ITEM",
        help=N_("Vouch for an item of the checklist that no reading can confirm; may be repeated."),
        show_default=False,
    ),
]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help=N_("What is to be known."), show_default=False)]


@app.command("check", help=N_("The checklist before a test, as it stands now."))
def check(ctx: typer.Context, ups: Ups, json: Json = False, config: Config = None, lang: Lang = None) -> int:
    """Prints it; exit code 1 when the data speak against a test."""
    from dutyroom import clock
    from dutyroom.cli import discharge_document, documents
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.discharge_tests import checklist
    from dutyroom.model.discharge_test import CheckState

    desk = open_desk(site_of(ctx), read_only=True)
    try:
        checks = checklist(desk, ups, clock.now())
    finally:
        desk.store.close()
    print(documents.to_text(discharge_document.checklist(ups, checks)) if json else _checks_text(checks))
    return int(any(one.state is CheckState.REFUSED for one in checks))


@app.command("start", help=N_("Begin a test: then discharge the battery by hand, at the UPS."))
def start(
    ctx: typer.Context,
    ups: Ups,
    stop_charge: StopCharge,
    by: As,
    stop_after: StopAfter = None,
    confirm: Confirm = None,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Shows the checklist, asks for what only a person can confirm, and begins."""
    from dutyroom import clock, discharge_words
    from dutyroom.duty.discharge_tests import StopAt, checklist
    from dutyroom.duty.discharge_tests import start as begin

    site = site_of(ctx)
    stop = StopAt(stop_charge, _seconds(stop_after))
    _refuse_unknown_items(confirm or ())
    with signed_in(site, by, password_file) as (desk, actor):
        checks = checklist(desk, ups, clock.now())
        print(_checks_text(checks))
        confirmed = {*(confirm or ()), *_asked(checks, confirm or ())}
        test = begin(desk, actor, ups, stop, confirmed, clock.now())
    print(discharge_words.begun(test, site.label_of(ups)))
    print(_("It stands at: {command}").format(command=f"dutyroom discharge show {test.id}"))
    print(_("Stop: {when}").format(when=discharge_words.stop_at(test)))
    return 0


@app.command("list", help=N_("Every discharge test, the newest first."))
def list_tests(
    ctx: typer.Context,
    ups: Annotated[
        str | None, typer.Option("--ups", metavar="NAME", help=N_("Only those of this UPS."), show_default=False)
    ] = None,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints one line for each."""
    from dutyroom import discharge_words
    from dutyroom.cli import discharge_document, documents
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.discharge_tests import listed

    site = site_of(ctx)
    desk = open_desk(site, read_only=True)
    try:
        found = listed(desk, ups)
    finally:
        desk.store.close()
    if json:
        print(documents.to_text(discharge_document.tests(found)))
    elif found:
        rows = [discharge_words.row(one, site.label_of(one.ups), site.timezone) for one in found]
        print("\n".join(aligned(rows)))
    else:
        print(_("No battery was tested yet."))
    return 0


@app.command("show", help=N_("One test: how it stands, or its result."))
def show_test(ctx: typer.Context, number: Number, json: Json = False, config: Config = None, lang: Lang = None) -> int:
    """Prints it; exit code 1 while a stop criterion is met."""
    from dutyroom import clock, discharge_words
    from dutyroom.cli import discharge_document, documents
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.discharge_tests import one

    site = site_of(ctx)
    desk = open_desk(site, read_only=True)
    try:
        now = one(desk, number, clock.now())
    finally:
        desk.store.close()
    if json:
        print(documents.to_text(discharge_document.test(now)))
    else:
        print("\n".join(aligned(discharge_words.lines(now, site.label_of(now.test.ups), site.timezone))))
    return int(bool(now.signs))


@app.command("sign", help=N_("Sign the result: it is then evidence for this battery, and never changes."))
def sign_test(
    ctx: typer.Context,
    number: Number,
    by: As,
    note: Note = "",
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Signs, and prints what was signed."""
    from dutyroom import clock
    from dutyroom.cli.compose import open_desk
    from dutyroom.cli.signing import read_password, sign_in_with
    from dutyroom.duty.discharge_tests import sign
    from dutyroom.inert import inert

    site = site_of(ctx)
    desk = open_desk(site)
    try:
        password = read_password(password_file, _("Password of {name}: ").format(name=inert(by, 64)))
        actor: Actor = sign_in_with(desk.store, by, password, site.passwords)
        signed = sign(desk, actor, number, password, note, clock.now())
    finally:
        desk.store.close()
    _print_row(site, signed)
    return 0


@app.command("abandon", help=N_("Give a test up: it stays on record and proves nothing."))
def abandon_test(
    ctx: typer.Context,
    number: Number,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=N_("Why, in a few words."))],
    by: As,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Gives it up, and prints it."""
    from dutyroom import clock
    from dutyroom.duty.discharge_tests import abandon

    site = site_of(ctx)
    with signed_in(site, by, password_file) as (desk, actor):
        over = abandon(desk, actor, number, reason, clock.now())
    _print_row(site, over)
    return 0


def _print_row(site: Site, test: DischargeTest) -> None:
    from dutyroom import discharge_words
    from dutyroom.cli.columns import aligned

    print("\n".join(aligned([discharge_words.row(test, site.label_of(test.ups), site.timezone)])))


def _checks_text(checks: Sequence[StartCheck]) -> str:
    from dutyroom import discharge_words
    from dutyroom.cli.columns import aligned

    rows = [(discharge_words.check_sign(one), one.item.value, discharge_words.check_line(one)) for one in checks]
    return "\n".join(aligned(rows))


def _asked(checks: Sequence[StartCheck], confirmed: Sequence[str]) -> list[str]:
    """What a person at a terminal confirms of the items that are open; without a terminal nothing is asked."""
    from dutyroom import discharge_words
    from dutyroom.model.discharge_test import CheckState

    if any(one.state is CheckState.REFUSED for one in checks) or not sys.stdin.isatty():
        return []
    asked = [one for one in checks if one.state is CheckState.ASKED and one.item.value not in confirmed]
    return [one.item.value for one in asked if typer.confirm(discharge_words.check_line(one))]


def _seconds(text: str | None) -> float | None:
    from dutyroom.tomlvalues import seconds

    if text is None:
        return None
    try:
        return seconds(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _refuse_unknown_items(items: Sequence[str]) -> None:
    from dutyroom.model.discharge_test import StartItem

    known = [one.value for one in StartItem]
    if any(item not in known for item in items):
        raise typer.BadParameter(_("choose one of: {choices}").format(choices=", ".join(known)))
