"""The rows of a walk as lines of text: pure functions of what is answered, what is live and where the cursor is."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rich.cells import cell_len

from dutyroom import show, words
from dutyroom.duty.walks import Walk
from dutyroom.model.checklist import Item, ItemKind, WalkLine
from dutyroom.model.rounds import Entry
from dutyroom.model.site import Site
from dutyroom.words import _
from screens import walk_values
from screens.walk_finding import FindingChoice, stands_for
from screens.walk_finding import choice_lines as finding_lines
from screens.walk_stops import Heading, Key, Lives, Row, Stop
from screens.widgets.lines import Line, Run, pad, pad_left, role_of, spread, width_of

SPARK = "▁▂▃▄▅▆▇█"
# Below so many cells a name, a value, its source and its limits do not stand on one line.
NARROW = 74


@dataclass(frozen=True, slots=True)
class Sight:
    """What the lines are made from, besides the rows themselves."""

    walk: Walk
    site: Site
    lives: Lives
    now: datetime
    width: int
    cursor: Key = ("", "")
    typed: str = ""
    noting: bool = False
    saving: Collection[Key] = ()
    chosen: int = -1
    finding: FindingChoice | None = None
    trends: Mapping[Key, tuple[float, ...]] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=lambda: {"accept": "+", "take": "enter"})


def lines_of(rows: list[Row], sight: Sight) -> tuple[list[Line], dict[Key, int]]:
    """The lines, and on which line each stop stands. Choices and the note open under the line the cursor is on."""
    lines: list[Line] = []
    places: dict[Key, int] = {}
    for row in rows:
        if isinstance(row, Heading):
            lines.append(_heading(row, sight))
            continue
        places[row.key] = len(lines)
        lines.append(_fold_line(row, sight) if row.line is None else _item_line(row, row.line, sight))
        if row.line is not None:
            lines += _below(row.line, sight, here=row.key == sight.cursor)
    return lines, places


def spark(values: tuple[float, ...], cells: int) -> str:
    """The newest values as small bars between their own lowest and highest; one value or none makes nothing."""
    shown = values[-cells:]
    if len(shown) < 2:
        return ""
    low, high = min(shown), max(shown)
    if high == low:
        return SPARK[2] * len(shown)
    return "".join(SPARK[round((value - low) / (high - low) * (len(SPARK) - 1))] for value in shown)


def _heading(row: Heading, sight: Sight) -> Line:
    if row.device:
        return ((f"    {sight.site.label_of(row.device)}", "dim"),)
    area = dict(sight.walk.checklist.areas).get(row.area)
    return ((f" {words.choose(area.en, area.zh) if area is not None else row.area}", "key"),)


def _fold_line(stop: Stop, sight: Sight) -> Line:
    here = stop.key == sight.cursor
    open_lines = [line for line in stop.folded if sight.walk.entry(line) is None]
    label = sight.site.label_of(stop.device)
    saving = any(line.key in sight.saving for line in stop.folded)
    if not open_lines:
        text = _("{n} measured items accepted").format(n=len(stop.folded))
        mark: Run = ("…" if saving else "✓", "dim" if saving else "ok")
        return (_cursor(here), mark, (f" {label}  ", "cursor" if here else "strong"), (text, "dim"))
    text = _("{n} measured items fresh and inside limits").format(n=len(open_lines))
    left: Line = (_cursor(here), ("▹ ", "key"), (f"{label}  ", "cursor" if here else "strong"), (text, "ok"))
    pattern = _("{accept} accepts  {take} opens") if sight.width >= NARROW else _("{accept} accepts")
    keys = pattern.format(**sight.keys)
    return spread(left, ((keys + " ", "key" if here else "dim"),), sight.width)


def _item_line(stop: Stop, line: WalkLine, sight: Sight) -> Line:
    here = stop.key == sight.cursor
    entry = sight.walk.entry(line)
    indent = "   " if stop.device else " "
    name_role = "cursor" if here else ("dim" if entry is not None else "")
    runs: list[Run] = [_cursor(here), _mark(line, entry, sight), (indent, "")]
    room = sight.width - 3 - len(indent)
    value, source = _value_and_source(line, entry, sight, here=here)
    limits = show.bounds(line.item.limit.normal)
    if not source and not limits and not walk_values.item_is_number(line.item):
        # Nothing beside it: the name may take the line, and the value stands at its end.
        return spread((*runs, (show.item_name(line.item), name_role)), (value, (" ", "")), sight.width)
    value_cells, source_cells, limit_cells, trend_cells = _columns(sight.width)
    runs.append(
        (pad(show.item_name(line.item), room - value_cells - source_cells - limit_cells - trend_cells), name_role)
    )
    runs.append((pad_left(value[0], value_cells - 1) + " ", value[1]))
    if source_cells:
        odd = entry is not None and walk_values.is_odd(entry, line.item)
        runs.append((pad(source, source_cells - 1) + " ", "attention" if odd else "dim"))
    runs.append((pad(limits, limit_cells), "dim"))
    if trend_cells:
        runs.append((pad(spark(sight.trends.get(line.key, ()), trend_cells - 1), trend_cells), "dim"))
    return tuple(runs)


def _columns(width: int) -> tuple[int, int, int, int]:
    """Cells for value, source, limits and trend beside the name. In a narrow terminal the source goes below."""
    if width >= 100:
        return 18, 28, 10, 15
    return (14, 21, 9, 0) if width >= NARROW else (13, 0, 8, 0)


def _cursor(here: bool) -> Run:
    return ("▸ " if here else "  ", "key")


def _mark(line: WalkLine, entry: Entry | None, sight: Sight) -> Run:
    if line.key in sight.saving:
        return ("…", "dim")
    if entry is None:
        return ("·", "dim")
    return (show.symbol(entry.verdict), role_of(entry.verdict))


def _value_and_source(line: WalkLine, entry: Entry | None, sight: Sight, *, here: bool) -> tuple[Run, str]:
    if here and sight.typed:
        return walk_values.typed_value(line.item, sight.typed)
    if entry is not None:
        return walk_values.answered_value(line.item, entry)
    return walk_values.open_value(line.item, sight.lives.get(line.key), sight.site, sight.now, here=here)


def _below(line: WalkLine, sight: Sight, *, here: bool) -> list[Line]:
    """What stands under a line: choices and the note under the cursor, a stored note under any line."""
    entry = sight.walk.entry(line)
    lines: list[Line] = []
    if here and sight.noting:
        return [((_("      note: "), "key"),)]
    if here and sight.finding is not None:
        lines.append((("      ", ""), (pad(f"“{sight.finding.entry.note}”", sight.width - 7), "dim")))
        return lines + finding_lines(sight.finding, sight.walk, sight.site, sight.now, sight.width)
    if here and (entry is None or sight.chosen >= 0) and line.item.choices and line.item.kind is not ItemKind.CHECK:
        lines += choice_lines(line.item, sight.chosen, sight.width)
    if here and sight.width < NARROW and (walk_values.item_is_number(line.item) or show.bounds(line.item.limit.normal)):
        told = _value_and_source(line, entry, sight, here=True)[1]
        if told:
            lines.append((("      ", ""), (pad(told, sight.width - 7).rstrip(), "dim")))
    if here and line.item.kind is ItemKind.TABLE:
        numbers = sight.typed or (entry.answer if entry is not None else None) or ""
        lines += [((f"      {text}", "key" if sight.typed else "dim"),) for text in _cells(numbers, sight)]
    trend = sight.trends.get(line.key, ())
    if here and sight.width < 100 and len(trend) > 1:
        past = _("      last {n} rounds  {spark}  {low:g} to {high:g}")
        lines.append(((past.format(n=len(trend), spark=spark(trend, 14), low=min(trend), high=max(trend)), "dim"),))
    if entry is not None and entry.note:
        lines.append((("      ", ""), (pad(f"“{entry.note}”", sight.width - 7), "dim")))
    if entry is not None and (stands := stands_for(entry)) is not None:
        lines.append(stands)
    return lines


def _cells(numbers: str, sight: Sight) -> list[str]:
    """The numbers of a table, on as many lines as they need."""
    text = " ".join(numbers.split()) + (" ▏" if numbers.endswith(" ") else "▏" if sight.typed else "")
    return textwrap.wrap(text, max(12, sight.width - 8)) if numbers else []


def choice_lines(item: Item, chosen: int, width: int) -> list[Line]:
    """The choices of an item, each with the digit that takes it, on as many lines as they need."""
    lines: list[list[Run]] = [[("      ", "")]]
    for position, choice in enumerate(item.choices):
        text = f"{position + 1} {words.choose(choice.words.en, choice.words.zh)}"
        if width_of(tuple(lines[-1])) + cell_len(text) > width and len(lines[-1]) > 1:
            lines.append([("      ", "")])
        lines[-1] += [(text, "cursor" if position == chosen else "key"), ("  ", "")]
    return [tuple(line) for line in lines]


def choice_at(line: Line, x: int) -> int | None:
    """Which choice of a line of choices stands in that cell; None between them."""
    at = 0
    for text, _role in line:
        at += cell_len(text)
        if x < at:
            digit = text.partition(" ")[0]
            return int(digit) - 1 if digit.isdecimal() else None
    return None


def header_of(sight: Sight, person: str, status: Run) -> Line:
    """Name, progress, time since the start, who walks; and at the right what happened to the last answer."""
    walk = sight.walk
    name = words.choose(walk.checklist.words.en, walk.checklist.words.zh)
    done = len(walk.lines) - len(walk.open_lines())
    progress = _("{done} of {all}").format(done=done, all=len(walk.lines))
    began = walk.round.started_at
    elapsed = int((sight.now - began).total_seconds()) if began is not None else 0
    clock = f"{elapsed // 3600}:{elapsed % 3600 // 60:02d}:{elapsed % 60:02d}" if elapsed >= 3600 else ""
    clock = clock or f"{elapsed // 60}:{elapsed % 60:02d}"
    parts = [progress, clock, person] if walk.round.signed_at is None else [progress, person]
    left: Line = ((f" {name}", "strong"), (" · " + " · ".join(parts), ""))
    return spread(left, (status, (" ", "")), sight.width)
