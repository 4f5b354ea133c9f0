"""The page of the export as lines of text: pure functions of what is chosen, read and made, and a width in cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from dutyroom import backup_words, show
from dutyroom.inert import inert
from dutyroom.report.order import Told, ToldFigure
from dutyroom.rules.report_period import PeriodKind, ReportPeriod
from dutyroom.words import N_, _
from screens import months
from screens.device_lines import NO_LINE, cut, label_width
from screens.export_choice import KINDS, Choice, Row
from screens.flow import flowing
from screens.widgets.lines import Line, Run, bar, pad, pad_left

if TYPE_CHECKING:
    from dutyroom.making import Step
    from dutyroom.sending import SentWorkbook

_KINDS = {
    PeriodKind.WEEK: N_("week"),
    PeriodKind.MONTH: N_("month"),
    PeriodKind.QUARTER: N_("quarter"),
    PeriodKind.YEAR: N_("year"),
    PeriodKind.RANGE: N_("any days"),
}
_ROWS = {
    Row.KIND: N_("Period"),
    Row.WHICH: N_("Which"),
    Row.LANGUAGE: N_("Language"),
    Row.FOLDER: N_("Folder"),
}
LANGUAGES = {"en": "English", "zh_CN": "中文"}
# From so many cells on the figures stand in two columns.
TWO_COLUMNS = 70
BAR = 20
SHORT_HASH = 16


def title(period: ReportPeriod) -> str:
    """The period as people call it: `October 2026`, `2026-W43`."""
    if period.kind is PeriodKind.MONTH:
        return months.title(period.first.year, period.first.month)
    return period.name if period.kind is not PeriodKind.RANGE else _days(period)


def _days(period: ReportPeriod) -> str:
    return f"{period.first} – {period.last}"


def choice_lines(choice: Choice, file_name: str, older: str, keys: Mapping[str, str], width: int) -> list[Line]:
    """One line a choice, the cursor on one of them, and what the file will be called.

    `older` is when the file of that name was written that it will replace; empty when there is none.
    """
    labels = {row: _(text) for row, text in _ROWS.items()}
    column = label_width([*labels.values(), _("File")])
    values: dict[Row, Line] = {
        Row.KIND: _one_of([_(_KINDS[kind]) for kind in KINDS], KINDS.index(choice.period.kind)),
        Row.WHICH: _which(choice, keys),
        Row.LANGUAGE: _one_of(list(LANGUAGES.values()), list(LANGUAGES).index(choice.language)),
        Row.FOLDER: _folder(choice, keys),
    }
    lines: list[Line] = []
    for row, value in values.items():
        here = row is choice.row
        head: Line = (("▸ " if here else "  ", "key"), (pad(labels[row], column) + "  ", "cursor" if here else "dim"))
        lines.append(cut((*head, *value), width))
    told = "  " + _("replaces the one of {at}").format(at=older) if older else ""
    return [*lines, cut((("  ", ""), (pad(_("File"), column) + "  ", "dim"), (file_name, ""), (told, "dim")), width)]


def _one_of(names: Sequence[str], chosen: int) -> Line:
    runs: list[Run] = []
    for n, name in enumerate(names):
        runs += [(f"‹{name}›", "strong") if n == chosen else (f" {name} ", "dim")]
    return tuple(runs)


def _which(choice: Choice, keys: Mapping[str, str]) -> Line:
    period = choice.period
    if period.kind is PeriodKind.RANGE:
        return (
            (f"‹{_days(period)}›", "strong"),
            ("  " + _("{type} types other days").format(**keys) if choice.row is Row.WHICH else "", "dim"),
        )
    return ((f"‹{title(period)}›", "strong"), (f"  {_days(period)}", "dim"))


def _folder(choice: Choice, keys: Mapping[str, str]) -> Line:
    if choice.folder is None:
        return ((_("workbooks, beside the records"), ""), ("  " + _("{type} types another").format(**keys), "dim"))
    # First, so that a long path does not push it out of sight.
    told = _("new:") + " " if choice.is_folder_made else ""
    return ((told, "attention"), (inert(str(choice.folder)), ""))


def preview_lines(told: Told | None, trouble: str, width: int, *, is_refused: bool = False) -> list[Line]:
    """The sentence of judgement and the key figures; while they are read that, and why where there are none."""
    if told is None:
        if trouble:
            return flowing(trouble, width, "unknown" if is_refused else "fault")
        return [((_("counting the key figures …"), "dim"),)]
    lines = flowing(told.sentence, width, "strong", most=6)
    return [*lines, NO_LINE, *_figures(told.figures, width)] if told.figures else lines


def _figures(figures: Sequence[ToldFigure], width: int) -> list[Line]:
    if width < TWO_COLUMNS:
        return [_figure(one, width) for one in figures]
    half, column = (len(figures) + 1) // 2, (width - 4) // 2
    lines: list[Line] = []
    for n, one in enumerate(figures[:half]):
        beside = figures[half + n : half + n + 1]
        right = (("    ", ""), *_figure(beside[0], column)) if beside else ()
        lines.append((*_figure(one, column), *right))
    return lines


def _figure(one: ToldFigure, width: int) -> Line:
    value = min(cell_len(one.text), max(1, width - 8))
    role = "fault" if one.is_bad else "strong"
    return ((pad(one.label, max(1, width - value - 1)) + " ", ""), (pad_left(one.text, value), role))


def running_lines(step: Step | None, seconds: float, keys: Mapping[str, str], width: int) -> list[Line]:
    """How far the workbook is, for how long, and how it is ended."""
    if step is None:
        percent, told = 0.0, _("starting …")
    else:
        # Half of it is reading, half writing.
        percent = 50.0 * step.done / step.every + (50.0 if step.writes else 0.0)
        sentence = (
            _("writing the sheets: {done} of {every}") if step.writes else _("reading the records: {done} of {every}")
        )
        told = sentence.format(done=step.done, every=step.every)
    first: Line = ((bar(percent, BAR), "strong"), (f"  {told}", ""), (f"  {show.duration(seconds)}", "dim"))
    hint = _("{back} ends it: nothing is written then. Other pages can be opened meanwhile.").format(**keys)
    return [cut(first, width), *flowing(hint, width, "dim", most=2)]


def made_lines(sent: SentWorkbook, notes: Sequence[str], keys: Mapping[str, str], width: int) -> list[Line]:
    """What was written, how large, its SHA-256, its line in the ledger, what is to be said; the path stands below."""
    facts = _("{size}, SHA-256 {hash}…, line {line} of the ledger").format(
        size=backup_words.size(sent.size), hash=sent.sha256[:SHORT_HASH], line=sent.line
    )
    lines = [cut((("✓ ", "ok"), (facts, "")), width)]
    for note in filter(None, notes):
        lines += flowing(note, width, "attention", indent=2)
    return [*lines, cut((("  " + _("{copy} copies the path:").format(**keys), "dim"),), width)]


def refused_lines(trouble: str, width: int) -> list[Line]:
    """Why nothing was written."""
    first, *rest = flowing(trouble, max(1, width - 2), "fault", most=5)
    return [(("✗ ", "fault"), *first), *((("  ", ""), *line) for line in rest)]
