"""Notifications: who is told of what, what was sent with what result, and who has acknowledged it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dutyroom.model.devices import Secret
from dutyroom.model.finding import Severity


class Topic(StrEnum):
    """What a notification is about; also the words of `events` in the site file.

    `power`: a UPS on battery. `fault`: the verdict of a device is a fault. `finding`: one of class critical or major.
    `watch`: nobody watched for a while, the watch is silent, or it is blind (no device answers).
    """

    POWER = "power"
    FAULT = "fault"
    FINDING = "finding"
    WATCH = "watch"
    TEST = "test"


TOPICS = (Topic.POWER, Topic.FAULT, Topic.FINDING, Topic.WATCH)
"""Those a site may choose from."""


class MessageKind(StrEnum):
    """Which message of a notification: the first to somebody, the same again, or that it is over."""

    TOLD = "told"
    REPEAT = "repeat"
    OVER = "over"
    TEST = "test"


class AttemptState(StrEnum):
    """How an attempt to send went.

    `sending` is on its way. `interrupted`: the program ended before it knew; it may have arrived.
    """

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is told: an apprise URL, or a local command as a list of arguments.

    `severity` is the least one that is told, `topics` what is told of. `after_s`: only what nobody has acknowledged
    for so long (0: at once); recipients by their `after_s` are the escalation ladder. `repeat_s`: again after so long
    without an acknowledgement (None: never). Without `names` a message holds only the room's label and codes.
    """

    name: str
    url: Secret | None = None
    command: tuple[str, ...] = ()
    severity: Severity = Severity.CRITICAL
    topics: tuple[Topic, ...] = TOPICS
    after_s: float = 0.0
    repeat_s: float | None = None
    timeout_s: float = 30.0
    names: bool = False


@dataclass(frozen=True, slots=True)
class NotifyRules:
    """When something is told at all.

    `settle_s`: what is over before is not told. `quiet_s`: what comes back so soon is the same notification, and so
    long it is waited before it is said to be over.
    `blind_after_s`: a watch that is silent or blind for so long is a fault of the room, and is told.
    """

    settle_s: float = 10.0
    quiet_s: float = 120.0
    blind_after_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that stands now and may have to be told. Times are UTC.

    `key` names it, so that it is told once. `code` says what is wrong, `device` where; `finding_id` is the number of a
    finding. `over_at` is set for what is over when it becomes known: a time in which nobody watched.
    """

    key: str
    topic: Topic
    severity: Severity
    since: datetime
    code: str
    device: str = ""
    params: tuple[tuple[str, str], ...] = ()
    over_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """A cause on record: since when it stands, whether it is over, and who has acknowledged it. Times are UTC.

    `times` counts how often it came back within the quiet time.
    """

    cause: Cause
    noticed_at: datetime
    over_at: datetime | None = None
    times: int = 1
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    id: int = 0

    @property
    def is_news_only(self) -> bool:
        """True for what was over when it became known: it is told once, and that it is over is not."""
        return self.over_at is not None and self.over_at <= self.noticed_at

    @property
    def is_acknowledged(self) -> bool:
        """True when somebody has said that they know: the ladder stands still."""
        return self.acknowledged_at is not None


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Evidence: who said, and when (UTC), that they know of a notification."""

    notification_id: int
    at: datetime
    by: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to send one message of one notification to one recipient; times are UTC.

    Several notifications that go out in one message have one `batch`. After `expires_at` a message that is still on its
    way counts as interrupted. `detail` is a code, and for a command that failed what it said.
    """

    notification_id: int
    recipient: str
    message: MessageKind
    batch: str
    number: int
    started_at: datetime
    expires_at: datetime
    state: AttemptState = AttemptState.SENDING
    ended_at: datetime | None = None
    detail: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out: a title, a text, and the same as fields for a command."""

    title: str
    text: str
    severity: Severity
    is_over: bool = False
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NotificationsNow:
    """For the board: how many that stand nobody has acknowledged, the oldest of them, and who could not be reached.

    `failing` are the recipients whose newest message did not arrive.
    """

    unacknowledged: int = 0
    oldest_at: datetime | None = None
    failing: tuple[str, ...] = ()
