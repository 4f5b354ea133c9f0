"""`dutyroom findings`: what is wrong, who puts it right, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli import finding_acts
from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from dutyroom.duty.desk import Desk
    from dutyroom.duty.finding_lists import FindingHistory
    from dutyroom.model.checklist import Item
    from dutyroom.model.finding import Finding

app = typer.Typer(no_args_is_help=True)


@app.command("list", help=N_("Findings that are not over, the overdue ones first."))
def list_findings(
    ctx: typer.Context,
    every: Annotated[bool, typer.Option("--all", help=N_("Those that are over too."))] = False,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints one line for each finding; exit code 1 when one is overdue."""
    from dutyroom import clock
    from dutyroom.cli import documents, finding_document
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.finding_lists import items_of, listed

    site, now = site_of(ctx), clock.now()
    desk = open_desk(site, read_only=True)
    try:
        found = listed(desk, now, every=every)
        people = _people(desk)
    finally:
        desk.store.close()
    items = items_of(desk)
    if json:
        print(documents.to_text(finding_document.findings(found, now)))
    elif found:
        print("\n".join(aligned(_row(one, items, people, site.timezone, now) for one in found)))
    else:
        print(_("No finding is open."))
    return 1 if any(one.is_overdue(now) for one in found) else 0


@app.command("show", help=N_("One finding with its history."))
def show_finding(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help=N_("The finding's number in the list."))],
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints the finding; exit code 1 when there is none of that number."""
    from dutyroom import clock
    from dutyroom.cli import documents, finding_document
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.finding_lists import history, items_of

    site, now = site_of(ctx), clock.now()
    desk = open_desk(site, read_only=True)
    try:
        found = history(desk, number)
        people = _people(desk)
    finally:
        desk.store.close()
    if json:
        print(documents.to_text(finding_document.one_finding(found.finding, found.steps, now)))
    else:
        print("\n".join(_lines(found, items_of(desk), people, site.timezone, now)))
    return 0


finding_acts.add_to(app)


def _people(desk: Desk) -> dict[str, str]:
    from dutyroom.duty.operators import operators

    return {one.name: one.label for one in operators(desk.store)}


def _row(
    one: Finding, items: Mapping[str, Item], people: Mapping[str, str], zone: ZoneInfo, now: datetime
) -> tuple[str, ...]:
    from dutyroom import finding_words, show
    from dutyroom.inert import inert

    return (
        str(one.id),
        finding_words.severity(one.severity),
        show.moment(one.deadline, zone),
        finding_words.standing(one, now),
        people.get(one.assignee or "", one.assignee or show.NOTHING),
        one.device or show.NOTHING,
        inert(finding_words.what(one, items), 120),
    )


def _lines(
    found: FindingHistory, items: Mapping[str, Item], people: Mapping[str, str], zone: ZoneInfo, now: datetime
) -> list[str]:
    from dutyroom import finding_words, show
    from dutyroom.cli.columns import aligned
    from dutyroom.inert import inert

    def person(name: str | None) -> str:
        return people.get(name, name) if name is not None else _("the watch")

    one = found.finding
    facts = [
        (_("what"), inert(finding_words.what(one, items), 500)),
        (_("device"), one.device or show.NOTHING),
        (_("class"), finding_words.severity(one.severity)),
        (_("state"), finding_words.standing(one, now)),
        (_("deadline"), show.moment(one.deadline, zone)),
        (_("assignee"), people.get(one.assignee or "", one.assignee or show.NOTHING)),
        (_("found"), f"{show.moment(one.found_at, zone)}  {person(one.found_by)}"),
    ]
    if one.is_known(now):
        facts.append((_("known fault"), f"{one.known_owner}: {one.known_reason}, {show.moment(one.known_until, zone)}"))
    steps = [
        (show.moment(step.at, zone), person(step.by), finding_words.step(step, zone, person), inert(step.note, 500))
        for step in found.steps
    ]
    return [_("Finding {number}").format(number=one.id), *aligned(facts), "", *aligned(steps)]
