"""When does a session lock, and when is it over? Times are seconds of a clock that never steps."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dutyroom.model.site import SessionRules

PIN_TRIES = 5


class LockReason(StrEnum):
    """Why the screens are locked."""

    KEY = "key"
    IDLE = "idle"
    SHIFT = "shift"
    HANDOVER = "handover"
    OVER = "over"


def lock_due(rules: SessionRules, *, began_s: float, last_key_s: float, now_s: float) -> LockReason | None:
    """Why a session has to be locked at `now_s`, or None. One that is over needs a whole sign-in again."""
    if rules.longest_s is not None and now_s - began_s >= rules.longest_s:
        return LockReason.OVER
    if rules.lock_after_s is not None and now_s - last_key_s >= rules.lock_after_s:
        return LockReason.IDLE
    return None
