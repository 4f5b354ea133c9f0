"""How a round was walked, read from the records: nothing of it is stored, since nothing it is made from can change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from dutyroom.duty.desk import Desk
from dutyroom.duty.walks import load_walk
from dutyroom.model.honesty import Honesty, Pace
from dutyroom.model.rounds import Entry, Mark, Round
from dutyroom.rules.honesty import SAME_DAYS, against_source, fast_facts, pace_of, same_numbers, seconds_of
from dutyroom.store import pace, rounds

# The site's own pace is that of so many rounds before.
PAST_ROUNDS = 200


def honesty_of(desk: Desk, round_id: int) -> Honesty:
    """The facts of a round as it was signed, against the earlier rounds of the same checklist.

    A back-filled round is typed from paper: of it nothing is said about time. Raises RoundRefused (`unknown`).
    """
    walk = load_walk(desk, round_id)
    found = walk.round
    with desk.store.read() as session:
        entries = rounds.entries_as_signed(session, round_id)
        past = pace.rounds_before(session, found, PAST_ROUNDS)
        times = pace.answer_times(session, [one.id for one in past])
        days: dict[date, list[Entry]] = {found.due_on: list(entries)}
        for one in past:
            if one.due_on not in days and len(days) == SAME_DAYS:
                break
            days.setdefault(one.due_on, []).extend(rounds.entries_as_signed(session, one.id))
    given = [entry for entry in entries if entry.answer is not None]
    own = _pace(found, [entry.at for entry in given])
    others = [_pace(one, times.get(one.id, ())) for one in past if Mark.BACK_FILLED not in one.marks]
    is_paper = Mark.BACK_FILLED in found.marks
    return Honesty(
        round_id=round_id,
        pace=own,
        seconds=seconds_of(found.started_at, given),
        facts=(
            *(() if is_paper else fast_facts(own, others)),
            *same_numbers(days),
            *against_source({item.id: item for item in walk.checklist.items}, given),
        ),
    )


def _pace(one: Round, times: Sequence[datetime]) -> Pace:
    return pace_of(one.started_at, one.signed_at, times)
