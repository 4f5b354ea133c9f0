"""Answering the lines of a round: each act is one durable transaction with its line in the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from dutyroom.duty.answer_findings import stands_by_itself, take_back
from dutyroom.duty.answers import Given, entry_of, with_note
from dutyroom.duty.desk import Desk, require
from dutyroom.duty.meanwhile import Seen, is_same, refuse_unseen, told_both
from dutyroom.duty.records import read_room
from dutyroom.duty.walks import Walk, load_walk, open_round, room_now
from dutyroom.errors import AnswerRefused
from dutyroom.model.checklist import Mode, WalkLine
from dutyroom.model.people import Act, Actor
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import Entry
from dutyroom.rules.finding_life import ABNORMAL
from dutyroom.rules.freshness import GRACE_S
from dutyroom.rules.honesty import COMPUTED
from dutyroom.rules.live import LiveValue, RoomNow, live_value
from dutyroom.store import ledger, rounds
from dutyroom.store.database import Session
from dutyroom.words import _


def record_answer(
    desk: Desk, actor: Actor, round_id: int, line: WalkLine, given: Given, now: datetime, seen: Seen | None = None
) -> Entry:
    """Stores one answer; when this returns it is on the disk.

    Raises AnswerRefused for an answer that cannot stand (impossible, stale, without its note, of a line this round does
    not ask, in place of another person's or of one not seen: `changed`), RoundRefused (`not-open`) when the round is
    closed.
    """
    return record_answers(desk, actor, round_id, [(line, given)], now, seen)[0]


def record_answers(
    desk: Desk,
    actor: Actor,
    round_id: int,
    answers: Sequence[tuple[WalkLine, Given]],
    now: datetime,
    seen: Seen | None = None,
    moments: Sequence[datetime] = (),
) -> tuple[Entry, ...]:
    """Several answers in one transaction, each its own entry with its own ledger line; all or none.

    `moments` are when each was given, in order, where that was not at `now`.

    `seen` are the answers the person has seen: no other one is overwritten. What the source says of a line is looked up
    where it is not given, so that nothing typed over a measurement passes for one that had none beside it.
    """
    require(actor, Act.ANSWER)
    walk = load_walk(desk, round_id)
    asked = [(walk.own_line(line), one) for line, one in answers]
    told = zip(_beside_live(desk, walk, asked, now), moments or [now] * len(asked), strict=True)
    given = tuple(entry_of(round_id, line, one, actor, at) for (line, one), at in told)
    with desk.store.write() as session:
        open_round(session, round_id)
        there = {entry.key: entry for entry in rounds.entries(session, round_id)}
        kept: list[Entry] = []
        new: list[Entry] = []
        for entry in given:
            before = there.get(entry.key)
            if before is not None and before.answer is None:
                before = None
            _refuse_overwriting(walk, before, entry, actor)
            if seen is not None:
                refuse_unseen(walk, before, seen.entries.get(entry.key), entry)
            if entry.key not in there and entry.verdict not in ABNORMAL:
                new.append(entry)
            else:
                _keep_new(session, actor, new)
                entry = stands_by_itself(session, actor, entry, before, entry.at)
                _keep(session, actor, Act.ANSWER, entry, entry.at)
            kept.append(entry)
        _keep_new(session, actor, new)
    if seen is not None:
        seen.keep(kept)
    return tuple(kept)


def undo_answer(
    desk: Desk, actor: Actor, round_id: int, line: WalkLine, now: datetime, seen: Seen | None = None
) -> Entry:
    """Opens a line again. The row stays with an empty answer, and the ledger keeps what it was.

    A finding that was made of this answer alone by the same person is withdrawn. Raises AnswerRefused (`changed`) when
    the answer that stands is not the one that was seen, (`unanswered`) when there is none, RoundRefused (`not-open`).
    """
    require(actor, Act.UNDO)
    walk = load_walk(desk, round_id)
    item, device = line.key
    entry = Entry(round_id, item, device, None, Verdict.UNKNOWN, now, actor.name)
    with desk.store.write() as session:
        open_round(session, round_id)
        standing = rounds.entry(session, round_id, item, device)
        if standing is None or standing.answer is None:
            raise AnswerRefused(_("This line has no answer: there is nothing to undo."), code="unanswered")
        if seen is not None:
            refuse_unseen(walk, standing, seen.entries.get(line.key), None)
        take_back(session, actor, standing, now)
        _keep(session, actor, Act.UNDO, entry, now)
    if seen is not None:
        seen.keep([entry])
    return entry


def annotate(desk: Desk, actor: Actor, entry: Entry, note: str, now: datetime, seen: Seen | None = None) -> Entry:
    """The same answer with another note; value, origin and verdict stay.

    `entry` is the answer as it was seen. Raises AnswerRefused: `note-needed`, `changed` with both texts when another
    answer stands there by now; RoundRefused (`not-open`).
    """
    require(actor, Act.ANSWER)
    walk = load_walk(desk, entry.round_id)
    with desk.store.write() as session:
        open_round(session, entry.round_id)
        standing = rounds.entry(session, entry.round_id, *entry.key)
        known = seen.entries.get(entry.key, entry) if seen is not None else entry
        if standing is None or not is_same(standing, known):
            raise AnswerRefused(told_both(walk, standing or entry, with_note(entry, note)), code="changed")
        noted = with_note(standing, note, walk.checklist.item(entry.item))
        _keep(session, actor, Act.ANSWER, noted, now)
    if seen is not None:
        seen.keep([noted])
    return noted


def accept(live: LiveValue, note: str = "") -> Given:
    """The answer of somebody who takes the live value that stands on the screen."""
    return Given(answer=live.answer, note=note, live=live, accepts_live=True)


def _refuse_overwriting(walk: Walk, standing: Entry | None, mine: Entry, actor: Actor) -> None:
    """Two people at one round: the later one must see the other's answer before it is changed."""
    if standing is not None and standing.by != actor.name:
        raise AnswerRefused(told_both(walk, standing, mine), code="answered-by-another")


def _beside_live(
    desk: Desk, walk: Walk, answers: Sequence[tuple[WalkLine, Given]], now: datetime
) -> Iterator[tuple[WalkLine, Given]]:
    """Each answer with what its source says now, where the caller did not say and a source can."""
    room: RoomNow | None = None
    for line, given in answers:
        if given.live is not None or given.accepts_live or line.item.mode is Mode.EYES:
            yield line, given
            continue
        if room is None:
            room = room_now(desk, walk, read_room(desk, now), now)
        live = live_value(line, room)
        # A time that is still to come is of another clock: its age is not known.
        is_told = live is not None and live.source != COMPUTED and (live.at - now).total_seconds() <= GRACE_S
        yield line, replace(given, live=live) if is_told else given


def _keep_new(session: Session, actor: Actor, new: list[Entry]) -> None:
    """First answers that concern no finding, in one go; the list is empty afterwards."""
    rounds.put_entries(session, new)
    ledger.append_rows(session, at=[one.at for one in new], actor=actor, act=Act.ANSWER, of=new)
    new.clear()


def _keep(session: Session, actor: Actor, act: Act, entry: Entry, now: datetime) -> None:
    rounds.put_entry(session, entry)
    ledger.append_row(session, at=now, actor=actor, act=act, of=entry)
