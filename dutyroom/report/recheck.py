"""A period's workbook counted again from the records: does every cell say what they say?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest

from dutyroom.checklists import parse as parse_checklist
from dutyroom.model.checklist import Checklist
from dutyroom.model.site import Site
from dutyroom.report.book import footer_of, pages_of
from dutyroom.report.collect import report_of
from dutyroom.report.page import Page
from dutyroom.report.reread import Place, Reread, Told, named, opened
from dutyroom.report.workbook import build
from dutyroom.report.workbook_archive import written
from dutyroom.rules.report_period import ReportPeriod, parse
from dutyroom.store import checklists as kept_checklists
from dutyroom.store import ledger
from dutyroom.store.database import Store
from dutyroom.words import LANGUAGES, speaking

ORIGIN = ("report_version", "report_site", "report_rows")
"""Cells that say what made the file: another program, site file or rows of the self-check are no false number."""
NEARLY = timedelta(seconds=1)
"""Excel keeps moments as fractions of a day; programs round them by less than this."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first cell that does not agree, as texts. `records` are those the right value was counted from."""

    sheet: str
    cell: str
    said: str
    given: str
    records: str = ""


@dataclass(frozen=True, slots=True)
class Recheck:
    """What came of it: the first difference, or None when every cell agrees.

    `has_lines` is False when the ledger has not the lines the cover names (then nothing was counted again).
    `version` is what made the file, `own_version` what counted again. `other_origin` are the names of ORIGIN that are
    different now: for those a cell may differ though no record was changed.
    """

    version: str
    has_lines: bool = True
    own_version: str = ""
    other_origin: tuple[str, ...] = ()
    difference: Difference | None = None


def recheck(store: Store, site: Site, checklists: Sequence[Checklist], content: bytes, shown: str) -> Recheck | None:
    """Count the workbook again as it stood when it was made; None for a file that is no workbook of a period.

    `checklists` are those of the files today; one that is there no more is taken from the records where the cover says
    that it was in force. `shown` is what sentences call the file.

    Raises WorkbookRefused for a damaged or too large file, StoreError, ChecklistError.
    """
    with opened(content, shown) as file:
        told = file.told()
        if told is None:
            return None
        version = told.text("report_version")
        if not _anchored(store, told):
            return Recheck(version, has_lines=False)
        origin = _origin(told)
        if isinstance(origin, Difference):
            return Recheck(version, difference=origin)
        period, made_at, language = origin
        with speaking(language):
            forms = _with_listed(store, site, checklists, told, made_at)
            report = report_of(store, site, forms, period, made_at)
            pages = pages_of(report)
            book = build(pages, report.frame.zone, footer_of(report), made_at)
            made = written(book).content
        titles = book.workbook.sheetnames
        with opened(made, shown) as again:
            wanted = again.told()
            assert wanted is not None  # the cover has every name
            # Left out by their places in the rebuilt cover: the file's own names can be moved.
            passed = {wanted.places[name] for name in ORIGIN}
            difference = _first(file, again, dict(zip(titles, pages, strict=True)), passed)
        other = tuple(name for name in ORIGIN if told.text(name) != wanted.text(name))
        return Recheck(version, True, wanted.text("report_version"), other, difference)


def _with_listed(
    store: Store, site: Site, checklists: Sequence[Checklist], told: Told, at: datetime
) -> tuple[Checklist, ...]:
    """The checklists that the cover lists, then today's others: dropping one from a cover hides none of its rounds."""
    known = {one.name: one for one in checklists}
    listed = [one.partition(" ")[0] for one in told.text("report_checklists").split(", ")]
    gone = [name for name in listed if name not in known]
    if gone:
        with store.read() as session:
            versions = kept_checklists.in_force_at(session, at)
            texts = kept_checklists.contents(session, (versions[name] for name in gone if name in versions))
        parsed = [parse_checklist(text, site.limit_profile, version) for version, text in texts.items()]
        known |= {one.name: one for one in parsed}
    return tuple(known[name] for name in dict.fromkeys((*listed, *known)) if name in known)


def _anchored(store: Store, told: Told) -> bool:
    """Whether the ledger has the lines that the cover names, with their hashes."""
    with store.read() as session:
        for side in ("first", "last"):
            seq, digest = told.text(f"ledger_{side}_seq"), told.text(f"ledger_{side}_hash")
            # Nothing was recorded then: the cover says so with an empty number.
            if not seq:
                continue
            number = int(float(seq)) if seq.replace(".", "", 1).isdecimal() else 0
            if number > 2**53 or ledger.hash_of(session, number) != digest:
                return False
    return True


def _origin(told: Told) -> tuple[ReportPeriod, datetime, str] | Difference:
    """Of what period, when and in which language; else the cell that says no such thing."""
    name = "report_period"
    try:
        period = parse(told.text(name))
        name = "report_made_at"
        made_at = datetime.fromisoformat(told.text(name))
        if made_at.tzinfo is None:
            raise ValueError(name)
        name = "report_language"
        if told.text(name) not in LANGUAGES:
            raise ValueError(name)
    except (ValueError, OverflowError):
        place = told.places[name]
        return Difference(place.sheet, place.cell, told.text(name), "")
    return period, made_at, told.text("report_language")


def _first(file: Reread, again: Reread, pages: dict[str, Page], passed: set[Place]) -> Difference | None:
    """The first cell that differs, by sheets, rows and columns."""
    for here, there in zip_longest(file.sheets, again.sheets, fillvalue=""):
        if here != there:
            return Difference(here or there, "", here, there)
        hidden = pages[there].hidden
        for number, (said, given) in enumerate(zip_longest(file.rows(here), again.rows(there), fillvalue=()), 1):
            for column, (one, other) in enumerate(zip_longest(said, given), 1):
                place = Place(here, named(number, column))
                if not _same(one, other) and place not in passed:
                    records = (given[at - 1] for at in sorted(hidden) if at <= len(given))
                    # Numbers in hidden columns are the limits that charts draw.
                    told = " ".join(text for text in records if isinstance(text, str) and text)
                    return Difference(here, place.cell, _text(one), _text(other), told)
    return None


def _same(one: object, other: object) -> bool:
    """Equal but for what another program changes when it saves: an empty text, the last digits, a part of a second."""
    if one == other or (one in (None, "") and other in (None, "")):
        return True
    if isinstance(one, bool) or isinstance(other, bool):
        return False
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)
    if isinstance(one, datetime) and isinstance(other, datetime):
        return abs(one - other) < NEARLY
    return False


def _text(value: object) -> str:
    return "" if value is None else str(value)
