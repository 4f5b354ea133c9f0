"""Which loads are off, from what people ticked."""

from __future__ import annotations

from collections.abc import Iterable

from dutyroom.model.outage import EventAct, EventStep


def shed_now(steps: Iterable[EventStep]) -> frozenset[str]:
    """The names of the loads that are off, after the history of a power event."""
    off: set[str] = set()
    for step in steps:
        if step.act is EventAct.SHED:
            off.add(step.subject)
        elif step.act in (EventAct.UNSHED, EventAct.RESTARTED):
            off.discard(step.subject)
    return frozenset(off)
