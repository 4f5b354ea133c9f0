"""Figures that can be traced: a number, how it is shown, and the records it was counted from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from dutyroom.report.page import Value
from dutyroom.words import _


class Shown(StrEnum):
    """How a figure is shown; the word is the end of its look's name."""

    COUNT = "count"
    PERCENT = "percent"
    NUMBER = "number"
    MINUTES = "minutes"
    HOURS = "hours"
    DATE = "date"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `name` is the same in every language (`rounds.signed`); `value` None is not known.

    `records` are what it was counted from, in the ledger's words (`round:12`). `is_bad` asks for attention.
    """

    name: str
    label: str
    value: Value
    shown: Shown = Shown.COUNT
    records: tuple[str, ...] = ()
    is_bad: bool = False

    @property
    def titled(self) -> str:
        """The label with the unit of a number that has one, in the language in force."""
        units = {Shown.MINUTES: _("min"), Shown.HOURS: _("hours")}
        return f"{self.label} ({units[self.shown]})" if self.shown in units else self.label


def ids(kind: str, numbers: Iterable[int]) -> tuple[str, ...]:
    """The records of a kind by their numbers, once each, in order."""
    return tuple(f"{kind}:{number}" for number in sorted({*numbers}))


def traced(records: Iterable[str]) -> str:
    """Records as a cell holds them: by kind, neighbours joined (`round:1-31,40 finding:7`), others as they are.

    A cell that would be longer than Excel allows ends in "…"; the figure still says how many there are.
    """
    numbered: dict[str, list[int]] = {}
    for one in dict.fromkeys(records):
        kind, _colon, number = one.partition(":")
        if number.isdecimal():
            numbered.setdefault(kind, []).append(int(number))
        else:
            numbered.setdefault(one, [])
    return " ".join(f"{kind}:{_spans(numbers)}" if numbers else kind for kind, numbers in numbered.items())


def _spans(numbers: list[int]) -> str:
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
