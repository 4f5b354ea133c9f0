"""Seconds and hours since the epoch, and which polls were expected but never made. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime

HOUR_S = 3600


def seconds_of(at: datetime) -> float:
    """Seconds since the epoch.

    Raises:
        ValueError: a datetime without a time zone (Python would take it for local time).
    """
    if at.utcoffset() is None:
        raise ValueError("a datetime without a time zone cannot be stored")
    return at.timestamp()


def moment_of(seconds: int) -> datetime:
    """The UTC moment of whole seconds since the epoch."""
    return datetime.fromtimestamp(seconds, UTC)


def hour_of(seconds: float) -> int:
    """The start of the UTC hour, in seconds since the epoch."""
    return math.floor(seconds) // HOUR_S * HOUR_S


def missed_polls(ended: float, started: float, interval_s: float) -> Iterator[tuple[int, int]]:
    """(hour, count) of the polls due between one poll's end and the next one's start that were never made.

    A poll is due every `interval_s` after `ended`. A gap of up to two intervals is delay, not a missed poll.
    """
    gap = started - ended
    if interval_s <= 0 or gap <= 2 * interval_s:
        return
    # Due at ended + k * interval for k = 1..missed; the one after that is the poll that was made.
    missed = math.floor(gap / interval_s) - 1
    counted, hour = 0, hour_of(ended)
    while counted < missed:
        before_next_hour = math.ceil((hour + HOUR_S - ended) / interval_s) - 1
        reached = min(missed, max(before_next_hour, 0))
        if reached > counted:
            yield hour, reached - counted
        counted = max(counted, reached)
        hour += HOUR_S
