"""How long must somebody wait after wrong passwords? From the second failure on longer each time; five close the name.

GB/T 22239-2019 level 2 (7.1.4.1) asks for handling of failed log-ins. The name is closed, never the terminal: a
prankster must not keep everybody from the desk. A name nobody has is treated alike, so that it cannot be told.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from dutyroom.model.people import Tries

CLOSED_AFTER = 5
CLOSED_S = 900.0
FORGOTTEN_S = 86400.0


def failed(tries: Tries | None, name: str, now: datetime) -> Tries:
    """The tries of a name with one failure more; failures a day old count no more."""
    old = tries is None or (now - tries.last_at).total_seconds() > FORGOTTEN_S
    failures = 1 if old or tries is None else tries.failures + 1
    wait_s = CLOSED_S if failures >= CLOSED_AFTER else 2.0 ** (failures - 1) if failures > 1 else 0.0
    return Tries(name, failures, now, now + timedelta(seconds=wait_s) if wait_s else None)


def wait_s(tries: Tries | None, now: datetime) -> float:
    """Seconds until the name may be tried again; 0 when at once. A clock that was set back closes nobody for longer."""
    if tries is None or tries.closed_until is None:
        return 0.0
    longest = (tries.closed_until - tries.last_at).total_seconds()
    return max(0.0, min(longest, (tries.closed_until - now).total_seconds()))
