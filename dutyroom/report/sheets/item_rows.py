"""The answers of one checklist as rows: lines of the walk by the rounds of a run of days."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from dutyroom.model.checklist import Cadence
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import Entry
from dutyroom.report.facts.rounds import ABNORMAL_VERDICTS
from dutyroom.report.facts.standing import SlotFact
from dutyroom.report.report import Report
from dutyroom.report.sheets.item_words import ItemWords, Key, verdict_of
from dutyroom.report.sheets.slot_marks import checklist_order

MOST_COLUMNS = 36
"""A month with a round too many on some of its days; more columns than that are laid out on more than one sheet."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a local day, and the slot of it when there is one."""

    day: date
    slot: SlotFact | None = None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One (item, device) over the columns: the verdict of each signed answer, None where there is none."""

    area: str
    text: str
    device: str
    verdicts: tuple[Verdict | None, ...]

    @property
    def answered(self) -> int:
        """Answers other than not applicable."""
        return sum(verdict not in (None, Verdict.NOT_INSTALLED) for verdict in self.verdicts)

    @property
    def abnormal(self) -> int:
        """Answers judged attention or fault."""
        return sum(verdict in ABNORMAL_VERDICTS for verdict in self.verdicts)

    @property
    def rate(self) -> float | None:
        """Normal answers by answers (0..1), None without any."""
        return Counter(self.verdicts)[Verdict.OK] / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class Section:
    """One checklist over some columns; `part` of `parts` where they are too many for one sheet."""

    checklist: str
    columns: tuple[Column, ...]
    rows: tuple[ItemRow, ...]
    part: int = 1
    parts: int = 1


def sections_of(report: Report) -> tuple[Section, ...]:
    """Every checklist with a signed round in the period, the daily one first."""
    walked = {slot.checklist for slot in report.rounds.signed}
    found: list[Section] = []
    by_round: dict[int, list[Entry]] = defaultdict(list)
    for entry in report.rounds.entries:
        by_round[entry.round_id].append(entry)
    for name in checklist_order(report.frame, walked):
        columns = _columns(report, name)
        parts = _parts(columns)
        words = ItemWords(report.frame, name, report.rounds.slots)
        for number, part in enumerate(parts, 1):
            found.append(Section(name, part, _rows(words, part, by_round), number, len(parts)))
    return tuple(found)


def _columns(report: Report, name: str) -> tuple[Column, ...]:
    """A column for each day of a checklist walked daily, more where a day had more rounds; of others for each slot."""
    own = [slot for slot in report.rounds.slots if slot.checklist == name]
    form = report.frame.checklists.get(name)
    if form is None or form.schedule.cadence is not Cadence.DAILY:
        return tuple(Column(slot.due_on, slot) for slot in own)
    by_day: dict[date, list[SlotFact]] = defaultdict(list)
    for slot in own:
        by_day[slot.due_on].append(slot)
    found: list[Column] = []
    for day in report.frame.period.days():
        found += [Column(day, slot) for slot in by_day[day]] or [Column(day)]
    return tuple(found)


def _parts(columns: Sequence[Column]) -> list[tuple[Column, ...]]:
    """The columns in as few and as even parts as sheets have room for."""
    count = -(-len(columns) // MOST_COLUMNS)
    edges = [number * len(columns) // count for number in range(count + 1)]
    return [tuple(columns[begin:end]) for begin, end in pairwise(edges)]


def _rows(words: ItemWords, columns: Sequence[Column], by_round: dict[int, list[Entry]]) -> tuple[ItemRow, ...]:
    found: dict[Key, dict[int, Verdict]] = defaultdict(dict)
    for place, column in enumerate(columns):
        for entry in entries_of(column.slot, by_round):
            found[entry.key][place] = verdict_of(entry)
    return tuple(
        ItemRow(
            words.area(item),
            words.text(item),
            words.device(device),
            tuple(found.get((item, device), {}).get(place) for place in range(len(columns))),
        )
        for item, device in words.walked({*found, *words.lines})
    )


def entries_of(slot: SlotFact | None, by_round: dict[int, list[Entry]]) -> Iterable[Entry]:
    """The answers of a slot's signed round."""
    if slot is None or slot.round is None or not slot.state.is_signed:
        return ()
    return by_round.get(slot.round.id, ())
