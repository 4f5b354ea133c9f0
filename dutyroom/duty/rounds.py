"""Walking a round: start, answer, undo, sign. Each act is one durable transaction with its line in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dutyroom import clock
from dutyroom.checklists import expand, parse
from dutyroom.duty.answers import Given, entry_of, with_note
from dutyroom.duty.clock_order import checked_reason
from dutyroom.duty.desk import Desk, require
from dutyroom.duty.signin import confirm
from dutyroom.duty.space import refuse_without_space
from dutyroom.errors import AnswerRefused, RoundRefused
from dutyroom.model.checklist import Checklist, ItemKind, WalkLine
from dutyroom.model.events import CLOCK, Boot
from dutyroom.model.people import Act, Actor
from dutyroom.model.reading import Verdict
from dutyroom.model.room import RoomRecords
from dutyroom.model.rounds import Entry, Mark, Round, RoundState
from dutyroom.rules.durations import records_now
from dutyroom.rules.live import LiveValue, RoomNow
from dutyroom.rules.schedule import current_slot, daily_slot
from dutyroom.store import baselines, ledger, readings, rounds
from dutyroom.store import checklists as kept_checklists
from dutyroom.store.database import Session
from dutyroom.words import _


@dataclass(frozen=True, slots=True)
class Walk:
    """A round with the checklist it was begun with, its lines in walking order, and what was answered so far."""

    round: Round
    checklist: Checklist
    lines: tuple[WalkLine, ...]
    entries: Mapping[tuple[str, str], Entry]

    def entry(self, line: WalkLine) -> Entry | None:
        """The answer of a line, or None while it is open (an undone answer is open again)."""
        entry = self.entries.get(line.key)
        return entry if entry is not None and entry.answer is not None else None

    def open_lines(self) -> tuple[WalkLine, ...]:
        """The lines without an answer."""
        return tuple(line for line in self.lines if self.entry(line) is None)

    def with_entry(self, entry: Entry) -> Walk:
        """The same walk with one entry more, or replaced."""
        return replace(self, entries={**self.entries, entry.key: entry})


def start_round(desk: Desk, actor: Actor, now: datetime) -> Walk:
    """Starts the round of the current slot, or goes on with it when it is open already.

    Raises RoundRefused: `exists` when that slot's round is signed, `disk` when a new one would find too little space;
    NotAllowed for a role that only reads.
    """
    require(actor, Act.START_ROUND)
    checklist, site = desk.checklist, desk.site
    slot = current_slot(checklist, now, site.timezone)
    with desk.store.write() as session:
        found = rounds.by_slot(session, checklist.name, slot.due_at)
        if found is not None and found.state is not RoundState.OPEN:
            raise RoundRefused(
                _("This round is done already: number {id}, signed by {who}.").format(
                    id=found.id, who=found.signed_by or "?"
                ),
                code="exists",
            )
        if found is None:
            refuse_without_space(site)
            if kept_checklists.publish(session, checklist.version, checklist.name, desk.checklist_text, now):
                ledger.append_row(session, at=now, actor=actor, act=Act.PUBLISH_CHECKLIST, of=checklist)
            begun = Round(
                checklist=checklist.name,
                version=checklist.version,
                due_at=slot.due_at,
                due_on=slot.due_on,
                duty_day=clock.duty_day(slot.due_at, site.zero_report_at, site.timezone),
                state=RoundState.OPEN,
                items=len(checklist.items),
                started_at=now,
                started_by=actor.name,
            )
            found = rounds.add(session, begun)
            ledger.append_row(session, at=now, actor=actor, act=Act.START_ROUND, of=found)
    return load_walk(desk, found.id)


def load_walk(desk: Desk, round_id: int) -> Walk:
    """The round as it stands, rendered with the checklist version it was begun with.

    Raises RoundRefused (`unknown`) for an id no round has.
    """
    with desk.store.read() as session:
        found = rounds.get(session, round_id)
        if found is None:
            raise RoundRefused(_("There is no round {id}.").format(id=round_id), code="unknown")
        text = kept_checklists.content(session, found.version)
        entries = {entry.key: entry for entry in rounds.entries(session, round_id)}
    checklist = desk.checklist
    if text is not None and found.version != checklist.version:
        checklist = parse(text, desk.site.limit_profile, f"checklist {found.version}")
    return Walk(found, checklist, _lines(checklist, desk, entries), entries)


def record_answer(desk: Desk, actor: Actor, round_id: int, line: WalkLine, given: Given, now: datetime) -> Entry:
    """Stores one answer; when this returns it is on the disk.

    Raises AnswerRefused for an answer that cannot stand (impossible, stale, without its note, in place of another
    person's), RoundRefused (`not-open`) when the round is closed.
    """
    return record_answers(desk, actor, round_id, [(line, given)], now)[0]


def record_answers(
    desk: Desk, actor: Actor, round_id: int, answers: Sequence[tuple[WalkLine, Given]], now: datetime
) -> tuple[Entry, ...]:
    """Several answers in one transaction, each its own entry with its own ledger line; all or none."""
    require(actor, Act.ANSWER)
    entries = tuple(entry_of(round_id, line, given, actor, now) for line, given in answers)
    with desk.store.write() as session:
        _open_round(session, round_id)
        standing = {entry.key: entry for entry in rounds.entries(session, round_id) if entry.answer is not None}
        for entry in entries:
            _refuse_overwriting(standing.get(entry.key), actor)
            _keep(session, actor, Act.ANSWER, entry, now)
    return entries


def undo_answer(desk: Desk, actor: Actor, round_id: int, line: WalkLine, now: datetime) -> Entry:
    """Opens a line again. The row stays with an empty answer, and the ledger keeps what it was."""
    require(actor, Act.UNDO)
    item, device = line.key
    entry = Entry(round_id, item, device, None, Verdict.UNKNOWN, now, actor.name)
    with desk.store.write() as session:
        _open_round(session, round_id)
        _keep(session, actor, Act.UNDO, entry, now)
    return entry


def sign_round(desk: Desk, actor: Actor, round_id: int, password: str, now: datetime, clock_reason: str = "") -> Round:
    """Closes the round with the operator's own password; from then on nothing in it changes.

    `clock_reason` says why it is signed although the clock stands before the newest record; it is kept only then.

    Raises SignInRefused for a wrong password, RoundRefused: `unanswered` with the number of open lines, `clock` when
    the clock stands before the newest record and no reason is given, `not-open` when it is closed already.
    """
    require(actor, Act.SIGN_ROUND)
    confirm(desk.store, actor, password, now)
    walk = load_walk(desk, round_id)
    slot = daily_slot(walk.checklist, walk.round.due_on, desk.site.timezone)
    with desk.store.write() as session:
        found = _open_round(session, round_id)
        entries = rounds.entries(session, round_id)
        answered = {entry.key for entry in entries if entry.answer is not None}
        unanswered = [line for line in walk.lines if line.key not in answered]
        if unanswered:
            raise RoundRefused(
                _("{n} lines have no answer yet: answer them, then sign.").format(n=len(unanswered)), code="unanswered"
            )
        signed = replace(
            found,
            state=RoundState.SIGNED,
            signed_at=now,
            signed_by=actor.name,
            marks=(*found.marks, Mark.LATE) if slot.is_late(now) else found.marks,
            abnormal=sum(entry.verdict in (Verdict.ATTENTION, Verdict.FAULT) for entry in entries),
            clock_reason=checked_reason(session, desk.site, now, clock_reason),
        )
        rounds.update(session, signed)
        # What the next look at the ports is compared with.
        baselines.mark(session, signed.id, [one.sample for one in readings.latest(session).values()])
        ledger.append_row(session, at=now, actor=actor, act=Act.SIGN_ROUND, of=signed)
    return signed


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
    )


def annotate(desk: Desk, actor: Actor, entry: Entry, note: str, now: datetime) -> Entry:
    """The same answer with another note; value, origin and verdict stay. Raises AnswerRefused (`note-needed`)."""
    require(actor, Act.ANSWER)
    noted = with_note(entry, note)
    with desk.store.write() as session:
        _open_round(session, entry.round_id)
        _keep(session, actor, Act.ANSWER, noted, now)
    return noted


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


def accept(live: LiveValue, note: str = "") -> Given:
    """The answer of somebody who takes the live value that stands on the screen."""
    return Given(answer=live.answer, note=note, live=live, accepts_live=True)


def _lines(checklist: Checklist, desk: Desk, entries: Mapping[tuple[str, str], Entry]) -> tuple[WalkLine, ...]:
    """The walk over today's devices, and after it answered lines of devices the site no longer has."""
    lines = expand(checklist, desk.site)
    known = {line.key for line in lines}
    gone = [key for key in entries if key not in known]
    items = {item.id: item for item in checklist.items}
    return (*lines, *(WalkLine(items[item], device) for item, device in gone if item in items))


def _open_round(session: Session, round_id: int) -> Round:
    found = rounds.get(session, round_id)
    if found is None:
        raise RoundRefused(_("There is no round {id}.").format(id=round_id), code="unknown")
    if found.state is not RoundState.OPEN:
        sentence = _("Round {id} is closed: nothing in it changes any more.").format(id=round_id)
        raise RoundRefused(sentence, code="not-open")
    return found


def _refuse_overwriting(standing: Entry | None, actor: Actor) -> None:
    """Two people at one round: the later one must see the other's answer before it is changed."""
    if standing is not None and standing.by != actor.name:
        sentence = _("{who} answered this line already: undo that answer first.").format(who=standing.by)
        raise AnswerRefused(sentence, code="answered-by-another")


def _keep(session: Session, actor: Actor, act: Act, entry: Entry, now: datetime) -> None:
    rounds.put_entry(session, entry)
    ledger.append_row(session, at=now, actor=actor, act=act, of=entry)
