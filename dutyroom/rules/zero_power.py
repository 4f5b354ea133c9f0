"""What of outages and power events stands in a zero report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dutyroom.model.outage import EventAct, EventStep, Outage, OutageState, PowerEvent
from dutyroom.model.zero_content import ZeroItem, ZeroKind, ZeroPower
from dutyroom.rules.event_clocks import event_clocks


def outage_item(outage: Outage, lowest_percent: float | None, begins_at: datetime, until: datetime) -> ZeroItem:
    """An outage as a line of the report made at `until`. It is always told as an event: no outage is a zero."""
    ended_at = outage.ended_at if outage.ended_at is not None and outage.ended_at <= until else None
    inside = min(ended_at or until, until) - max(outage.began_at, begins_at)
    return ZeroItem(
        ZeroKind.OUTAGE,
        outage.ups,
        outage.began_at,
        ended_at,
        times=max(1, outage.transfers),
        seconds=max(0.0, inside.total_seconds()),
        reason=OutageState.GAP.value if outage.state is OutageState.GAP else "",
        number=outage.id,
        percent=lowest_percent,
    )


def power_of(event: PowerEvent, steps: Iterable[EventStep], until: datetime) -> ZeroPower:
    """A power event with its clocks, calls and shedding, as it was known at `until` (UTC)."""
    done = tuple(steps)
    clocks = event_clocks(event, max(0.0, (until - event.began_at).total_seconds()))
    took = {clock.name: clock.took_s for clock in clocks}
    restored_at = event.restored_at if event.restored_at is not None and event.restored_at <= until else None
    return ZeroPower(
        number=event.id,
        began_at=event.began_at,
        restored_at=restored_at,
        state=event.state.value,
        major=event.is_major,
        contained_s=took["contained"],
        reported_s=took["reported"],
        authority_s=took["authority"],
        late=tuple(clock.name for clock in clocks if clock.is_late),
        calls=sum(step.act is EventAct.CALLED for step in done),
        shed=tuple(dict.fromkeys(step.subject for step in done if step.act is EventAct.SHED)),
        by=event.closed_by,
        text=event.closing_text,
    )
