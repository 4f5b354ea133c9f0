"""What an import does to the roster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dutyroom.model.roster import RosterEntry

Slot = tuple[date, str]
"""A local day and the code of a shift."""


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """Entries to come, entries they replace, how many stay as they are; names that no operator has."""

    added: tuple[RosterEntry, ...] = ()
    replaced: tuple[RosterEntry, ...] = ()
    unchanged: int = 0
    unknown: tuple[str, ...] = ()

    @property
    def days(self) -> tuple[date, ...]:
        """The days that change, in their order."""
        return tuple(sorted({one.day for one in (*self.added, *self.replaced)}))


def plan_roster(
    known: Sequence[RosterEntry], given: Mapping[Slot, Sequence[str]], at: datetime, by: str, logins: Sequence[str]
) -> RosterPlan:
    """Every shift of a day that is given gets these people and no others; what is not named stays as it is."""
    before = {(one.day, one.shift, one.person): one for one in known if (one.day, one.shift) in given}
    wanted = {(day, shift, person) for (day, shift), people in given.items() for person in people}
    added = tuple(
        RosterEntry(day, shift, person, at, by)
        for (day, shift), people in sorted(given.items())
        for person in people
        if (day, shift, person) not in before
    )
    replaced = tuple(one for key, one in before.items() if key not in wanted)
    unknown = sorted({person for _day, _shift, person in wanted} - set(logins))
    return RosterPlan(added, replaced, len(wanted) - len(added), tuple(unknown))
