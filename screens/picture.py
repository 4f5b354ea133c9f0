"""Pictures of the screen as SVG in which Chinese has its true width.

Rich gives every run of text a length of one cell per character (`textLength`), so wide characters are squeezed to half
their width; here each run is split by width and placed by the cells it takes, wide characters each in the middle of
its two.
"""

from __future__ import annotations

import html
import re
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.cells import cell_len

if TYPE_CHECKING:
    from textual.app import App

FONTS = (
    "'Fira Code', 'Noto Sans Mono', 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', 'Sarasa Mono SC', "
    "'Source Han Mono SC', 'Microsoft YaHei', monospace"
)
_TEXT = re.compile(r"<text (?P<attributes>[^>]*\btextLength=[^>]*)>(?P<text>[^<]*)</text>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
# A picture asks no other machine for a font.
_REMOTE_FONT = re.compile(r"@font-face\s*\{[^}]*\}")
_BLANK = "\N{NO-BREAK SPACE}"
# The size Rich draws letters in: a wide one is as high as broad and narrower than two cells.
_FONT_SIZE = 20.0


def with_true_widths(svg: str) -> str:
    """The SVG of `App.export_screenshot` with every run of text as wide as the cells it takes."""
    svg = _REMOTE_FONT.sub("", svg)
    svg = svg.replace("font-variant-east-asian: full-width;", "")
    svg = svg.replace("font-family: Fira Code, monospace;", f"font-family: {FONTS};")
    return _TEXT.sub(_split, svg)


def save(app: App[None], folder: Path, at: datetime, zone: ZoneInfo) -> Path:
    """Writes the screen as it is now into `folder`; gives the file. Raises OSError."""
    path = folder / f"dutyroom-{at.astimezone(zone):%Y%m%d-%H%M%S}.svg"
    path.write_text(with_true_widths(app.export_screenshot()), "utf-8")
    return path


def _split(match: re.Match[str]) -> str:
    attributes = dict(_ATTRIBUTE.findall(match["attributes"]))
    text = html.unescape(match["text"]).replace(_BLANK, " ")
    if not text or text.isascii():
        return match[0]
    # Rich made the length from the number of characters, which gives the width of one cell.
    cell = float(attributes["textLength"]) / len(text)
    x = float(attributes["x"])
    runs: list[str] = []
    for width, characters in groupby(text, key=cell_len):
        run = "".join(characters)
        taken = len(run) * width * cell
        if run.strip():
            placed = {**attributes, "x": f"{x:.2f}", "textLength": f"{taken:.2f}"}
            if width == 2:
                margin = (2 * cell - _FONT_SIZE) / 2
                placed["x"] = " ".join(f"{x + margin + 2 * cell * at:.1f}" for at in range(len(run)))
                del placed["textLength"]
            written = " ".join(f'{name}="{value}"' for name, value in placed.items())
            runs.append(f"<text {written}>{html.escape(run).replace(' ', '&#160;')}</text>")
        x += taken
    return "".join(runs)
