"""Answering the lines of a round: each act is one durable transaction with its line in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dutyroom.duty.answer_findings import stands_by_itself, take_back
from dutyroom.duty.answers import Given, entry_of, with_note
from dutyroom.duty.desk import Desk, require
from dutyroom.duty.walks import open_round
from dutyroom.errors import AnswerRefused
from dutyroom.model.checklist import WalkLine
from dutyroom.model.people import Act, Actor
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import Entry
from dutyroom.rules.live import LiveValue
from dutyroom.store import ledger, rounds
from dutyroom.store.database import Session
from dutyroom.words import _


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
    given = tuple(entry_of(round_id, line, one, actor, now) for line, one in answers)
    with desk.store.write() as session:
        open_round(session, round_id)
        standing = {entry.key: entry for entry in rounds.entries(session, round_id) if entry.answer is not None}
        kept: list[Entry] = []
        for entry in given:
            before = standing.get(entry.key)
            _refuse_overwriting(before, actor)
            kept.append(stands_by_itself(session, actor, entry, before, now))
            _keep(session, actor, Act.ANSWER, kept[-1], now)
    return tuple(kept)


def undo_answer(desk: Desk, actor: Actor, round_id: int, line: WalkLine, now: datetime) -> Entry:
    """Opens a line again. The row stays with an empty answer, and the ledger keeps what it was.

    A finding that was made of this answer alone by the same person is withdrawn.
    """
    require(actor, Act.UNDO)
    item, device = line.key
    entry = Entry(round_id, item, device, None, Verdict.UNKNOWN, now, actor.name)
    with desk.store.write() as session:
        open_round(session, round_id)
        take_back(session, actor, rounds.entry(session, round_id, item, device), now)
        _keep(session, actor, Act.UNDO, entry, now)
    return entry


def annotate(desk: Desk, actor: Actor, entry: Entry, note: str, now: datetime) -> Entry:
    """The same answer with another note; value, origin and verdict stay. Raises AnswerRefused (`note-needed`)."""
    require(actor, Act.ANSWER)
    noted = with_note(entry, note)
    with desk.store.write() as session:
        open_round(session, entry.round_id)
        _keep(session, actor, Act.ANSWER, noted, now)
    return noted


def accept(live: LiveValue, note: str = "") -> Given:
    """The answer of somebody who takes the live value that stands on the screen."""
    return Given(answer=live.answer, note=note, live=live, accepts_live=True)


def _refuse_overwriting(standing: Entry | None, actor: Actor) -> None:
    """Two people at one round: the later one must see the other's answer before it is changed."""
    if standing is not None and standing.by != actor.name:
        sentence = _("{who} answered this line already: undo that answer first.").format(who=standing.by)
        raise AnswerRefused(sentence, code="answered-by-another")


def _keep(session: Session, actor: Actor, act: Act, entry: Entry, now: datetime) -> None:
    rounds.put_entry(session, entry)
    ledger.append_row(session, at=now, actor=actor, act=act, of=entry)
