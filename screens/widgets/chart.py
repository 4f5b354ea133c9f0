"""A chart as lines of text: braille dots, or plain characters where a terminal has no others. Pure functions.

The line is the mean, shaded cells reach from the lowest to the highest value. A column without a value stays blank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from rich.cells import cell_len

from dutyroom.model.history import Gap, GapReason
from dutyroom.rules.chart import Column
from dutyroom.rules.chart_scale import Scale
from screens.widgets.lines import Line, Run, pad_left

# Terminals whose fonts have neither braille nor box drawing.
POOR = ("linux", "vt100", "vt102", "vt220", "dumb")
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
_BRAILLE = 0x2800
MARKS: Mapping[GapReason, tuple[str, str, str]] = {
    # Sign, its plain twin, role.
    GapReason.FAILED: ("✗", "x", "fault"),
    GapReason.NOT_POLLED: ("–", "-", "unknown"),
    GapReason.NO_VALUE: ("?", "?", "unknown"),
    GapReason.CLOCK_SET: ("~", "~", "attention"),
    GapReason.NO_RECORD: (".", ".", "dim"),
}


@dataclass(frozen=True, slots=True)
class Signs:
    """The characters a chart is drawn with. `across` dots lie side by side in a cell, `down` below each other."""

    across: int
    down: int
    side: str
    tick: str
    floor: str
    corner: str
    label: str
    limit: str
    band: str
    step: str


BRAILLE = Signs(2, 4, "│", "┤", "─", "└", "┬", "┄", "░", "◆")
PLAIN = Signs(1, 1, "|", "+", "-", "+", "+", "-", ":", "#")


def signs_for(environment: Mapping[str, str]) -> Signs:
    """What the terminal can show, as far as TERM tells."""
    return PLAIN if environment.get("TERM", "") in POOR else BRAILLE


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything a chart is drawn from. `columns` are `across` to a cell; `texts` stand beside the scale's ticks.

    `limits` are values drawn as lines, `labels` texts under cells, `steps` cells in which the clock was set, `words`
    what each reason for a gap is called.
    """

    columns: Sequence[Column]
    scale: Scale
    texts: Sequence[str]
    height: int
    signs: Signs
    banded: bool
    limits: Sequence[float] = ()
    labels: Sequence[tuple[int, str]] = ()
    steps: frozenset[int] = frozenset()
    words: Mapping[GapReason, str] = field(default_factory=dict)

    @property
    def cells(self) -> int:
        """How many cells lie side by side."""
        return len(self.columns) // self.signs.across


def sign_of(gap: Gap, signs: Signs) -> str:
    """The sign that stands under the columns of a gap."""
    return MARKS[gap.reason][signs is PLAIN]


def drawn(of: Drawing) -> list[Line]:
    """The chart with its axes, and the row that says why something is missing."""
    left = max(map(cell_len, of.texts), default=0) + 1
    beside = _beside(of)
    rows: list[Line] = []
    for y, cells in enumerate(_cells(of)):
        edge = of.signs.tick if y in beside else of.signs.side
        rows.append(((pad_left(beside.get(y, ""), left - 1) + " " + edge, "dim"), *_runs(cells)))
    return [*rows, _floor(of, left), _labels(of, left), why_row(of, left)]


def why_row(of: Drawing, left: int) -> Line:
    """Under each column without a value the sign of the reason, with its word where there is room.

    A sign under a drawn column tells that some of its polls failed.
    """
    plain = of.signs is PLAIN
    marks: list[tuple[GapReason | None, bool]] = []
    for at in range(of.cells):
        inside = of.columns[at * of.signs.across : (at + 1) * of.signs.across]
        missing = next((column.gap for column in inside if column.gap is not None), None)
        failed = next((column.failure for column in inside if column.failure is not None), None)
        shown = missing or failed
        marks.append((shown.reason if shown is not None else None, missing is not None))
    runs: list[Run] = [(" " * (left + 1), "")]
    for (reason, is_gap), group in groupby(marks):
        width = len(list(group))
        if reason is None:
            runs.append((" " * width, ""))
            continue
        sign, twin, role = MARKS[reason]
        text = (twin if plain else sign) * width
        word = f" {of.words.get(reason, '')} "
        if is_gap and width >= cell_len(word) + 4:
            before = (width - cell_len(word)) // 2
            text = text[:before] + word + text[: width - before - cell_len(word)]
        runs.append((text, role))
    return tuple(runs)


def _beside(of: Drawing) -> dict[int, str]:
    """The row at which each number of the scale stands; where two fall together the lower number."""
    return {_row(of, tick): text for tick, text in reversed(list(zip(of.scale.ticks, of.texts, strict=True)))}


def _row(of: Drawing, value: float) -> int:
    return _dot(of, value) // of.signs.down


def _dot(of: Drawing, value: float) -> int:
    return round((1.0 - of.scale.share(value)) * (of.height * of.signs.down - 1))


def _cells(of: Drawing) -> list[list[Run]]:
    """Each cell of the plot with its role, row by row from the top."""
    signs = of.signs
    masks = [[0] * of.cells for _row in range(of.height)]
    bands = [[False] * of.cells for _row in range(of.height)]
    before: int | None = None
    for x, column in enumerate(of.columns[: of.cells * signs.across]):
        if column.mean is None or column.low is None or column.high is None:
            before = None
            continue
        mean, low, high = _dot(of, column.mean), _dot(of, column.low), _dot(of, column.high)
        first = last = mean
        if not of.banded:
            first, last = high, low
        if column.joined and before is not None:
            first, last = min(first, before), max(last, before)
        for dot in range(first, last + 1):
            masks[dot // signs.down][x // signs.across] |= _bit(signs, x, dot)
        if of.banded:
            for row in range(high // signs.down, low // signs.down + 1):
                bands[row][x // signs.across] |= high != low
        before = mean
    limits = {_row(of, limit) for limit in of.limits}
    return [[_cell(of, masks[y][x], bands[y][x], limit=y in limits) for x in range(of.cells)] for y in range(of.height)]


def _bit(signs: Signs, x: int, dot: int) -> int:
    return _DOTS[x % 2][dot % 4] if signs.across == 2 else 1


def _cell(of: Drawing, mask: int, band: bool, *, limit: bool) -> Run:
    if mask:
        return ("*" if of.signs.across == 1 else chr(_BRAILLE + mask), "key")
    if band:
        return (of.signs.band, "dim")
    return (of.signs.limit, "attention") if limit else (" ", "")


def _runs(cells: Sequence[Run]) -> Line:
    """Neighbours of one role as one run."""
    return tuple(("".join(text for text, _role in group), role) for role, group in groupby(cells, key=lambda c: c[1]))


def _floor(of: Drawing, left: int) -> Line:
    marked = {at for at, _text in of.labels}
    cells: list[Run] = [
        (of.signs.step, "attention") if at in of.steps else (of.signs.label if at in marked else of.signs.floor, "dim")
        for at in range(of.cells)
    ]
    return ((" " * left + of.signs.corner, "dim"), *_runs(cells))


def _labels(of: Drawing, left: int) -> Line:
    """The labels under their cells; one that would touch the one before is left out."""
    text = ""
    for at, label in of.labels:
        begin = max(0, min(at - cell_len(label) // 2, of.cells - cell_len(label)))
        if begin >= cell_len(text) + (2 if text else 0):
            text += " " * (begin - cell_len(text)) + label
    return ((" " * (left + 1) + text, "dim"),)
