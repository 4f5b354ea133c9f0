"""The cover: what the manager reads first and signs, and what `dutyroom verify FILE` reads to count again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from importlib.metadata import PackageNotFoundError, version

from dutyroom import show
from dutyroom.report.accounting import accounting
from dutyroom.report.facts.round_people import people_of
from dutyroom.report.facts.used_versions import UsedVersion, versions_of
from dutyroom.report.figure import Figure, traced
from dutyroom.report.key_figures import judgement, key_figures
from dutyroom.report.page import Cell, Page, Value, height_of, height_of_texts
from dutyroom.report.period_words import period_days, period_words
from dutyroom.report.report import Report
from dutyroom.self_checks import fingerprint_of
from dutyroom.words import _, choose, language

COLUMNS = 12
COLUMN_WIDTH = 14.5
MOST_IN_A_LINE = 6
RECORDS_WIDTH = 16.0
FINGERPRINT = 12
Put = tuple[Value, str, int]
"""A value, its look ("" leaves the place empty) and over how many columns it goes."""


class Block:
    """Rows being put down from the top; `row` is the next free one."""

    def __init__(self) -> None:
        self.row = 1
        self.cells: list[Cell] = []
        self.heights: dict[int, float] = {}
        self.names: dict[str, tuple[int, int]] = {}

    def line(self, *cells: Put, height: float) -> None:
        """One row from the left."""
        column = 1
        for value, look, columns in cells:
            if look:
                self.cells.append(Cell(self.row, column, value, look, columns=columns))
            column += columns
        self.heights[self.row] = height
        self.row += 1

    def gap(self, height: float = 8) -> None:
        """An empty row."""
        self.heights[self.row] = height
        self.row += 1


def cover_page(report: Report) -> Page:
    """The cover in the language in force."""
    block = Block()
    _masthead(block, report)
    _strip(block, key_figures(report))
    _people(block, report)
    _method(block, report)
    _checking(block, report)
    _signatures(block)
    hidden = range(COLUMNS + 1, COLUMNS + MOST_IN_A_LINE + 1)
    return Page(
        title=_("Cover"),
        widths=(*(COLUMN_WIDTH,) * COLUMNS, *(RECORDS_WIDTH for _column in hidden)),
        cells=tuple(block.cells),
        heights=block.heights,
        names=block.names,
        key="cover",
        hidden=frozenset(hidden),
    )


def _masthead(block: Block, report: Report) -> None:
    site, period = report.frame.site, report.frame.period
    title = _("Machine-room duty, {period}").format(period=period_words(period))
    block.line((title, "title", COLUMNS), height=36)
    block.gap(4)
    pairs = ((_("Hospital"), site.name), (_("Room"), site.room), (_("Period"), period_days(period)))
    cells: list[Put] = []
    for label, text in pairs:
        cells += [(label, "label", 1), (text, "text", 3)]
    block.line(*cells, height=height_of_texts([(text, COLUMN_WIDTH * 3) for _label, text in pairs]))
    block.gap()
    sentence = judgement(report)
    block.line((sentence, "sentence", COLUMNS), height=height_of_texts([(sentence, COLUMNS * COLUMN_WIDTH)], 12) + 8)
    block.gap()


def _strip(block: Block, figures: Sequence[Figure]) -> None:
    """The key figures in even lines, over their labels; the records of each stand in the hidden columns."""
    lines = -(-len(figures) // MOST_IN_A_LINE)
    for number in range(lines):
        some = figures[number * len(figures) // lines : (number + 1) * len(figures) // lines]
        wide = [(place + 1) * COLUMNS // len(some) - place * COLUMNS // len(some) for place in range(len(some))]
        for place, figure in enumerate(some, COLUMNS + 1):
            block.cells.append(Cell(block.row, place, traced(figure.records), "records"))
        block.line(*((*_shown(one), over) for one, over in zip(some, wide, strict=True)), height=36)
        labels = [(one.titled, COLUMN_WIDTH * over) for one, over in zip(some, wide, strict=True)]
        block.line(
            *((text, "key label", over) for (text, _width), over in zip(labels, wide, strict=True)),
            height=max(18.0, height_of_texts(labels, 9)),
        )


def _shown(figure: Figure) -> tuple[Value, str]:
    bad = " bad" if figure.is_bad else ""
    if figure.value is None:
        return show.NOTHING, f"cover text{bad}"
    return figure.value, f"cover {figure.shown}{bad}"


def _people(block: Block, report: Report) -> None:
    """Who walked on the left, with which checklists on the right."""
    people, versions = people_of(report.frame, report.rounds), versions_of(report.rounds)
    if not people and not versions:
        return
    block.line((_("Inspectors"), "heading", 6), (_("Checklist versions walked with"), "heading", 6), height=26)
    heads = (_("Rounds signed"), _("On time"), _("Late or back-filled"), _("Minutes, median"))
    more = (_("Version"), _("First day"), _("Last day"), _("Rounds signed"))
    block.line(
        (_("Name"), "head left", 2),
        *((text, "head", 1) for text in heads),
        (_("Checklist"), "head left", 2),
        *((text, "head", 1) for text in more),
        height=height_of_texts([(text, COLUMN_WIDTH) for text in (*heads, *more)], 9),
    )
    for place in range(max(len(people), len(versions))):
        left: list[Put] = [(None, "", 6)]
        right: list[Put] = []
        texts: list[str] = []
        if place < len(people):
            one = people[place]
            texts.append(report.frame.person(one.name))
            left = [(texts[0], "text", 2), (one.done, "count", 1), (one.on_time, "count", 1)]
            left += [(one.late + one.back_filled, "count", 1), (one.minutes, "number 0", 1)]
        if place < len(versions):
            used = versions[place]
            texts.append(_checklist(report, used))
            right = [(texts[-1], "text", 2), (used.version, "fine hash", 1), (used.first, "date", 1)]
            right += [(used.last, "date", 1), (used.rounds, "count", 1)]
        block.line(*left, *right, height=height_of_texts([(text, COLUMN_WIDTH * 2) for text in texts]))


def _checklist(report: Report, used: UsedVersion) -> str:
    found = report.frame.checklist_of(used.version, used.checklist)
    return choose(found.words.en, found.words.zh) if found is not None else used.checklist


def _method(block: Block, report: Report) -> None:
    """The accounting method in small type, two columns; read down the left one first."""
    block.line((_("How it was counted"), "heading", COLUMNS), height=26)
    told = accounting(report.frame)
    half = -(-len(told) // 2)
    for place in range(half):
        cells: list[Put] = []
        for label, text in told[place::half]:
            cells += [(label, "fine label", 1), (text, "fine", 5)]
        texts = [(text, COLUMN_WIDTH * 5) for _label, text in told[place::half]]
        block.line(*cells, height=height_of_texts(texts, 8))


def _checking(block: Block, report: Report) -> None:
    """What the file says of itself: every named cell that a check reads."""
    frame, ledger = report.frame, report.ledger
    block.line((_("Ledger and origin"), "heading", COLUMNS), height=26)
    for side, label, seq, digest in (
        ("first", _("First line of the period"), ledger.first_seq, ledger.first_hash),
        ("last", _("Last line counted"), ledger.last_seq, ledger.last_hash),
    ):
        block.names |= {f"ledger_{side}_seq": (block.row, 3), f"ledger_{side}_hash": (block.row, 4)}
        block.line(
            (label, "fine label", 2),
            (seq or None, "fine count", 1),
            (digest or show.NOTHING, "fine hash", 9),
            height=height_of(1, 9),
        )
    made_at = frame.made_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    block.names |= {
        "report_made_at": (block.row, 3),
        "report_period": (block.row, 8),
        "report_language": (block.row, 11),
    }
    _told(
        block,
        (_("Made at (UTC)"), 2),
        (made_at, 4),
        (_("Period"), 1),
        (frame.period.name, 2),
        (_("Language"), 1),
        (language(), 2),
    )
    block.names |= {
        "report_version": (block.row, 3),
        "report_site": (block.row, 7),
        "report_rows": (block.row, 11),
    }
    site, rows = frame.site.fingerprint[:FINGERPRINT], fingerprint_of(report.self_check.rows)[:FINGERPRINT]
    own = (_("Made by dutyroom"), 2), (_own_version(), 2)
    _told(block, *own, (_("Site file"), 2), (site, 2), (_("Self-check rows"), 2), (rows, 2))
    block.names |= {"report_checklists": (block.row, 3)}
    forms = ", ".join(f"{one.name} {one.version}" for one in frame.checklists.values())
    _told(block, (_("Checklists in force"), 2), (forms or show.NOTHING, COLUMNS - 2))
    block.gap(10)


def _told(block: Block, *cells: tuple[str, int]) -> None:
    """Labels and values in turn, each over so many columns."""
    looks = ("fine label", "fine hash") * len(cells)
    height = height_of_texts([(text, COLUMN_WIDTH * over) for text, over in cells], 9)
    block.line(*((text, look, over) for (text, over), look in zip(cells, looks, strict=False)), height=height)


def _signatures(block: Block) -> None:
    heads = (_("Prepared by"), _("Reviewed by"), _("Approved by"))
    block.line(*((head, "head left", 4) for head in heads), height=18)
    block.line(*((_("Signature"), "sign", 4) for _head in heads), height=40)
    block.line(*((_("Date"), "sign", 4) for _head in heads), height=20)


def _own_version() -> str:
    """The version that is installed; empty in a checkout that never was."""
    try:
        return version("dutyroom")
    except PackageNotFoundError:
        return ""
