"""`dutyroom notify`: who is told what, every attempt with its result, and who has acknowledged it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.cli.signing import As, PasswordFile, signed_in
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.duty.notifications import Told
    from dutyroom.model.site import Site

FINE, NOT_ALL = 0, 1

app = typer.Typer(no_args_is_help=True)


@app.command("test", help=N_("Send a test message to every recipient of the site file, or to one."))
def send_test_message(
    ctx: typer.Context,
    to: Annotated[
        str | None, typer.Option("--to", metavar="NAME", help=N_("Only to this recipient."), show_default=False)
    ] = None,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Sends; exit code 1 when a message did not arrive."""
    from dutyroom import clock, notify_words
    from dutyroom.cli import documents, notify_document
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.notifications import send_test
    from dutyroom.model.notification import AttemptState

    desk = open_desk(site_of(ctx))
    try:
        found = send_test(desk, to, clock.now)
    finally:
        desk.store.close()
    if json:
        print(documents.to_text(notify_document.tests(found)))
    else:
        print("\n".join(aligned([(recipient.name, notify_words.result(one)) for recipient, one in found])))
    return FINE if all(one.state is AttemptState.SENT for _recipient, one in found) else NOT_ALL


@app.command("list", help=N_("The newest notifications, with every attempt to send them and its result."))
def list_notifications(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10000, help=N_("So many at most."))] = 20,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints them, newest first."""
    from dutyroom.cli import documents, notify_document
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.notifications import listed

    site = site_of(ctx)
    desk = open_desk(site, read_only=True)
    try:
        found = listed(desk, limit)
    finally:
        desk.store.close()
    if json:
        print(documents.to_text(notify_document.notifications(found)))
    elif found:
        print("\n".join(line for told in found for line in _lines(told, site)))
    else:
        print(_("Nobody was told of anything."))
    return FINE


@app.command("watchdog", help=N_("For a timer: tell that the watch gives no sign of life, and end."))
def watchdog(ctx: typer.Context, config: Config = None, lang: Lang = None) -> int:
    """Looks twice, `[notify] settle` apart, and sends what is due; exit code 1 while the watch is silent."""
    from time import sleep

    from dutyroom import clock, notify_words
    from dutyroom.cli.compose import open_desk
    from dutyroom.rules.notify_causes import silence
    from dutyroom.store import events
    from dutyroom.watch.notify import Notifier

    site = site_of(ctx)
    desk = open_desk(site)
    try:
        notifier = Notifier(site, desk.store, lambda: False)
        notifier.look()
        with desk.store.read() as session:
            found = silence(site.notify, events.heartbeat(session), clock.now(), clock.boot())
        if found:
            sleep(site.notify.settle_s)
            notifier.look()
        notifier.settle(max((one.timeout_s for one in site.recipients), default=0.0) + 2.0)
    finally:
        desk.store.close()
    for cause in found:
        age_s = (clock.now() - cause.since).total_seconds()
        print(notify_words.watch_trouble(age_s, None))
    return NOT_ALL if found else FINE


@app.command("acknowledge", help=N_("Say that you know of it: nobody else is told any more."))
def acknowledge(
    ctx: typer.Context,
    by: As,
    number: Annotated[
        int | None, typer.Argument(metavar="[ID]", help=N_("The notification's number in the list."))
    ] = None,
    every: Annotated[bool, typer.Option("--all", help=N_("Every one that waits."))] = False,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Acknowledges one, or all that wait."""
    from dutyroom import clock, notify_words
    from dutyroom.duty import notifications

    site = site_of(ctx)
    if (number is None) is not every:
        raise typer.BadParameter(_("give the number of a notification, or --all"))
    with signed_in(site, by, password_file) as (desk, actor):
        if number is None:
            done = notifications.acknowledge_all(desk, actor, clock.now())
        else:
            done = (notifications.acknowledge(desk, actor, number, clock.now()),)
    for one in done:
        print(_("Acknowledged: {what}").format(what=notify_words.line(one, site, names=True)))
    return FINE


def _lines(told: Told, site: Site) -> list[str]:
    from dutyroom import notify_words, show
    from dutyroom.cli.columns import aligned

    one, zone = told.notification, site.timezone
    head = notify_words.line(one, site, names=True)
    if one.acknowledged_at is not None:
        known = _("acknowledged by {who} at {at}")
        head += " · " + known.format(who=one.acknowledged_by, at=show.moment(one.acknowledged_at, zone))
    rows = [
        (
            f"  {show.moment(tried.started_at, zone)}",
            tried.recipient,
            notify_words.message_kind(tried.message),
            notify_words.result(tried),
        )
        for tried in told.attempts
    ]
    return [head, *aligned(rows)]
