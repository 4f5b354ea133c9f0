"""The details of the acts of the audit: what stood before and after, reasons and notes, in the language in force."""

from __future__ import annotations

from dutyroom import finding_words, self_check_words, show
from dutyroom.inert import inert
from dutyroom.model.checklist import Bounds, Checklist
from dutyroom.model.finding import Step
from dutyroom.model.handover import Handover
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.people import Act
from dutyroom.model.periods import CriticalPeriod
from dutyroom.model.ports import Baseline
from dutyroom.model.rounds import Entry, Round
from dutyroom.model.self_check import SelfCheckAnswer
from dutyroom.model.zero_report import ZeroReport
from dutyroom.report.facts.audit import REFUSED, Done
from dutyroom.report.facts.audit_about import AmendedAbout, PublishedAbout, RoundAbout
from dutyroom.report.facts.audit_limits import LimitChanged, VersionChange
from dutyroom.report.frame import Frame
from dutyroom.report.sheets.slot_marks import REASONS
from dutyroom.words import N_, _

MOST_TOLD = 16
"""So many changes of one act are told: a row is no higher than Excel lets it be."""
_BOUNDS = {"normal": N_("normal range"), "critical": N_("critical range"), "physical": N_("physical range")}


def detail(frame: Frame, done: Done) -> str:
    """What was changed from what to what, and why."""
    zone = frame.zone
    match done.about:
        case AmendedAbout() as amended:
            return _amended(frame, amended)
        case RoundAbout(round=held):
            return _of_round(frame, done, held)
        case PublishedAbout(change=change):
            return _version(change) if change is not None else ""
        case VersionChange() as change:
            return _version(change)
        case CriticalPeriod() as period:
            return _("{begin} to {end}, a round every {every}").format(
                begin=show.moment(period.starts_at, zone),
                end=show.moment(period.ends_at, zone),
                every=show.hours(period.every_s),
            )
        case MaintenanceWindow() as window:
            return _("{begin} to {end}: {reason}").format(
                begin=show.moment(window.starts_at, zone), end=show.moment(window.ends_at, zone), reason=window.reason
            )
        case Baseline() as accepted:
            return _("baseline {version}, ports: {n}").format(version=accepted.version, n=len(accepted.ports))
        case SelfCheckAnswer() as answer:
            result = self_check_words.result(answer.result) if answer.result is not None else ""
            return "\n".join(one for one in (result, answer.text, answer.plan) if one)
        case Handover() as given:
            return given.override_reason or ""
        case ZeroReport() as zero:
            return _("version {n}: {reason}").format(n=zero.version, reason=zero.reason or "")
        case Step() as step:
            told = finding_words.step(step, zone, frame.person)
            return f"{told}\n{step.note}".strip()
    return _of_line(frame, done)


def _amended(frame: Frame, amended: AmendedAbout) -> str:
    told = [_changed(frame, amended.form, old, new) for old, new in amended.changes]
    told = _some(told)
    told.append(_("Reason: {text}").format(text=amended.amendment.reason))
    if amended.amendment.withdrew_by is not None:
        told.append(_("The approval of {who} was withdrawn.").format(who=frame.person(amended.amendment.withdrew_by)))
    return "\n".join(told)


def _changed(frame: Frame, form: Checklist | None, old: Entry | None, new: Entry) -> str:
    item = form.item(new.item) if form is not None else None
    place = show.item_name(item) if item is not None else new.item
    if new.device:
        place = f"{place} · {frame.site.label_of(new.device)}"

    def said(entry: Entry | None) -> str:
        if entry is None or entry.answer is None:
            return show.NOTHING
        return show.answer(item, entry.answer) if item is not None else f"{entry.answer} {entry.unit}".strip()

    text = _("{place}: {old} → {new}").format(place=place, old=said(old), new=said(new))
    before = old.note if old is not None else ""
    if before == new.note:
        return text
    return _("{text}, note: {old} → {new}").format(text=text, old=before or show.NOTHING, new=new.note or show.NOTHING)


def _of_round(frame: Frame, done: Done, held: Round) -> str:
    if done.act is Act.SKIP_ROUND and held.skip_reason is not None:
        return f"{_(REASONS[held.skip_reason])}: {held.skip_note or ''}"
    if done.act is Act.BACK_FILL_ROUND:
        return _("walked on paper {begin} to {end}").format(
            begin=show.moment(held.paper_from, frame.zone), end=show.moment(held.paper_to, frame.zone)
        )
    if done.act is Act.SIGN_ROUND and held.clock_reason is not None:
        return _("although the clock stood before the newest record: {reason}").format(reason=held.clock_reason)
    return ""


def _version(change: VersionChange) -> str:
    told = [_limit(one, name, old, new) for one in change.limits for name, old, new in one.changed]
    told = _some(told)
    if change.added or change.removed:
        told.append(_("items added: {added}, removed: {removed}").format(added=change.added, removed=change.removed))
    if not told:
        sentence = _("limits and items are those of the version before ({version})")
        told.append(sentence.format(version=change.before.version))
    return "\n".join(told)


def _limit(one: LimitChanged, name: str, old: Bounds | None, new: Bounds | None) -> str:
    def said(span: Bounds | None) -> str:
        return f"{show.bounds(span)} {one.item.unit}".strip() if span is not None else show.NOTHING

    place = _("{item}, {limit}").format(item=show.item_name(one.item), limit=_(_BOUNDS[name]))
    return _("{place}: {old} → {new}").format(place=place, old=said(old), new=said(new))


def _of_line(frame: Frame, done: Done) -> str:
    line, last = done.lines[0], done.lines[-1]
    _kind, _colon, name = line.subject.partition(":")
    if done.act in REFUSED and len(done.lines) > 1:
        at = show.time_of_day(last.at, frame.zone)
        return _("{n} times, the last one at {time}").format(n=len(done.lines), time=at)
    if done.act is Act.ADD_OPERATOR:
        added = next((one for one in frame.operators if one.name == name), None)
        return _("as {role}").format(role=show.role(added.role)) if added is not None else ""
    if done.act is Act.SET_PASSWORD:
        return _("their own") if line.actor == name else _("of somebody else")
    return _restored(line.subject) if done.act is Act.RESTORE else ""


def _restored(subject: str) -> str:
    """`restore:SEQ/HEAD/lost/FROM-TO/HEAD` in words."""
    seq, _head, _lost, span, *_rest = [*subject.removeprefix("restore:").split("/"), "", "", ""]
    back = _("back to line {seq}").format(seq=inert(seq, 20))
    if span == "none":
        return _("{back}, nothing was lost").format(back=back)
    if "-" in span:
        return _("{back}, lines {lines} were lost").format(back=back, lines=inert(span.replace("-", "–"), 40))
    return _("{back}, what was lost is not known").format(back=back)


def _some(told: list[str]) -> list[str]:
    if len(told) <= MOST_TOLD:
        return told
    return [*told[:MOST_TOLD], _("and {n} more").format(n=len(told) - MOST_TOLD)]
