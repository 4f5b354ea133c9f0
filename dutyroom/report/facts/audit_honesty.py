"""What the records say of how the rounds of a period were walked: the same facts as `dutyroom rounds facts` tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dutyroom.model.honesty import Fact, Pace
from dutyroom.model.rounds import Entry, Round
from dutyroom.report.facts.rounds import RoundFacts
from dutyroom.report.facts.standing import SlotFact
from dutyroom.report.frame import Frame
from dutyroom.rules.honesty import PAST_ROUNDS, facts_of, of_same_days, pace_of, past_of
from dutyroom.store import pace, round_history
from dutyroom.store.database import Session


@dataclass(frozen=True, slots=True)
class RoundHonesty:
    """A signed round and what is to be remarked on how it was walked: one fact or more."""

    slot: SlotFact
    facts: tuple[Fact, ...]


def gather(session: Session, frame: Frame, rounds: RoundFacts) -> tuple[RoundHonesty, ...]:
    """The rounds with facts, in order of due time. The earlier rounds are read once for each checklist.

    Raises StoreError.
    """
    by_checklist: dict[str, list[SlotFact]] = defaultdict(list)
    for slot in rounds.signed:
        by_checklist[slot.checklist].append(slot)
    entries = _as_signed(session, rounds)
    found = [
        one for slots in by_checklist.values() for one in _of_checklist(session, frame, slots, entries) if one.facts
    ]
    found.sort(key=lambda one: (one.slot.due_at, one.slot.checklist))
    return tuple(found)


def _of_checklist(
    session: Session, frame: Frame, slots: Sequence[SlotFact], entries: Mapping[int, Sequence[Entry]]
) -> list[RoundHonesty]:
    """`slots` are signed ones of one checklist in order of due time."""
    own = [slot.round for slot in slots if slot.round is not None]
    first_signed = min((one.signed_at for one in own if one.signed_at is not None), default=None)
    earlier = pace.rounds_before(session, own[0].checklist, own[0].due_at, first_signed, PAST_ROUNDS)
    every = [*reversed(earlier), *own]
    paces = _paces(session, earlier, own, entries)
    pasts = [
        past_of(one, (every[place] for place in range(len(earlier) + number - 1, -1, -1)))
        for number, one in enumerate(own)
    ]
    wanted = {held.id for one, past in zip(own, pasts, strict=True) for held in of_same_days(one, past)}
    answers = {**round_history.answers_of(session, wanted - {one.id for one in own}), **entries}
    forms = {one.version: frame.checklist_of(one.version, one.checklist) for one in own}
    items = {version: {item.id: item for item in form.items} if form else {} for version, form in forms.items()}
    return [
        RoundHonesty(slot, facts_of(one, entries.get(one.id, ()), items[one.version], past, paces, answers))
        for slot, one, past in zip(slots, own, pasts, strict=True)
    ]


def _paces(
    session: Session, earlier: Sequence[Round], own: Sequence[Round], entries: Mapping[int, Sequence[Entry]]
) -> dict[int, Pace]:
    times = pace.answer_times(session, [one.id for one in earlier])
    times.update({one.id: [entry.at for entry in entries.get(one.id, ())] for one in own})
    return {one.id: pace_of(one.started_at, one.signed_at, times.get(one.id, ())) for one in (*earlier, *own)}


def _as_signed(session: Session, rounds: RoundFacts) -> dict[int, list[Entry]]:
    """The answers of the signed rounds as they were signed: those of an amended one are read again."""
    found: dict[int, list[Entry]] = defaultdict(list)
    for entry in rounds.entries:
        found[entry.round_id].append(entry)
    for number, entries in round_history.answers_of(session, {one.round_id for one in rounds.amendments}).items():
        found[number] = [entry for entry in entries if entry.answer is not None]
    return found
