"""How an answer given in a walk gets to the disk: checked at once, asked for its note, stored, or refused in words."""

from __future__ import annotations

from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace

from textual import work

from dutyroom import show
from dutyroom.duty.answers import Given
from dutyroom.duty.presence import SEEN_EVERY_S
from dutyroom.errors import AnswerRefused, DutyroomError
from dutyroom.inert import inert
from dutyroom.model.checklist import WalkLine
from dutyroom.model.rounds import Entry, RoundHolder
from dutyroom.words import _
from screens.walk_acts import Answers, WalkActs
from screens.walk_finding import FindingChoice
from screens.walk_stops import Key
from screens.walk_values import difference
from screens.walk_view import WalkScreen


class AnsweringScreen(WalkScreen):
    """A walk that takes answers. Which key gives which answer is not known here."""

    def on_mount(self) -> None:
        """Others who open the round see who has it."""
        if self.acts is not None:
            self._hold()
            self.set_interval(SEEN_EVERY_S, self._hold)

    def on_unmount(self) -> None:
        """Whoever left the round has it open no longer."""
        if self.acts is not None and self.room.is_running:
            self.room.run_worker(_leave(self.acts), group="presence")

    @work(exclusive=True, group="presence")
    async def _hold(self) -> None:
        if self.acts is None:
            return
        try:
            others = await self.acts.hold()
        except DutyroomError:  # locked, or signed elsewhere: the next answer says so
            return
        came = [one for one in others if one.by not in {before.by for before in self.others}]
        self.others = others
        if came:
            self.say(lambda: self._has_it_too(came[0]), "attention")
        self.show_walk()

    def _has_it_too(self, one: RoundHolder) -> str:
        who = self.room.records.person(one.by) if self.room.records is not None else one.by
        at = show.time_of_day(one.since, self.room.site.timezone)
        told = _("{who} has this round open too, at {terminal}, since {at}.")
        return told.format(who=who, terminal=inert(one.terminal, 40), at=at)

    def answer(self, line: WalkLine, given: Given) -> None:
        """Checks an answer at once; asks for its note, or stores it and goes on."""
        if self.acts is None:
            return
        try:
            self.store(self.acts, [(line, given)], line.key)
        except AnswerRefused as refused:
            if refused.code == "note-needed":
                self.ask_note(lambda text: self.answer(line, replace(given, note=text)))
                if told := difference(line.item, given.answer, given.live):
                    self.say(told, "attention")
                    return
            elif given.note:
                self.state.drafts[line.key] = given.note
            self.say(str(refused), "attention")

    def store(self, acts: WalkActs, answers: Answers, key: Key) -> None:
        """Begins to store answers and goes on. Raises AnswerRefused when one of them cannot stand."""
        entries = acts.entries(answers)
        self._said = ("", "")
        acts.advance(entries, key)
        choice = self.state.finding
        self.run_worker(self.carry_out(self._save(acts, answers, entries, choice), key))
        if choice is not None:
            self._say_how()

    def ask_finding(self, entry: Entry) -> None:
        """Asks under its line which finding an answer on the disk stands for."""
        if self.acts is not None:
            self.state.stand(entry.key)
            self.state.finding = FindingChoice(entry)
            self.run_worker(self.carry_out(self.acts.faults(self.state.finding), entry.key))
            self._say_how()

    async def _save(
        self, acts: WalkActs, answers: Answers, entries: tuple[Entry, ...], choice: FindingChoice | None
    ) -> None:
        await acts.save(answers, entries)
        if choice is not None:
            await acts.faults(choice)

    def _say_how(self) -> None:
        self.refresh_bindings()
        self.say(
            lambda: _("{take} says which, ↑ ↓ choose, {leave} leaves it for later").format(**self.key_words()), "dim"
        )

    def take_finding(self) -> None:
        """Makes the answer stand for what is chosen, and goes on."""
        choice, self.state.finding = self.state.finding, None
        if choice is not None and self.acts is not None:
            self._said = ("", "")
            self.run_worker(self.carry_out(self.acts.link(choice.entry, choice.number), choice.entry.key))
        self.state.go_on()
        self.refresh_bindings()

    def leave_finding(self) -> None:
        """Which finding it is can be said later; before that the round is not signed."""
        self.state.finding = None
        self._said = ("", "")
        self.state.go_on()
        self.refresh_bindings()

    async def carry_out(self, act: Coroutine[None, None, None], key: Key) -> None:
        """Waits for an act; trouble brings the cursor back to its line and says why."""
        self.call_next(self.show_walk)
        try:
            await act
        except DutyroomError as error:
            self.state.stand(key)
            self.state.finding = None
            self.say(str(error), "fault")
            await self.reload()
        self.show_board(self.room.board)

    async def reload(self) -> None:
        """After trouble the screen shows what the store holds; somebody else may have answered meanwhile."""
        if self.acts is not None:
            with suppress(DutyroomError):  # the store is the trouble: its sentence stands there already
                await self.acts.reload()

    def annotate(self, line: WalkLine, entry: Entry, text: str) -> None:
        """Gives the answer that stands another note."""
        if self.acts is not None:
            self.run_worker(self.carry_out(self.acts.annotate(entry, text), line.key))

    def draft(self, line: WalkLine, text: str) -> None:
        """Keeps a note for the answer to come."""
        self.state.drafts[line.key] = text
        self.say(lambda: _("The note is kept for the answer to come."), "dim")

    def on_input_submitted(self) -> None:
        """The note is written."""
        self.note.take()
        self.show_walk()


async def _leave(acts: WalkActs) -> None:
    with suppress(DutyroomError):  # locked: it is known by its silence in a minute
        await acts.leave()
