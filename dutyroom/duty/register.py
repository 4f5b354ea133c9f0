"""The register of addresses: who an address belongs to. Every change is a line in the ledger, nothing is deleted.

After a change what was seen is judged again, so that a finding ends when its address is registered.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dutyroom.duty.addresses import rejudge
from dutyroom.duty.desk import Desk, require
from dutyroom.errors import DutyroomError
from dutyroom.model.addresses import Registration
from dutyroom.model.people import Act, Actor
from dutyroom.rules.register import Plan, plan_import
from dutyroom.store import ledger, registrations
from dutyroom.words import _


class RegisterRefused(DutyroomError):
    """The register cannot be changed like this; `code` says why (`twice`, `not-found`, `in-site-file`)."""

    code = "register-refused"


@dataclass(frozen=True, slots=True)
class Listed:
    """The register: what is kept in the store, and what the site file says (which only its file can change)."""

    kept: tuple[Registration, ...]
    of_site: tuple[Registration, ...]

    @property
    def all(self) -> tuple[Registration, ...]:
        """Both, by address; those without one last."""
        return tuple(sorted((*self.kept, *self.of_site), key=_place))


def listed(desk: Desk) -> Listed:
    """Everything registered."""
    with desk.store.read() as session:
        return Listed(registrations.in_force(session), desk.site.register)


def planned(desk: Desk, given: Sequence[Registration], *, replace_all: bool) -> Plan:
    """What importing these would do now; nothing is changed."""
    with desk.store.read() as session:
        return plan_import(registrations.in_force(session), given, replace_all=replace_all)


def import_register(
    desk: Desk, actor: Actor, given: Sequence[Registration], now: datetime, *, replace_all: bool
) -> Plan:
    """Imports them in one transaction; gives what that did. Raises NotAllowed, StoreError."""
    require(actor, Act.REGISTER)
    with desk.store.write() as session:
        plan = plan_import(registrations.in_force(session), given, replace_all=replace_all)
        added = registrations.add(session, plan.added, now, actor.name)
        registrations.change(session, [new for _old, new in plan.changed])
        removed = registrations.remove(session, plan.removed, now, actor.name)
        ledger.append_rows(session, at=now, actor=actor, act=Act.REGISTER, of=added)
        changed = [new for _old, new in plan.changed]
        ledger.append_rows(session, at=now, actor=actor, act=Act.CHANGE_REGISTRATION, of=changed)
        ledger.append_rows(session, at=now, actor=actor, act=Act.REMOVE_REGISTRATION, of=removed)
    rejudge(desk.store, desk.site, now)
    return replace(plan, added=added, removed=removed)


def add(desk: Desk, actor: Actor, one: Registration, now: datetime) -> Registration:
    """Registers one address or range. Raises RegisterRefused (`twice`), NotAllowed, StoreError."""
    require(actor, Act.REGISTER)
    with desk.store.write() as session:
        for known in (*registrations.in_force(session), *desk.site.register):
            if (known.first, known.last, known.mac) == (one.first, one.last, one.mac):
                raise RegisterRefused(
                    _("{address} is registered already: {whose}.").format(
                        address=one.ip or one.mac, whose=known.whose or "?"
                    ),
                    code="twice",
                )
        (added,) = registrations.add(session, [one], now, actor.name)
        ledger.append_row(session, at=now, actor=actor, act=Act.REGISTER, of=added)
    rejudge(desk.store, desk.site, now)
    return added


def remove(desk: Desk, actor: Actor, number: int, now: datetime) -> Registration:
    """Ends a registration; it stays on record. Raises RegisterRefused (`not-found`), NotAllowed, StoreError."""
    require(actor, Act.REMOVE_REGISTRATION)
    with desk.store.write() as session:
        known = registrations.one(session, number)
        if known is None or known.removed_at is not None:
            raise RegisterRefused(
                _("There is no registration of number {number}.").format(number=number), code="not-found"
            )
        (removed,) = registrations.remove(session, [known], now, actor.name)
        ledger.append_row(session, at=now, actor=actor, act=Act.REMOVE_REGISTRATION, of=removed)
    rejudge(desk.store, desk.site, now)
    return removed


def _place(one: Registration) -> tuple[bool, int, int, str]:
    if not one.first:
        return (True, 0, 0, one.mac)
    address = ipaddress.ip_address(one.first)
    return (False, address.version, int(address), one.mac)
