"""Is a number inside its limits?"""

from __future__ import annotations

from dutyroom.model.checklist import Limit
from dutyroom.model.reading import Verdict


def is_possible(value: float, limit: Limit) -> bool:
    """False for a value outside the physical bounds: a typing error, never stored."""
    return limit.physical is None or limit.physical.holds(value)


def verdict_of(value: float, limit: Limit) -> Verdict:
    """Ok inside normal, attention outside it, fault outside critical. Without any bounds the value is ok as read."""
    if limit.critical is not None and not limit.critical.holds(value):
        return Verdict.FAULT
    if limit.normal is not None and not limit.normal.holds(value):
        return Verdict.ATTENTION
    return Verdict.OK
