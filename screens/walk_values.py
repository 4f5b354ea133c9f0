"""The value of a line of a walk and where it comes from, as text: typed, chosen, live or still hidden."""

from __future__ import annotations

from datetime import datetime

from dutyroom import show
from dutyroom.model.checklist import Item, ItemKind, Mode
from dutyroom.model.reading import Origin
from dutyroom.model.rounds import NOT_APPLICABLE, Entry
from dutyroom.model.site import Site
from dutyroom.rules.live import LiveValue, differs, judge_answer
from dutyroom.rules.plausibility import number
from dutyroom.words import _
from screens.widgets.lines import Run, role_of

NOTHING: Run = ("", "")


def item_is_number(item: Item) -> bool:
    """True for an item answered by a number: it has a value column, limits and a trend."""
    return item.kind in (ItemKind.NUMBER, ItemKind.COMPUTED) and not item.choices


def typed_value(item: Item, typed: str) -> tuple[Run, str]:
    """What is being typed on the line of the cursor."""
    if item.kind is not ItemKind.TABLE:
        return (f"[{typed}▏] {item.unit}", "key"), _("enter stores it")
    count = len(typed.split())
    return (_("{n} of {all}").format(n=count, all=item.cells) if item.cells else str(count), "key"), ""


def answered_value(item: Item, entry: Entry) -> tuple[Run, str]:
    """A stored answer and how it came to be."""
    if item.kind is ItemKind.TEXT and entry.answer not in ("normal", "na"):
        return NOTHING, entry.answer or ""
    if item.kind is ItemKind.TABLE and entry.answer not in (None, NOT_APPLICABLE):
        return (_("{n} values").format(n=len((entry.answer or "").split())), role_of(entry.verdict)), ""
    return (show.answer(item, entry.answer), role_of(entry.verdict)), how_answered(entry, item)


def open_value(item: Item, live: LiveValue | None, site: Site, now: datetime, *, here: bool) -> tuple[Run, str]:
    """What stands beside an item without an answer. What is read from a panel stays hidden until it is typed."""
    if item.mode is Mode.PANEL or live is None:
        unit = item.unit if item_is_number(item) else ""
        hint = _("read the panel") if item.mode is Mode.PANEL and here and unit else ""
        if item.kind is ItemKind.COMPUTED and live is None and here:
            hint = _("not known yet")
        return (f"[    ] {unit}" if unit and here else "", "dim"), hint
    verdict = judge_answer(item, live.answer, live.value)
    source = site.label_of(live.source) if live.source != "computed" else _("computed")
    age_s = (now - live.at).total_seconds()
    told = source if live.source == "computed" else _("{ago}, {source}").format(source=source, ago=show.ago(age_s))
    return (show.answer(item, live.answer), role_of(verdict)), told


def how_answered(entry: Entry, item: Item) -> str:
    """How an answer came to be, and where it differs from what the source said."""
    if entry.origin is Origin.MEASURED:
        return _("measured")
    if entry.live_value is None or not (entry.origin is Origin.TYPED_OVER_MEASURED or item.mode is Mode.PANEL):
        return ""
    pattern = _("≠ live {value}") if is_odd(entry, item) else _("typed, live {value}")
    return pattern.format(value=show.answer(item, entry.live_value))


def is_odd(entry: Entry, item: Item) -> bool:
    """True for an answer by hand that says something else than the source beside it, beyond what is tolerated."""
    if entry.live_value is None or entry.origin is Origin.MEASURED or entry.answer in (None, NOT_APPLICABLE):
        return False
    live = number(entry.live_value) if item_is_number(item) else None
    if live is None or entry.value is None:
        return entry.answer != entry.live_value
    if item.tolerance is None:
        return entry.origin is Origin.TYPED_OVER_MEASURED
    return abs(entry.value - live) > item.tolerance


def difference(item: Item, answer: str, live: LiveValue | None) -> str:
    """A sentence when a reading differs from the live value by more than is tolerated; else empty."""
    value = number(answer)
    if value is None or live is None or live.value is None or not differs(item, value, live):
        return ""
    return _("The source says {live}, {by:g} off: look again, or say why in a note.").format(
        live=show.answer(item, live.answer), by=round(abs(value - live.value), 1)
    )
