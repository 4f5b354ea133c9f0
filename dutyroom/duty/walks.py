"""A round as it is walked: its lines in walking order, what was answered, and what the room says now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from dutyroom.checklists import expand, parse, shown
from dutyroom.duty.desk import Desk
from dutyroom.errors import AnswerRefused, RoundRefused
from dutyroom.model.checklist import Checklist, ItemKind, WalkLine
from dutyroom.model.events import CLOCK, Boot
from dutyroom.model.room import RoomRecords
from dutyroom.model.rounds import Entry, Round, RoundState
from dutyroom.rules.durations import records_now
from dutyroom.rules.live import RoomNow
from dutyroom.rules.occurrences import occurrence
from dutyroom.store import checklists as kept_checklists
from dutyroom.store import rounds
from dutyroom.store.database import Session
from dutyroom.words import _


@dataclass(frozen=True, slots=True)
class Walk:
    """A round with the checklist it was begun with, its lines in walking order, and what was answered so far.

    `lines` are those that are asked as the answers stand, `every_line` also those whose condition does not hold.
    """

    round: Round
    checklist: Checklist
    lines: tuple[WalkLine, ...]
    entries: Mapping[tuple[str, str], Entry]
    every_line: tuple[WalkLine, ...] = ()

    def entry(self, line: WalkLine) -> Entry | None:
        """The answer of a line, or None while it is open (an undone answer is open again)."""
        entry = self.entries.get(line.key)
        return entry if entry is not None and entry.answer is not None else None

    def open_lines(self) -> tuple[WalkLine, ...]:
        """The lines without an answer."""
        return tuple(line for line in self.lines if self.entry(line) is None)

    def own_line(self, line: WalkLine) -> WalkLine:
        """The line of this walk with that key. Raises AnswerRefused (`unknown-line`) when there is none."""
        found = next((one for one in self.every_line or self.lines if one.key == line.key), None)
        if found is None:
            raise AnswerRefused(
                _("This round does not ask “{item}”: nothing was stored.").format(item=line.item.id),
                code="unknown-line",
            )
        return found

    def with_entry(self, entry: Entry) -> Walk:
        """The same walk with one entry more, or replaced; lines whose condition hangs on it come or go."""
        entries = {**self.entries, entry.key: entry}
        return replace(self, entries=entries, lines=shown(self.every_line, entries) if self.every_line else self.lines)


def load_walk(desk: Desk, round_id: int) -> Walk:
    """The round as it stands, rendered with the checklist version it was begun with.

    Raises RoundRefused (`unknown`) for an id no round has.
    """
    with desk.store.read() as session:
        found = rounds.get(session, round_id)
        if found is None:
            raise RoundRefused(_("There is no round {id}.").format(id=round_id), code="unknown")
        checklist = checklist_of(session, desk, found)
        entries = {entry.key: entry for entry in rounds.entries(session, round_id)}
    lines = _lines(checklist, desk, found, entries)
    return Walk(found, checklist, shown(lines, entries), entries, lines)


def checklist_of(session: Session, desk: Desk, found: Round) -> Checklist:
    """The checklist the round was begun with, whatever is in force."""
    in_force = (desk.named(found.checklist) or desk.published()[0]).checklist
    if found.version == in_force.version:
        return in_force
    text = kept_checklists.content(session, found.version)
    return parse(text, desk.site.limit_profile, f"checklist {found.version}") if text is not None else in_force


def count_lines(session: Session, desk: Desk, found: Round | None, due_on: date, entries: Sequence[Entry]) -> int:
    """How many lines the round has as the answers stand; of one that was not begun (None) as the daily one begins."""
    if found is None:
        daily = desk.checklist
        return len(shown(expand(daily, desk.site, occurrence(daily.schedule.cadence, due_on)), {}))
    answered = {entry.key: entry for entry in entries}
    return len(shown(_lines(checklist_of(session, desk, found), desk, found, answered), answered))


def open_round(session: Session, round_id: int) -> Round:
    """The round, when answers may still be given. Raises RoundRefused: `unknown`, `not-open`."""
    found = rounds.get(session, round_id)
    if found is None:
        raise RoundRefused(_("There is no round {id}.").format(id=round_id), code="unknown")
    if found.state is not RoundState.OPEN:
        sentence = _("Round {id} is closed: nothing in it changes any more.").format(id=round_id)
        raise RoundRefused(sentence, code="not-open")
    return found


def room_now(desk: Desk, walk: Walk, records: RoomRecords, now: datetime, boot: Boot | None = None) -> RoomNow:
    """What live values of this walk are read from; `boot` is now on the clock that never steps."""
    records, last = records_now(records, now, boot), records.last_signed
    return RoomNow(
        site=desk.site,
        latest=records.latest,
        entries=walk.entries,
        last_signed_at=last.signed_at if last is not None else None,
        now=now,
        on_battery_s={name: (now - event.at).total_seconds() for name, event in records.on_battery_since.items()},
        clock_set=any(event.source == CLOCK for event in records.events),
        addresses=records.addresses,
        findings=records.findings,
        zero=records.zero,
        proven=records.proven,
    )


def trends(desk: Desk, walk: Walk) -> dict[tuple[str, str], tuple[float, ...]]:
    """For every line of numbers: the values of the last 14 signed rounds before this one, oldest first."""
    with desk.store.read() as session:
        return {
            line.key: tuple(
                value for _at, value in rounds.recent_values(session, *line.key, before=walk.round.due_at, limit=14)
            )
            for line in walk.lines
            if line.item.kind in (ItemKind.NUMBER, ItemKind.COMPUTED) and not line.item.choices
        }


def _lines(
    checklist: Checklist, desk: Desk, found: Round, entries: Mapping[tuple[str, str], Entry]
) -> tuple[WalkLine, ...]:
    """The walk over today's devices, and after it answered lines of devices the site no longer has.

    A signed round has the lines it was signed with, whatever was added to the room since.
    """
    lines = expand(checklist, desk.site, occurrence(checklist.schedule.cadence, found.due_on))
    if found.signed_at is not None:
        answered = {key for key, entry in entries.items() if entry.answer is not None}
        lines = tuple(line for line in lines if line.key in answered)
    known = {line.key for line in lines}
    items = {item.id: item for item in checklist.items}
    gone = [key for key, entry in entries.items() if key not in known and entry.answer is not None]
    return (*lines, *(WalkLine(items[item], device) for item, device in gone if item in items))
