"""How a round was walked in words, in the language in force: facts, no accusations."""

from __future__ import annotations

from collections.abc import Callable

from dutyroom import show
from dutyroom.model.checklist import Item
from dutyroom.model.honesty import Fact, FactCode
from dutyroom.words import _


def fact(fact: Fact, item: Callable[[str], Item | None], device: Callable[[str], str] = str) -> str:
    """One fact in a sentence; `item` knows the items of the round's checklist, `device` what people call a device."""
    place = ""
    if fact.key is not None:
        known = item(fact.key[0])
        place = show.item_name(known) if known is not None else fact.key[0]
        place = f"{place} · {device(fact.key[1])}" if fact.key[1] else place
    sentence = {
        FactCode.FAST_ROUND: _(
            "{seen:.1f} s an answer; only one of twenty earlier rounds took less than {against:.1f} s."
        ),
        FactCode.FAST_ITEMS: _(
            "{seen:.1f} s between answers; only one of twenty earlier rounds took less than {against:.1f} s."
        ),
        FactCode.SAME_NUMBERS: _("{place}: {seen:g} was typed on {against:.0f} days running."),
        FactCode.TYPED_AGAINST_MEASURED: _("{place}: {seen:g} was typed, {against:g} was measured. {note}"),
        FactCode.NORMAL_AGAINST_SOURCE: _("{place}: judged normal although the source said otherwise. {note}"),
    }[fact.code]
    return sentence.format(place=place, seen=fact.seen or 0.0, against=fact.against or 0.0, note=fact.note).strip()
