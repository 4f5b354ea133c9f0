"""From the filled form of a checklist file to the checklist: what one key cannot tell by itself is checked here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from dutyroom.checklist_form import ChecklistForm, ItemForm, LimitForm
from dutyroom.model.checklist import (
    Bounds,
    Cadence,
    Checklist,
    Choice,
    Item,
    ItemKind,
    Limit,
    Mode,
    Per,
    Schedule,
    ShowIf,
    Words,
)
from dutyroom.model.reading import Verdict
from dutyroom.model.site import LimitProfile
from dutyroom.tomlform import FormError, with_guess
from dutyroom.tomlvalues import local_time, seconds
from dutyroom.words import _

CHECK_CHOICES = (
    Choice("normal", Words("Normal", "正常"), Verdict.OK),
    Choice("abnormal", Words("Abnormal", "异常"), Verdict.FAULT),
    Choice("na", Words("Not applicable", "不适用"), Verdict.NOT_INSTALLED),
)
_DAY_S = 86400.0
# The shortest time between two occurrences, in seconds: a month is at least 28 days, a quarter 90.
_SHORTEST_S = {
    Cadence.DAILY: _DAY_S,
    Cadence.WEEKLY: 7 * _DAY_S,
    Cadence.MONTHLY: 28 * _DAY_S,
    Cadence.QUARTERLY: 90 * _DAY_S,
}
_LONGEST_DAY = {Cadence.MONTHLY: 31, Cadence.QUARTERLY: 92}


def built(form: ChecklistForm, profile: LimitProfile, version: str) -> Checklist:
    """The checklist with the limits of the profile. Raises FormError naming the item."""
    known_areas = [area.id for area in form.area]
    _once(known_areas, _("area"))
    _once([item.id for item in form.item], _("item"))
    _only_items_that_are_there(form)
    in_force = form.in_force.limits if form.in_force is not None else {}
    chosen: list[Mapping[str, LimitForm]] = [form.profile.get(profile.value, {}), in_force]
    items: list[Item] = []
    for item in form.item:
        if item.area not in known_areas:
            sentence = _("{item}: {area} is not an [[area]] of this file").format(item=item.id, area=item.area)
            raise FormError(with_guess(sentence, item.area, known_areas))
        # Every profile is checked, not only the one in force: a file is right or wrong, whoever reads it.
        for overrides in form.profile.values():
            if item.id in overrides:
                _limit(item, [overrides[item.id]])
        if item.every > 1 and form.cadence == Cadence.PERIOD:
            raise FormError(_("{item}: every is for checklists of the calendar").format(item=item.id))
        made = _item(item, _limit(item, [overrides[item.id] for overrides in chosen if item.id in overrides]))
        _check_show_if(made, items, [one.id for one in form.item])
        items.append(made)
    return Checklist(
        name=form.name,
        words=form.words(),
        version=version,
        items=tuple(items),
        schedule=_schedule(form),
        areas=tuple((area.id, area.words()) for area in form.area),
    )


def _only_items_that_are_there(form: ChecklistForm) -> None:
    ids = [item.id for item in form.item]
    for name, overrides in form.profile.items():
        for item_id in overrides:
            if item_id not in ids:
                sentence = _("[profile.{name}] {item}: there is no such item").format(name=name, item=item_id)
                raise FormError(with_guess(sentence, item_id, ids, listing=False))


def _once(names: Sequence[str], kind: str) -> None:
    for at, name in enumerate(names):
        if name in names[:at]:
            raise FormError(_("{name}: this {kind} stands twice; ids are unique").format(name=name, kind=kind))


def _schedule(form: ChecklistForm) -> Schedule:
    cadence = Cadence(form.cadence)
    belongs = {
        "weekday": (Cadence.WEEKLY,),
        "day": (Cadence.MONTHLY, Cadence.QUARTERLY),
        "every": (Cadence.PERIOD,),
    }
    for key, cadences in belongs.items():
        if key in form.model_fields_set and cadence not in cadences:
            names = ", ".join(cadences)
            raise FormError(_("{key} is for cadence {names} only; leave it out").format(key=key, names=names))
    longest = _LONGEST_DAY.get(cadence)
    if longest is not None and not 1 <= abs(form.day) <= longest:
        raise FormError(_("day: must be 1 to {last}, or -1 (the last day) to -{last}").format(last=longest))
    made = Schedule(
        cadence=cadence,
        due_at=local_time(form.due_at),
        early_s=seconds(form.early),
        window_s=seconds(form.window),
        grace_s=seconds(form.grace) if form.grace is not None else None,
        weekday=form.weekday,
        day=form.day,
        every_s=seconds(form.every),
    )
    if made.early_s + made.window_s > _SHORTEST_S.get(cadence, made.every_s):
        raise FormError(_("early and window together are longer than the time from one round to the next"))
    return made


def _item(form: ItemForm, limit: Limit) -> Item:
    kind = ItemKind(form.kind)
    wrong = next(_wrong(form, kind, limit), None)
    if wrong is not None:
        raise FormError(f"{form.id}: {wrong}")
    choices = tuple(Choice(one.value, one.words(), Verdict(one.verdict)) for one in form.choices)
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
        every=form.every,
        show_if=ShowIf(form.show_if.item, tuple(form.show_if.answers)) if form.show_if is not None else None,
        cells=form.cells,
    )


def _wrong(form: ItemForm, kind: ItemKind, limit: Limit) -> Iterator[str]:
    """What is wrong with the item, one sentence each."""
    values = [choice.value for choice in form.choices]
    if len(set(values)) != len(values):
        yield _("two choices have the same value")
    if kind is ItemKind.NUMBER and not form.unit:
        yield _("a number needs a unit")
    if kind is ItemKind.TABLE and not form.unit:
        yield _("a table needs the unit of its numbers")
    if kind is ItemKind.CHOICE and len(values) < 2:
        yield _("a choice needs at least two choices")
    if kind is ItemKind.COMPUTED and not values and not form.unit:
        yield _("a computed item needs a unit, or choices")
    if values and kind not in (ItemKind.CHOICE, ItemKind.COMPUTED):
        yield _("only choice and computed items have choices")
    if limit != Limit() and kind not in (ItemKind.NUMBER, ItemKind.COMPUTED, ItemKind.TABLE):
        yield _("only numbers have limits")
    if form.tolerance is not None and (kind is not ItemKind.NUMBER or form.mode != Mode.PANEL):
        yield _("tolerance is for numbers of mode X only")
    if form.cells and kind is not ItemKind.TABLE:
        yield _("cells is for tables only")


def _check_show_if(item: Item, before: Sequence[Item], ids: Sequence[str]) -> None:
    """The item asked for must have been answered when the walk comes here, and must be able to answer so."""
    condition = item.show_if
    if condition is None:
        return
    wrong, asked = "", next((one for one in before if one.id == condition.item), None)
    if asked is None and condition.item not in ids:
        sentence = _("show_if: there is no item {other}").format(other=condition.item)
        wrong = with_guess(sentence, condition.item, ids, listing=False)
    elif asked is None:
        wrong = _("show_if: {other} must stand before it in the walk").format(other=condition.item)
    elif not asked.choices:
        wrong = _("show_if: {other} has no choices to compare with").format(other=asked.id)
    elif asked.per not in (None, item.per):
        wrong = _("show_if: {other} is asked of other devices").format(other=asked.id)
    else:
        known = [choice.value for choice in asked.choices]
        strange = next((answer for answer in condition.answers if answer not in known), None)
        if strange is not None:
            sentence = _("show_if: {answer} is no answer of {other}").format(answer=strange, other=asked.id)
            wrong = with_guess(sentence, strange, known)
    if wrong:
        raise FormError(f"{item.id}: {wrong}")


def _limit(item: ItemForm, overrides: Sequence[LimitForm]) -> Limit:
    """The item's limits, those of a profile or the site in their place. A range of theirs has its own source."""
    of = {key: getattr(item, key) for key in ("normal", "critical", "physical", "source")}
    for override in overrides:
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
