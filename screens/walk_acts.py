"""What a person does to a walk: checked at once, carried out in order, and then part of the walk on the screen."""

from __future__ import annotations

from dataclasses import replace

from dutyroom import clock
from dutyroom.duty import rounds
from dutyroom.duty.answers import Given, entry_of
from dutyroom.model.checklist import WalkLine
from dutyroom.model.people import Actor
from dutyroom.model.rounds import Entry, Round
from screens.desk import OpenedRoom
from screens.walk_state import WalkState
from screens.walk_stops import Key

Answers = list[tuple[WalkLine, Given]]


class WalkActs:
    """The acts of one operator on one walk. Each raises DutyroomError with its sentence and changes nothing then."""

    def __init__(self, opened: OpenedRoom, actor: Actor, state: WalkState) -> None:
        self._opened, self._actor, self._state = opened, actor, state

    def check(self, line: WalkLine, given: Given) -> None:
        """Raises AnswerRefused at once for an answer that cannot stand."""
        entry_of(self._state.walk.round.id, line, given, self._actor, clock.now())

    def advance(self, answers: Answers, key: Key) -> None:
        """Puts the cursor on the next open stop, as if the answers were stored already."""
        state, before = self._state, self._state.walk
        for line, given in answers:
            state.walk = state.walk.with_entry(entry_of(before.round.id, line, given, self._actor, clock.now()))
        state.stand(key)
        state.go_on()
        state.walk = before

    async def save(self, answers: Answers) -> None:
        """Stores answers; when this returns they are on the disk and part of the walk."""
        state, keys = self._state, [line.key for line, _given in answers]
        state.saving.update(keys)
        try:
            entries = await self._opened.writer.carry_out(
                rounds.record_answers, self._opened.desk, self._actor, state.walk.round.id, answers, clock.now()
            )
        finally:
            state.saving.difference_update(keys)
        for entry in entries:
            state.walk = state.walk.with_entry(entry)
            state.answered.append(entry.key)
            state.drafts.pop(entry.key, None)

    async def undo(self, line: WalkLine) -> None:
        """Opens a line again and puts the cursor there."""
        state = self._state
        entry = await self._opened.writer.carry_out(
            rounds.undo_answer, self._opened.desk, self._actor, state.walk.round.id, line, clock.now()
        )
        state.walk = state.walk.with_entry(entry)
        state.answered = [key for key in state.answered if key != line.key]
        state.stand(line.key)

    async def annotate(self, entry: Entry, note: str) -> None:
        """Gives an answer another note."""
        noted = await self._opened.writer.carry_out(
            rounds.annotate, self._opened.desk, self._actor, entry, note, clock.now()
        )
        self._state.walk = self._state.walk.with_entry(noted)

    async def sign(self, password: str) -> Round:
        """Signs the round with the operator's own password."""
        signed = await self._opened.writer.carry_out(
            rounds.sign_round, self._opened.desk, self._actor, self._state.walk.round.id, password, clock.now()
        )
        self._state.walk = replace(self._state.walk, round=signed)
        return signed
