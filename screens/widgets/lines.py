"""Lines of plain text drawn by themselves: only the rows that changed are painted again.

A line is a tuple of runs, a run is `(text, role)`. Roles are colours by meaning; the stylesheet gives them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from dutyroom.inert import inert

if TYPE_CHECKING:
    from dutyroom.model.reading import Verdict

Run = tuple[str, str]
Line = tuple[Run, ...]

ROLES = ("ok", "attention", "fault", "unknown", "dim", "strong", "key", "cursor", "alarm", "calm")

_VERDICT_ROLES = {
    "ok": "ok",
    "attention": "attention",
    "fault": "fault",
    "unknown": "unknown",
    "not-installed": "dim",
}


def role_of(verdict: Verdict) -> str:
    """The role a verdict is painted in."""
    return _VERDICT_ROLES[verdict]


def pad(text: str, width: int) -> str:
    """The text in exactly that many terminal cells: cut with `…` when too long."""
    if cell_len(text) <= width:
        return text + " " * (width - cell_len(text))
    return set_cell_size(text, max(0, width - 1)) + "…" if width > 0 else ""


def pad_left(text: str, width: int) -> str:
    """The text at the right end of that many terminal cells."""
    return " " * (width - cell_len(text)) + text if cell_len(text) <= width else pad(text, width)


def width_of(line: Line) -> int:
    """Terminal cells a line takes."""
    return sum(cell_len(text) for text, _role in line)


def spread(left: Line, right: Line, width: int) -> Line:
    """Left and right parts on one line; the left one is cut where both do not fit."""
    room = max(0, width - width_of(right) - 1)
    cut: list[Run] = []
    for text, role in left:
        taken = width_of(tuple(cut))
        if taken + cell_len(text) > room:
            cut.append((pad(text, room - taken), role))
            break
        cut.append((text, role))
    gap = width - width_of(tuple(cut)) - width_of(right)
    return (*cut, (" " * max(0, gap), ""), *right)


def bar(percent: float | None, cells: int) -> str:
    """A bar of that many cells; empty when the percentage is not known."""
    if percent is None:
        return "·" * cells
    full = max(0, min(cells, round(percent / 100 * cells)))
    return "▇" * full + "·" * (cells - full)


class LineView(ScrollView):
    """Shows lines; `show()` repaints only the rows that differ from what stands there."""

    COMPONENT_CLASSES = {f"line--{role}" for role in ROLES}
    can_focus = False

    DEFAULT_CSS = """
    LineView { height: 1fr; width: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines: tuple[Line, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown."""
        return self._lines

    def show(self, lines: Sequence[Line]) -> None:
        """Replaces what is shown."""
        before, self._lines = self._lines, tuple(lines)
        if len(before) != len(self._lines):
            self.virtual_size = Size(self.size.width, len(self._lines))
            self.refresh()
            return
        top = self.scroll_offset.y
        changed = [y for y, (old, new) in enumerate(zip(before, self._lines, strict=True)) if old != new]
        for y in changed:
            self.refresh(Region(0, y - top, self.size.width, 1))

    def reveal(self, row: int, below: int = 1) -> None:
        """Scrolls so that a row, and `below` more under it, can be seen; nothing moves when they can already."""
        top, height = self.scroll_offset.y, self.size.height
        if row < top + 1:
            self.scroll_to(y=max(0, row - 2), animate=False, force=True)
        elif row + below >= top + height:
            self.scroll_to(y=row + below - height + 1, animate=False, force=True)

    def on_resize(self) -> None:
        """Keeps the scrolled area as wide as the widget."""
        self.virtual_size = Size(self.size.width, len(self._lines))

    def render_line(self, y: int) -> Strip:
        """One row of the widget."""
        row, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        base = self.rich_style
        if not 0 <= row < len(self._lines):
            return Strip.blank(width, base)
        segments = [Segment(inert(text), base + self._style(role)) for text, role in self._lines[row]]
        return Strip(segments).adjust_cell_length(width, base)

    def _style(self, role: str) -> Style:
        return self.get_component_rich_style(f"line--{role}", partial=True) if role else Style.null()
