"""`dutyroom zero`: the zero report of a duty day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.cli.signing import As, PasswordFile
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.duty.desk import Desk
    from dutyroom.model.people import Actor
    from dutyroom.model.zero_page import ZeroPage
    from dutyroom.zero_words import ZeroNames

app = typer.Typer(no_args_is_help=True)


def day_of(value: str | None) -> date | None:
    """The day as it was written, None for none. Raises BadParameter."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise typer.BadParameter(_("write the day as YYYY-MM-DD, such as 2026-11-24")) from None


PerhapsDay = Annotated[
    str | None,
    typer.Argument(metavar="[DATE]", help=N_("The duty day, named by its end; without: the one that is due.")),
]
Day = Annotated[str, typer.Argument(metavar="DATE", help=N_("The duty day, named by its end."))]
Remark = Annotated[str, typer.Option("--remark", metavar="TEXT", help=N_("A remark that stands in the report."))]
Clock = Annotated[
    str,
    typer.Option(
        "--clock-reason", metavar="TEXT", help=N_("Why it is signed although the clock stands before a record.")
    ),
]


@app.command("list", help=N_("The duty days and how their reports stand, the newest first."))
def list_days(
    ctx: typer.Context,
    days: Annotated[int, typer.Option("--days", min=1, max=3660, help=N_("How many days back."))] = 31,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints one line for each day."""
    from dutyroom import clock, show, zero_words
    from dutyroom.cli import documents, zero_document
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.zero_reports import listed

    site, now = site_of(ctx), clock.now()
    last = clock.duty_day(now, site.zero_report_at, site.timezone)
    desk = open_desk(site, read_only=True)
    try:
        found = listed(desk, last - timedelta(days=days - 1), last, now)
    finally:
        desk.store.close()
    if json:
        print(documents.to_text(zero_document.reports(found)))
        return 0
    rows = [
        (
            str(one.window.duty_day),
            zero_words.state(one),
            show.moment(one.report.signed_at, site.timezone) if one.report is not None else "",
            one.report.signed_by if one.report is not None else "",
        )
        for one in found
    ]
    print("\n".join(aligned(rows)) if rows else _("Nobody was on record in this time: no report was due."))
    return 0


@app.command("show", help=N_("A report as it was signed, or what it would say now."))
def show_report(
    ctx: typer.Context, day: PerhapsDay = None, json: Json = False, config: Config = None, lang: Lang = None
) -> int:
    """Prints the report."""
    from dutyroom.cli import documents, zero_document
    from dutyroom.cli.compose import open_desk
    from dutyroom.report.zero_report import text_of
    from dutyroom.sending import zero_names

    desk = open_desk(site_of(ctx), read_only=True)
    try:
        page = _page(desk, day_of(day))
    finally:
        desk.store.close()
    if json:
        print(documents.to_text(zero_document.one(page)))
    else:
        print(text_of(page, zero_names(desk, page)), end="")
        print(_unreported(page, zero_names(desk, page)), end="")
    return 0


@app.command("sign", help=N_("Sign the report of a duty day: what it says follows from the records."))
def sign_report(
    ctx: typer.Context,
    by: As,
    day: PerhapsDay = None,
    remark: Remark = "",
    clock_reason: Clock = "",
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Signs, and prints what was signed."""
    from dutyroom import clock
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.zero_reports import due_day, sign
    from dutyroom.report.zero_report import text_of
    from dutyroom.sending import zero_names

    desk = open_desk(site_of(ctx))
    try:
        actor, password = _signer(desk, by, password_file)
        now = clock.now()
        which = day_of(day) or due_day(desk, now)
        sign(desk, actor, which, password, now, remark=remark, clock_reason=clock_reason)
        page = _page(desk, which)
    finally:
        desk.store.close()
    print(text_of(page, zero_names(desk, page)), end="")
    print(_("Files to send: {command}").format(command=f"dutyroom export zero-report {which} --as {actor.name}"))
    return 0


@app.command("amend", help=N_("Sign a later version of a report, with a reason; the old one stays on record."))
def amend_report(
    ctx: typer.Context,
    day: Day,
    by: As,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=N_("Why it is amended."))],
    remark: Remark = "",
    clock_reason: Clock = "",
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Amends, and prints what was signed."""
    from dutyroom import clock
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.zero_reports import amend
    from dutyroom.report.zero_report import text_of
    from dutyroom.sending import zero_names

    which = day_of(day)
    assert which is not None  # an argument that must be given
    desk = open_desk(site_of(ctx))
    try:
        actor, password = _signer(desk, by, password_file)
        amend(desk, actor, which, password, reason, clock.now(), remark=remark, clock_reason=clock_reason)
        page = _page(desk, which)
    finally:
        desk.store.close()
    print(text_of(page, zero_names(desk, page)), end="")
    return 0


def _page(desk: Desk, day: date | None) -> ZeroPage:
    from dutyroom import clock
    from dutyroom.duty.zero_reports import due_day, page_of

    now = clock.now()
    return page_of(desk, day or due_day(desk, now), now)


def _signer(desk: Desk, by: str, password_file: Path | None) -> tuple[Actor, str]:
    """Who signs, and the password again: an act is signed with it, not with the sign-in before."""
    from dutyroom.cli.signing import read_password, sign_in_with
    from dutyroom.inert import inert

    password = read_password(password_file, _("Password of {name}: ").format(name=inert(by, 64)))
    return sign_in_with(desk.store, by, password, desk.site.passwords), password


def _unreported(page: ZeroPage, names: ZeroNames) -> str:
    from dutyroom import zero_words

    if not page.unreported:
        return ""
    lines = [f"  {zero_words.item(one, page.day, names)}" for one in page.unreported]
    return "\n".join(["", _("Known only after it was signed (amend the report):"), *lines]) + "\n"
