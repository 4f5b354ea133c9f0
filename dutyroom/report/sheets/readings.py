"""Readings: one row for each signed round, one numeric column for each number asked, ready for a pivot table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from dutyroom import show
from dutyroom.model.checklist import ItemKind
from dutyroom.model.reading import Origin
from dutyroom.model.rounds import Entry
from dutyroom.report.facts.standing import SlotFact
from dutyroom.report.list_page import RECORDS_WIDTH
from dutyroom.report.page import Cell, Page, Stream, height_of_texts, width_of
from dutyroom.report.paper import WIDTH
from dutyroom.report.report import Report
from dutyroom.report.sheets.item_words import ItemWords, Key
from dutyroom.report.sheets.slot_marks import checklist_name, checklist_order
from dutyroom.words import _

HEAD = 4
"""Rows above the body: title, what the sheet is, legend, head."""
TITLES = 5
"""Columns that stand on every printed page: number, checklist, due, signed, by."""
TITLE_WIDTHS = (8.0, 18.0, 17.0, 17.0, 13.0)
NUMBER_WIDTH, ORIGIN_WIDTH = 11.5, 4.0
SMALLEST = 0.8
"""Columns are laid out on so many pages that none is printed smaller than this."""
HEAD_HEIGHT = 132.0
MOST_DECIMALS = 3
COLUMN_POINTS, POINTS_PER_CHARACTER = 3.75, 5.25
"""A column of w characters takes 7 w + 5 pixels of 0.75 points (ECMA-376 part 1, 18.3.1.13)."""


@dataclass(frozen=True, slots=True)
class Number:
    """One number that is asked: its line, its unit, and its head, which no other column has."""

    key: Key
    unit: str
    head: str
    code: str


def readings_page(report: Report) -> Page:
    """The readings sheet in the language in force."""
    signed = report.rounds.signed
    by_round: dict[int, list[Entry]] = defaultdict(list)
    for entry in report.rounds.entries:
        by_round[entry.round_id].append(entry)
    numbers, decimals = numbers_of(report), decimals_of(report.rounds.entries)
    widths = (*TITLE_WIDTHS, *(NUMBER_WIDTH, ORIGIN_WIDTH) * len(numbers), RECORDS_WIDTH)
    cells, heights = _head(report, numbers)
    rows_of: dict[str, int] = {}
    for row, slot in enumerate(signed, HEAD + 1):
        rows_of[slot.record] = row
        heights[row] = 15.0

    def rows() -> Iterator[Cell]:
        for row, slot in enumerate(signed, HEAD + 1):
            yield from _row(report, slot, numbers, by_round, decimals, row)

    if not signed:
        cells.append(Cell(HEAD + 1, 1, _("None in this period."), "centre", columns=TITLES))
        heights[HEAD + 1] = 20.0
    return Page(
        title=_("Readings"),
        widths=widths,
        cells=tuple(cells),
        heights=heights,
        body=(HEAD + 1, TITLES + 1),
        repeat=(HEAD, HEAD),
        filter_row=HEAD if signed else None,
        one_sheet=False,
        key="readings",
        hidden=frozenset({len(widths)}),
        repeat_columns=TITLES,
        column_breaks=column_breaks(len(numbers)),
        rows_of=rows_of,
        stream=Stream(len(signed), rows) if signed else None,
    )


def numbers_of(report: Report) -> tuple[Number, ...]:
    """Every number the checklists of the period ask or its rounds have, in the order of the walks."""
    asked: dict[str, dict[tuple[Key, str], None]] = {}
    walked = {slot.round.id: slot.checklist for slot in report.rounds.signed if slot.round is not None}
    names = checklist_order(report.frame, walked.values())
    words = {name: ItemWords(report.frame, name, report.rounds.slots) for name in names}
    for name in names:
        items = ((key, words[name].item(key[0])) for key in words[name].lines)
        asked[name] = {
            (key, item.unit): None for key, item in items if item is not None and item.kind is ItemKind.NUMBER
        }
    for entry in report.rounds.entries:
        if entry.value is not None:
            asked[walked[entry.round_id]][entry.key, entry.unit] = None
    found: dict[tuple[Key, str], str] = {}
    for name in names:
        order = {key: place for place, key in enumerate(words[name].walked({key for key, _unit in asked[name]}))}
        for key, unit in sorted(asked[name], key=lambda one: (order[one[0]], one[1])):
            found.setdefault((key, unit), name)
    return _named([(key, unit, words[name]) for (key, unit), name in found.items()])


def _named(found: Sequence[tuple[Key, str, ItemWords]]) -> tuple[Number, ...]:
    """Heads as people read them; where two would be the same, the code of the line tells them apart."""
    taken = {_("No."), _("Checklist"), _("Due"), _("Signed at"), _("By"), _("Records")}
    numbers: list[Number] = []
    for key, unit, words in found:
        device = words.device(key[1])
        head = words.text(key[0]) + (f", {device}" if device else "") + (f" ({show.unit_name(unit)})" if unit else "")
        code = key[0] + (f"@{key[1]}" if key[1] else "")
        if any(one.key == key for one in numbers):
            code += f" {unit}"
        if head in taken:
            head = f"{head} [{code}]"
        taken |= {head, code}
        numbers.append(Number(key, unit, head, code))
    return tuple(numbers)


def column_breaks(numbers: int) -> tuple[int, ...]:
    """The columns that begin a new page: as few pages as are readable, each with about as many numbers."""
    titles = sum(_points(width) for width in TITLE_WIDTHS)
    pair = _points(NUMBER_WIDTH) + _points(ORIGIN_WIDTH)
    most = max(1, int((WIDTH / SMALLEST - titles) / pair))
    pages = -(-numbers // most)
    shares = [(number + 1) * numbers // pages - number * numbers // pages for number in range(pages)]
    return tuple(TITLES + 1 + 2 * before for before in accumulate(shares[:-1]))


def _points(width: float) -> float:
    return POINTS_PER_CHARACTER * width + COLUMN_POINTS


def origin_mark(origin: Origin) -> str:
    """One letter for where a number came from; the legend of the sheet says which."""
    # One message, because a single letter means another thing elsewhere.
    measured, typed, over = _("M T O").split()
    return {Origin.MEASURED: measured, Origin.TYPED: typed, Origin.TYPED_OVER_MEASURED: over}[origin]


def _head(report: Report, numbers: Sequence[Number]) -> tuple[list[Cell], dict[int, float]]:
    title = _("Readings of the signed rounds, {period}").format(period=report.frame.period.name)
    told = _(
        "One row a round, one column a number, with what was amended; an empty cell was not asked or not known. "
        "Times in {zone}. {n} rounds."
    ).format(zone=report.frame.zone.key, n=len(report.rounds.signed))
    legend = _("Behind each number stands where it came from: M measured, T typed, O typed over a measured one.")
    room = sum(TITLE_WIDTHS)
    cells = [
        Cell(1, 1, title, "heading", columns=TITLES),
        Cell(2, 1, told, "quiet", columns=TITLES),
        Cell(3, 1, legend, "quiet", columns=TITLES),
    ]
    labels = (_("No."), _("Checklist"), _("Due"), _("Signed at"), _("By"))
    cells += [Cell(HEAD, column, label, "head") for column, label in enumerate(labels, 1)]
    for place, number in enumerate(numbers):
        cells.append(Cell(HEAD, TITLES + 1 + 2 * place, number.head, "head"))
        cells.append(Cell(HEAD, TITLES + 2 + 2 * place, number.code, "head upright"))
    cells.append(Cell(HEAD, TITLES + 1 + 2 * len(numbers), _("Records"), "head"))
    codes = max((width_of(number.code) for number in numbers), default=0) * 4.6 + 8
    tall = max([height_of_texts([(number.head, NUMBER_WIDTH)], 9) for number in numbers], default=20.0)
    return cells, {
        1: 26.0,
        2: height_of_texts([(told, room)], 9),
        3: height_of_texts([(legend, room)], 9),
        HEAD: max(20.0, tall, min(HEAD_HEIGHT, codes)),
    }


def _row(
    report: Report,
    slot: SlotFact,
    numbers: Sequence[Number],
    by_round: Mapping[int, Sequence[Entry]],
    decimals: Mapping[tuple[Key, str], int],
    row: int,
) -> list[Cell]:
    held = slot.round
    assert held is not None  # it was signed
    cells = [
        Cell(row, 1, held.id, "count"),
        Cell(row, 2, checklist_name(report.frame, slot.checklist, (held.version,)), "line"),
        Cell(row, 3, slot.due_at, "moment"),
        Cell(row, 4, held.signed_at, "moment"),
        Cell(row, 5, report.frame.person(held.signed_by), "line"),
    ]
    answers = {(entry.key, entry.unit): entry for entry in by_round.get(held.id, ())}
    for place, number in enumerate(numbers):
        entry = answers.get((number.key, number.unit))
        value = entry.value if entry is not None else None
        cells.append(Cell(row, TITLES + 1 + 2 * place, value, f"number {decimals.get((number.key, number.unit), 0)}"))
        mark = origin_mark(entry.origin) if entry is not None and value is not None else None
        cells.append(Cell(row, TITLES + 2 + 2 * place, mark, "mark"))
    cells.append(Cell(row, TITLES + 1 + 2 * len(numbers), slot.record, "records"))
    return cells


def decimals_of(entries: Iterable[Entry]) -> dict[tuple[Key, str], int]:
    """How many decimals the numbers of a column need, by line and unit: the most that any was typed with, up to three.

    Under one another they all have as many, so that "24" is not taken for less exact than "23.5".
    """
    found: dict[tuple[Key, str], int] = defaultdict(int)
    for entry in entries:
        if entry.value is not None:
            column = (entry.key, entry.unit)
            found[column] = max(found[column], min(MOST_DECIMALS, _decimals(entry.answer or "", entry.value)))
    return found


def _decimals(answer: str, value: float) -> int:
    """Those of the text; of another text than a plain number those of its value."""
    whole, _point, decimals = answer.partition(".")
    if whole.lstrip("+-").isdecimal() and (not decimals or decimals.isdecimal()):
        return len(decimals)
    return len(f"{value:.{MOST_DECIMALS}f}".rstrip("0").partition(".")[2])
