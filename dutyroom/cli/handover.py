"""`dutyroom handover`: what one shift left and the next one accepted, to be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.model.handover import Handover
    from dutyroom.model.site import Site

app = typer.Typer(no_args_is_help=True)


@app.command("list", help=N_("The newest handovers first."))
def list_handovers(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option("--limit", min=1, help=N_("How many at most."))] = 30,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints one line for each."""
    from dutyroom.cli import documents, duty_document
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.handover import listed
    from dutyroom.duty.operators import operators

    site = site_of(ctx)
    desk = open_desk(site, read_only=True)
    try:
        found, names = listed(desk, limit), {one.name: one.label for one in operators(desk.store)}
    finally:
        desk.store.close()
    if json:
        print(documents.to_text(duty_document.handovers(found)))
    elif found:
        print("\n".join(aligned([_row(one, site, lambda name: names.get(name, name)) for one in found])))
    else:
        print(_("No shift was handed over yet."))
    return 0


@app.command("show", help=N_("One handover with its sheet."))
def show_handover(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help=N_("Its number in the list."))],
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints the sheet as it was signed. Raises HandoverRefused (`not-found`)."""
    from dutyroom import handover_words
    from dutyroom.cli import documents, duty_document
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.finding_lists import items_of
    from dutyroom.duty.handover import HandoverRefused
    from dutyroom.duty.handover import one as one_of
    from dutyroom.duty.handover_sheet import findings_in
    from dutyroom.duty.operators import operators

    site = site_of(ctx)
    desk = open_desk(site, read_only=True)
    try:
        found, names = one_of(desk, number), {one.name: one.label for one in operators(desk.store)}
        if found is None:
            raise HandoverRefused(_("There is no handover of number {id}.").format(id=number), code="not-found")
        what = handover_words.teller(findings_in(desk, found), items_of(desk), site)
    finally:
        desk.store.close()
    if json:
        print(documents.to_text(duty_document.one_handover(found)))
        return 0

    def person(name: str) -> str:
        return names.get(name, name)

    print("\n".join(aligned([_row(found, site, person)])))
    print("\n".join(aligned(handover_words.facts(found.sheet, site, person, what))))
    for said in handover_words.signed(found, site, person):
        print(said)
    return 0


def _row(one: Handover, site: Site, person: Callable[[str], str]) -> tuple[str, ...]:
    from dutyroom import handover_words, show

    return (
        str(one.id),
        show.moment(one.accepted_at or one.given_at, site.timezone),
        handover_words.way(one, site),
        handover_words.hands(one, person),
        handover_words.state(one.state),
        _("a lead overrode") if one.override_by else "",
    )
