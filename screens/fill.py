"""Round: what do I look at next? The form of one walk; every answer is on the disk when it is shown as saved."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.widgets import Footer

from dutyroom import clock, show
from dutyroom.board import Board
from dutyroom.duty import rounds
from dutyroom.duty.answers import Given
from dutyroom.duty.rounds import Walk
from dutyroom.errors import AnswerRefused, DutyroomError
from dutyroom.model.checklist import ItemKind, Mode, WalkLine
from dutyroom.model.people import Actor
from dutyroom.model.rounds import ABNORMAL, NOT_APPLICABLE, Entry, Round
from dutyroom.rules.live import live_value
from dutyroom.words import _
from screens import walk_lines
from screens.base import TranslatedScreen
from screens.desk import OpenedRoom
from screens.dialogs.sign_round import SignRoundDialog
from screens.keys import ROUND_KEYS
from screens.walk_acts import Answers, WalkActs
from screens.walk_state import WalkState, normal_answer
from screens.walk_stops import Key
from screens.widgets.lines import LineView, Run
from screens.widgets.note import NoteLine

_ALWAYS = frozenset({"leave", "move", "next_open"})


class FillScreen(TranslatedScreen):
    """One round. Without an actor it is only read."""

    CSS_PATH = "fill.tcss"
    BINDINGS = [key.binding() for key in ROUND_KEYS]

    def __init__(self, opened: OpenedRoom, walk: Walk, actor: Actor | None) -> None:
        super().__init__()
        self._opened = opened
        self.state = WalkState(walk)
        self.acts = WalkActs(opened, actor, self.state) if actor is not None else None
        self._trends: dict[Key, tuple[float, ...]] = {}
        self._status: Run = ("", "")
        self.note = NoteLine()

    def compose(self) -> ComposeResult:
        """Header, the walk, one line of what just happened, footer; the note lies over the walk."""
        yield LineView(id="header")
        yield LineView(id="walk")
        yield LineView(id="status")
        yield Footer(show_command_palette=False)
        yield self.note

    def on_mount(self) -> None:
        """Begins at the first open line; trends come when they are read."""
        self.show_board(self.room.board)
        self.state.go_on()
        self.call_after_refresh(self.show_walk)
        self.run_worker(self._load_trends(), group="trends")

    def on_resize(self) -> None:
        """Lines are cut to the width there is."""
        self.call_after_refresh(self.show_walk)

    async def _load_trends(self) -> None:
        self._trends = await self._opened.writer.carry_out(rounds.trends, self._opened.desk, self.state.walk)
        self.show_walk()

    def show_board(self, board: Board | None) -> None:
        """Takes the live values of this second. Nothing moves: rows keep their place, values and ages change."""
        records = self.room.records
        if board is not None and records is not None and self.state.walk.round.signed_at is None:
            now = rounds.room_now(self._opened.desk, self.state.walk, records, clock.now())
            self.state.lives = {line.key: live_value(line, now) for line in self.state.walk.lines}
        self.show_walk()

    def show_walk(self) -> None:
        """Draws the walk as it stands."""
        if not self.is_mounted:
            return
        self.state.here()
        view = self.query_one("#walk", LineView)
        sight = walk_lines.Sight(
            walk=self.state.walk,
            site=self.room.site,
            lives=self.state.lives,
            now=clock.now(),
            width=view.scrollable_content_region.width or self.size.width,
            cursor=self.state.cursor,
            typed=self.state.typed,
            noting=self.note.asking,
            saving=self.state.saving,
            chosen=self.state.chosen,
            trends=self._trends,
        )
        lines, places = walk_lines.lines_of(self.state.rows(), sight)
        view.show(lines)
        row = places.get(self.state.cursor, 0)
        view.reveal(row, 3)
        self._place_note(row, view)
        self.query_one("#header", LineView).show([walk_lines.header_of(sight, self._person(), self._saved())])
        self.query_one("#status", LineView).show([((" ", ""), self._status)])

    def _person(self) -> str:
        signed = self.state.walk.round
        if signed.signed_at is not None:
            at = show.moment(signed.signed_at, self.room.site.timezone)
            return _("signed by {who} {at}").format(who=signed.signed_by, at=at)
        return self.room.operator.label if self.room.operator is not None else ""

    def _saved(self) -> Run:
        if self.acts is None:
            return (_("read only"), "dim")
        if self.state.saving:
            return (_("saving …"), "attention")
        entries = self.state.walk.entries.values()
        newest = max((entry.at for entry in entries), default=None)
        if newest is None:
            return ("", "")
        return (_("saved {at}").format(at=show.time_of_day(newest, self.room.site.timezone, seconds=True)), "ok")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """While a note is written only leaving works; a signed round takes no answers."""
        if self.note.asking:
            return action == "leave"
        return action in _ALWAYS or self.acts is not None or action.startswith("app.")

    def on_key(self, event: events.Key) -> None:
        """Digits and the point type the number of the line, or take the choice of that digit."""
        if self.note.asking or self.acts is None or event.character is None:
            return
        here = self.state.here()
        choice = self.state.choice_by_digit(event.character)
        if choice is not None and here is not None and here.line is not None:
            self._answer(here.line, self.state.given(here.line, choice))
        elif not self.state.type(event.character):
            return
        event.stop()
        self.show_walk()

    def action_move(self, by: int) -> None:
        """Moves the cursor; a number typed to the end is stored on the way."""
        here = self.state.here()
        if self.state.typed and here is not None and here.line is not None:
            self._answer(here.line, self.state.given(here.line, self.state.typed))
        else:
            self.state.move(by)
        self.show_walk()

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
            self._say(_("+ accepts the measured items of this device, enter opens them."), "attention")
        elif (answer := normal_answer(here.line)) is None:
            self._say(_("Type the number, or take the live value with enter."), "attention")
        else:
            self._answer(here.line, self.state.given(here.line, answer))

    def action_abnormal(self) -> None:
        """Abnormal: the note opens under the line; on a choice the first answer that is not ok; on a number a minus."""
        here = self.state.here()
        if here is None or here.line is None:
            self._say(_("Open the device with enter, then judge its items."), "attention")
        elif here.line.item.kind is ItemKind.CHECK:
            self._answer(here.line, self.state.given(here.line, ABNORMAL))
        else:
            self.state.begin_abnormal(here.line)
            self.show_walk()

    def action_not_applicable(self) -> None:
        """Not applicable, with its reason."""
        here = self.state.here()
        if here is not None and here.line is not None:
            self._answer(here.line, self.state.given(here.line, NOT_APPLICABLE))

    def action_take(self) -> None:
        """Stores what was typed or chosen, takes the live value, or opens a folded device."""
        here = self.state.here()
        if here is None:
            return
        line = here.line
        if line is None:
            self.state.opened ^= {here.key}
            self.show_walk()
        elif (given := self.state.taken(line)) is not None:
            self._answer(line, given)
        elif line.item.kind is ItemKind.TEXT:
            self._ask_note(lambda text: self._answer(line, self.state.given(line, text)))
        elif line.item.mode is Mode.PANEL:
            self._say(_("Read the panel and type what it shows."), "attention")
        else:
            self._say(_("No live value here: answer by hand."), "attention")

    def action_accept_device(self) -> None:
        """Accepts every fresh, in-limit measured item of a folded device, each as its own answer."""
        here, state = self.state.here(), self.state
        if here is None or here.line is not None or self.acts is None:
            return
        lines = [line for line in here.folded if state.walk.entry(line) is None]
        answers = [(line, rounds.accept(live)) for line in lines if (live := state.lives.get(line.key)) is not None]
        if answers:
            self._store(answers, here.key)

    def action_note(self) -> None:
        """A note: to the answer that stands, or kept for the answer to come."""
        here = self.state.here()
        if here is None or here.line is None:
            return
        line = here.line
        entry = self.state.walk.entry(line)
        if entry is None:
            self._ask_note(lambda text: self._draft(line, text), self.state.drafts.get(line.key, ""))
        else:
            self._ask_note(lambda text: self._annotate(line, entry, text), entry.note)

    def action_undo(self) -> None:
        """Takes back a figure, the answer of this line, or the last answer given."""
        if self.state.typed:
            self.state.typed = self.state.typed[:-1]
            self.show_walk()
        elif (line := self.state.undoable()) is None:
            self._say(_("Nothing to undo."), "dim")
        elif self.acts is not None:
            self.run_worker(self._carry_out(self.acts.undo(line), line.key))

    def action_review(self) -> None:
        """Review and sign; with open lines it goes to the first of them."""
        open_lines = self.state.walk.open_lines()
        if self.acts is None:
            return
        if self.state.saving:
            self._say(_("Still saving: sign in a moment."), "attention")
        elif open_lines:
            self.state.go_on()
            self._say(_("{n} lines have no answer yet: this is the next.").format(n=len(open_lines)), "attention")
        else:
            lines = walk_lines.review_lines(self.state.walk, self.room.site)
            self.app.push_screen(SignRoundDialog(_("Review and sign"), lines, self.acts.sign), self._signed)

    def action_leave(self) -> None:
        """One step back: out of the note, out of a half-typed number, out of the round. Nothing is lost."""
        if self.note.asking:
            self.note.close()
        elif self.state.typed or self.state.chosen >= 0:
            self.state.stand(self.state.cursor)
        else:
            self.app.pop_screen()
            return
        self.show_walk()

    def _answer(self, line: WalkLine, given: Given) -> None:
        """Checks an answer at once; asks for its note, or stores it and goes on."""
        if self.acts is None:
            return
        try:
            self.acts.check(line, given)
        except AnswerRefused as refused:
            if refused.code == "note-needed":
                self._ask_note(lambda text: self._answer(line, replace(given, note=text)))
            self._say(str(refused), "attention")
        else:
            self._store([(line, given)], line.key)

    def _store(self, answers: Answers, key: Key) -> None:
        if self.acts is not None:
            self._status = ("", "")
            self.acts.advance(answers, key)
            self.run_worker(self._carry_out(self.acts.save(answers), key))

    async def _carry_out(self, act: Coroutine[None, None, None], key: Key) -> None:
        """Waits for an act; trouble brings the cursor back to its line and says why."""
        self.call_next(self.show_walk)
        try:
            await act
        except DutyroomError as error:
            self.state.stand(key)
            self._say(str(error), "fault")
        self.show_board(self.room.board)

    def _annotate(self, line: WalkLine, entry: Entry, text: str) -> None:
        if self.acts is not None:
            self.run_worker(self._carry_out(self.acts.annotate(entry, text), line.key))

    def _draft(self, line: WalkLine, text: str) -> None:
        self.state.drafts[line.key] = text
        self._say(_("The note is kept for the answer to come."), "dim")

    def on_input_submitted(self) -> None:
        """The note is written."""
        self.note.take()
        self.show_walk()

    def _place_note(self, row: int, view: LineView) -> None:
        """Lays the input over the empty place under the line the note belongs to."""
        left = cell_len(_("      note: "))
        self.note.styles.offset = (left, max(1, view.region.y + row + 1 - view.scroll_offset.y))

    def _ask_note(self, then: Callable[[str], None], text: str = "") -> None:
        self.note.ask(then, text)
        self.show_walk()

    def _say(self, sentence: str, role: str) -> None:
        self._status = (sentence, role)
        self.show_walk()

    def _signed(self, signed: Round | None) -> None:
        if signed is None:
            return
        self.acts = None
        self.refresh_bindings()
        self._say(_("Signed. The round is read-only from now on; esc goes back to the board."), "ok")
