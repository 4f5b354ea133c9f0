"""Findings in words, in the language in force: what is wrong, where it stands, and what happened to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dutyroom import reason_words, show
from dutyroom.model.checklist import Item
from dutyroom.model.finding import Finding, FindingOrigin, FindingState, FindingStep, Severity, Step
from dutyroom.model.reading import Reason
from dutyroom.words import N_, _

_SEVERITIES = {Severity.MAJOR: N_("major"), Severity.CRITICAL: N_("critical"), Severity.OTHER: N_("other")}
_STATES = {
    FindingState.OPEN: N_("to do"),
    FindingState.IN_WORK: N_("in work"),
    FindingState.DONE: N_("done, to be verified"),
    FindingState.RETURNED: N_("returned"),
    FindingState.VERIFIED: N_("verified"),
    FindingState.WITHDRAWN: N_("withdrawn"),
}
_ORIGINS = {
    FindingOrigin.ENTRY: N_("a round"),
    FindingOrigin.WATCH: N_("the watch"),
    FindingOrigin.PERSON: N_("a person"),
}
_STEPS = {
    FindingStep.FOUND: N_("found"),
    FindingStep.SEEN_AGAIN: N_("found again"),
    FindingStep.GONE: N_("the watch sees it no more"),
    FindingStep.REOPENED: N_("found again although it was done: back to work"),
    FindingStep.CONTAINED: N_("contained"),
    FindingStep.REPORTED: N_("reported"),
    FindingStep.AUTHORITY: N_("authority told"),
    FindingStep.TAKEN: N_("taken"),
    FindingStep.ASSIGNED: N_("given to {who}"),
    FindingStep.NOTED: N_("noted"),
    FindingStep.DONE: N_("put right"),
    FindingStep.VERIFIED: N_("verified"),
    FindingStep.RETURNED: N_("returned"),
    FindingStep.KNOWN: N_("known fault of {owner} until {until}"),
    FindingStep.KNOWN_ENDED: N_("no known fault any more"),
    FindingStep.SEVERITY: N_("{was} → {now}"),
    FindingStep.WITHDRAWN: N_("withdrawn"),
}
# What the watch saw, where the reason of a verdict does not say it all.
_CODES = {
    "device-down": N_("does not answer: {why}"),
    "devices-down": N_("{n} devices do not answer: {first}"),
    "ports-down": N_("{n} ports down: {first}"),
    "password-overdue": N_("password of {label} was to be changed by {due}"),
    "address-unregistered": N_("{ip} is not registered"),
    "addresses-unregistered": N_("{n} addresses are not registered: {first}"),
}
_FIRST = 3


def severity(value: Severity) -> str:
    """Its class as a word."""
    return _(_SEVERITIES[value])


def state(value: FindingState) -> str:
    """Where it stands, in a few words."""
    return _(_STATES[value])


def standing(finding: Finding, now: datetime) -> str:
    """Where it stands, and what else is to be known: overdue, known, silenced, gone."""
    parts = [state(finding.state)]
    if finding.is_overdue(now):
        parts.append(_("overdue"))
    if finding.is_known(now):
        parts.append(_("known fault"))
    if finding.silenced_by is not None and not finding.is_over:
        parts.append(_("planned maintenance"))
    if finding.gone_at is not None and not finding.is_over:
        parts.append(_("seen no more"))
    return ", ".join(parts)


def origin(value: FindingOrigin) -> str:
    """Who found it: a round, the watch, a person."""
    return _(_ORIGINS[value])


def what(finding: Finding, items: Mapping[str, Item]) -> str:
    """What is wrong, in one line, without the device; `items` are those of the checklists, by id."""
    if finding.origin is FindingOrigin.WATCH:
        return seen(finding.code, finding.params)
    item = items.get(finding.item)
    name = show.item_name(item) if item is not None else finding.item
    return _("{what}: {detail}").format(what=name, detail=finding.text) if name else finding.text


def seen(code: str, params: tuple[tuple[str, str], ...]) -> str:
    """What the watch saw, from its code and parameters."""
    told = dict(params)
    if code not in _CODES:
        return _reason(told) or code
    if code == "device-down":
        told["why"] = _reason({"why": told.get("why", "no-answer")})
    if code == "password-overdue" and "due" in told:
        told["due"] = show.day(date.fromisoformat(told["due"]))
    if "n" in told and int(told["n"]) > _FIRST:
        told["first"] = f"{told.get('first', '')}, …"
    return _(_CODES[code]).format_map(show.Params(told))


def step(value: Step, zone: ZoneInfo, person: Callable[[str | None], str]) -> str:
    """What happened, without when, who and the note."""
    told = dict(value.params)
    for name in ("until", "deadline", "was"):
        if value.step is not FindingStep.SEVERITY and name in told:
            told[name] = show.moment(datetime.fromisoformat(told[name]), zone)
    if value.step is FindingStep.SEVERITY:
        told = {name: severity(Severity(told[name])) for name in ("was", "now") if name in told}
    told |= {name: person(told[name]) for name in ("who", "owner") if name in told}
    parts = [_(_STEPS[value.step]).format_map(show.Params(told))]
    if value.step is FindingStep.ASSIGNED and "deadline" in told:
        parts.append(_("deadline {was} → {deadline}").format_map(show.Params(told)))
    parts += _why(value.step, told)
    return ", ".join(parts)


def _why(happened: FindingStep, told: Mapping[str, str]) -> list[str]:
    if "before" in told:
        return [_("it was finding {before} before").format(before=told["before"])]
    if happened is FindingStep.WITHDRAWN and "round" in told:
        return [_("the answer was taken back")]
    if "window" in told:
        text = (
            _("planned maintenance {window}")
            if happened is FindingStep.WITHDRAWN
            else _("maintenance {window} is over")
        )
        return [text.format(window=told["window"])]
    return [_("round {id}").format(id=told["round"])] if "round" in told else []


def _reason(told: Mapping[str, str]) -> str:
    """The words of a reason that was kept as parameters; empty where none was."""
    if "why" not in told:
        return ""
    value = _number(told.get("value"))
    return reason_words.reason(Reason(told["why"], told.get("quantity", ""), value, _number(told.get("limit"))))


def _number(text: str | None) -> float | str | None:
    try:
        return float(text) if text is not None and "." in text else int(text or "")
    except ValueError:
        return text
