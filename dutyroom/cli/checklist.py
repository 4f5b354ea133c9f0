"""`dutyroom checklist`: the checklist files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Json, Lang, asked_in, site_of
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.model.checklist import Checklist, Item, Schedule
    from dutyroom.model.site import Site

app = typer.Typer(no_args_is_help=True)


@app.command("check", help=N_("Check a checklist file; without FILE all that are in force here."))
def check(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", show_default=False)] = None,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints what is in the file; exit code 3 with the item and what is wrong with it."""
    from dutyroom.checklists import load_checklist
    from dutyroom.cli import documents
    from dutyroom.model.site import LimitProfile

    site = _site(ctx)
    if file is not None:
        found = [load_checklist(file, site.limit_profile if site is not None else LimitProfile.GB50174)]
    else:
        found = _known(site)
    if json:
        print(documents.to_text(documents.checklists(found)))
    else:
        for one in found:
            print(_("{name} {version}: {n} items").format(name=one.name, version=one.version, n=len(one.items)))
    return 0


@app.command("show", help=N_("The items of a checklist, with their limits here."))
def show_checklist(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME")] = "daily",
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints the items in walking order, with the limits of the site; exit code 3 when there is none of that name."""
    from dutyroom.cli import documents
    from dutyroom.errors import ChecklistError
    from dutyroom.inert import inert
    from dutyroom.tomlform import with_guess

    known = {one.name: one for one in _known(_site(ctx))}
    if name not in known:
        sentence = _("{name}: there is no checklist of that name").format(name=inert(name, 60))
        raise ChecklistError(with_guess(sentence, name, known))
    if json:
        print(documents.to_text(documents.checklist_items(known[name])))
    else:
        print("\n".join(_lines(known[name])))
    return 0


@app.command(
    "new", help=N_("Write a checklist of your own to start from; of the same name it replaces the shipped one.")
)
def new(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=N_("Its name, and that of its file."))],
    like: Annotated[str, typer.Option("--like", metavar="NAME", help=N_("Which shipped checklist to copy."))] = "",
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints where it was written: the site's folder of checklists. Exit code 3 when that file is there already."""
    from dutyroom.checklists import copy_of, shipped_names
    from dutyroom.config import find_site_file
    from dutyroom.errors import ChecklistError

    site, site_file = site_of(ctx), find_site_file(asked_in(ctx).config)
    beside = (site_file.parent if site_file is not None else Path.cwd()) / "checklists"
    folder = site.checklists.folder or beside
    text = copy_of(like or (name if name in shipped_names() else "daily"), name)
    path = folder / f"{name}.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
    except FileExistsError:
        raise ChecklistError(_("{path}: is there already; edit it, or choose another name").format(path=path)) from None
    except OSError as error:
        raise ChecklistError(
            _("{path}: cannot be written ({reason})").format(path=path, reason=error.strerror)
        ) from None
    print(path)
    return 0


def _site(ctx: typer.Context) -> Site | None:
    """The site, when there is one."""
    from dutyroom.config import find_site_file

    return site_of(ctx) if find_site_file(asked_in(ctx).config) is not None else None


def _known(site: Site | None) -> list[Checklist]:
    """The checklists in force, or without a site those that come with dutyroom."""
    from dutyroom.checklists import shipped, shipped_names
    from dutyroom.checklists_in_force import in_force
    from dutyroom.model.site import LimitProfile

    if site is None:
        return [shipped(name, LimitProfile.GB50174) for name in shipped_names()]
    return [checklist for checklist, _text in in_force(site)]


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
    day = (_("day {n}") if schedule.day > 0 else _("day {n} from the end")).format(n=abs(schedule.day))
    match schedule.cadence:
        case Cadence.DAILY:
            said = _("every day at {at}")
        case Cadence.WEEKLY:
            said = _("every week, {weekday} at {at}")
        case Cadence.MONTHLY:
            said = _("every month, {day} at {at}")
        case Cadence.QUARTERLY:
            said = _("every quarter, {day} at {at}")
        case Cadence.PERIOD:
            said = _("in critical periods, every {every}")
    every, weekday = show.duration(schedule.every_s), show.weekday(schedule.weekday - 1)
    told = said.format(at=at, weekday=weekday, day=day, every=every)
    return _("{when}; late after {window}").format(when=told, window=window)


def _row(item: Item) -> tuple[str, ...]:
    from dutyroom import show

    per = _("per {what}").format(what=item.per.value) if item.per is not None else ""
    limits = f"{show.bounds(item.limit.normal)} {item.unit}".strip() if item.limit.normal is not None else item.unit
    every = _("once in {n} rounds").format(n=item.every) if item.every > 1 else ""
    return (item.id, show.item_name(item), per, limits, item.limit.source, every)
