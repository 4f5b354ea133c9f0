"""How long to leave a source alone that did not answer."""

from __future__ import annotations

from dutyroom.model.reading import State
from dutyroom.rules.freshness import GRACE_S

# Seconds after the first, second, ... failure in a row; the last one holds on.
STEPS_S = (1.0, 2.0, 4.0, 8.0, 15.0)
# So much longer at most than the step says, that sources which failed together do not come back together.
JITTER = 0.25
# The server answers at once and only has no data yet, or no more: asking it as ever costs nothing and misses nothing.
_ANSWERS = (State.OK, State.PARTIAL, State.WAIT, State.STALE, State.NO_DRIVER)


def has_failed(state: State) -> bool:
    """True for the state of a source that is to be left alone for a while."""
    return state not in _ANSWERS


def pause_s(failures: int, interval_s: float, share: float, *, usual_s: float, urgent: bool = False) -> float:
    """Seconds until the next poll after so many failures in a row; never less than `interval_s`, the pause when well.

    `share` is a random number from 0 to 1, drawn by the caller. `usual_s` is the site's interval for the source; the
    pause never grows so long that its silence would be taken for a dead watch (`freshness.is_silent`). `urgent`: a UPS
    of the room is on battery, and the pause stays within the usual interval.
    """
    if failures <= 0:
        return interval_s
    step_s = STEPS_S[min(failures, len(STEPS_S)) - 1] * (1 + JITTER * share)
    return max(interval_s, min(step_s, usual_s if urgent else _longest_s(usual_s)))


def was_left_alone(state: State, gap_s: float, usual_s: float) -> bool:
    """True when a gap between two polls is no longer than this rule makes after a sample in that state."""
    return has_failed(state) and gap_s <= max(usual_s, _longest_s(usual_s)) + GRACE_S


def _longest_s(usual_s: float) -> float:
    return min(STEPS_S[-1] * (1 + JITTER), 2 * usual_s + GRACE_S)
