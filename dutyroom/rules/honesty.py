"""What the data of a round say about how it was walked: facts, no accusations. Times are seconds."""

from __future__ import annotations

from dutyroom.model.checklist import Item
from dutyroom.model.reading import Verdict
from dutyroom.rules.live import judge_answer
from dutyroom.rules.plausibility import number

# What is computed from this round's own answers is no source that could contradict them.
COMPUTED = "computed"
NOT_WELL = frozenset({Verdict.ATTENTION, Verdict.FAULT})


def says_otherwise(item: Item, verdict: Verdict, live_answer: str | None) -> bool:
    """True when an answer is judged ok although the source beside it said something that is not."""
    if verdict is not Verdict.OK or live_answer is None:
        return False
    value = None if item.choices else number(live_answer)
    return judge_answer(item, live_answer, value) in NOT_WELL
