"""The zero report in words: the same lines for the screen, the text and the workbook, in the language in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from dutyroom import reason_words, show
from dutyroom.check_words import REASONS as CHECK_REASONS
from dutyroom.model.checklist import Checklist
from dutyroom.model.rounds import Mark, RoundState
from dutyroom.model.site import Site
from dutyroom.model.zero_content import ZeroContent, ZeroItem, ZeroKind, ZeroPower, ZeroRound
from dutyroom.model.zero_report import ZeroDay, ZeroState
from dutyroom.words import N_, _, choose

_STATES = {
    ZeroState.ZERO: N_("nothing to report"),
    ZeroState.EVENTS: N_("events reported"),
    ZeroState.DUE: N_("to be sent"),
    ZeroState.MISSING: N_("missing"),
}
_SEVERITIES = {"major": N_("major"), "critical": N_("critical"), "other": N_("other")}
# Done, and not done.
_CLOCKS = {
    "contained": (N_("contained after {took}"), N_("not contained")),
    "reported": (N_("reported after {took}"), N_("not reported")),
    "authority": (N_("authority told after {took}"), N_("authority not told")),
}
# Below this nobody calls it an interruption of the watch: a restart of the program takes as long.
_NOTICED_S = 60.0


@dataclass(frozen=True, slots=True)
class ZeroNames:
    """What names stand for: the site's devices, people's labels by login name, checklists by name."""

    site: Site
    people: Mapping[str, str]
    checklists: Mapping[str, Checklist]

    @property
    def zone(self) -> ZoneInfo:
        """The site's zone."""
        return self.site.timezone

    def person(self, name: str | None) -> str:
        """What people call an operator; the login name of one nobody knows, a dash for nobody."""
        return self.people.get(name or "", name or show.NOTHING)

    def checklist(self, name: str) -> str:
        """The checklist in the language in force."""
        known = self.checklists.get(name)
        return choose(known.words.en, known.words.zh) if known is not None else name

    def item(self, number: str) -> str:
        """The item of any checklist in the language in force; its id when none has it."""
        for checklist in self.checklists.values():
            if (item := checklist.item(number)) is not None:
                return show.item_name(item)
        return number


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its lines."""

    title: str
    lines: tuple[str, ...]


def state(day: ZeroDay) -> str:
    """How a day stands, with its marks: `nothing to report, late, amended`."""
    marks = [show.mark(Mark.LATE)] if day.is_late else []
    marks += [show.mark(Mark.AMENDED)] if day.is_amended else []
    return ", ".join([_(_STATES[day.state]), *marks])


def standing(day: ZeroDay) -> str:
    """How a day stands, without its marks."""
    return _(_STATES[day.state])


def headline(content: ZeroContent) -> str:
    """Whether there is anything to report."""
    events = sum(not item.planned for item in content.items)
    return _("Events to report: {n}").format(n=events) if events else _("Nothing to report.")


def sections(content: ZeroContent, day: ZeroDay, names: ZeroNames) -> tuple[Section, ...]:
    """Everything the report lists, in the order it is read."""
    of = {kind: [item for item in content.items if item.kind is kind] for kind in ZeroKind}
    # A day of 25 hours tells the date of both its ends all the same.
    power = [
        *(_outage(item, day, names) for item in of[ZeroKind.OUTAGE]),
        *(_event(one, names) for one in content.power),
        *(_item(item, day, names) for item in of[ZeroKind.BATTERY]),
    ] or [_("No UPS was on battery.")]
    devices = [_item(item, day, names) for item in (*of[ZeroKind.FAULT], *of[ZeroKind.RESTARTED])]
    found = [_item(item, day, names) for item in (*of[ZeroKind.FINDING], *of[ZeroKind.ABNORMAL])]
    told = [
        Section(_("Rounds due"), tuple(_round(one, day, names) for one in content.rounds) or (_("No round was due."),)),
        Section(_("Power"), tuple(power)),
        Section(_("Devices"), tuple(devices) or (_("No device was in fault or restarted."),)),
        Section(_("Findings"), (*found, _findings(content))),
        Section(_("Watch"), tuple(_watch(content))),
    ]
    if content.remark:
        told.append(Section(_("Remark"), (content.remark,)))
    return tuple(told)


def signatures(day: ZeroDay, names: ZeroNames) -> tuple[str, ...]:
    """Who signed each version and when; of a later one why. Nothing when none was signed."""
    told = []
    for one in day.versions:
        pattern = _("Version {n}: {state}, signed by {who} at {at}")
        text = pattern.format(
            n=one.version,
            state=_(_STATES[one.state]),
            who=names.person(one.signed_by),
            at=show.moment(one.signed_at, names.zone),
        )
        if one.version == 1 and one.is_late:
            text += ", " + show.mark(Mark.LATE)
        told.append(text + (" " + _("(amended: {why})").format(why=one.reason) if one.reason else ""))
    return tuple(told)


def span(day: ZeroDay, names: ZeroNames) -> str:
    """From when to when, with the zone."""
    begins, ends = (show.moment(at, names.zone) for at in (day.window.begins_at, day.window.ends_at))
    return f"{begins} – {ends} ({names.zone.key})"


def item(one: ZeroItem, day: ZeroDay, names: ZeroNames) -> str:
    """One thing that happened, in a line."""
    return _item(one, day, names)


def _item(one: ZeroItem, day: ZeroDay, names: ZeroNames) -> str:
    label = names.site.label_of(one.source) if one.source else ""
    text = f"{label}: {_what(one, names)}" if label else _what(one, names)
    text += f", {_when(one, day, names)}"
    if one.planned:
        text += " " + _("(planned maintenance)")
    return text


def _outage(one: ZeroItem, day: ZeroDay, names: ZeroNames) -> str:
    if one.reason:
        label, began = names.site.label_of(one.source), _at(one.began_at, day, names.zone)
        ended = _at(one.ended_at, day, names.zone) if one.ended_at is not None else show.NOTHING
        return _("{ups}: an outage nobody watched, between {began} and {ended}").format(
            ups=label, began=began, ended=ended
        )
    text = _item(replace(one, times=1), day, names)
    if one.times > 1:
        text += ", " + _("{n} times to battery").format(n=one.times)
    if one.percent is not None:
        text += ", " + _("lowest charge {percent}").format(percent=show.percent(one.percent))
    return text


def _event(one: ZeroPower, names: ZeroNames) -> str:
    """A power event in a line: its clocks, what was done, the closing text."""
    told = [_clock("contained", one.contained_s, one), _clock("reported", one.reported_s, one)]
    if one.major:
        told += [_("major event"), _clock("authority", one.authority_s, one)]
    if one.calls:
        told.append(_("calls: {n}").format(n=one.calls))
    if one.shed:
        told.append(_("switched off: {loads}").format(loads=", ".join(names.site.label_of(load) for load in one.shed)))
    text = _("power event {number}").format(number=one.number) + ": " + ", ".join(told)
    if one.by is not None:
        return text + "; " + _("closed by {who}: {text}").format(who=names.person(one.by), text=one.text)
    return text + ("; " + _("the closing text is owed") if one.restored_at is not None else "")


def _clock(name: str, took_s: float | None, one: ZeroPower) -> str:
    done, undone = _CLOCKS[name]
    text = _(done).format(took=show.duration(took_s)) if took_s is not None else _(undone)
    return f"{text} ({_('too late')})" if name in one.late else text


def _what(one: ZeroItem, names: ZeroNames) -> str:
    match one.kind:
        case ZeroKind.OUTAGE:
            return _("outage {number}").format(number=one.number)
        case ZeroKind.BATTERY:
            return _("on battery")
        case ZeroKind.RESTARTED:
            return _("restarted")
        case ZeroKind.FINDING:
            severity = _(_SEVERITIES[one.severity]) if one.severity in _SEVERITIES else one.severity
            about = ", ".join(text for text in (names.item(one.item) if one.item else "", _code(one.reason)) if text)
            told = _("finding {n} ({severity})").format(n=one.number, severity=severity)
            return ": ".join(text for text in (told, about, one.text) if text)
        case ZeroKind.ABNORMAL:
            return _("abnormal: {item}").format(item=names.item(one.item)) + (f" ({one.text})" if one.text else "")
        case ZeroKind.FAULT:
            return _code(one.reason) or _("fault")


def _code(code: str) -> str:
    known = reason_words.REASONS.get(code) or CHECK_REASONS.get(code)
    return _(known).format_map(show.Params()) if known is not None else show.state_of_code(code)


def _when(one: ZeroItem, day: ZeroDay, names: ZeroNames) -> str:
    began = _at(one.began_at, day, names.zone)
    if one.kind in (ZeroKind.FINDING, ZeroKind.ABNORMAL):
        return began
    if one.kind is ZeroKind.RESTARTED:
        return began if one.times == 1 else _("{n} times since {at}").format(n=one.times, at=began)
    lasted = show.duration(one.seconds)
    if one.ended_at is None:
        text = _("since {at}, not over ({lasted})").format(at=began, lasted=lasted)
    else:
        text = f"{began} – {_at(one.ended_at, day, names.zone)} ({lasted})"
    return text if one.times == 1 else _("{n} times, {when}").format(n=one.times, when=text)


def _at(at: datetime, day: ZeroDay, zone: ZoneInfo) -> str:
    """The time, with its month and day: a duty day has two dates."""
    inside = day.window.begins_at <= at <= day.window.ends_at
    return show.moment(at, zone)[5:] if inside else show.moment(at, zone)


def _round(one: ZeroRound, day: ZeroDay, names: ZeroNames) -> str:
    text = _("{checklist}, due {at}: {state}").format(
        checklist=names.checklist(one.checklist),
        at=_at(one.due_at, day, names.zone),
        state=show.round_state(RoundState(one.state)),
    )
    if one.at is not None and one.by is not None:
        text += " " + _("{at} by {who}").format(at=_at(one.at, day, names.zone), who=names.person(one.by))
    if one.marks:
        text += ", " + ", ".join(show.mark(Mark(mark)) for mark in one.marks)
    if one.abnormal:
        text += ", " + _("abnormal answers: {n}").format(n=one.abnormal)
    return text


def _findings(content: ZeroContent) -> str:
    return _("Not over: {open}; of them overdue: {overdue}, known faults: {known}. Verified in this day: {n}.").format(
        open=content.findings_open,
        overdue=content.findings_overdue,
        known=content.findings_known,
        n=content.findings_verified,
    )


def _watch(content: ZeroContent) -> list[str]:
    if content.unwatched_s is None:
        told = [_("Whether the room was watched is not on record.")]
    elif content.unwatched_s >= _NOTICED_S:
        told = [_("Nobody watched for {by}.").format(by=show.duration(content.unwatched_s))]
    else:
        told = [_("The room was watched all the time.")]
    if content.others:
        told.append(_("Other changes seen by the watch: {n}").format(n=content.others))
    return told
