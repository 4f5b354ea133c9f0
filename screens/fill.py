"""Round: what do I look at next? The form of one walk; every answer is on the disk when it is shown as saved."""

from __future__ import annotations

from textual import events

from dutyroom.duty import answering
from dutyroom.errors import AnswerRefused
from dutyroom.model.checklist import ItemKind, Mode
from dutyroom.model.rounds import ABNORMAL, NOT_APPLICABLE, Round
from dutyroom.rules.finding_life import needs_finding, unresolved
from dutyroom.words import _
from screens import review_lines
from screens.copying import copy, line_text
from screens.dialogs.sign_round import SignRoundDialog
from screens.keys import ROUND_KEYS
from screens.walk_answering import AnsweringScreen
from screens.walk_state import normal_answer, takes_table
from screens.walk_stops import Key
from screens.widgets.lines import Line

# What the keys of a round send while a Chinese input method is set to full width or to its own punctuation.
FULL_WIDTH = {
    "　": "normal",
    "－": "abnormal",
    "＊": "not_applicable",
    "＋": "accept_device",
    "／": "note",
    "、": "note",
}
# What a key may not do while it is asked which finding an answer stands for.
_ANSWERS = frozenset({"normal", "abnormal", "not_applicable", "accept_device", "note", "review"})
_ALWAYS = frozenset({"leave", "move", "next_open", "copy_row"})


class FillScreen(AnsweringScreen):
    """One round, walked by keys. Without an actor it is only read."""

    CSS_PATH = "fill.tcss"
    BINDINGS = [key.binding() for key in ROUND_KEYS]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """While a note is written only leaving works; a signed round takes no answers."""
        if self.note.asking:
            return action == "leave"
        if self.state.finding is not None and action in _ANSWERS:
            return False
        return action in _ALWAYS or self.acts is not None or action.startswith("app.")

    async def on_key(self, event: events.Key) -> None:
        """Digits and the point type the number of the line, or take the choice of that digit."""
        if self.note.asking or self.acts is None or event.character is None:
            return
        if event.character in FULL_WIDTH:
            event.stop()
            if self.state.finding is None:
                await self.run_action(FULL_WIDTH[event.character])
            return
        if self.state.finding is not None:
            return
        here = self.state.here()
        choice = self.state.choice_by_digit(event.character)
        if choice is not None and here is not None and here.line is not None:
            self.answer(here.line, self.state.given(here.line, choice))
        elif not self.state.type(event.character):
            return
        event.stop()
        self.show_walk()

    def on_click(self, event: events.Click) -> None:
        """The line that was clicked; a click on a choice marks it, on the marked one or an open device it is taken."""
        clicked = self.stop_at(event)
        if clicked is None or self.note.asking:
            return
        key, choice = clicked
        if key != self.state.cursor:
            self._go_to(key)
        elif choice is not None and self.acts is not None:
            if choice == self.state.chosen:
                self.action_take()
            else:
                self.state.chosen = choice
        elif (here := self.state.here()) is not None and here.line is None and self.acts is not None:
            self.action_take()
        self.show_walk()

    def _go_to(self, key: Key) -> None:
        """Leaves the line as moving does: a number typed to the end is stored on the way, or the cursor stays."""
        here = self.state.here()
        if self.state.typed and here is not None and here.line is not None:
            self.answer(here.line, self.state.given(here.line, self.state.typed.strip()))
            if self.state.typed or self.note.asking:
                return
        self.state.stand(key)

    def action_move(self, by: int) -> None:
        """Moves the cursor, or among findings; a number typed to the end is stored on the way."""
        if self.state.finding is not None and abs(by) == 1:
            self.state.finding.choose(by)
            self.show_walk()
            return
        here = self.state.here()
        if self.state.typed and here is not None and here.line is not None:
            self.answer(here.line, self.state.given(here.line, self.state.typed.strip()))
        else:
            self.state.move(by)
        self.show_walk()

    def action_copy_row(self) -> None:
        """Copies the line under the cursor with its answer."""
        here = self.state.here()
        copy(self.app, line_text(self.state.walk, here, self.room.site) if here is not None else "")

    def action_next_open(self) -> None:
        """Moves to the next line without an answer."""
        self.state.go_on()
        self.show_walk()

    def action_choose(self, by: int) -> None:
        """Moves among the choices."""
        self.state.choose(by)
        self.show_walk()

    def action_normal(self) -> None:
        """Normal, and on to the next open line."""
        here = self.state.here()
        if here is None or here.line is None:
            self.say(
                lambda: _("{accept} accepts the measured items of this device, {take} opens them.").format(
                    **self.key_words()
                ),
                "attention",
            )
        elif self.state.next_cell(here.line):
            self.show_walk()
        elif self.state.ahead().entry(here.line) is not None:
            self.say(
                lambda: _("This line is answered: {undo} undoes it first.").format(**self.key_words()), "attention"
            )
        elif (answer := normal_answer(here.line)) is None:
            self.say(
                lambda: _("Type the number, or take the live value with {take}.").format(**self.key_words()),
                "attention",
            )
        else:
            self.answer(here.line, self.state.given(here.line, answer))

    def action_abnormal(self) -> None:
        """Abnormal: the note opens under the line; on a choice the first answer that is not ok; on a number a minus."""
        here = self.state.here()
        if here is None or here.line is None:
            self.say(
                lambda: _("Open the device with {take}, then judge its items.").format(**self.key_words()), "attention"
            )
        elif here.line.item.kind is ItemKind.CHECK:
            self.answer(here.line, self.state.given(here.line, ABNORMAL))
        elif here.line.item.kind in (ItemKind.TEXT, ItemKind.TABLE):
            self.action_take()
        else:
            self.state.begin_abnormal(here.line)
            self.show_walk()

    def action_not_applicable(self) -> None:
        """Not applicable, with its reason."""
        here = self.state.here()
        if here is not None and here.line is not None:
            self.answer(here.line, self.state.given(here.line, NOT_APPLICABLE))

    def action_take(self) -> None:
        """Stores what was typed or chosen, takes the live value, or opens a folded device."""
        here = self.state.here()
        if here is None:
            return
        line = here.line
        if self.state.finding is not None:
            self.take_finding()
            self.show_walk()
        elif line is None:
            self.state.opened ^= {here.key}
            self.show_walk()
        elif self.state.next_cell(line):
            self.show_walk()
        elif (entry := self.state.walk.entry(line)) is not None and needs_finding(entry) and not self.state.typed:
            self.ask_finding(entry)
        elif (given := self.state.taken(line)) is not None:
            self.answer(line, given)
        elif line.item.kind is ItemKind.TEXT:
            self.ask_note(lambda text: self.answer(line, self.state.given(line, text)))
        elif takes_table(line):
            told = _("Type the numbers: {take} after each, and once more after the last.")
            self.say(lambda: told.format(**self.key_words()), "attention")
        elif line.item.mode is Mode.PANEL:
            self.say(lambda: _("Read the panel and type what it shows."), "attention")
        else:
            self.say(lambda: _("No live value here: answer by hand."), "attention")

    def action_accept_device(self) -> None:
        """Accepts every fresh, in-limit measured item of a folded device, each as its own answer."""
        here, state = self.state.here(), self.state
        if here is None or here.line is not None or self.acts is None:
            return
        lines = [line for line in here.folded if state.ahead().entry(line) is None]
        answers = [(line, answering.accept(live)) for line in lines if (live := state.lives.get(line.key)) is not None]
        if not answers:
            return
        try:
            self.store(self.acts, answers, here.key)
        except AnswerRefused as refused:
            self.say(str(refused), "attention")

    def action_note(self) -> None:
        """A note: to the answer that stands, or kept for the answer to come."""
        here = self.state.here()
        if here is None or here.line is None:
            return
        line = here.line
        entry = self.state.walk.entry(line)
        if entry is None:
            self.ask_note(lambda text: self.draft(line, text), self.state.drafts.get(line.key, ""))
        else:
            self.ask_note(lambda text: self.annotate(line, entry, text), entry.note)

    def action_undo(self) -> None:
        """Takes back a figure, the answer of this line, or the last answer given."""
        if self.state.typed:
            self.state.typed = self.state.typed[:-1]
            self.show_walk()
        elif (line := self.state.undoable()) is None or (entry := self.state.ahead().entry(line)) is None:
            self.say(lambda: _("Nothing to undo."), "dim")
        elif self.acts is not None:
            mark = self.acts.take_back(entry)
            self.refresh_bindings()
            self.run_worker(self.carry_out(self.acts.undo(line, mark), line.key))

    def action_review(self) -> None:
        """Review and sign; with open lines it goes to the first of them."""
        open_lines = self.state.walk.open_lines()
        if self.acts is None:
            return
        if self.state.saving:
            self.say(lambda: _("Still saving: sign in a moment."), "attention")
        elif open_lines:
            self.state.go_on()
            self.say(
                lambda: _("{n} lines have no answer yet: this is the next.").format(n=len(open_lines)), "attention"
            )
        elif left := unresolved(self.state.walk.entries.values()):
            self.ask_finding(left[0])
            self.say(
                lambda: _("{n} answers stand for no finding yet: this is the first.").format(n=len(left)), "attention"
            )
        else:
            self.app.push_screen(SignRoundDialog(self._review, self.acts.sign), self._signed)

    def _review(self) -> tuple[str, list[Line]]:
        return _("Review and sign"), review_lines.review_lines(self.state.walk, self.room.site)

    def action_leave(self) -> None:
        """One step back: out of the note, out of a half-typed number, out of the round. Nothing is lost."""
        if self.note.asking:
            self.note.close()
        elif self.state.finding is not None:
            self.leave_finding()
        elif self.state.typed or self.state.chosen >= 0:
            self.state.stand(self.state.cursor)
        else:
            self.app.pop_screen()
            return
        self.show_walk()

    def _signed(self, signed: Round | None) -> None:
        if signed is None:
            return
        self.acts = None
        self.refresh_bindings()
        self.say(lambda: _("Signed. The round is read-only from now on; esc goes back to the board."), "ok")
