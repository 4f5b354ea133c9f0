"""What the watch finds: one finding per fault, found again and not twice; every change is a line in the ledger.

In planned maintenance a finding is silenced, not hidden: it stands in the list and counts for nothing. Gone before the
window ends, it is withdrawn; still there after it, it is a finding like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dutyroom.duty.finding_steps import Params, found_before, keep, meet_again, moment_text
from dutyroom.model.finding import Finding, FindingOrigin, FindingState, FindingStep
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.people import Act, Actor
from dutyroom.rules.deadlines import deadline_of
from dutyroom.rules.fault_memory import Changes
from dutyroom.rules.finding_history import HAD_DEADLINE
from dutyroom.rules.maintenance import running
from dutyroom.rules.watch_faults import Fault
from dutyroom.store.database import Session

Windows = Sequence[MaintenanceWindow]


def keep_changes(session: Session, actor: Actor, changes: Changes, windows: Windows, now: datetime) -> None:
    """Stores what one look of the watch changed, `windows` being the planned ones; in the caller's transaction."""
    for fault, for_s in changes.found:
        _find(session, actor, fault, running(windows, fault.device, now), for_s, now)
    for fault, finding in changes.again:
        # What comes and goes inside a window is expected.
        if running(windows, fault.device, now) is None:
            meet_again(session, actor, finding, now, params=fault.params)
    for finding, for_s in changes.gone:
        _leave(session, actor, finding, now - timedelta(seconds=for_s), now)


def to_unsilence(
    standing: Sequence[Finding], present: frozenset[str], windows: Windows, now: datetime
) -> list[Finding]:
    """The silenced findings whose window is over while the fault is there; `present` are the keys of faults."""
    return [
        one
        for one in standing
        if one.silenced_by is not None and one.key in present and running(windows, one.device, now) is None
    ]


def unsilence(session: Session, actor: Actor, finding: Finding, now: datetime) -> Finding:
    """The window is over and the fault is there: it counts from now on, and has its deadline from now on."""
    params: Params = (
        ("window", str(finding.silenced_by)),
        (HAD_DEADLINE, moment_text(finding.deadline)),
    )
    heard = replace(finding, silenced_by=None, deadline=deadline_of(finding.severity, now))
    return meet_again(session, actor, heard, now, params=params)


def _find(
    session: Session, actor: Actor, fault: Fault, window: MaintenanceWindow | None, for_s: float, now: datetime
) -> Finding:
    since = now - timedelta(seconds=for_s)
    # While it is expected no deadline runs out.
    counts_from = window.over_at if window is not None else since
    new = Finding(
        origin=FindingOrigin.WATCH,
        key=fault.key,
        severity=fault.severity,
        found_at=since,
        found_by=None,
        deadline=deadline_of(fault.severity, counts_from),
        item=fault.item,
        device=fault.device,
        code=fault.code,
        params=fault.params,
        silenced_by=window.id if window is not None else None,
    )
    return keep(session, actor, Act.FIND, new, FindingStep.FOUND, now, params=found_before(session, fault.key))


def _leave(session: Session, actor: Actor, finding: Finding, since: datetime, now: datetime) -> Finding:
    """It is seen no more. It still has to be done and verified, but for what only planned maintenance did."""
    left = replace(finding, gone_at=since)
    if finding.silenced_by is None:
        return keep(session, actor, Act.FIND, left, FindingStep.GONE, now)
    params: Params = (("window", str(finding.silenced_by)),)
    if finding.state is not FindingState.OPEN:
        return keep(session, actor, Act.FIND, left, FindingStep.GONE, now, params=params)
    withdrawn = replace(left, state=FindingState.WITHDRAWN)
    return keep(session, actor, Act.WITHDRAW_FINDING, withdrawn, FindingStep.WITHDRAWN, now, params=params)
