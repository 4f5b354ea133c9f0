"""Notifications in words, in the language in force: the message that goes out, and how an attempt went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from dutyroom import finding_words, reason_words, show
from dutyroom.inert import inert
from dutyroom.model.finding import Severity
from dutyroom.model.notification import (
    Attempt,
    AttemptState,
    Cause,
    Message,
    MessageKind,
    Notification,
    NotificationsNow,
    Recipient,
    Topic,
)
from dutyroom.model.reading import Reason
from dutyroom.model.site import Site
from dutyroom.rules.finding_life import worse
from dutyroom.words import N_, _

_CODES = {
    "on-battery": N_("UPS on battery"),
    "battery-low": N_("battery low on a UPS that is on battery"),
    "forced-shutdown": N_("a UPS shuts down or is off"),
    "lost-on-battery": N_("contact lost with a UPS on battery"),
    "watch-gap": N_("nobody watched for {by}"),
    "watch-silent": N_("the watch gives no sign of life"),
    "watch-blind": N_("the watch is blind: no device answers"),
    "test": N_("a test message"),
}
_TOPICS = {
    Topic.POWER: N_("power"),
    Topic.FAULT: N_("fault of a device"),
    Topic.FINDING: N_("finding"),
    Topic.WATCH: N_("the watch"),
    Topic.TEST: N_("a test message"),
}
_MESSAGES = {
    MessageKind.TOLD: N_("told"),
    MessageKind.REPEAT: N_("told again"),
    MessageKind.OVER: N_("told that it is over"),
    MessageKind.TEST: N_("test"),
}
_RESULTS = {
    "not-installed": N_("not sent: pip install 'dutyroom[notify]'"),
    "bad-url": N_("not sent: apprise does not take the URL"),
    "not-sent": N_("not sent: no connection, or refused"),
    "status": N_("not sent: the server answered with {param}"),
    "no-command": N_("not sent: the command cannot be run ({param})"),
    "command-failed": N_("not sent: the command failed ({param})"),
    "timeout": N_("not sent in time"),
}
_MOST_LINES = 10


def topic(value: Topic) -> str:
    """What it is about, as a word."""
    return _(_TOPICS[value])


def message_kind(value: MessageKind) -> str:
    """Which message it was, in a few words."""
    return _(_MESSAGES[value])


def what(cause: Cause) -> str:
    """What it is, without any name: `UPS on battery`, `fault of a device`."""
    if cause.code not in _CODES:
        return topic(cause.topic)
    by_s = dict(cause.params).get("by", "")
    return _(_CODES[cause.code]).format(by=show.duration(float(by_s)) if by_s else "")


def named(cause: Cause, site: Site) -> str:
    """What it is and where: names and reasons of devices, for those who may read them."""
    label = site.label_of(cause.device) if cause.device else ""
    match cause.topic:
        case Topic.FAULT:
            said = reason_words.reason(Reason(cause.code, "")) if cause.code else ""
        case Topic.FINDING:
            params = tuple(pair for pair in cause.params if pair[0] != "finding")
            said = finding_words.seen(cause.code, params) if params else ""
        case _:
            said = ""
    return inert(" · ".join(part for part in (label, said) if part), 200)


def watch_trouble(silent_s: float | None, blind_s: float | None) -> str:
    """That nobody sees the room, in a sentence; empty when somebody does."""
    if silent_s is not None:
        return _("nobody has watched this room for {age}").format(age=show.duration(silent_s))
    if blind_s is not None:
        return _("the watch is blind: no device has answered for {age}").format(age=show.duration(blind_s))
    return ""


def waiting(now: NotificationsNow, at: datetime) -> str:
    """How many notifications nobody has acknowledged, and for how long; empty for none."""
    if not now.unacknowledged or now.oldest_at is None:
        return ""
    age = show.duration(max(0.0, (at - now.oldest_at).total_seconds()))
    return _("{n} notifications not acknowledged for {age}").format(n=now.unacknowledged, age=age)


def unreached(now: NotificationsNow) -> str:
    """Who could not be reached; empty when everybody was."""
    return _("not reached: {names}").format(names=inert(", ".join(now.failing), 120)) if now.failing else ""


def result(attempt: Attempt) -> str:
    """How an attempt went, in a few words."""
    if attempt.state is AttemptState.SENT:
        return _("sent")
    if attempt.state is AttemptState.SENDING:
        return _("on its way")
    if attempt.state is AttemptState.INTERRUPTED:
        return _("interrupted: nobody knows whether it arrived")
    code, _blank, param = attempt.detail.partition(" ")
    return _(_RESULTS.get(code, _RESULTS["not-sent"])).format(param=inert(param, 160))


def message(site: Site, recipient: Recipient, kind: MessageKind, about: Sequence[Notification]) -> Message:
    """The message to one recipient about one notification or several, the worst first."""
    ordered = sorted(about, key=lambda one: (one.cause.severity is not Severity.MAJOR, one.id))
    first = ordered[0]
    is_over = kind is MessageKind.OVER
    room = inert(site.room, 60) or _("machine room")
    said = (
        what(first.cause)
        if len(ordered) == 1
        else _("{what} and {n} more").format(what=what(first.cause), n=len(ordered) - 1)
    )
    pattern = _("{room}: over: {what}") if is_over else _("{room}: {what}")
    lines = [line(one, site, names=recipient.names) for one in ordered[:_MOST_LINES]]
    if len(ordered) > _MOST_LINES:
        lines.append(_("and {n} more").format(n=len(ordered) - _MOST_LINES))
    waiting = [one for one in ordered if one.over_at is None and not one.is_acknowledged]
    if kind in (MessageKind.TOLD, MessageKind.REPEAT) and waiting:
        number = str(waiting[0].id) if len(waiting) == 1 else "--all"
        lines += ["", _("Acknowledge: {command}").format(command=f"dutyroom notify acknowledge {number} --as NAME")]
    severity = first.cause.severity
    if any(worse(one.cause.severity, severity) for one in ordered):
        severity = Severity.MAJOR
    return Message(
        title=pattern.format(room=room, what=said),
        text="\n".join(lines),
        severity=severity,
        is_over=is_over,
        fields=_fields(site, recipient, kind, first, len(ordered)),
    )


def line(one: Notification, site: Site, *, names: bool) -> str:
    """One notification in one line: number, what, class, since when, its code; names where they may be."""
    cause, zone = one.cause, site.timezone
    parts = [f"#{one.id} {what(cause)}", finding_words.severity(cause.severity)]
    if one.over_at is None:
        parts.append(_("since {at}").format(at=show.moment(cause.since, zone)))
    else:
        parts.append(f"{show.moment(cause.since, zone)} – {show.moment(one.over_at, zone)}")
    parts.append(f"[{inert(cause.code, 40)}]")
    if names and (told := named(cause, site)):
        parts.insert(1, told)
    return " · ".join(parts)


def _fields(
    site: Site, recipient: Recipient, kind: MessageKind, first: Notification, count: int
) -> tuple[tuple[str, str], ...]:
    cause = first.cause
    fields = {
        "room": inert(site.room, 60),
        "message": kind.value,
        "event": cause.topic.value,
        "code": inert(cause.code, 60),
        "severity": cause.severity.value,
        "since": cause.since.astimezone(UTC).isoformat(timespec="seconds"),
        "number": str(first.id),
        "count": str(count),
    }
    if recipient.names:
        fields |= {"site": inert(site.name, 120), "device": inert(cause.device, 64)}
    return tuple(fields.items())
