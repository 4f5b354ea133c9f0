"""Planned maintenance: entered before it begins, taken back, never deleted. Every act is a line in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dutyroom.duty.desk import Desk, require
from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.people import Act, Actor
from dutyroom.rules.maintenance import why_refused
from dutyroom.store import ledger, maintenance
from dutyroom.words import N_, _

LONGEST_REASON = 200
_REFUSED = {
    "past-start": N_("A window is entered before it begins: its start is in the past."),
    "ends-before-start": N_("The window must end after it begins."),
    "no-reason": N_("Say why: a window without a reason is not entered."),
    "unknown-device": N_("The site file has no device {names}."),
    "not-found": N_("There is no maintenance {number}."),
    "cancelled": N_("Maintenance {number} was cancelled before."),
    "over": N_("Maintenance {number} is over: what was, stays on record."),
}


class MaintenanceRefused(DutyroomError):
    """The window cannot be entered or taken back like this.

    `code` says why: `past-start`, `ends-before-start`, `no-reason`, `unknown-device`, `not-found`, `cancelled`, `over`.
    """

    code = "maintenance-refused"


def plan(
    desk: Desk,
    actor: Actor,
    starts_at: datetime,
    ends_at: datetime,
    devices: Sequence[str],
    reason: str,
    now: datetime,
) -> MaintenanceWindow:
    """Enters a window for these devices, or for the whole room when there are none; times in UTC.

    Raises MaintenanceRefused, NotAllowed, StoreError.
    """
    require(actor, Act.PLAN_MAINTENANCE)
    known = [device.name for device in desk.site.devices()]
    names = tuple(dict.fromkeys(devices))
    told = inert(reason, LONGEST_REASON).strip()
    window = MaintenanceWindow(starts_at, ends_at, names, told, now, actor.name)
    code = why_refused(window, known, now)
    if code:
        raise _refused(code, names=", ".join(inert(name, 64) for name in names if name not in known))
    with desk.store.write() as session:
        entered = maintenance.add(session, window)
        ledger.append_row(session, at=now, actor=actor, act=Act.PLAN_MAINTENANCE, of=entered)
    return entered


def cancel(desk: Desk, actor: Actor, number: int, now: datetime) -> MaintenanceWindow:
    """Takes a window back, before it begins or while it runs. Raises MaintenanceRefused, NotAllowed, StoreError."""
    require(actor, Act.CANCEL_MAINTENANCE)
    with desk.store.write() as session:
        window = maintenance.one(session, number)
        if window is None:
            raise _refused("not-found", number=number)
        if window.cancelled_at is not None:
            raise _refused("cancelled", number=number)
        if window.is_over(now):
            raise _refused("over", number=number)
        cancelled = maintenance.cancel(session, number, now, actor.name)
        ledger.append_row(session, at=now, actor=actor, act=Act.CANCEL_MAINTENANCE, of=cancelled)
    return cancelled


def listed(desk: Desk, now: datetime, *, every: bool) -> tuple[MaintenanceWindow, ...]:
    """The windows that run or are to come, or `every` one there ever was; by their start."""
    with desk.store.read() as session:
        return maintenance.windows(session) if every else maintenance.not_over(session, now)


def _refused(code: str, **params: object) -> MaintenanceRefused:
    return MaintenanceRefused(_(_REFUSED[code]).format_map(params), code=code)
