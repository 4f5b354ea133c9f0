"""`dutyroom outages`: every time the mains failed, and what was done."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli import outage_acts
from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

    from dutyroom.duty.desk import Desk
    from dutyroom.duty.outage_lists import OutageLine, OutagePage
    from dutyroom.model.site import Site

app = typer.Typer(no_args_is_help=True)


@app.command("list", help=N_("Every outage of a UPS, newest last; exit code 1 while one runs."))
def list_outages(
    ctx: typer.Context,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help=N_("Only what was not over on that day."), show_default=False),
    ] = None,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints one line for each outage."""
    from dutyroom import clock
    from dutyroom.cli import documents, outage_document
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.compose import open_desk
    from dutyroom.cli.zero import day_of
    from dutyroom.duty.outage_lists import listed
    from dutyroom.model.outage import OutageState

    site, day = site_of(ctx), day_of(since)
    begin = clock.at_local(day, time(), site.timezone) if day is not None else None
    desk = open_desk(site, read_only=True)
    try:
        found = listed(desk, begin, clock.now())
    finally:
        desk.store.close()
    labels = _labels(site)
    if json:
        print(documents.to_text(outage_document.outages(found, labels)))
    elif found:
        print("\n".join(aligned(_row(one, labels, site.timezone) for one in found)))
    else:
        print(_("No outage is on record."))
    return 1 if any(one.outage.state is OutageState.OPEN for one in found) else 0


@app.command("show", help=N_("One outage: its course, what it proves, and what was done."))
def show_outage(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help=N_("The outage's number in the list."))],
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints the outage with its power event; exit code 1 when there is none of that number."""
    from dutyroom import clock
    from dutyroom.cli import documents, outage_document
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.outage_lists import page

    site = site_of(ctx)
    desk = open_desk(site, read_only=True)
    try:
        found = page(desk, number, clock.now(), clock.boot())
        person = _people(desk)
    finally:
        desk.store.close()
    if json:
        print(documents.to_text(outage_document.one_outage(found, _labels(site))))
    else:
        print("\n".join(_lines(found, site, person)))
    return 0


outage_acts.add_to(app)


def _labels(site: Site) -> dict[str, str]:
    return {ups.name: ups.label for ups in site.ups}


def _people(desk: Desk) -> Callable[[str], str]:
    from dutyroom.duty.operators import operators
    from dutyroom.inert import inert

    known = {one.name: one.label for one in operators(desk.store)}
    return lambda name: inert(known.get(name, name), 60)


def _row(line: OutageLine, labels: Mapping[str, str], zone: ZoneInfo) -> tuple[str, ...]:
    from dutyroom import outage_record_words, show
    from dutyroom.inert import inert

    one = line.outage
    return (
        str(one.id),
        inert(labels.get(one.ups, one.ups), 60),
        show.moment(one.began_at, zone),
        show.moment(one.ended_at, zone),
        show.duration(one.on_battery_s),
        show.percent(line.lowest_charge_percent),
        _("power event {number}").format(number=one.event_id),
        outage_record_words.state(one, line.phases),
    )


def _lines(page: OutagePage, site: Site, person: Callable[[str], str]) -> list[str]:
    from dutyroom.cli.columns import aligned
    from dutyroom.inert import inert

    event = page.event
    lines = [
        _("Outage {number}").format(number=page.line.outage.id),
        *aligned(_facts(page, site)),
        "",
        _("Power event {number}").format(number=event.id),
        *aligned(_of_event(page, site, person)),
    ]
    if event.closing_text:
        lines += ["", inert(event.closing_text, 500)]
    return [*lines, "", *aligned(_course(page, site, person))]


def _facts(page: OutagePage, site: Site) -> list[tuple[str, str]]:
    from dutyroom import outage_record_words, show
    from dutyroom.inert import inert

    line, zone = page.line, site.timezone
    one = line.outage
    charge = _("{at_start} at the start, {lowest} at the lowest").format(
        at_start=show.percent(one.charge_at_start_percent), lowest=show.percent(line.lowest_charge_percent)
    )
    facts = [
        (_("UPS"), inert(_labels(site).get(one.ups, one.ups), 60)),
        (_("state"), outage_record_words.state(one, line.phases)),
        (_("began at"), show.moment(one.began_at, zone)),
        (_("ended at"), show.moment(one.ended_at, zone)),
        (_("transfers"), str(one.transfers)),
        (_("charge"), charge),
        (_("load"), show.percent(line.load_percent)),
        (_("estimate at start"), outage_record_words.estimate(one.estimate_at_start_s, one.estimate_basis)),
        (_("what happened"), outage_record_words.proven(page.proof)),
        (_("required hold time"), outage_record_words.required(page.proof)),
    ]
    if page.left is not None:
        left = outage_record_words.estimate(page.left.seconds, page.left.basis)
        facts.append((_("time left"), _("at least {left}").format(left=left) if page.left.at_least else left))
    if one.signs:
        facts.append((_("signs"), outage_record_words.signs(one)))
    return facts


def _of_event(page: OutagePage, site: Site, person: Callable[[str], str]) -> list[tuple[str, str]]:
    from dutyroom import outage_record_words, outage_words
    from dutyroom.inert import inert

    rows = [(_("state"), outage_record_words.event_state(page.event))]
    rows += [
        (outage_words.clock(one.name), outage_record_words.clock(one, site.timezone, person)) for one in page.clocks
    ]
    if page.off:
        rows.append((_("switched off"), inert(", ".join(sorted(page.off)), 200)))
    if page.others:
        labels = _labels(site)
        others = [f"{one.outage.id} ({inert(labels.get(one.outage.ups, one.outage.ups), 60)})" for one in page.others]
        rows.append((_("other outages"), ", ".join(others)))
    return rows


def _course(page: OutagePage, site: Site, person: Callable[[str], str]) -> list[tuple[str, ...]]:
    """What happened and what was done, oldest first."""
    from dutyroom import outage_record_words, outage_words, show
    from dutyroom.inert import inert

    zone, label = site.timezone, inert(_labels(site).get(page.line.outage.ups, page.line.outage.ups), 60)
    told = [(one.at, label, outage_record_words.phase(one)) for one in page.line.phases]
    told += [(one.at, person(one.by), outage_words.act(one, lambda subject: subject)) for one in page.steps]
    return [(show.moment(at, zone), who, what) for at, who, what in sorted(told, key=lambda row: row[0])]
