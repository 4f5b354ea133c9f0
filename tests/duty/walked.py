"""Walks a round to its end: every line as the room should be, with a note where one is needed."""

from __future__ import annotations

from datetime import datetime

from dutyroom.duty import answering, signing, walks
from dutyroom.duty.answers import Given
from dutyroom.duty.desk import Desk
from dutyroom.model.checklist import Item, ItemKind
from dutyroom.model.people import Actor
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import Round
from tests.desks import PASSWORD


def good(item: Item) -> str:
    """An answer that is normal."""
    if item.choices:
        ok = [choice.value for choice in item.choices if choice.verdict is Verdict.OK]
        return (ok or [item.choices[0].value])[0]
    if item.kind is ItemKind.TEXT:
        return "nothing"
    return f"{item.limit.normal.low if item.limit.normal else 1:g}"


def walk_through(desk: Desk, round_id: int, actor: Actor, now: datetime, *, sign: bool = True) -> Round:
    """Answers every open line and signs; without `sign` it stays open. Gives the round as it is then."""
    walk = walks.load_walk(desk, round_id)
    for line in walk.open_lines():
        answering.record_answer(desk, actor, round_id, line, Given(good(line.item)), now)
    if sign:
        return signing.sign_round(desk, actor, round_id, PASSWORD, now)
    return walks.load_walk(desk, round_id).round
