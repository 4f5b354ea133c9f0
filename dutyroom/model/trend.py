"""How the answers of one line went over many rounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dutyroom.model.checklist import Item
from dutyroom.model.reading import Origin, Verdict
from dutyroom.model.rounds import Mark


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One answer of a signed round: when it was given (UTC), for which local day, by whom, and what it was."""

    round_id: int
    checklist: str
    due_on: date
    at: datetime
    by: str
    answer: str
    value: float | None
    verdict: Verdict
    origin: Origin
    note: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Trend:
    """The answers to `item` of `device` in rounds due from local day `since` to `until`, both included; oldest first.

    `item` is the item as it is in force, with its limits: an answer keeps the verdict it got under the limits of its
    own day. `missed` are the local days on which a round that asks for it was missed or skipped.
    """

    item: Item
    device: str
    since: date
    until: date
    points: tuple[TrendPoint, ...]
    missed: tuple[date, ...] = ()

    @property
    def values(self) -> tuple[float, ...]:
        """The numbers among the answers, oldest first."""
        return tuple(point.value for point in self.points if point.value is not None)
