"""The zero report as a text to be sent and as a workbook, in the language in force."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from dutyroom import show, zero_words
from dutyroom.inert import inert
from dutyroom.model.zero_page import ZeroPage
from dutyroom.model.zero_report import ZeroDay
from dutyroom.report.files import put_in_place
from dutyroom.report.page import Cell, Page, height_of, height_of_texts
from dutyroom.report.workbook import build, save
from dutyroom.words import _, speaking
from dutyroom.zero_words import ZeroNames

Enter = Callable[[Path, Path], None]
TITLE_WIDTH, TEXT_WIDTH = 20.0, 112.0
# The last line of the text: the number and the hash of the ledger's line, whatever the language.
ANCHOR = re.compile(r"\b(\d{1,12}) ([0-9a-f]{64})\s*\Z")


def file_name(day: ZeroDay, ending: str) -> str:
    """`zero-report-2026-11-24.txt`; a later version says its number."""
    version = f"-v{len(day.versions)}" if len(day.versions) > 1 else ""
    return f"zero-report-{day.window.duty_day}{version}.{ending}"


def text_of(page: ZeroPage, names: ZeroNames) -> str:
    """The report as plain text; a preview says that it is none yet."""
    lines = [*_head(page, names), ""]
    for section in zero_words.sections(page.content, page.day, names):
        lines += [section.title, *(f"  {inert(line)}" for line in section.lines), ""]
    return "\n".join([*lines, *_foot(page, names)]) + "\n"


def anchor_of(content: bytes) -> tuple[int, str] | None:
    """The line of the ledger (number, hash) that a text names at its end; None for any other file."""
    found = ANCHOR.search(content.decode("utf-8", "replace")[-200:])
    return (int(found[1]), found[2]) if found is not None else None


def zero_page(page: ZeroPage, names: ZeroNames) -> Page:
    """The report as a sheet of A4."""
    title, site, span, headline = _head(page, names)
    cells = [
        Cell(1, 1, title, "title", columns=2),
        Cell(2, 1, site, "plain", columns=2),
        Cell(3, 1, span, "plain", columns=2),
        Cell(4, 1, headline, "sentence", columns=2),
    ]
    heights = {1: 36.0, 2: height_of(1), 3: height_of(1), 4: height_of(1, 12) + 8}
    row = 5
    for section in zero_words.sections(page.content, page.day, names):
        text = "\n".join(section.lines)
        cells += [Cell(row, 1, section.title, "label"), Cell(row, 2, text, "text")]
        heights[row] = height_of_texts([(text, TEXT_WIDTH)])
        row += 1
    signed = "\n".join(zero_words.signatures(page.day, names)) or _not_signed()
    cells += [Cell(row, 1, _("Signatures"), "label"), Cell(row, 2, signed, "text")]
    heights[row] = height_of_texts([(signed, TEXT_WIDTH)])
    places = {}
    if page.anchor is not None:
        for name, label, value in (
            ("ledger_seq", _("Ledger line"), page.anchor[0]),
            ("ledger_hash", _("Its hash"), page.anchor[1]),
        ):
            row += 1
            cells += [Cell(row, 1, label, "label"), Cell(row, 2, value, "hash")]
            heights[row] = height_of(1)
            places[name] = (row, 2)
    return Page(_("Zero report"), (TITLE_WIDTH, TEXT_WIDTH), tuple(cells), heights=heights, names=places)


def export_zero_report(page: ZeroPage, names: ZeroNames, folder: Path, language: str, enter: Enter) -> tuple[Path, ...]:
    """Writes text and workbook of a signed report into the folder (made when it is not there); where they are.

    `enter` puts each on record: it gets the finished file and its target before the file takes that place.

    Raises ExportError; an older file of that name is then as it was.
    """
    with speaking(language):
        text = text_of(page, names).encode()
        footer = f"{names.site.name}, {names.site.room}, {page.day.window.duty_day}"
        workbook = build((zero_page(page, names),), names.zone, footer, page.now)
        return (
            put_in_place(text, folder / file_name(page.day, "txt"), enter),
            save(workbook, folder / file_name(page.day, "xlsx"), enter),
        )


def _head(page: ZeroPage, names: ZeroNames) -> list[str]:
    day = page.day.window.duty_day
    headline = zero_words.headline(page.content)
    if page.day.report is None:
        headline = f"{_not_signed()} {headline}"
    return [
        _("Zero report {day}").format(day=f"{day} ({show.day(day)})"),
        f"{names.site.name}, {names.site.room}",
        zero_words.span(page.day, names),
        headline,
    ]


def _not_signed() -> str:
    return _("Preview, not signed.")


def _foot(page: ZeroPage, names: ZeroNames) -> list[str]:
    lines = [inert(line) for line in zero_words.signatures(page.day, names)] or [_not_signed()]
    if page.anchor is not None:
        lines.append(_("Ledger line: {line}").format(line=f"{page.anchor[0]} {page.anchor[1]}"))
    return lines
