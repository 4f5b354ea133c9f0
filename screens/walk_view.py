"""A walk on the screen: its rows, the header, one line of what just happened, and the note under its line."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.widgets import Footer

from dutyroom import clock, show, words
from dutyroom.board import Board
from dutyroom.duty import walks
from dutyroom.duty.walks import Walk
from dutyroom.inert import inert
from dutyroom.model.people import Actor
from dutyroom.model.rounds import RoundHolder
from dutyroom.rules.live import live_value
from dutyroom.words import _
from screens import walk_lines
from screens.base import TranslatedScreen, show_header
from screens.desk import OpenedRoom
from screens.flow import flowing
from screens.key_names import key_name
from screens.walk_acts import WalkActs
from screens.walk_state import WalkState
from screens.walk_stops import Key, fold_of
from screens.widgets.lines import LineView, Run
from screens.widgets.note import NoteLine

# A refusal with both texts is longer than a line; the walk gives it the room.
MOST_BELOW = 5
# A sentence, or how to make it in the language in force.
Sentence = str | Callable[[], str]


class WalkScreen(TranslatedScreen):
    """One round as it stands. Without an actor it is only read."""

    # Else the hidden note would have the focus and swallow the first keys.
    AUTO_FOCUS = ""

    def __init__(self, opened: OpenedRoom, walk: Walk, actor: Actor | None) -> None:
        super().__init__()
        self._opened = opened
        self.state = WalkState(walk)
        # The id of the item the cursor begins on; empty: the first open line.
        self.begin_at = ""
        self.acts = WalkActs(opened, actor, self.state) if actor is not None else None
        self.others: tuple[RoundHolder, ...] = ()
        self._trends: dict[Key, tuple[float, ...]] = {}
        self._places: dict[Key, int] = {}
        self._said: tuple[Sentence, str] = ("", "")
        self.header, self.view, self.below = LineView(id="header"), LineView(id="walk"), LineView(id="status")
        self.note = NoteLine()

    def compose(self) -> ComposeResult:
        """Header, the walk, one line of what just happened, footer; the note lies over the walk."""
        yield self.header
        yield self.view
        yield self.below
        yield Footer(show_command_palette=False)
        yield self.note

    def on_mount(self) -> None:
        """Begins at the first open line; trends come when they are read."""
        self.show_board(self.room.board)
        if self.begin_at:
            self.go_to_item(self.begin_at)
        else:
            self.state.go_on()
        self.call_after_refresh(self.show_walk)
        self.run_worker(self._load_trends(), group="trends")

    def on_resize(self) -> None:
        """Lines are cut to the width there is."""
        self.call_after_refresh(self.show_walk)

    async def _load_trends(self) -> None:
        self._trends = await self._opened.writer.carry_out(walks.trends, self._opened.desk, self.state.walk)
        self.show_walk()

    def show_board(self, board: Board | None) -> None:
        """Takes the live values of this second. Nothing moves: rows keep their place, values and ages change."""
        records = self.room.records
        if board is not None and records is not None and self.state.walk.round.signed_at is None:
            now = walks.room_now(self._opened.desk, self.state.walk, records, clock.now(), clock.boot())
            self.state.lives = {line.key: live_value(line, now) for line in self.state.walk.lines}
        self.show_walk()

    def go_to_item(self, item: str) -> None:
        """Puts the cursor on the line of an item: of several the first without an answer. A folded line is unfolded."""
        lines = [line for line in self.state.walk.lines if line.item.id == item]
        if not lines:
            self.say(lambda: _("This round has no such item."), "attention")
            return
        line = next((one for one in lines if self.state.ahead().entry(one) is None), lines[0])
        if line.device:
            self.state.opened.add(fold_of(line))
        self.state.stand(line.key)
        self.show_walk()

    def show_walk(self) -> None:
        """Draws the walk as it stands."""
        if not self.is_mounted:
            return
        self.state.here()
        view = self.view
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
            finding=self.state.finding,
            trends=self._trends,
            keys=self.key_words(),
        )
        lines, places = walk_lines.lines_of(self.state.rows(), sight)
        view.show(lines)
        self._places = places
        row = places.get(self.state.cursor, 0)
        view.reveal(row, 3)
        self._place_note(row, view)
        first = walk_lines.header_of(sight, self._person(), self._saved())
        # Digits are typed in a round.
        show_header(self.room, self.room.board, self.header, first, "outage.anywhere")
        sentence, role = self._against_clock() if self.state.walk.round.clock_reason else self._said
        told = sentence if isinstance(sentence, str) else sentence()
        below = flowing(told, max(1, self.size.width - 1), role, indent=1, most=MOST_BELOW) or [((" ", ""),)]
        self.below.styles.height = len(below)
        self.below.show(below)

    def _person(self) -> str:
        signed = self.state.walk.round
        if signed.signed_at is not None:
            at = show.moment(signed.signed_at, self.room.site.timezone)
            return _("signed by {who} {at}").format(who=signed.signed_by, at=at)
        records = self.room.records
        names = [records.person(one.by) if records is not None else one.by for one in self.others]
        return ", ".join([self.room.operator.label if self.room.operator is not None else "", *dict.fromkeys(names)])

    def _against_clock(self) -> Run:
        why = self.state.walk.round.clock_reason
        if not why:
            return ("", "")
        return (
            _("signed although the clock stood before the newest record: {why}").format(why=inert(why)),
            "attention",
        )

    def _saved(self) -> Run:
        if self.room.session.locked is not None:
            return (_("locked"), "attention")
        if self.acts is None:
            return (_("read only"), "dim")
        if self.state.saving:
            return (_("saving …"), "attention")
        entries = self.state.walk.entries.values()
        newest = max((entry.at for entry in entries), default=None)
        if newest is None:
            return ("", "")
        return (_("saved {at}").format(at=show.time_of_day(newest, self.room.site.timezone, seconds=True)), "ok")

    def stop_at(self, event: events.Click) -> tuple[Key, int | None] | None:
        """The stop that was clicked, and which of its choices; None beside every stop."""
        inside = self.view.scrollable_content_region
        x, y = event.screen_offset - self.view.content_region.offset
        row = y + self.view.scroll_offset.y
        if not inside.contains(x, y) or row >= len(self.view.lines):
            return None
        found = [(place, key) for key, place in self._places.items() if place <= row]
        if not found:
            return None
        place, key = max(found)
        if row == place:
            return key, None
        choice = walk_lines.choice_at(self.view.lines[row], x) if key == self.state.cursor else None
        return (key, choice) if choice is not None else None

    def _place_note(self, row: int, view: LineView) -> None:
        """Lays the input over the empty place under the line the note belongs to."""
        left = cell_len(_("      note: "))
        self.note.styles.offset = (left, max(1, view.region.y + row + 1 - view.scroll_offset.y))

    def ask_note(self, then: Callable[[str], None], text: str = "") -> None:
        """Opens the note under the line; what is written goes to `then`."""
        self.note.ask(then, text)
        self.say(lambda: _("enter keeps the note, {leave} leaves it").format(**self.key_words()), "dim")

    def retranslate(self) -> None:
        """The sentence of a refusal in the language in force; everything else is drawn anew with the walk."""
        sentence, role = self._said
        if isinstance(sentence, str):
            self.say(words.again(sentence), role)

    def key_words(self) -> dict[str, str]:
        """The keys that the sentences of a round name, as the site file has them."""
        return {name: key_name(self.app, f"round.{name}") for name in ("accept", "take", "undo", "leave")}

    def say(self, sentence: Sentence, role: str) -> None:
        """Shows one sentence about what just happened."""
        self._said = (sentence, role)
        self.show_walk()
