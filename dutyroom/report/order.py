"""What the process that makes a workbook is asked for, and what it says of it; the same on both ends of the pipe."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from dutyroom.model.checklist import Checklist
from dutyroom.model.site import Site
from dutyroom.rules.report_period import ReportPeriod

MADE = "workbook.xlsx"
"""The name of the finished file in the folder of an order."""


@dataclass(frozen=True, slots=True)
class Order:
    """A period of a site at `made_at` (UTC), over its store, with the checklists in force.

    The workbook is written in `language` into `folder`; without a folder only the key figures are told. What goes
    wrong is said in `spoken`.
    """

    site: Site
    checklists: tuple[Checklist, ...]
    period: ReportPeriod
    made_at: datetime
    spoken: str
    language: str = "en"
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class ToldFigure:
    """A key figure in one language: its label and its value as people read them."""

    label: str
    text: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """The sentence of judgement and the key figures, in one language."""

    sentence: str
    figures: tuple[ToldFigure, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a workbook says first, by language, and since when (UTC) anybody is on record; None for nobody."""

    by_language: Mapping[str, Told] = field(default_factory=dict)
    used_from: datetime | None = None


def line(said: Mapping[str, object]) -> bytes:
    """One line of JSON."""
    return json.dumps(said).encode() + b"\n"


def preview_line(preview: Preview) -> bytes:
    """The preview as one line."""
    told = {
        language: {"sentence": one.sentence, "figures": [[each.label, each.text, each.is_bad] for each in one.figures]}
        for language, one in preview.by_language.items()
    }
    used_from = preview.used_from.isoformat() if preview.used_from is not None else ""
    return line({"preview": told, "used_from": used_from})


def preview_in(said: Mapping[str, object]) -> Preview:
    """The preview of such a line. Raises ValueError, KeyError, TypeError for any other."""
    told, used_from = said["preview"], str(said["used_from"])
    if not isinstance(told, dict):
        raise TypeError("preview")
    return Preview(
        {
            language: Told(one["sentence"], tuple(ToldFigure(*each) for each in one["figures"]))
            for language, one in told.items()
        },
        datetime.fromisoformat(used_from) if used_from else None,
    )
