"""Amending a signed round: answers that take the place of others, with a reason and a password.

What was signed stays as it was; an approval of it holds no longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dutyroom.duty.answer_findings import found_by_amending
from dutyroom.duty.answers import Given, entry_of
from dutyroom.duty.approval import refuse_other_revision, signed_round
from dutyroom.duty.clock_order import checked_reason
from dutyroom.duty.desk import Desk, require
from dutyroom.duty.signin import confirm
from dutyroom.duty.walks import Walk, load_walk
from dutyroom.errors import AnswerRefused, RoundRefused
from dutyroom.inert import inert
from dutyroom.model.checklist import WalkLine
from dutyroom.model.people import Act, Actor
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import Amendment, Entry, Mark, Round, RoundState
from dutyroom.rules.live import LiveValue
from dutyroom.rules.plausibility import number
from dutyroom.store import amendments, ledger, rounds
from dutyroom.words import _

LONGEST_REASON = 500


def amend_round(
    desk: Desk,
    actor: Actor,
    round_id: int,
    revision: int,
    changes: Sequence[tuple[WalkLine, Given]],
    reason: str,
    password: str,
    now: datetime,
) -> Round:
    """Puts other answers in the place of those of a signed round, as its next revision; an approval is withdrawn.

    `revision` is the one the person read. Raises SignInRefused for a wrong password, AnswerRefused for an answer
    that cannot stand, RoundRefused: `no-reason`, `nothing-changed`, `changed` when somebody amended it since it was
    read (with both texts), `unanswered` when a line that is asked by these answers has none, `not-signed`, `clock`,
    `unknown`; NotAllowed.
    """
    require(actor, Act.AMEND_ROUND)
    why = inert(reason, LONGEST_REASON).strip()
    if not why:
        raise RoundRefused(_("Say why the round is amended: the reason stays with it."), code="no-reason")
    confirm(desk.store, actor, password, now)
    walk = load_walk(desk, round_id)
    entries = () if walk.round.revision != revision else amended_entries(walk, changes, actor, now)
    with desk.store.write() as session:
        found = signed_round(session, round_id)
        refuse_other_revision(session, found, revision, why)
        checked_reason(session, desk.site, now, "")
        entries = tuple(found_by_amending(session, actor, entry, now) for entry in entries)
        amendment = amendments.add(
            session,
            Amendment(
                round_id=found.id,
                revision=found.revision + 1,
                at=now,
                by=actor.name,
                reason=why,
                entries=entries,
                withdrew_by=found.approved_by,
                withdrew_at=found.approved_at,
            ),
        )
        amended = replace(
            found,
            state=RoundState.SIGNED,
            revision=amendment.revision,
            approved_at=None,
            approved_by=None,
            marks=found.marks if Mark.AMENDED in found.marks else (*found.marks, Mark.AMENDED),
            abnormal=_abnormal(rounds.entries(session, found.id)),
        )
        rounds.update(session, amended)
        ledger.append_row(session, at=now, actor=actor, act=Act.AMEND_ROUND, of=amendment)
        ledger.append_row(session, at=now, actor=actor, act=Act.AMEND_ROUND, of=amended)
    return amended


def amended_entries(
    seen: Walk, changes: Sequence[tuple[WalkLine, Given]], actor: Actor, now: datetime
) -> tuple[Entry, ...]:
    """What the answers would be stored as. Raises AnswerRefused, RoundRefused (`nothing-changed`, `unanswered`)."""
    entries: list[Entry] = []
    for told, given in changes:
        line = seen.own_line(told)
        entry = _entry(seen, line, given, actor, now)
        old = seen.entry(line)
        if old is None or (old.answer, old.note) != (entry.answer, entry.note):
            entries.append(entry)
    if not entries:
        raise RoundRefused(_("Nothing is different: there is nothing to amend."), code="nothing-changed")
    walk = seen
    for entry in entries:
        walk = walk.with_entry(entry)
    if unanswered := walk.open_lines():
        sentence = _("{n} lines have no answer by that: answer them in the same amendment.")
        raise RoundRefused(sentence.format(n=len(unanswered)), code="unanswered")
    return tuple(entries)


def amendments_of(desk: Desk, round_id: int) -> tuple[Amendment, ...]:
    """The amendments of a round, oldest first."""
    with desk.store.read() as session:
        return amendments.of_rounds(session, [round_id])


def as_signed(desk: Desk, round_id: int) -> tuple[Entry, ...]:
    """The answers of a round as they were when it was signed, whatever was amended since."""
    with desk.store.read() as session:
        return rounds.entries_as_signed(session, round_id)


def _entry(seen: Walk, line: WalkLine, given: Given, actor: Actor, now: datetime) -> Entry:
    """The answer, judged against what the source said when the line was answered: nobody measures the past again."""
    if given.accepts_live:
        raise AnswerRefused(_("An amendment is typed: nothing is measured afterwards."), code="no-live-value")
    old = seen.entry(line)
    entry = entry_of(seen.round.id, line, replace(given, live=_live_of(old)), actor, now)
    if old is None:
        return entry
    still = old.finding_id if entry.verdict in (Verdict.ATTENTION, Verdict.FAULT) else None
    return replace(entry, age_s=old.age_s, finding_id=still)


def _live_of(old: Entry | None) -> LiveValue | None:
    if old is None or old.live_value is None or old.source is None:
        return None
    at = old.at - timedelta(seconds=old.age_s or 0.0)
    return LiveValue(old.live_value, number(old.live_value), old.source, at, 0.0)


def _abnormal(entries: Sequence[Entry]) -> int:
    return sum(entry.verdict in (Verdict.ATTENTION, Verdict.FAULT) for entry in entries)
