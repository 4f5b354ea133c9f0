"""`dutyroom rounds`: the rounds on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from dutyroom.duty.walks import Walk
    from dutyroom.model.rounds import Round

app = typer.Typer(no_args_is_help=True)


@app.command("list", help=N_("Every round, newest last."))
def list_rounds(ctx: typer.Context, json: Json = False, config: Config = None, lang: Lang = None) -> int:
    """Prints one line for each round."""
    from dutyroom.cli import documents
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.compose import open_desk
    from dutyroom.store import rounds

    site = site_of(ctx)
    desk = open_desk(site, read_only=True)
    try:
        with desk.store.read() as session:
            found = rounds.rounds(session)
    finally:
        desk.store.close()
    if json:
        print(documents.to_text(documents.rounds(found)))
    elif found:
        print("\n".join(aligned(_row(one, site.timezone) for one in found)))
    else:
        print(_("No round was begun yet."))
    return 0


@app.command("show", help=N_("One round with every answer."))
def show_round(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help=N_("The round's number in the list."))],
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints the round; exit code 1 when there is none of that number."""
    from dutyroom.cli import documents
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.walks import load_walk

    site = site_of(ctx)
    desk = open_desk(site, read_only=True)
    try:
        walk = load_walk(desk, number)
    finally:
        desk.store.close()
    if json:
        lines = [entry for line in walk.lines if (entry := walk.entries.get(line.key)) is not None]
        print(documents.to_text(documents.one_round(walk.round, lines)))
    else:
        print("\n".join(_lines(walk, site.timezone)))
    return 0


def _row(one: Round, zone: ZoneInfo) -> tuple[str, ...]:
    from dutyroom import show

    return (
        str(one.id),
        one.checklist,
        show.moment(one.due_at, zone),
        ", ".join((show.round_state(one.state), *(show.mark(mark) for mark in one.marks))),
        one.signed_by or one.started_by or show.NOTHING,
        _("{n} abnormal").format(n=one.abnormal) if one.abnormal else "",
    )


def _lines(walk: Walk, zone: ZoneInfo) -> list[str]:
    from dutyroom import show
    from dutyroom.cli.columns import aligned
    from dutyroom.inert import inert

    rows: list[tuple[str, ...]] = []
    for line in walk.lines:
        entry, name = walk.entry(line), show.item_name(line.item)
        if entry is None:
            rows.append((" ", line.device, name, show.NOTHING, ""))
            continue
        answer = show.answer(line.item, entry.answer)
        rows.append((show.symbol(entry.verdict), line.device, name, answer, entry.note))
    why = walk.round.clock_reason
    against = (
        [_("signed although the clock stood before the newest record: {why}").format(why=inert(why))] if why else []
    )
    return [aligned([_row(walk.round, zone)])[0], *against, "", *aligned(rows)]
