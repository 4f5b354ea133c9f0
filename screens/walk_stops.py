"""The walk as places the cursor stops at: pure functions, no terminal.

A device's measured items that are fresh and inside their limits are folded into one stop; everything else is a stop
of its own. Folding never hides what needs a person: an item out of its limits, stale, or read by eye stands open.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import groupby

from dutyroom.duty.walks import Walk
from dutyroom.model.checklist import Mode, WalkLine
from dutyroom.model.reading import Origin, Verdict
from dutyroom.rules.live import LiveValue, judge_answer

Key = tuple[str, str]
Lives = Mapping[Key, LiveValue | None]
FOLD = "*"


@dataclass(frozen=True, slots=True)
class Stop:
    """One place: a line, or a device with its folded lines."""

    key: Key
    line: WalkLine | None = None
    device: str = ""
    folded: tuple[WalkLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A row nobody stops at: an area, or a device none of whose items are folded."""

    area: str = ""
    device: str = ""


Row = Stop | Heading


def fold_of(line: WalkLine) -> Key:
    """The key of the stop a line of a device folds into."""
    return (FOLD + line.item.area, line.device)


def rows_of(walk: Walk, lives: Lives, opened: Collection[Key], cursor: Key = ("", "")) -> list[Row]:
    """The rows in walking order. `opened` holds the keys of folded stops a person opened.

    The line the cursor is on is not folded away, so that a source that comes back takes nothing from under a hand.
    """
    rows: list[Row] = []
    area = ""
    for device, group in groupby(walk.lines, key=lambda line: (line.item.area, line.device)):
        lines = tuple(group)
        if device[0] != area:
            area = device[0]
            rows.append(Heading(area=area))
        rows += (
            _device_rows(walk, lives, opened, lines, cursor) if device[1] else [Stop(line.key, line) for line in lines]
        )
    return rows


def _device_rows(
    walk: Walk, lives: Lives, opened: Collection[Key], lines: tuple[WalkLine, ...], cursor: Key
) -> list[Row]:
    device, key = lines[0].device, fold_of(lines[0])
    folded = tuple(line for line in lines if is_foldable(walk, lives, line) and (key in opened or line.key != cursor))
    if not folded:
        return [Heading(device=device), *(Stop(line.key, line, device) for line in lines)]
    shown = lines if key in opened else tuple(line for line in lines if line not in folded)
    return [Stop(key, None, device, folded), *(Stop(line.key, line, device) for line in shown)]


def is_foldable(walk: Walk, lives: Lives, line: WalkLine) -> bool:
    """True for a measured item that was accepted and is ok, or is open, fresh and inside its limits."""
    if line.item.mode is not Mode.ACCEPT:
        return False
    entry = walk.entry(line)
    if entry is not None:
        return entry.origin is Origin.MEASURED and entry.verdict is Verdict.OK
    live = lives.get(line.key)
    return live is not None and judge_answer(line.item, live.answer, live.value) is Verdict.OK


def is_open(walk: Walk, stop: Stop) -> bool:
    """True when something at this stop has no answer yet."""
    lines = stop.folded if stop.line is None else (stop.line,)
    return any(walk.entry(line) is None for line in lines)


def stops_of(rows: list[Row]) -> list[Stop]:
    """The rows the cursor can stand on."""
    return [row for row in rows if isinstance(row, Stop)]


def next_open(walk: Walk, stops: list[Stop], after: Key) -> Stop | None:
    """The next open stop after a key, from the beginning again at the end; None when all are answered."""
    position = next((n for n, stop in enumerate(stops) if stop.key == after), -1)
    turned = [*stops[position + 1 :], *stops[: position + 1]]
    return next((stop for stop in turned if is_open(walk, stop)), None)
