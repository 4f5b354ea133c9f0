"""The rows of the self-check with their figures, their result and what people said: for the sheet and the command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dutyroom.model.self_check import CheckResult, CheckRow, CheckSheet, SelfCheckAnswer
from dutyroom.report.figure import Figure
from dutyroom.report.inspection_figures import inspection_figures
from dutyroom.report.key_figures import all_figures
from dutyroom.report.report import Report
from dutyroom.rules.self_check import result_of

REST = ".*"


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One row: the figures it rests on in their order, the result, and what was said last (None: nothing)."""

    row: CheckRow
    figures: tuple[Figure, ...]
    result: CheckResult
    answer: SelfCheckAnswer | None

    @property
    def records(self) -> tuple[str, ...]:
        """What the row rests on, the answer among it."""
        said = (f"self-check:{self.answer.id}",) if self.answer is not None else ()
        return (*(record for figure in self.figures for record in figure.records), *said)


def lines_of(report: Report, sheet: CheckSheet) -> tuple[CheckLine, ...]:
    """Every row of that sheet in order, in the language in force."""
    figures = {one.name: one for one in (*inspection_figures(report), *all_figures(report))}
    values = {name: float(one.value) for name, one in figures.items() if isinstance(one.value, int | float)}
    facts = report.self_check
    return tuple(
        CheckLine(
            row,
            tuple(_named(row.figures, figures)),
            result_of(row, values, facts.answers.get(row.id)),
            facts.answers.get(row.id),
        )
        for row in facts.rows
        if row.sheet is sheet
    )


def _named(names: Sequence[str], figures: Mapping[str, Figure]) -> list[Figure]:
    found: list[Figure] = []
    for name in names:
        if name.endswith(REST):
            found += [one for known, one in figures.items() if known.startswith(name[: -len(REST)] + ".")]
        elif name in figures:
            found.append(figures[name])
    return found
