"""Was the wall clock set? Two looks at it, each with the clock that never steps beside it, tell."""

from __future__ import annotations

from datetime import datetime

from dutyroom.model.events import CLOCK, Boot, Event

# A difference up to this is no step: two clocks are never read in the same instant.
STEP_S = 2.0
# A clock that is slewed towards the right time runs at most 500 ppm off (adjtimex(2)); twice that is no step.
SLEW = 0.001

# A step is news on the board for a day: whoever is on duty then reads times of both clocks.
NEWS_S = 86400.0

Look = tuple[datetime, Boot]


def step_between(before: Look, after: Look) -> float:
    """How far the wall clock was set between two looks, in seconds, forward positive; 0.0 when it was not.

    Suspend is no step: CLOCK_BOOTTIME counts it. Looks of two boots tell only that the clock went backwards.
    """
    (was, boot_was), (now, boot_now) = before, after
    passed_s = (now - was).total_seconds()
    if boot_was.id != boot_now.id:
        return min(0.0, passed_s) if passed_s < -STEP_S else 0.0
    true_s = boot_now.seconds - boot_was.seconds
    by_s = passed_s - true_s
    return by_s if abs(by_s) > STEP_S + SLEW * abs(true_s) else 0.0


def step_event(before: Look, after: Look) -> Event | None:
    """The event of a step between two looks, or None. `was` is what the clock would show had it not been set."""
    by_s = step_between(before, after)
    if by_s == 0.0:
        return None
    (_, boot_was), (now, boot_now) = before, after
    same = boot_was.id == boot_now.id
    was = datetime.fromtimestamp(now.timestamp() - by_s, now.tzinfo)
    params = (("by", f"{by_s:.1f}"), ("was", _text(was)), ("now", _text(now)))
    return Event(now, CLOCK, "clock-step" if same else "clock-back", params, boot_now)


def is_behind(now: datetime, newest: datetime) -> bool:
    """True when the clock stands before the newest record; what two programs wrote at once is no disorder."""
    return (newest - now).total_seconds() > STEP_S


def is_recent(step: Event, now: datetime, boot: Boot | None) -> bool:
    """True while a step is news."""
    if step.boot is not None and boot is not None and step.boot.id == boot.id:
        return boot.seconds - step.boot.seconds < NEWS_S
    return abs((now - step.at).total_seconds()) < NEWS_S


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
