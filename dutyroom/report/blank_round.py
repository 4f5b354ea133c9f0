"""An empty round on paper, for the day the terminal is dead: A4, in both languages, typed in later with its times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

from dutyroom.checklists import areas, expand
from dutyroom.inert import inert
from dutyroom.model.checklist import Bounds, Checklist, Item, ItemKind, WalkLine, Words
from dutyroom.model.site import Site
from dutyroom.report.files import put_in_place
from dutyroom.report.page import Cell, Page, height_of, height_of_texts, width_of
from dutyroom.report.workbook import build, save

WIDTHS = (42.0, 14.0, 64.0, 24.0)
BOX, BLANK = "□", "__________"
HEAD = (Words("Item", "项目"), Words("Of", "设备"), Words("Answer", "结果"), Words("Note", "备注"))
FIELDS = (
    Words("Due on", "应检日期"),
    Words("Begun at", "开始时间"),
    Words("Done at", "完成时间"),
    Words("Signature", "巡检人签名"),
)
HOW = Words(
    "Tick or write one answer in each line; whatever is not normal needs a note. "
    "Type it in as soon as dutyroom runs again, with the times of this sheet, and keep the sheet.",
    "每行勾选或填写一个结果，异常须写备注。dutyroom 恢复后按本表时间补录，并保存本表。",
)


def export_blank_round(site: Site, checklist: Checklist, path: Path, made_at: datetime) -> Path:
    """Writes the form as a workbook of A4 sheets; where it is. Raises ExportError."""
    footer = f"{site.name}, {site.room}, {both(checklist.words)}, {checklist.version}"
    return save(build((blank_page(site, checklist),), site.timezone, footer, made_at), path)


def write_blank_text(site: Site, checklist: Checklist, path: Path) -> Path:
    """Writes the form as plain text, for a printer that knows nothing else; where it is. Raises ExportError."""
    return put_in_place(text_of(site, checklist).encode(), path, lambda _made, _target: None)


def both(words: Words) -> str:
    """Chinese and English in one line."""
    return f"{words.zh} {words.en}"


def blank_page(site: Site, checklist: Checklist) -> Page:
    """The form as a sheet: every line of the walk over the site's devices, with an empty field for its answer."""
    cells = [
        Cell(1, 1, both(checklist.words), "title", columns=4),
        Cell(2, 1, f"{site.name}, {site.room}    {checklist.name} {checklist.version}", "plain", columns=4),
        Cell(3, 1, f"{HOW.zh}\n{HOW.en}", "quiet", columns=4),
    ]
    heights = {1: 36.0, 2: height_of(1), 3: height_of_texts([(f"{HOW.zh}\n{HOW.en}", sum(WIDTHS))], 9)}
    cells += [Cell(4, at, both(words), "sign") for at, words in enumerate(FIELDS, start=1)]
    heights[4] = 40.0
    cells += [Cell(5, at, both(words), "head left") for at, words in enumerate(HEAD, start=1)]
    heights[5] = height_of(1)
    row = 6
    for area, lines in _by_area(checklist, site):
        cells.append(Cell(row, 1, both(area), "heading", columns=4))
        heights[row] = height_of(1, 12) + 6
        row += 1
        for line in lines:
            texts = (_question(line.item), _device(site, line), _answer(line.item), "")
            cells += [Cell(row, at, text, "text") for at, text in enumerate(texts, start=1)]
            heights[row] = height_of_texts(list(zip(texts, WIDTHS, strict=True)))
            row += 1
    return Page(
        checklist.words.zh,
        WIDTHS,
        tuple(cells),
        heights=heights,
        body=(6, 1),
        repeat=(5, 5),
        one_sheet=False,
    )


def text_of(site: Site, checklist: Checklist) -> str:
    """The form as plain text."""
    made = [
        both(checklist.words),
        inert(f"{site.name}, {site.room}    {checklist.name} {checklist.version}"),
        "",
        HOW.zh,
        HOW.en,
        "",
        *(f"{both(words)}: {BLANK}{BLANK}" for words in FIELDS),
    ]
    for area, lines in _by_area(checklist, site):
        made += ["", f"== {both(area)} =="]
        for line in lines:
            device = _device(site, line)
            made += ["", *_question(line.item).split("\n")]
            made += [f"  [{inert(device)}]"] if device else []
            made += [f"  {part}" for part in _answer(line.item).split("\n")]
    return "\n".join(made) + "\n"


def _by_area(checklist: Checklist, site: Site) -> Iterator[tuple[Words, Sequence[WalkLine]]]:
    """The lines in walking order under their areas; an area that is met again has its heading again."""
    words = dict(areas(checklist))
    for area, lines in groupby(expand(checklist, site), key=lambda line: line.item.area):
        yield words[area], tuple(lines)


def _device(site: Site, line: WalkLine) -> str:
    return site.label_of(line.device) if line.device else ""


def _question(item: Item) -> str:
    """The item in both languages, and when it is asked where that is not always."""
    said = [item.words.zh, item.words.en]
    if item.every > 1:
        said.append(f"每 {item.every} 次一次 once in {item.every} rounds")
    if item.show_if is not None:
        said.append(f"仅当 only if {item.show_if.item}: {', '.join(item.show_if.answers)}")
    return "\n".join(said)


def _answer(item: Item) -> str:
    """The field: boxes for choices, a blank with the unit and the normal range for numbers."""
    if item.choices:
        boxes = [f"{BOX} {both(choice.words)}" for choice in item.choices]
        line = "   ".join(boxes)
        return line if width_of(line) < WIDTHS[2] - 1 else "\n".join(boxes)
    if item.kind is ItemKind.TEXT:
        return f"{BLANK}{BLANK}"
    if item.kind is ItemKind.TABLE:
        numbers = " ".join(f"{at}:_____" for at in range(1, item.cells + 1)) or f"{BLANK}{BLANK}"
        return f"{numbers} {item.unit}{_normal(item.limit.normal)}"
    return f"{BLANK} {item.unit}{_normal(item.limit.normal)}   {BOX} 不适用 Not applicable"


def _normal(bounds: Bounds | None) -> str:
    return f"  ({bounds.low:g} – {bounds.high:g})" if bounds is not None else ""
