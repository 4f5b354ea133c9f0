"""Whether a source answered over a time: what is on record of its polls, and what that comes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dutyroom.model.reading import Kind


class Cause(StrEnum):
    """Why a source was not heard: its polls failed, nobody polled it, or nobody had ever polled it."""

    FAILED = "failed"
    NOT_POLLED = "not-polled"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Silence:
    """A time without an answer of one source, in whole seconds (UTC). `ended` is None while it lasts.

    Of failed polls `second` is when it was certain that more than one failed in a row (None: one only), `last` the
    newest of them.
    """

    source: str
    began: datetime
    cause: Cause
    polls: int = 0
    second: datetime | None = None
    last: datetime | None = None
    ended: datetime | None = None

    @property
    def id(self) -> str:
        """Names the record: `silence:SOURCE@SECONDS`, the seconds since the epoch at which it began."""
        return f"silence:{self.source}@{int(self.began.timestamp())}"


@dataclass(frozen=True, slots=True)
class PollRecord:
    """What is on record of the polls of one source over a time, as it stood at `read_at`.

    `first` and `newest` are its first and newest poll ever, whether answered or not. `ok`, `failed` and `none` count
    the polls of the whole UTC hours of that time up to `hours_to`: answered, failed, expected but never made.
    """

    source: str
    first: datetime
    newest: datetime
    read_at: datetime
    hours_to: datetime
    ok: int = 0
    failed: int = 0
    none: int = 0
    silences: tuple[Silence, ...] = ()
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class DownSpan:
    """Failed polls in a row, within the counted time. `id` names the record, `windows` the planned windows it touches.

    `down_s` are the seconds counted as down, `planned_s` those within planned windows. `lasts` when no answer had come
    by the end of the counted time.
    """

    id: str
    began: datetime
    ended: datetime
    down_s: int
    planned_s: int
    lasts: bool = False
    windows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Availability:
    """How long a source was up, down, in planned maintenance and unknown: seconds that add up to the counted time.

    `counted_from` is None for a source that was never polled before the end of the time: nothing is known of it.
    `windows` names the planned windows (`maintenance:ID`) that cover counted time.
    """

    source: str
    counted_from: datetime | None
    counted_to: datetime
    ok: int = 0
    failed: int = 0
    none: int = 0
    up_s: int = 0
    down_s: int = 0
    planned_s: int = 0
    unknown_s: int = 0
    spans: tuple[DownSpan, ...] = ()
    windows: tuple[str, ...] = ()

    @property
    def counted_s(self) -> int:
        """The counted time."""
        return self.up_s + self.down_s + self.planned_s + self.unknown_s

    @property
    def share(self) -> float | None:
        """Up time divided by up and down time; None where neither is known."""
        known = self.up_s + self.down_s
        return self.up_s / known if known else None

    @property
    def times_down(self) -> int:
        """How many spans count as down, all or in part."""
        return sum(1 for span in self.spans if span.down_s)

    @property
    def longest_s(self) -> int:
        """The most seconds counted as down in one span; 0 without any."""
        return max((span.down_s for span in self.spans), default=0)

    @property
    def ids(self) -> tuple[str, ...]:
        """The records it was counted from, beside the counts of polls."""
        return (*(span.id for span in self.spans), *self.windows)
