"""The self-check: each requirement with the control and document it belongs to, its evidence, result and plan.

The self-inspection of quarters and years is a sheet of the same form with rows of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dutyroom import self_check_words
from dutyroom.clock import local_date
from dutyroom.model.checklist import Words
from dutyroom.model.self_check import CheckResult, CheckSheet, SelfCheckAnswer
from dutyroom.report.figure import Figure
from dutyroom.report.frame import Frame
from dutyroom.report.key_figures import figure_text
from dutyroom.report.list_page import Column, ListRow, list_page
from dutyroom.report.page import Page
from dutyroom.report.report import Report
from dutyroom.report.self_check_lines import CheckLine, lines_of
from dutyroom.words import _, choose

LOOKS = {
    CheckResult.MET: "centre",
    CheckResult.PARTLY: "verdict attention",
    CheckResult.NOT_MET: "verdict fault",
    CheckResult.NOT_APPLICABLE: "centre",
    CheckResult.UNKNOWN: "centre",
}
SHEETS = {
    "rounds": "completion",
    "answers": "abnormal",
    "checked": "completion",
    "abnormal": "abnormal",
    "last": "completion",
    "findings": "findings",
    "outages": "outages",
    "hold": "outages",
    "availability": "availability",
    "environment": "environment",
    "backups": "backups",
    "zero": "zero",
    "audit": "audit",
}
"""On which sheet the figures of a theme are looked up first."""


def selfcheck_page(report: Report, pages: Sequence[Page]) -> Page:
    """The self-check; `pages` are the other sheets, where the evidence stands. In the language in force."""
    explained = _(
        "Controls are those of GB/T 22239-2019, level 2. Where figures prove a result it is theirs; else it is what a "
        "person set last. Evidence names the sheet and the first row."
    )
    return _page("selfcheck", _("Self-check"), explained, report, CheckSheet.SELF_CHECK, pages)


def inspection_page(report: Report, pages: Sequence[Page]) -> Page:
    """The self-inspection summary of a quarter or a year, in the language in force."""
    explained = _(
        "What a self-inspection report has to tell, each with its figures and where they stand. Texts stay from last "
        "time until they are changed."
    )
    return _page("inspection", _("Self-inspection"), explained, report, CheckSheet.INSPECTION, pages)


def _page(key: str, title: str, explained: str, report: Report, sheet: CheckSheet, pages: Sequence[Page]) -> Page:
    lines = lines_of(report, sheet)
    columns: list[Column] = [
        (_("Theme"), 12),
        (_("Requirement"), 30),
        (_("Control"), 28),
        (_("Document"), 21),
        (_("Evidence"), 44),
        (_("Result"), 11),
        (_("What is said of it"), 30),
        (_("Plan"), 22),
    ]
    rows = [_row(one, report.frame, pages) for one in lines]
    return list_page(key, title, explained, columns, rows, figures=_counts(lines))


def _row(line: CheckLine, frame: Frame, pages: Sequence[Page]) -> ListRow:
    evidence = "\n".join(_evidence(figure, pages) for figure in line.figures)
    answer = line.answer
    return ListRow(
        (
            (_words(line.row.theme), "text strong"),
            (_words(line.row.words), "text"),
            ("\n".join(f"{clause} {name}" for clause, name in line.row.controls), "text"),
            ("\n".join(line.row.documents), "text"),
            (evidence, "text"),
            (self_check_words.result(line.result), LOOKS[line.result]),
            (_said(answer, frame) if answer is not None else "", "text"),
            (answer.plan if answer is not None else "", "text"),
        ),
        line.records,
    )


def _words(words: Words) -> str:
    return choose(words.en, words.zh)


def _evidence(figure: Figure, pages: Sequence[Page]) -> str:
    """`Rounds signed 30 (Completion!12)`: the sheet and the first row of the figure's records."""
    place = _place(figure, pages)
    told = {"label": figure.label, "value": figure_text(figure), "place": place}
    return _("{label} {value} ({place})").format(**told) if place else _("{label} {value}").format(**told)


def _place(figure: Figure, pages: Sequence[Page]) -> str:
    theme = figure.name.partition(".")[0]
    for page in sorted(pages, key=lambda page: page.key != SHEETS.get(theme)):
        row = next((page.rows_of[record] for record in figure.records if record in page.rows_of), None)
        if row is not None:
            return f"{page.title}!{row}"
    return ""


def _said(answer: SelfCheckAnswer, frame: Frame) -> str:
    day, name = local_date(answer.set_at, frame.zone).isoformat(), frame.person(answer.set_by)
    if answer.set_at < frame.begins_at:
        since = _("Kept from last time: {day}, {name}.").format(day=day, name=name)
    else:
        since = _("{day}, {name}.").format(day=day, name=name)
    return f"{answer.text}\n{since}".strip()


def _counts(lines: Sequence[CheckLine]) -> list[Figure]:
    counts = Counter(one.result for one in lines)
    bad = (CheckResult.PARTLY, CheckResult.NOT_MET)
    return [
        Figure(
            f"selfcheck.{one.value}",
            self_check_words.result(one),
            counts[one],
            is_bad=one in bad and bool(counts[one]),
        )
        for one in CheckResult
    ]
