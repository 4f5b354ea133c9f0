"""Is a number inside its limits?"""

from __future__ import annotations

from dutyroom.model.checklist import Item, Limit
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


def worst_cell(item: Item, answer: str) -> Verdict:
    """The verdict of the cell of a table that is worst against the item's limits. `answer` as it is stored."""
    found = {verdict_of(float(cell), item.limit) for cell in answer.split()}
    return next((one for one in (Verdict.FAULT, Verdict.ATTENTION, Verdict.OK) if one in found), Verdict.UNKNOWN)
