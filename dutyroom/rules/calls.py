"""Whom to call next in a power event, and when: the ladder of contacts.

Each step runs from the step before. It stops when somebody answered, and begins anew when nothing was done for half an
hour while the outage goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dutyroom.model.outage import CallResult, EventAct, EventStep
from dutyroom.model.site import Contact

AGAIN_AFTER = timedelta(minutes=3)
REARMED_AFTER = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class CallLine:
    """A contact of the list with the calls made to it, oldest first."""

    contact: Contact
    calls: tuple[EventStep, ...] = ()

    @property
    def answered(self) -> bool:
        """True when somebody answered the last call."""
        return bool(self.calls) and self.calls[-1].result is CallResult.ANSWERED


@dataclass(frozen=True, slots=True)
class NextCall:
    """Who is to be called next, and from when on (UTC)."""

    contact: Contact
    due_at: datetime


def subject_of(contact: Contact) -> str:
    """What a call is recorded under: the contact's name, its role where it has none."""
    return contact.name or contact.role


def call_lines(contacts: Sequence[Contact], steps: Sequence[EventStep]) -> tuple[CallLine, ...]:
    """Every contact in order, with the calls made to it."""
    calls = [step for step in steps if step.act is EventAct.CALLED]
    return tuple(
        CallLine(one, tuple(call for call in calls if call.subject == subject_of(one))) for one in in_order(contacts)
    )


def in_order(contacts: Sequence[Contact]) -> list[Contact]:
    """The contacts by their order; equal ones as the site file has them."""
    return sorted(contacts, key=lambda one: one.order)


def next_call(
    contacts: Sequence[Contact], steps: Sequence[EventStep], began_at: datetime, now: datetime
) -> NextCall | None:
    """The call that is due or will be; None without contacts, or while somebody who answered is at work."""
    ladder = in_order(contacts)
    if not ladder:
        return None
    calls = [step for step in steps if step.act is EventAct.CALLED]
    if not calls:
        return NextCall(ladder[0], began_at)
    last = calls[-1]
    if last.result is CallResult.ANSWERED:
        idle_since = max(step.at for step in steps)
        return NextCall(ladder[0], idle_since + REARMED_AFTER) if now - idle_since >= REARMED_AFTER else None
    place = next((n for n, one in enumerate(ladder) if subject_of(one) == last.subject), -1)
    return NextCall(ladder[(place + 1) % len(ladder)], last.at + AGAIN_AFTER)
