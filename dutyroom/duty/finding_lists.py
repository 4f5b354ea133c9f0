"""Findings as people look at them: what is open now, by its deadline, and the history of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from dutyroom.duty.desk import Desk
from dutyroom.duty.finding_steps import existing
from dutyroom.model.checklist import Item
from dutyroom.model.finding import Finding, FindingsNow, FindingState, Step
from dutyroom.rules.finding_life import by_urgency, worse
from dutyroom.store import findings
from dutyroom.store.database import Session

# Findings of some years; older ones are in the workbooks of their months.
MOST = 5000


@dataclass(frozen=True, slots=True)
class FindingHistory:
    """One finding with everything that happened to it, oldest first."""

    finding: Finding
    steps: tuple[Step, ...] = field(default=())


def findings_now(session: Session, now: datetime) -> FindingsNow:
    """The counts of the board; what is over is not even read."""
    there = findings.not_over(session)
    found = [one for one in there if one.silenced_by is None]
    late = [one.deadline for one in found if one.is_overdue(now)]
    ahead = [one.deadline for one in found if one.state is not FindingState.DONE and not one.is_overdue(now)]
    worst = None
    for one in found:
        worst = one.severity if worst is None or worse(one.severity, worst) else worst
    return FindingsNow(
        open=len(found),
        overdue=len(late),
        known=sum(one.is_known(now) for one in found),
        to_verify=sum(one.state is FindingState.DONE for one in found),
        silenced=len(there) - len(found),
        worst=worst,
        oldest_overdue_at=min(late, default=None),
        next_deadline=min(ahead, default=None),
    )


def items_of(desk: Desk) -> dict[str, Item]:
    """The items of every checklist in force, by id: what the findings of rounds are about."""
    return {item.id: item for one in reversed(desk.published()) for item in one.checklist.items}


def listed(desk: Desk, now: datetime, *, every: bool = False) -> tuple[Finding, ...]:
    """Those that are not over, or `every` one there ever was (the newest 5000): overdue first, then by deadline."""
    with desk.store.read() as session:
        found = findings.every(session, MOST) if every else findings.not_over(session)
    return by_urgency(found, now)


def history(desk: Desk, number: int) -> FindingHistory:
    """One finding with its history. Raises FindingRefused (`not-found`)."""
    with desk.store.read() as session:
        return FindingHistory(existing(session, number), findings.steps(session, number))
