"""The figures a manager looks at first, and what they say in a sentence: shared by the cover and the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from dutyroom import show
from dutyroom.report.figure import Figure, Shown
from dutyroom.report.frame import Frame
from dutyroom.report.report import Report
from dutyroom.report.sentences import joined, listed
from dutyroom.words import N_, _

STRIP = (
    "rounds.completion",
    "rounds.missed",
    "findings.overdue",
    "zero.missing",
    "availability.lowest",
    "backups.not_ok",
    "outages.count",
    "outages.longest_minutes",
    "outages.clock_breaches",
    "hold.short",
    "environment.hours_outside",
    "answers.abnormal",
)
"""The key figures by name, in the order of the cover."""
ACT_FIRST = (
    "hold.short",
    "outages.clock_breaches",
    "findings.clock_breaches",
    "findings.major",
    "findings.overdue",
    "backups.not_ok",
    "availability.lowest",
    "zero.missing",
    "rounds.missed",
    "environment.hours_outside",
)
"""What must be acted on first; figures that ask for attention and stand not here come after, in the sheets' order."""
MUST_BE_KNOWN = ("availability.lowest", "backups.not_ok", "environment.hours_outside")
"""Where one of them has no number, nobody can say that all is well."""
NOT_PROVEN = ("hold.unknown", "answers.unknown")
"""They count what is not known."""
LABELS = {
    "findings.found": N_("Findings found in the period"),
    "findings.verified": N_("Findings verified in the period"),
    "findings.open": N_("Findings not over"),
    "findings.overdue": N_("Findings overdue"),
    "findings.major": N_("Major findings"),
    "findings.clock_breaches": N_("Clocks of findings not met"),
    "findings.median_days": N_("Median days until a finding was done"),
    "zero.on_time": N_("Zero reports sent in time"),
    "zero.late": N_("Zero reports late"),
    "zero.missing": N_("Zero reports missing"),
    "zero.amended": N_("Zero reports amended"),
    "environment.hours_outside": N_("Hours outside the limits"),
}
"""Labels that stand alone: on its own sheet a figure needs not say what it is about."""
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
    return tuple(
        replace(one, label=_(LABELS[one.name])) if one.name in LABELS else one
        for theme in _themes(report)
        for one in theme.figures()
    )


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
    return joined(said)


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
    unknown = [one.label for one in figures if one.value is None and one.name in MUST_BE_KNOWN]
    unknown += [_told(one) for one in figures if one.value and one.name in NOT_PROVEN]
    said = [_("Act on first: {figure}.").format(figure=_told(bad[0]))] if bad else []
    if bad[1:]:
        said.append(_("Then: {figures}.").format(figures=listed([_told(one) for one in bad[1:MOST_TOLD]])))
    if len(bad) > MOST_TOLD:
        said.append(_("More on the sheets: {n}.").format(n=len(bad) - MOST_TOLD))
    if not bad:
        said.append(_("Nothing that is known calls for action.") if unknown else _("Nothing to act on."))
    if unknown:
        said.append(_("Not known: {labels}.").format(labels=listed(unknown)))
    return said


def _told(figure: Figure) -> str:
    return _("{label} {value}").format(label=figure.label, value=figure_text(figure))
