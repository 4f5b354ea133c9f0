"""The month's answers as rows: the matrix of lines by days, the numbers, and the abnormal answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from dutyroom import show
from dutyroom.checklists import areas, expand
from dutyroom.model.checklist import Item, ItemKind
from dutyroom.model.reading import Origin, Verdict
from dutyroom.model.rounds import NOT_APPLICABLE, Entry
from dutyroom.report.month import ABNORMAL_VERDICTS, DaySlot, DayState, signed_entries, slots_of
from dutyroom.report.month_records import MonthRecords
from dutyroom.words import _, choose


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One (item, device) over the slots: the verdict of each signed answer, None where there is none.

    `rate` is normal by judged answers (0..1), None when nothing was judged.
    """

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
        """Normal answers by answers, None without any."""
        return Counter(self.verdicts)[Verdict.OK] / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One number of a signed round. `value` is None where the round has no number; times are UTC."""

    due_on: date
    at: datetime
    area: str
    text: str
    device: str
    value: float | None
    typed: str
    unit: str
    verdict: Verdict
    origin: Origin
    live: str
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class AbnormalRow:
    """One answer of a signed round judged attention or fault, with what was written about it."""

    due_on: date
    at: datetime
    area: str
    text: str
    device: str
    answer: str
    verdict: Verdict
    note: str
    by: str


def verdict_of_entry(entry: Entry) -> Verdict:
    """The verdict as the matrix shows it: an answer "not applicable" is never normal nor unknown."""
    return Verdict.NOT_INSTALLED if entry.answer == NOT_APPLICABLE else entry.verdict


def _text(records: MonthRecords, item_id: str) -> str:
    item = records.checklist.item(item_id)
    return show.item_name(item) if item is not None else item_id


def _area_of(records: MonthRecords, item_id: str) -> str:
    item = records.checklist.item(item_id)
    if item is None:
        return _("Other versions")
    words = dict(areas(records.checklist))[item.area]
    return choose(words.en, words.zh)


def _device(records: MonthRecords, name: str) -> str:
    return records.site.label_of(name) if name else ""


def _in_walking_order(records: MonthRecords, keys: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """By area, item, device, each in the order of the walk; items the checklist no longer has come last."""
    items = records.checklist.items
    met = [area for area, _words in areas(records.checklist)]
    order = {item.id: (met.index(item.area), place) for place, item in enumerate(items)}
    devices = {line.key: place for place, line in enumerate(expand(records.checklist, records.site))}
    last = (len(met), len(items))
    return sorted(keys, key=lambda key: (order.get(key[0], last), devices.get(key, len(devices)), key))


def matrix_rows(records: MonthRecords) -> tuple[MatrixRow, ...]:
    """One row per (item, device) that was answered or stands in the checklist now, in walking order by area."""
    slots = {slot: place for place, slot in enumerate(slots_of(records))}
    found: dict[tuple[str, str], dict[int, Verdict]] = {}
    for slot, entry in signed_entries(records):
        found.setdefault(entry.key, {})[slots[slot]] = verdict_of_entry(entry)
    keys = set(found) | {line.key for line in expand(records.checklist, records.site)}
    return tuple(
        MatrixRow(
            _area_of(records, item_id),
            _text(records, item_id),
            _device(records, device),
            tuple(found.get((item_id, device), {}).get(place) for place in range(len(slots))),
        )
        for item_id, device in _in_walking_order(records, keys)
    )


def _is_numeric(item: Item | None, entry: Entry) -> bool:
    return entry.value is not None or (item is not None and item.kind is ItemKind.NUMBER)


def _walked(records: MonthRecords) -> list[tuple[DaySlot, Entry]]:
    pairs = signed_entries(records)
    order = {key: place for place, key in enumerate(_in_walking_order(records, {entry.key for _s, entry in pairs}))}
    slots = {slot: place for place, slot in enumerate(slots_of(records))}
    return sorted(pairs, key=lambda pair: (slots[pair[0]], order[pair[1].key]))


def reading_rows(records: MonthRecords) -> tuple[ReadingRow, ...]:
    """Every number of the signed rounds, by day and walking order: one row each, ready for a pivot table."""
    return tuple(
        ReadingRow(
            due_on=slot.day,
            at=entry.at,
            area=_area_of(records, entry.item),
            text=_text(records, entry.item),
            device=_device(records, entry.device),
            value=entry.value,
            typed=entry.answer or "",
            unit=entry.unit,
            verdict=verdict_of_entry(entry),
            origin=entry.origin,
            live=entry.live_value or "",
            by=records.label_of_operator(entry.by),
            note=entry.note,
        )
        for slot, entry in _walked(records)
        if _is_numeric(records.checklist.item(entry.item), entry)
    )


def answer_words(item: Item | None, entry: Entry) -> str:
    """The answer as people say it, in the language in force; of an item no longer known, as it was stored."""
    return show.answer(item, entry.answer) if item is not None else f"{entry.answer or ''} {entry.unit}".strip()


def verdict_words(verdict: Verdict) -> str:
    """The verdict of an answer as a word."""
    return _("n/a") if verdict is Verdict.NOT_INSTALLED else show.verdict(verdict)


def abnormal_rows(records: MonthRecords) -> tuple[AbnormalRow, ...]:
    """Every answer judged attention or fault, by day and walking order."""
    return tuple(
        AbnormalRow(
            due_on=slot.day,
            at=entry.at,
            area=_area_of(records, entry.item),
            text=_text(records, entry.item),
            device=_device(records, entry.device),
            answer=answer_words(records.checklist.item(entry.item), entry),
            verdict=entry.verdict,
            note=entry.note,
            by=records.label_of_operator(entry.by),
        )
        for slot, entry in _walked(records)
        if entry.verdict in ABNORMAL_VERDICTS
    )


def slot_mark(slot: DaySlot) -> str:
    """The sign of a round's state in the matrix, in the language in force; a star marks a round amended later."""
    # One message, because a single letter means another thing elsewhere; the legend of the matrix names the four.
    late, back_filled, missed, skipped = _("L B M S").split()
    signs = {
        DayState.ON_TIME: "✓",
        DayState.LATE: late,
        DayState.BACK_FILLED: back_filled,
        DayState.MISSED: missed,
        DayState.SKIPPED: skipped,
        DayState.OPEN: "…",
        DayState.DUE: "○",
        DayState.FUTURE: "",
        DayState.NOT_IN_USE: "",
    }
    return signs[slot.state] + ("*" if slot.is_amended else "")
