"""Changes of the limits in force: each time a round had another version of its checklist than the one before it.

A version keeps the limits the site had in force, so a change of the site file shows here, and so does the way back to
limits that were in force before, of which nothing is published.
"""

from __future__ import annotations

from dataclasses import dataclass

from dutyroom.checklists import parse
from dutyroom.model.checklist import Bounds, Checklist, Item
from dutyroom.model.events import LedgerLine
from dutyroom.report.frame import Frame
from dutyroom.store import checklists as kept_checklists
from dutyroom.store import ledger_history
from dutyroom.store.database import Session
from dutyroom.store.ledger_history import Span, VersionUse


@dataclass(frozen=True, slots=True)
class LimitChanged:
    """The limits of one item that differ: name (`normal`, `critical`, `physical`), the one before, the one now."""

    item: Item
    changed: tuple[tuple[str, Bounds | None, Bounds | None], ...]


@dataclass(frozen=True, slots=True)
class VersionChange:
    """A round that was put on record with another version than the round of that checklist before it.

    `line` is the round's first line. `added` and `removed` count items.
    """

    line: LedgerLine
    round_id: int
    checklist: Checklist
    before: Checklist
    limits: tuple[LimitChanged, ...]
    added: int = 0
    removed: int = 0


def gather(session: Session, frame: Frame, span: Span) -> tuple[VersionChange, ...]:
    """The changes of version in the span, in order of the ledger. Raises StoreError, ChecklistError."""
    used = ledger_history.versions_used(session, span)
    last: dict[str, VersionUse | None] = {}
    pairs: list[tuple[VersionUse, str]] = []
    for use in used:
        if use.checklist not in last:
            last[use.checklist] = ledger_history.version_used_before(session, use.checklist, use.line.seq)
        before, last[use.checklist] = last[use.checklist], use
        if before is not None and before.version != use.version:
            pairs.append((use, before.version))
    texts = kept_checklists.contents(session, {version for use, before in pairs for version in (use.version, before)})
    known = {version: parse(text, frame.site.limit_profile, version) for version, text in texts.items()}
    return tuple(
        _change(use, known[before], known[use.version])
        for use, before in pairs
        if before in known and use.version in known
    )


def _change(use: VersionUse, before: Checklist, now: Checklist) -> VersionChange:
    old, new = {item.id for item in before.items}, {item.id for item in now.items}
    return VersionChange(
        use.line, use.round_id, now, before, limits_changed(before, now), len(new - old), len(old - new)
    )


def limits_changed(before: Checklist, now: Checklist) -> tuple[LimitChanged, ...]:
    """The items of both whose limits differ, in the order of the newer one."""
    found = []
    for item in now.items:
        old = before.item(item.id)
        if old is None:
            continue
        pairs = (
            ("normal", old.limit.normal, item.limit.normal),
            ("critical", old.limit.critical, item.limit.critical),
            ("physical", old.limit.physical, item.limit.physical),
        )
        if changed := tuple(one for one in pairs if one[1] != one[2]):
            found.append(LimitChanged(item, changed))
    return tuple(found)
