"""`dutyroom checklist`: the checklist files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Json, Lang, asked_in, site_of
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.model.checklist import Checklist, Item, Schedule
    from dutyroom.model.site import LimitProfile

app = typer.Typer(no_args_is_help=True)


@app.command("check", help=N_("Check a checklist file; without FILE those that come with dutyroom."))
def check(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", show_default=False)] = None,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints what is in the file; exit code 3 with the item and what is wrong with it."""
    from dutyroom.checklists import load_checklist, shipped
    from dutyroom.cli import documents
    from dutyroom.resources import data_path

    profile = _profile(ctx)
    if file is not None:
        found = [load_checklist(file, profile)]
    else:
        found = [shipped(path.stem, profile) for path in sorted(data_path("checklists").glob("*.toml"))]
    if json:
        print(documents.to_text(documents.checklists(found)))
    else:
        for one in found:
            print(_("{name} {version}: {n} items").format(name=one.name, version=one.version, n=len(one.items)))
    return 0


@app.command("show", help=N_("The items of a checklist that comes with dutyroom, with their limits."))
def show_checklist(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME")] = "daily",
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints the items in walking order, with the limits of the site's profile."""
    from dutyroom.checklists import shipped
    from dutyroom.cli import documents

    found = shipped(name, _profile(ctx))
    if json:
        print(documents.to_text(documents.checklist_items(found)))
    else:
        print("\n".join(_lines(found)))
    return 0


def _profile(ctx: typer.Context) -> LimitProfile:
    """The limits of the site, when there is one."""
    from dutyroom.config import find_site_file
    from dutyroom.model.site import LimitProfile

    if find_site_file(asked_in(ctx).config) is None:
        return LimitProfile.GB50174
    return site_of(ctx).limit_profile


def _lines(checklist: Checklist) -> list[str]:
    from dutyroom.checklists import areas
    from dutyroom.cli.columns import aligned
    from dutyroom.words import choose

    made = [
        f"{choose(checklist.words.en, checklist.words.zh)}  {checklist.version}",
        _when(checklist.schedule),
    ]
    for area, words in areas(checklist):
        rows = [_row(item) for item in checklist.items if item.area == area]
        made += ["", choose(words.en, words.zh), *(f"  {line}" for line in aligned(rows))]
    return made


def _when(schedule: Schedule) -> str:
    from dutyroom import show
    from dutyroom.model.checklist import Cadence

    at, window = schedule.due_at.isoformat("minutes"), show.duration(schedule.window_s)
    day = str(schedule.day) if schedule.day > 0 else _("{n} from the end").format(n=-schedule.day)
    match schedule.cadence:
        case Cadence.DAILY:
            said = _("every day at {at}")
        case Cadence.WEEKLY:
            said = _("every week, {weekday} at {at}")
        case Cadence.MONTHLY:
            said = _("every month, day {day} at {at}")
        case Cadence.QUARTERLY:
            said = _("every quarter, day {day} at {at}")
        case Cadence.PERIOD:
            said = _("in critical periods, every {every}")
    every, weekday = show.duration(schedule.every_s), show.weekday(schedule.weekday - 1)
    told = said.format(at=at, weekday=weekday, day=day, every=every)
    return _("{when}; late after {window}").format(when=told, window=window)


def _row(item: Item) -> tuple[str, ...]:
    from dutyroom import show

    per = _("per {what}").format(what=item.per.value) if item.per is not None else ""
    limits = f"{show.bounds(item.limit.normal)} {item.unit}".strip() if item.limit.normal is not None else item.unit
    every = _("each {n}th time").format(n=item.every) if item.every > 1 else ""
    return (item.id, show.item_name(item), per, limits, item.limit.source, every)
