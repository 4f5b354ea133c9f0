"""Facts about how a round was walked, for a lead to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Key = tuple[str, str]


class FactCode(StrEnum):
    """What the data say. A fact is no accusation."""

    FAST_ROUND = "fast-round"
    FAST_ITEMS = "fast-items"
    SAME_NUMBERS = "same-numbers"
    TYPED_AGAINST_MEASURED = "typed-against-measured"
    NORMAL_AGAINST_SOURCE = "normal-against-source"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact, of a line (item, device) or of the whole round (None).

    `seen` and `against`: the seconds and the site's 5th percentile of them (fast-*); the number and on how many days
    running (same-numbers); the number typed and the one measured (typed-against-measured). None where there is none.
    """

    code: FactCode
    key: Key | None = None
    seen: float | None = None
    against: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a round went, in seconds: from its beginning to its signature, by answer, and between two acts.

    `per_answer` is the whole time by the answers; `between` the median of the times between two acts; both None
    without enough answers.
    """

    whole: float | None = None
    per_answer: float | None = None
    between: float | None = None


@dataclass(frozen=True, slots=True)
class Honesty:
    """The facts of one round; `seconds` is the time each answer took, several given in one act share theirs."""

    round_id: int
    pace: Pace
    seconds: Mapping[Key, float]
    facts: tuple[Fact, ...]
