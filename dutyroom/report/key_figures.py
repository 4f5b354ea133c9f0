"""The figures a manager looks at first, and what they say in a sentence: shared by the cover and the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from dutyroom import show
from dutyroom.report.figure import Figure, Shown
from dutyroom.report.frame import Frame
from dutyroom.report.report import Report
from dutyroom.words import _

STRIP = (
    "rounds.completion",
    "rounds.missed",
    "findings.overdue",
    "outages.count",
    "outages.longest_minutes",
    "availability.lowest",
    "zero.missing",
    "environment.hours_outside",
    "backups.not_ok",
    "answers.abnormal",
    "audit.amendments",
    "audit.refused",
)
"""The key figures by name, in the order of the cover."""
ACT_FIRST = (
    "hold.short",
    "findings.overdue",
    "backups.not_ok",
    "availability.lowest",
    "zero.missing",
    "rounds.missed",
    "environment.hours_outside",
)
"""What must be acted on first; figures that ask for attention and stand not here come after, in the sheets' order."""
SAID_BEFORE = ("rounds.due", "rounds.signed", "rounds.completion", "rounds.on_time_rate")
"""The sentence begins with them."""
MOST_TOLD = 6
"""So many are named in the sentence of judgement: one that names everything names nothing."""


@runtime_checkable
class Theme(Protocol):
    """Facts that have figures."""

    def figures(self) -> tuple[Figure, ...]:
        """The key figures, in the language in force."""


def all_figures(report: Report) -> tuple[Figure, ...]:
    """Every figure of every theme of the report, in the language in force."""
    return tuple(figure for theme in _themes(report) for figure in theme.figures())


def key_figures(report: Report) -> tuple[Figure, ...]:
    """The figures of the cover's strip, in the language in force."""
    by_name = {figure.name: figure for figure in all_figures(report)}
    return tuple(by_name[name] for name in STRIP if name in by_name)


def judgement(report: Report) -> str:
    """The period in words: what must be acted on first, what then, what is not known; in the language in force."""
    return judged(report.frame, all_figures(report))


def judged(frame: Frame, figures: Sequence[Figure]) -> str:
    """What those figures say of the period of that frame."""
    if frame.made_at <= frame.begins_at:
        return _("The period has not begun: nothing is counted.")
    said = [*_walked(figures), *_to_act_on(figures)]
    if not frame.is_over:
        at = show.moment(frame.cutoff, frame.zone)
        said.append(_("The period is not over: counted up to {at}.").format(at=at))
    return " ".join(said)


def figure_text(figure: Figure) -> str:
    """The figure's value as people read it; a dash for one that is not known."""
    match figure.value:
        case None:
            return show.NOTHING
        case bool() | str() | datetime():
            return str(figure.value)
        case date():
            return figure.value.isoformat()
        case int() | float() as number:
            return _number_text(number, figure.shown)
        case other:
            return str(other)


def _number_text(number: float, shown: Shown) -> str:
    match shown:
        case Shown.PERCENT:
            # Never rounded up to a hundred: what was down was down.
            return f"{min(number, 0.9999) if number < 1 else number:.2%}"
        case Shown.MINUTES:
            return show.number(number, "min")
        case Shown.HOURS:
            return show.number(number, "h")
        case _:
            return show.number(number)


def _themes(report: Report) -> Iterator[Theme]:
    for field in fields(report):
        theme = getattr(report, field.name)
        if isinstance(theme, Theme):
            yield theme


def _walked(figures: Sequence[Figure]) -> list[str]:
    counts = {figure.name: figure.value for figure in figures}
    if not isinstance(due := counts.get("rounds.due"), int):
        return []
    if not due:
        return [_("No round was due.")]
    return [_("Rounds signed: {signed} of {due}.").format(signed=counts.get("rounds.signed"), due=due)]


def _to_act_on(figures: Sequence[Figure]) -> list[str]:
    if not figures:
        return []
    figures = [one for one in figures if one.name not in SAID_BEFORE]
    order = {name: place for place, name in enumerate(ACT_FIRST)}
    bad = sorted((one for one in figures if one.is_bad), key=lambda one: order.get(one.name, len(order)))
    if bad:
        said = [_("Act on first: {figure}.").format(figure=_told(bad[0]))]
        if bad[1:]:
            said.append(_("Then: {figures}.").format(figures=_joined([_told(one) for one in bad[1:MOST_TOLD]])))
        if len(bad) > MOST_TOLD:
            said.append(_("More on the sheets: {n}.").format(n=len(bad) - MOST_TOLD))
        return said
    unknown = [one.label for one in figures if one.value is None]
    if unknown:
        labels = _joined(unknown[:MOST_TOLD]) or show.NOTHING
        return [_("Nothing that is known calls for action. Not known: {labels}.").format(labels=labels)]
    return [_("Nothing to act on.")]


def _joined(texts: Sequence[str]) -> str:
    whole = "".join(texts[:1])
    for one in texts[1:]:
        whole = _("{before}; {after}").format(before=whole, after=one)
    return whole


def _told(figure: Figure) -> str:
    return _("{label} {value}").format(label=figure.label, value=figure_text(figure))
