"""What the outage screen shows at every size: pure functions of an OutageBoard, the site and a size."""

from __future__ import annotations

from collections.abc import Sequence

from dutyroom.model.site import Site
from dutyroom.outage_board import OutageBoard
from screens import big_digits, hold_lines, outage_call_lines, outage_lines, outage_load_lines, outage_ups_lines
from screens.device_lines import NO_LINE, cut
from screens.widgets.lines import Line, pad, width_of

ROOMY = (110, 34)
"""From so many columns and rows on the figures are larger, and four parts stand side by side."""
SMALL_ROWS = 4


def head_lines(board: OutageBoard, site: Site, width: int, *, roomy: bool) -> list[Line]:
    """State, time left, the other UPSes, clocks, next call, next shedding, room: the sketch from top to bottom."""
    figures = _figures(board, width, roomy=roomy)
    others = outage_ups_lines.other_lines(board, width, 2 if roomy else 1)
    lines = [outage_lines.state_line(board, site, width), *([NO_LINE] if roomy else []), *figures, *others]
    if roomy:
        lines.append(NO_LINE)
    lines += _clocks_and_next(board, width)
    lines.append(outage_load_lines.first_to_fall(board, width))
    return lines


def _figures(board: OutageBoard, width: int, *, roomy: bool) -> list[Line]:
    """The large figures on the left, what they mean beside them."""
    text, role = outage_lines.figures_of(board)
    if roomy:
        digits = big_digits.drawn(text)
    else:
        # The small figures have no sign for "unknown" or "at least": the words beside them say it.
        digits = hold_lines.drawn(text) if text[:1].isdigit() else hold_lines.drawn(text[1:])
    indent = 3 if roomy else 2
    left = max((width_of(((one, ""),)) for one in digits), default=0)
    left = left + indent + 2 if left else 1
    beside = outage_lines.beside_lines(board, width - left)
    if roomy:
        # One line of air between the words, which are fewer than the rows of the figures.
        beside = [line for one in beside for line in (one, NO_LINE)][: big_digits.ROWS]
    rows = max(len(digits), len(beside), SMALL_ROWS)
    made: list[Line] = []
    for n in range(rows):
        figure = " " * indent + digits[n] if n < len(digits) and digits[n] else ""
        made.append(cut(((pad(figure, left), role), *(beside[n] if n < len(beside) else ())), width))
    return made


def _clocks_and_next(board: OutageBoard, width: int) -> list[Line]:
    """On the left the clocks and the room, on the right whom to call and what to switch off next."""
    half = max(34, width * 45 // 100)
    left = [*outage_lines.clock_lines(board.clocks, half), outage_lines.heat_line(board, half)]
    rest = width - half - 1
    right: list[Line] = []
    if board.on_battery:
        right = [*outage_call_lines.next_lines(board, rest), *outage_load_lines.next_lines(board, rest)]
    made: list[Line] = []
    for n, line in enumerate(left):
        gap = " " * max(1, half + 1 - width_of(line))
        made.append((*line, (gap, ""), *(right[n] if n < len(right) else ())))
    return made


def tab_line(names: Sequence[tuple[str, str]], chosen: str, width: int) -> Line:
    """The names of the parts, the chosen one marked."""
    runs = [
        (f" ▸{title} " if name == chosen else f"  {title} ", "cursor" if name == chosen else "dim")
        for name, title in names
    ]
    return cut(tuple(runs), width)
