"""What the data of a round say about how it was walked: facts, no accusations. Times are seconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import islice, pairwise
from math import ceil
from statistics import median

from dutyroom.model.checklist import Item
from dutyroom.model.honesty import Fact, FactCode, Key, Pace
from dutyroom.model.reading import Origin, Verdict
from dutyroom.model.rounds import Entry, Mark, Round
from dutyroom.rules.live import judge_answer
from dutyroom.rules.plausibility import number

# What is computed from this round's own answers is no source that could contradict them.
COMPUTED = "computed"
# Fewer rounds than that have no twentieth part.
ENOUGH_ROUNDS = 20
SAME_DAYS = 5
# The site's own pace is that of so many rounds before.
PAST_ROUNDS = 200
NOT_WELL = frozenset({Verdict.ATTENTION, Verdict.FAULT})


def past_of(found: Round, earlier: Iterable[Round]) -> tuple[Round, ...]:
    """What a round is compared with: the newest rounds due before it, of those that were signed before it was.

    `earlier` are signed rounds of the same checklist, newest first. One that was typed in from paper after this one was
    signed counts for nothing, so that what is said of a round never changes.
    """
    then = (
        one
        for one in earlier
        if one.due_at < found.due_at
        and (found.signed_at is None or (one.signed_at is not None and one.signed_at < found.signed_at))
    )
    return tuple(islice(then, PAST_ROUNDS))


def of_same_days(found: Round, past: Sequence[Round]) -> tuple[Round, ...]:
    """Those of its past, newest first, that lie on the days whose numbers are compared."""
    days, held = {found.due_on}, []
    for one in past:
        if one.due_on not in days and len(days) == SAME_DAYS:
            break
        days.add(one.due_on)
        held.append(one)
    return tuple(held)


def facts_of(
    found: Round,
    entries: Sequence[Entry],
    items: Mapping[str, Item],
    past: Sequence[Round],
    paces: Mapping[int, Pace],
    answers: Mapping[int, Sequence[Entry]],
) -> tuple[Fact, ...]:
    """The facts of a round from its entries as they were signed and the items of its checklist by id.

    `past` is what `past_of` gives, `paces` theirs by number, `answers` the entries by number of those `of_same_days`.
    Of a back-filled round nothing is said about time: it was typed from paper.
    """
    given = [entry for entry in entries if entry.answer is not None]
    days: dict[date, list[Entry]] = {found.due_on: list(entries)}
    for one in of_same_days(found, past):
        days.setdefault(one.due_on, []).extend(answers.get(one.id, ()))
    own = pace_of(found.started_at, found.signed_at, [entry.at for entry in given])
    others = [paces[one.id] for one in past if Mark.BACK_FILLED not in one.marks]
    return (
        *(() if Mark.BACK_FILLED in found.marks else fast_facts(own, others)),
        *same_numbers(days),
        *against_source(items, given),
    )


def says_otherwise(item: Item, verdict: Verdict, live_answer: str | None) -> bool:
    """True when an answer is judged ok although the source beside it said something that is not."""
    if verdict is not Verdict.OK or live_answer is None:
        return False
    value = None if item.choices else number(live_answer)
    return judge_answer(item, live_answer, value) in NOT_WELL


def seconds_of(began: datetime | None, entries: Sequence[Entry]) -> dict[Key, float]:
    """How long each answer took since the one before; answers given in one act share the time."""
    acts: dict[datetime, list[Entry]] = {}
    for entry in sorted((one for one in entries if one.answer is not None), key=lambda one: one.at):
        acts.setdefault(entry.at, []).append(entry)
    found: dict[Key, float] = {}
    before = began
    for at, given in acts.items():
        took = max(0.0, (at - before).total_seconds()) if before is not None else 0.0
        found.update((entry.key, took / len(given)) for entry in given)
        before = at
    return found


def pace_of(began: datetime | None, signed: datetime | None, times: Sequence[datetime]) -> Pace:
    """The pace of a round from the times of its answers."""
    whole = (signed - began).total_seconds() if began is not None and signed is not None else None
    acts = sorted(set(times))
    between = median((b - a).total_seconds() for a, b in pairwise(acts)) if len(acts) > 1 else None
    return Pace(whole, whole / len(times) if whole is not None and times else None, between)


def fifth_percentile(values: Sequence[float]) -> float | None:
    """The value below which one of twenty lies (nearest rank); None while there are fewer than twenty."""
    if len(values) < ENOUGH_ROUNDS:
        return None
    return sorted(values)[ceil(len(values) / 20) - 1]


def fast_facts(pace: Pace, others: Sequence[Pace]) -> tuple[Fact, ...]:
    """Where a round went faster than nineteen of twenty of the site's own earlier rounds of the same checklist."""
    found = []
    for code, seen, past in (
        (FactCode.FAST_ROUND, pace.per_answer, [one.per_answer for one in others]),
        (FactCode.FAST_ITEMS, pace.between, [one.between for one in others]),
    ):
        least = fifth_percentile([one for one in past if one is not None])
        if seen is not None and least is not None and seen < least:
            found.append(Fact(code, None, seen, least))
    return tuple(found)


def same_numbers(days: Mapping[date, Sequence[Entry]]) -> tuple[Fact, ...]:
    """Numbers typed alike on each of the newest five days with a round, every time they were asked.

    `days` are the entries of each day of the same checklist, the newest day being that of the round in question.
    """
    newest = sorted(days)[-SAME_DAYS:]
    if len(newest) < SAME_DAYS:
        return ()
    by_day = [_typed(days[day]) for day in newest]
    found = []
    for key, values in by_day[-1].items():
        told = {value for one in by_day for value in one.get(key, {None})}
        if len(values) == 1 and told == values and None not in told:
            found.append(Fact(FactCode.SAME_NUMBERS, key, next(iter(values)), float(SAME_DAYS)))
    return tuple(found)


def against_source(items: Mapping[str, Item], entries: Sequence[Entry]) -> tuple[Fact, ...]:
    """Numbers typed further from a measured one than their item tolerates, and answers judged ok against the source.

    An item without a tolerance tolerates no difference.
    """
    found = []
    for entry in entries:
        if entry.answer is None or entry.live_value is None or entry.origin is Origin.MEASURED:
            continue
        if entry.source == COMPUTED:
            continue
        measured, item = number(entry.live_value), items.get(entry.item)
        # A panel and a source never show the same tenth: what the item tolerates says nothing.
        near = item.tolerance if item is not None and item.tolerance is not None else 0.0
        if entry.value is not None and measured is not None and abs(measured - entry.value) > near:
            found.append(Fact(FactCode.TYPED_AGAINST_MEASURED, entry.key, entry.value, measured, entry.note))
        if item is not None and says_otherwise(item, entry.verdict, entry.live_value):
            found.append(Fact(FactCode.NORMAL_AGAINST_SOURCE, entry.key, entry.value, measured, entry.note))
    return tuple(found)


def _typed(entries: Sequence[Entry]) -> dict[Key, set[float | None]]:
    """By line the numbers of a day; None among them where one was measured, so that it is not alike."""
    found: dict[Key, set[float | None]] = {}
    for entry in entries:
        if entry.value is not None and entry.answer is not None:
            found.setdefault(entry.key, set()).add(None if entry.origin is Origin.MEASURED else entry.value)
    return found
