"""Sheet 3: what was found wrong, who put it right until when, and who has verified it."""

from __future__ import annotations

from datetime import datetime

from dutyroom import finding_words, show
from dutyroom.checklists import areas
from dutyroom.model.checklist import Limit
from dutyroom.model.finding import FindingOrigin, FindingState, FindingStep, Severity
from dutyroom.report.facts.findings import FindingFact, FindingFacts
from dutyroom.report.frame import Frame
from dutyroom.report.list_page import Column, ListRow, Shown, list_page
from dutyroom.report.page import Page
from dutyroom.report.report import Report
from dutyroom.rules.deadlines import Countdown
from dutyroom.words import N_, _, choose

_STAMPED = {
    FindingStep.CONTAINED: N_("contained"),
    FindingStep.REPORTED: N_("reported"),
    FindingStep.AUTHORITY: N_("authority told"),
}
_NOT_STAMPED = {
    FindingStep.CONTAINED: N_("not contained"),
    FindingStep.REPORTED: N_("not reported"),
    FindingStep.AUTHORITY: N_("authority not told"),
}


def findings_page(report: Report) -> Page:
    """One finding a row, by number, as it stood at the cut-off; in the language in force."""
    facts = report.findings
    columns: list[Column] = [
        (_("No."), 5),
        (_("Found on"), 11.5),
        (_("Area, item, device"), 18),
        (_("What is wrong"), 23),
        (_("Value, limit"), 11.5),
        (_("Class"), 8.5),
        (_("Clocks"), 17),
        (_("Measure taken"), 18),
        (_("Responsible"), 12),
        (_("Deadline"), 16),
        (_("Done at, by"), 16),
        (_("Verified at, by"), 16),
        (_("State"), 15),
        (_("Days over"), 6.5),
        (_("Times found"), 6.5),
    ]
    explained = _(
        "Found in the period or not over when it began, as they stood at its end. A finding is counted from the moment "
        "it was put on record. Withdrawn ones are left out; what planned maintenance explains is neither open nor late."
        " A clock that was not met counts in the period in which it became late."
    )
    rows = [ListRow(_row(one, report), one.records) for one in facts.found]
    return list_page(
        "findings",
        _("Findings and rectification"),
        explained,
        columns,
        rows,
        figures=facts.figures(),
        lines=[(_sentence(facts), "sentence")],
        frozen_columns=1,
    )


def _sentence(facts: FindingFacts) -> str:
    standing = sum(facts.is_open(one) for one in facts.found)
    late = sum(facts.is_overdue(one) for one in facts.found)
    if not facts.found:
        return _("Nothing was found, and nothing was left from before.")
    if not standing:
        return _("Everything that was found is put right and verified by a second person.")
    if not late:
        return _("Not over: {n}, none of them beyond its deadline.").format(n=standing)
    return _("Not over: {n}; beyond the deadline: {late}.").format(n=standing, late=late)


def _row(fact: FindingFact, report: Report) -> list[Shown]:
    frame, one = report.frame, fact.finding
    over = report.findings.days_over(fact)
    return [
        (one.id, "count"),
        (one.found_at, "date"),
        (_lines(_place(fact), frame.site.label_of(one.device) if one.device else ""), "text"),
        (_what(fact), "text"),
        (_lines(_value(fact), _limit(fact)), "text"),
        (finding_words.severity(one.severity), "centre" if one.severity is Severity.OTHER else "verdict attention"),
        _clocks(fact, frame.cutoff),
        (_measure(frame, fact), "text"),
        (frame.person(one.assignee), "text"),
        (one.deadline.replace(microsecond=0), "moment"),
        (_stamp(frame, one.done_at, one.done_by), "text"),
        (_stamp(frame, one.verified_at, one.verified_by), "text"),
        _state(fact, report),
        (over or None, "count"),
        (one.times, "count"),
    ]


def _clocks(fact: FindingFact, cutoff: datetime) -> Shown:
    """A line for each clock: kept, not met, or running; with the time it took where it was stopped."""
    told = _lines(*(_clock(one, fact.finding.found_at, cutoff) for one in fact.clocks))
    return told or show.NOTHING, "text fault" if any(one.is_late(cutoff) for one in fact.clocks) else "text"


def _clock(clock: Countdown, since: datetime, cutoff: datetime) -> str:
    sign = "✗" if clock.is_late(cutoff) else "✓" if clock.stopped_at is not None else "…"
    if clock.stopped_at is None:
        return f"{sign} {_(_NOT_STAMPED[clock.step])}"
    return f"{sign} {_(_STAMPED[clock.step])} {show.duration((clock.stopped_at - since).total_seconds())}"


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _stamp(frame: Frame, at: datetime | None, name: str | None) -> str:
    """When, and under it by whom; empty while nobody has."""
    return _lines(show.moment(at, frame.zone), frame.person(name)) if at is not None else ""


def _place(fact: FindingFact) -> str:
    """The area and the item; where the finding was made outside a round, who found it."""
    if fact.item is None or fact.checklist is None:
        return finding_words.origin(fact.finding.origin) if fact.finding.origin is not FindingOrigin.ENTRY else ""
    words = dict(areas(fact.checklist))[fact.item.area]
    return _("{area}: {item}").format(area=choose(words.en, words.zh), item=show.item_name(fact.item))


def _what(fact: FindingFact) -> str:
    """What is wrong, without the item, which has its own column."""
    if fact.finding.origin is FindingOrigin.WATCH:
        return finding_words.what(fact.finding, {})
    return fact.finding.text


def _value(fact: FindingFact) -> str:
    told = dict(fact.finding.params)
    if "answer" in told:
        if fact.item is not None:
            return show.answer(fact.item, told["answer"])
        return f"{told['answer']} {told.get('unit', '')}".strip()
    return told.get("value", "") if fact.finding.origin is FindingOrigin.WATCH else ""


def _limit(fact: FindingFact) -> str:
    if fact.finding.origin is FindingOrigin.WATCH:
        return dict(fact.finding.params).get("limit", "")
    limit = fact.item.limit if fact.item is not None else Limit()
    unit = show.unit_name(fact.item.unit) if fact.item is not None and fact.item.unit else ""
    return f"{show.bounds(limit.normal)} {unit}".strip() if limit.normal is not None else ""


def _measure(frame: Frame, fact: FindingFact) -> str:
    """What was done; of a known fault whose it is and why."""
    one = fact.finding
    if fact.measure or one.known_until is None:
        return fact.measure
    owner = frame.person(one.known_owner)
    return _("known fault of {owner}: {reason}").format(owner=owner, reason=one.known_reason or "")


def _state(fact: FindingFact, report: Report) -> Shown:
    one, frame = fact.finding, report.frame
    parts = [_("done, not verified") if one.state is FindingState.DONE else finding_words.state(one.state)]
    if one.is_known(frame.cutoff):
        parts.append(_("known fault until {day}").format(day=show.moment(one.known_until, frame.zone)[:10]))
    if one.silenced_by is not None and not one.is_over:
        parts.append(_("planned maintenance"))
    if one.gone_at is not None and not one.is_over:
        parts.append(_("seen no more"))
    if report.findings.is_overdue(fact):
        return ", ".join([*parts, _("overdue")]), "text fault"
    return ", ".join(parts), "text"
