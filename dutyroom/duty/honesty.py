"""How a round was walked, read from the records: nothing of it is stored, since nothing it is made from can change."""

from __future__ import annotations

from dutyroom.duty.desk import Desk
from dutyroom.duty.walks import load_walk
from dutyroom.model.honesty import Honesty
from dutyroom.rules.honesty import PAST_ROUNDS, facts_of, of_same_days, pace_of, past_of, seconds_of
from dutyroom.store import pace, round_history, rounds


def honesty_of(desk: Desk, round_id: int) -> Honesty:
    """The facts of a round as it was signed, against the earlier rounds of the same checklist.

    Raises RoundRefused (`unknown`).
    """
    walk = load_walk(desk, round_id)
    found = walk.round
    with desk.store.read() as session:
        entries = rounds.entries_as_signed(session, round_id)
        earlier = pace.rounds_before(session, found.checklist, found.due_at, found.signed_at, PAST_ROUNDS)
        past = past_of(found, earlier)
        times = pace.answer_times(session, [one.id for one in past])
        answers = round_history.answers_of(session, (one.id for one in of_same_days(found, past)))
    paces = {one.id: pace_of(one.started_at, one.signed_at, times.get(one.id, ())) for one in past}
    given = [entry for entry in entries if entry.answer is not None]
    return Honesty(
        round_id=round_id,
        pace=pace_of(found.started_at, found.signed_at, [entry.at for entry in given]),
        seconds=seconds_of(found.started_at, given),
        facts=facts_of(found, entries, {item.id: item for item in walk.checklist.items}, past, paces, answers),
    )
