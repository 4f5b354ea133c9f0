"""Reads the checklist files (shipped and the site's own) and expands them over the site's devices.

A round keeps the text its checklist was made from, so `parse` renders an old round as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import groupby, pairwise
from pathlib import Path

from dutyroom.checklist_form import ChecklistForm, ItemForm, LimitForm
from dutyroom.errors import ChecklistError
from dutyroom.inert import inert
from dutyroom.model.checklist import (
    Bounds,
    Checklist,
    Choice,
    Item,
    ItemKind,
    Limit,
    Mode,
    Per,
    Schedule,
    WalkLine,
    Words,
)
from dutyroom.model.reading import Verdict
from dutyroom.model.site import LimitProfile, Site
from dutyroom.resources import data_path
from dutyroom.tomlform import FormError, fill, parse_toml, with_guess
from dutyroom.tomlvalues import local_time, seconds
from dutyroom.words import _

LARGEST = 1024 * 1024

CHECK_CHOICES = (
    Choice("normal", Words("Normal", "正常"), Verdict.OK),
    Choice("abnormal", Words("Abnormal", "异常"), Verdict.FAULT),
    Choice("na", Words("Not applicable", "不适用"), Verdict.NOT_INSTALLED),
)


def load_checklist(path: Path, profile: LimitProfile) -> Checklist:
    """The checklist of a file, with the limits of the profile. Raises ChecklistError naming file and item."""
    return parse(_text_in(path), profile, inert(str(path), 300))


def shipped(name: str, profile: LimitProfile) -> Checklist:
    """A checklist that comes with dutyroom (`daily`). Raises ChecklistError when there is none of that name."""
    return parse(text_of(name), profile, f"{name}.toml")


def text_of(name: str) -> str:
    """The TOML text of a shipped checklist, to be kept with the rounds made from it. Raises ChecklistError."""
    known = sorted(path.stem for path in data_path("checklists").glob("*.toml"))
    if name not in known:
        sentence = _("{name}: no checklist of that name comes with dutyroom").format(name=inert(name, 60))
        raise ChecklistError(with_guess(sentence, name, known))
    return _text_in(data_path("checklists", f"{name}.toml"))


def parse(text: str, profile: LimitProfile, where: str) -> Checklist:
    """The checklist of a TOML text; `where` names the text in errors. Raises ChecklistError naming the item.

    `version` is the first 12 hex digits of the SHA-256 of the text and the profile's name.
    """
    try:
        table = parse_toml(text)
        try:
            form = fill(ChecklistForm, table)
        except FormError as error:
            raise FormError(_with_item(error, table)) from None
        return _built(
            form, profile, hashlib.sha256(f"{text}\n{profile.value}".encode("utf-8", "surrogatepass")).hexdigest()[:12]
        )
    except FormError as error:
        raise ChecklistError(f"{where}: {error}") from None


def expand(checklist: Checklist, site: Site) -> tuple[WalkLine, ...]:
    """The lines of the walk, in order.

    Items with `per` that follow each other are asked device by device (all of UPS A, then all of UPS B), devices in
    the order of the site file. When the site has no device of that sort, each is asked once, of the room as a whole.
    """
    lines: list[WalkLine] = []
    for per, group in groupby(checklist.items, key=lambda item: item.per):
        items = tuple(group)
        names = device_names(site, per) or ("",)
        lines.extend(WalkLine(item, name) for name in names for item in items)
    return tuple(lines)


def device_names(site: Site, per: Per | None) -> tuple[str, ...]:
    """The names of the site's devices of that sort, in the order of the site file; none for items of the room."""
    match per:
        case None:
            return ()
        case Per.UPS:
            return tuple(ups.name for ups in site.ups)
        case Per.AC:
            return tuple(ac.name for ac in site.air_conditioners)
        case Per.SERVER:
            return tuple(server.name for server in site.servers)
        case Per.NETWORK:
            return tuple(device.name for device in site.network)
        case Per.SYSTEM:
            return tuple(system.name for system in site.systems)
        case Per.BACKUP:
            return tuple(backup.name for backup in site.backups)


def areas(checklist: Checklist) -> tuple[tuple[str, Words], ...]:
    """(area id, words) of the areas that have items, in the order in which the walk first meets them."""
    words = dict(checklist.areas)
    met = dict.fromkeys(item.area for item in checklist.items)
    return tuple((area, words.get(area, Words(area, area))) for area in met)


def _text_in(path: Path) -> str:
    shown = inert(str(path), 300)
    try:
        with path.open("rb") as opened:
            raw = opened.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise ChecklistError(_("{path}: is larger than 1 MB, so it is no checklist").format(path=shown))
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise ChecklistError(_("{path}: is not UTF-8; save the file as UTF-8").format(path=shown)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or _("not a path")
        raise ChecklistError(_("{path}: cannot be read ({reason})").format(path=shown, reason=reason)) from None


def _with_item(error: FormError, table: dict[str, object]) -> str:
    """The sentence with the item's id before it, when the error lies in an item that has one."""
    items = table.get("item")
    match error.loc:
        case ("item", int(at), *_rest) if isinstance(items, list) and isinstance(items[at], dict):
            name = items[at].get("id")
            return f"{inert(name, 60)}: {error}" if isinstance(name, str) else str(error)
        case _:
            return str(error)


def _built(form: ChecklistForm, profile: LimitProfile, version: str) -> Checklist:
    known_areas = [area.id for area in form.area]
    _once(known_areas, _("area"))
    _once([item.id for item in form.item], _("item"))
    for name, overrides in form.profile.items():
        for item_id in overrides:
            if item_id not in [item.id for item in form.item]:
                sentence = _("[profile.{name}] {item}: there is no such item").format(name=name, item=item_id)
                raise FormError(with_guess(sentence, item_id, [item.id for item in form.item], listing=False))
    chosen = form.profile.get(profile.value, {})
    items: list[Item] = []
    for item in form.item:
        if item.area not in known_areas:
            sentence = _("{item}: {area} is not an [[area]] of this file").format(item=item.id, area=item.area)
            raise FormError(with_guess(sentence, item.area, known_areas))
        # Every profile is checked, not only the one in force: a file is right or wrong, whoever reads it.
        for overrides in form.profile.values():
            if item.id in overrides:
                _limit(item, overrides[item.id])
        items.append(_item(item, _limit(item, chosen.get(item.id))))
    return Checklist(
        name=form.name,
        words=form.words(),
        version=version,
        items=tuple(items),
        schedule=Schedule(due_at=local_time(form.due_at), early_s=seconds(form.early), window_s=seconds(form.window)),
        areas=tuple((area.id, area.words()) for area in form.area),
    )


def _once(names: Sequence[str], kind: str) -> None:
    for at, name in enumerate(names):
        if name in names[:at]:
            raise FormError(_("{name}: this {kind} stands twice; ids are unique").format(name=name, kind=kind))


def _item(form: ItemForm, limit: Limit) -> Item:
    kind = ItemKind(form.kind)
    choices = tuple(Choice(one.value, one.words(), Verdict(one.verdict)) for one in form.choices)
    values = [choice.value for choice in choices]
    wrong = ""
    if len(set(values)) != len(values):
        wrong = _("two choices have the same value")
    elif kind is ItemKind.NUMBER and not form.unit:
        wrong = _("a number needs a unit")
    elif kind is ItemKind.CHOICE and len(choices) < 2:
        wrong = _("a choice needs at least two choices")
    elif kind is ItemKind.COMPUTED and not choices and not form.unit:
        wrong = _("a computed item needs a unit, or choices")
    elif choices and kind not in (ItemKind.CHOICE, ItemKind.COMPUTED):
        wrong = _("only choice and computed items have choices")
    elif limit != Limit() and kind not in (ItemKind.NUMBER, ItemKind.COMPUTED):
        wrong = _("only numbers have limits")
    elif form.tolerance is not None and (kind is not ItemKind.NUMBER or form.mode != Mode.PANEL):
        wrong = _("tolerance is for numbers of mode X only")
    if wrong:
        raise FormError(f"{form.id}: {wrong}")
    return Item(
        id=form.id,
        area=form.area,
        words=form.words(),
        kind=kind,
        mode=Mode(form.mode),
        unit=form.unit,
        per=Per(form.per) if form.per is not None else None,
        limit=limit,
        choices=CHECK_CHOICES if kind is ItemKind.CHECK else choices,
        live=form.live,
        tolerance=form.tolerance,
    )


def _limit(item: ItemForm, override: LimitForm | None) -> Limit:
    """The item's limits, those of a profile in their place. A profile's own normal range has its own source."""
    of = {key: getattr(item, key) for key in ("normal", "critical", "physical", "source")}
    if override is not None:
        of.update({key: getattr(override, key) for key in override.model_fields_set})
        if override.normal is not None and "source" not in override.model_fields_set:
            of["source"] = ""
    limit = Limit(
        _bounds(item, of["normal"]), _bounds(item, of["critical"]), _bounds(item, of["physical"]), of["source"]
    )
    outwards = [bounds for bounds in (limit.normal, limit.critical, limit.physical) if bounds is not None]
    for inner, outer in pairwise(outwards):
        if not (outer.holds(inner.low) and outer.holds(inner.high)):
            raise FormError(_("{item}: normal must lie inside critical, critical inside physical").format(item=item.id))
    return limit


def _bounds(item: ItemForm, span: list[float] | None) -> Bounds | None:
    if span is None:
        return None
    low, high = span
    if low > high:
        raise FormError(
            _("{item}: [{low}, {high}] is upside down; write the lower limit first").format(
                item=item.id, low=low, high=high
            )
        )
    return Bounds(low, high)
