"""With which versions of their checklists the rounds of a period were walked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from dutyroom.report.facts.rounds import RoundFacts


@dataclass(frozen=True, slots=True)
class UsedVersion:
    """A version that signed rounds were walked with: between which due days, and how many."""

    checklist: str
    version: str
    first: date
    last: date
    rounds: int


def versions_of(facts: RoundFacts) -> tuple[UsedVersion, ...]:
    """Those of the signed rounds, by checklist, then oldest first."""
    days: dict[tuple[str, str], list[date]] = defaultdict(list)
    for slot in facts.signed:
        if slot.round is not None:
            days[slot.checklist, slot.round.version].append(slot.due_on)
    found = [UsedVersion(name, version, min(on), max(on), len(on)) for (name, version), on in days.items()]
    return tuple(sorted(found, key=lambda one: (one.checklist, one.first)))
