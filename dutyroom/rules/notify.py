"""Who is told of what, and when is the next message due?

What stands now are causes. A cause that has lasted becomes a notification; of each notification every recipient gets a
first message, perhaps repeats, and the word that it is over. Nothing here sends or stores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dutyroom.model.notification import (
    Attempt,
    AttemptState,
    Cause,
    MessageKind,
    Notification,
    NotificationsNow,
    NotifyRules,
    Recipient,
    Topic,
)
from dutyroom.rules.finding_life import worse

# After the first, second, ... try that did not arrive; the last one holds on.
RETRY_S = (10.0, 30.0, 60.0, 120.0, 300.0, 900.0)
GIVE_UP = timedelta(hours=24)
"""So long after a message was first tried it is tried no more."""
_FIRST = (MessageKind.TOLD, MessageKind.REPEAT)


@dataclass(frozen=True, slots=True)
class Changes:
    """What one look changes: new causes, notifications that are there again, and those that are over now."""

    new: tuple[Cause, ...] = ()
    again: tuple[Notification, ...] = ()
    over: tuple[Notification, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.again or self.over)


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is to go out now; `number` counts the tries of this message."""

    notification: Notification
    recipient: Recipient
    message: MessageKind
    number: int


def meet(
    causes: Iterable[Cause],
    known: Iterable[Notification],
    stood_s: Mapping[str, float],
    rules: NotifyRules,
    now: datetime,
) -> Changes:
    """What changes when these causes stand now.

    `known` are the notifications that stand, and those that were over not long ago.
    `stood_s` tells for how many seconds each cause is known to stand, by its key.
    """
    present = {cause.key: cause for cause in causes}
    latest = {one.cause.key: one for one in sorted(known, key=lambda one: one.id)}
    new: list[Cause] = []
    again: list[Notification] = []
    for key, cause in present.items():
        met = latest.get(key)
        if met is not None and met.over_at is None:
            continue
        if met is not None and met.is_news_only:
            continue
        if met is not None and met.over_at is not None and now < met.over_at + timedelta(seconds=rules.quiet_s):
            again.append(replace(met, over_at=None, times=met.times + 1))
        elif cause.over_at is not None or stood_s.get(key, 0.0) >= rules.settle_s:
            new.append(cause)
    over = tuple(
        replace(one, over_at=now) for one in latest.values() if one.over_at is None and one.cause.key not in present
    )
    return Changes(tuple(new), tuple(again), over)


def hears(recipient: Recipient, cause: Cause) -> bool:
    """True when the recipient is told of such a thing at all."""
    return cause.topic in recipient.topics and not worse(recipient.severity, cause.severity)


def due(
    rules: NotifyRules,
    recipients: Iterable[Recipient],
    notification: Notification,
    attempts: Sequence[Attempt],
    now: datetime,
    reached: Mapping[str, datetime] | None = None,
) -> tuple[Due, ...]:
    """The messages of a notification that are to go out now; `attempts` are all there were of it, oldest first.

    `reached` tells when anything at all last arrived at each recipient: then what failed before is tried again at once.
    """
    found: list[Due] = []
    for one in recipients:
        if not hears(one, notification.cause):
            continue
        tries = [attempt for attempt in attempts if attempt.recipient == one.name]
        message, at = _next(rules, one, notification, tries)
        if message is None:
            continue
        failed = _failed_in_row(message, tries)
        if _is_due(at, failed, (reached or {}).get(one.name), now):
            found.append(Due(notification, one, message, len(failed) + 1))
    return tuple(found)


def _next(
    rules: NotifyRules, recipient: Recipient, one: Notification, tries: Sequence[Attempt]
) -> tuple[MessageKind | None, datetime]:
    """Which message comes next, and from when on; None for none."""
    none = (None, one.noticed_at)
    if any(attempt.state is AttemptState.SENDING for attempt in tries):
        return none
    arrived = [attempt for attempt in tries if attempt.state is AttemptState.SENT]
    told = [attempt for attempt in arrived if attempt.message in _FIRST]
    if not told:
        return _first(recipient, one, tries)
    if one.over_at is not None:
        if one.is_news_only or any(attempt.message is MessageKind.OVER for attempt in arrived):
            return none
        return MessageKind.OVER, one.over_at + timedelta(seconds=rules.quiet_s)
    if one.is_acknowledged or recipient.repeat_s is None:
        return none
    last = told[-1].ended_at or told[-1].started_at
    return MessageKind.REPEAT, last + timedelta(seconds=recipient.repeat_s)


def _first(recipient: Recipient, one: Notification, tries: Sequence[Attempt]) -> tuple[MessageKind | None, datetime]:
    """The first message. What somebody has acknowledged climbs the ladder no further."""
    at = one.noticed_at + timedelta(seconds=recipient.after_s)
    # It was over before this step of the ladder was due; a message that was tried is still told, with its end.
    was_over = not tries and one.over_at is not None and max(one.over_at, one.noticed_at) < at
    return (None if one.is_acknowledged or was_over else MessageKind.TOLD), at


def _is_due(at: datetime, failed: Sequence[Attempt], reached_at: datetime | None, now: datetime) -> bool:
    """True when a message goes out now: at `at`, or some time after the last try that did not arrive."""
    if not failed:
        # A day later it is no news: nobody was there to send it.
        return at <= now <= at + GIVE_UP
    if now - failed[0].started_at > GIVE_UP:
        return False
    ended = failed[-1].ended_at or failed[-1].started_at
    return (reached_at is not None and reached_at > ended) or retry_at(failed, now) <= now


def retry_at(failed: Sequence[Attempt], now: datetime) -> datetime:
    """When a message is tried again that did not arrive so many times in a row."""
    ended = failed[-1].ended_at or failed[-1].started_at
    # A clock that was set back must not hold it up.
    if ended > now:
        return now
    return ended + timedelta(seconds=RETRY_S[min(len(failed), len(RETRY_S)) - 1])


def _failed_in_row(message: MessageKind, tries: Sequence[Attempt]) -> list[Attempt]:
    found: list[Attempt] = []
    for attempt in reversed(tries):
        if attempt.state is AttemptState.SENT or attempt.message is not message:
            break
        found.insert(0, attempt)
    return found


def of_recipients(recipients: Sequence[Recipient], known: NotificationsNow) -> NotificationsNow:
    """What the board tells: of the recipients there are. Without any nobody is waited for."""
    names = {one.name for one in recipients}
    if not names:
        return NotificationsNow()
    return replace(known, failing=tuple(name for name in known.failing if name in names))


def counts(one: Notification, now: datetime) -> bool:
    """True while the board says that nobody has acknowledged it."""
    if one.is_acknowledged or one.cause.topic is Topic.TEST:
        return False
    return one.over_at is None or (one.is_news_only and now - one.noticed_at < GIVE_UP)
