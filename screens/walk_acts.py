"""What a person does to a walk: checked at once, carried out in order, and then part of the walk on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dutyroom import clock
from dutyroom.duty import answer_findings, answering, presence, signing, walks
from dutyroom.duty.answers import Given, entry_of
from dutyroom.duty.meanwhile import Seen
from dutyroom.errors import DutyroomError
from dutyroom.model.checklist import WalkLine
from dutyroom.model.people import Actor
from dutyroom.model.rounds import Entry, Round, RoundHolder
from dutyroom.rules.finding_life import key_of_entry, needs_finding
from screens.desk import OpenedRoom
from screens.walk_finding import FindingChoice
from screens.walk_state import WalkState
from screens.walk_stops import Key

Answers = list[tuple[WalkLine, Given]]


class WalkActs:
    """The acts of one operator on one walk. Each raises DutyroomError with its sentence and changes nothing then."""

    def __init__(self, opened: OpenedRoom, actor: Actor, state: WalkState) -> None:
        self._opened, self._actor, self._state = opened, actor, state
        # Kept by the acts themselves, in the thread that carries them out: no haste makes an own answer an unseen one.
        self._seen = Seen(dict(state.walk.entries))

    def entries(self, answers: Answers) -> tuple[Entry, ...]:
        """What answers would be stored as. Raises AnswerRefused at once for one that cannot stand."""
        round_id, now = self._state.walk.round.id, clock.now()
        return tuple(entry_of(round_id, line, given, self._actor, now) for line, given in answers)

    def advance(self, entries: Sequence[Entry], key: Key) -> None:
        """Marks answers as being saved and puts the cursor on the next open stop after `key`."""
        state = self._state
        for entry in entries:
            state.saving[entry.key] = entry
            state.answered.append(entry.key)
        state.stand(key)
        if len(entries) == 1 and needs_finding(entries[0]):
            state.finding = FindingChoice(entries[0])
        else:
            state.go_on()

    async def save(self, answers: Answers, on_their_way: Sequence[Entry]) -> None:
        """Stores answers marked by `advance`; when this returns they are on the disk and part of the walk."""
        state = self._state
        try:
            entries = await self._opened.writer.carry_out(
                answering.record_answers,
                self._opened.desk,
                self._actor,
                state.walk.round.id,
                answers,
                clock.now(),
                self._seen,
            )
        except DutyroomError:
            for line, given in answers:
                state.forget(line.key)
                # What was written may be wanted for the next try.
                state.drafts.setdefault(line.key, given.note)
            raise
        finally:
            state.arrived(on_their_way)
        for entry in entries:
            state.walk = state.walk.with_entry(entry)
            state.drafts.pop(entry.key, None)

    def take_back(self, entry: Entry) -> Entry:
        """Marks the line of an answer as being opened again and puts the cursor there; gives the mark."""
        state, mark = self._state, replace(entry, answer=None)
        state.saving[entry.key] = mark
        state.forget(entry.key)
        state.finding = None
        state.stand(entry.key)
        return mark

    async def undo(self, line: WalkLine, on_its_way: Entry) -> None:
        """Opens a line marked by `take_back` again."""
        state = self._state
        try:
            entry = await self._opened.writer.carry_out(
                answering.undo_answer,
                self._opened.desk,
                self._actor,
                state.walk.round.id,
                line,
                clock.now(),
                self._seen,
            )
        finally:
            state.arrived([on_its_way])
        state.walk = state.walk.with_entry(entry)

    async def annotate(self, entry: Entry, note: str) -> None:
        """Gives an answer another note."""
        noted = await self._opened.writer.carry_out(
            answering.annotate, self._opened.desk, self._actor, entry, note, clock.now(), self._seen
        )
        self._state.walk = self._state.walk.with_entry(noted)

    async def faults(self, choice: FindingChoice) -> None:
        """Reads which findings a stored answer may stand for; a fault that is found already needs no question."""
        state, entry = self._state, self._state.walk.entries.get(choice.entry.key)
        if state.finding is not choice or entry is None:
            return
        if not needs_finding(entry):
            state.finding = None
            state.go_on()
            return
        faults = await self._opened.writer.carry_out(answer_findings.faults_for, self._opened.desk, entry, clock.now())
        same = next((one for one in faults if one.key == key_of_entry(entry.item, entry.device)), None)
        if state.finding is choice and same is not None:
            # The very fault is found already and not over: there is nothing to choose.
            state.finding = None
            state.go_on()
            await self.link(entry, same.id)
        else:
            choice.faults = faults

    async def link(self, entry: Entry, number: int | None) -> None:
        """The answer stands for the finding of that number; without one for a finding of its own."""
        desk, now, carry_out = self._opened.desk, clock.now(), self._opened.writer.carry_out
        if number is None:
            linked, _finding = await carry_out(answer_findings.link_new, desk, self._actor, entry, now)
        else:
            linked, _finding = await carry_out(answer_findings.link_existing, desk, self._actor, entry, number, now)
        self._state.walk = self._state.walk.with_entry(linked)

    async def hold(self) -> tuple[RoundHolder, ...]:
        """Says that this person has the round open here; gives the others who have."""
        round_id = self._state.walk.round.id
        return await self._opened.writer.carry_out(
            presence.hold_round, self._opened.desk, self._actor, round_id, clock.now()
        )

    async def leave(self) -> None:
        """This person has the round open here no longer."""
        round_id = self._state.walk.round.id
        await self._opened.writer.carry_out(presence.leave_round, self._opened.desk, self._actor, round_id)

    async def reload(self) -> None:
        """Takes the walk from the store again."""
        round_id = self._state.walk.round.id
        self._state.walk = await self._opened.writer.carry_out(walks.load_walk, self._opened.desk, round_id)
        self._seen.look(self._state.walk.entries)

    async def sign(self, password: str, clock_reason: str = "") -> Round:
        """Signs the round with the operator's own password; with a reason also against the clock."""
        signed = await self._opened.writer.carry_out(
            signing.sign_round,
            self._opened.desk,
            self._actor,
            self._state.walk.round.id,
            password,
            clock.now(),
            clock_reason,
            self._state.walk.entries,
        )
        self._state.walk = replace(self._state.walk, round=signed)
        return signed
