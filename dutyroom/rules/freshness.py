"""How old may a value be?"""

from __future__ import annotations

# One answer may take this long (the overall deadline of a poll); an age within it is not a missed poll.
GRACE_S = 5.0


def fresh_for(interval_s: float) -> float:
    """How old in seconds a value may be and still be accepted into a record: two polls."""
    return 2 * interval_s + GRACE_S


def is_fresh(age_s: float, interval_s: float) -> bool:
    """True while a value may be accepted into a record."""
    return age_s <= fresh_for(interval_s)


def is_silent(age_s: float, interval_s: float) -> bool:
    """True when the watcher must have stopped asking: four polls and more without any answer or failure."""
    return age_s > 4 * interval_s + 2 * GRACE_S
