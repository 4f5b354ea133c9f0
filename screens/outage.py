"""Outage: how long, what now, who? It comes by itself when the mains fail, and `esc` leaves it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.binding import ActiveBinding
from textual.containers import Grid
from textual.content import Content

from dutyroom import clock
from dutyroom.model.outage import EventAct
from dutyroom.rules.calls import subject_of
from dutyroom.words import N_, _
from screens import outage_call_lines, outage_load_lines, outage_time_lines, outage_ups_lines
from screens.base import RoomScreen, header_line
from screens.copying import copy
from screens.keys import ROOM_KEYS
from screens.outage_acting import act_on
from screens.outage_head import ROOMY, head_lines, tab_line
from screens.outage_keys import OUTAGE_KEYS
from screens.outage_load_lines import Around
from screens.widgets.lines import Line, LineView

if TYPE_CHECKING:
    from dutyroom.board import Board
    from dutyroom.outage_board import OutageBoard

CALLS, SHEDDING, LOADS, UPSES, TIMELINE, RESTART = "calls", "shedding", "loads", "upses", "timeline", "restart"
TITLES = {
    RESTART: N_("Restart"),
    CALLS: N_("Calls"),
    SHEDDING: N_("Shedding"),
    LOADS: N_("Loads"),
    UPSES: N_("UPS"),
    TIMELINE: N_("Timeline"),
}
# In the order of the key. What is over is started again; nothing is shed any more.
RUNNING = (CALLS, SHEDDING, LOADS, UPSES, TIMELINE)
OVER = (RESTART, CALLS, UPSES, TIMELINE)
# After it took the screen from somebody who was typing, their next keys are not taken for acts.
DEAF_S = 1.5


class OutageScreen(RoomScreen, inherit_bindings=False):
    """The power event that runs, or whose closing text is owed."""

    CSS_PATH = "outage.tcss"
    BINDINGS = [
        *(replace(key, footer=False).binding() for key in ROOM_KEYS),
        *(key.binding() for key in OUTAGE_KEYS),
    ]
    # Acts ask for PIN or password themselves, so that they keep the time of their key.
    LOCKED_ACTIONS = RoomScreen.LOCKED_ACTIONS | {"move", "pane", "back", "act", "tick", "untick", "enter"}
    IS_OUTAGE = True
    AUTO_FOCUS = ""

    def __init__(self, *, deaf: bool = False) -> None:
        super().__init__()
        self._deaf_until = clock.monotonic() + DEAF_S if deaf else 0.0
        self.head, self.tabs = LineView(id="head"), LineView(id="tabs")
        self.panes = {name: LineView(id=f"pane-{name}", classes="pane") for name in TITLES}
        self.chosen = ""
        self._names: tuple[str, ...] = ()
        self.at: dict[str, int] = {}
        self._rows: dict[str, list[int]] = {}

    def body(self) -> ComposeResult:
        """What is always in sight, the names of the parts, and the parts."""
        yield self.head
        yield self.tabs
        with Grid(id="panes"):
            yield from self.panes.values()

    @property
    def outage(self) -> OutageBoard | None:
        """The power event as it is known now."""
        board = self.room.board
        return board.outage if board is not None else None

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """In the footer stand the keys that matter: others while it runs than when it is over."""
        found, over = super().active_bindings, self._is_over
        hidden = {"act('contained')", "act('reported')"} if over else {"act('closed')"}
        made: dict[str, ActiveBinding] = {}
        for key, active in found.items():
            binding = active.binding
            if binding.action in hidden:
                binding = replace(binding, show=False)
            elif over and binding.action == "tick":
                binding = replace(binding, description=_("runs again"))
            made[key] = active._replace(binding=binding)
        return made

    @property
    def _is_over(self) -> bool:
        return self.outage is not None and self.outage.is_over

    def show_board(self, board: Board | None) -> None:
        """The event at this second; without one this screen goes."""
        self.header.show([header_line(self.room, board, self.header.size.width)])
        if board is None or not self.is_mounted:
            return
        if board.outage is None:
            if self.is_current and not self.is_modal:
                self.app.pop_screen()
            return
        self.show_outage(board.outage)

    def show_outage(self, found: OutageBoard) -> None:
        """Fills what is in sight; only what changed is painted."""
        names = OVER if found.is_over else RUNNING
        if self._names != names:
            self.chosen, self._names = names[0], names
            self.refresh_bindings()
        size = self.app.size
        roomy = size.width >= ROOMY[0] and size.height >= ROOMY[1]
        self.set_class(roomy, "-roomy")
        head = head_lines(found, self.room.site, size.width, roomy=roomy)
        self.head.styles.height = len(head)
        self.head.show(head)
        self.tabs.show([tab_line([(name, _(TITLES[name])) for name in names], self.chosen, size.width)])
        shown = self._shown(names, roomy=roomy)
        for name, pane in self.panes.items():
            pane.display = name in shown
            if name in shown:
                pane.set_class(name == self.chosen, "-chosen")
                pane.border_title = Content(_(TITLES[name]))
                self._fill(name, pane, found, size.width // 2 - 3 if roomy else size.width - 1)

    def _shown(self, names: tuple[str, ...], *, roomy: bool) -> set[str]:
        """The part that is chosen; where there is room four of them."""
        if not roomy:
            return {self.chosen}
        last = UPSES if self.chosen == UPSES else LOADS
        return set(names) if len(names) <= 4 else {CALLS, SHEDDING, last, TIMELINE}

    def _fill(self, name: str, pane: LineView, found: OutageBoard, width: int) -> None:
        lines, rows = self._lines(name, found, width)
        self._rows[name] = rows
        pane.show(lines)
        if rows and name == self.chosen:
            pane.reveal(rows[min(self._cursor(name), len(rows) - 1)])

    def _lines(self, name: str, found: OutageBoard, width: int) -> tuple[list[Line], list[int]]:
        around = Around(self.room.site, self.room.records)
        at = self._cursor(name) if name == self.chosen else -1
        match name:
            case "calls":
                return outage_call_lines.list_lines(found, self.room.site, width, at)
            case "shedding":
                return outage_load_lines.shed_lines(found, around, width, at)
            case "restart":
                return outage_load_lines.restart_lines(found, around, width, at)
            case "loads":
                return outage_load_lines.load_lines(found, width), []
            case "upses":
                return outage_ups_lines.ups_lines(found, width), []
        return outage_time_lines.lines(found, around, width), []

    def _cursor(self, name: str) -> int:
        """The line somebody went to; else the one that is next."""
        found = self.outage
        if name in self.at or found is None:
            return self.at.get(name, 0)
        subjects = self._subjects(name)
        following = self._following(name)
        return subjects.index(following) if following in subjects else 0

    def _subjects(self, name: str) -> list[str]:
        """What the lines of a part are about: contacts, loads, what is started again."""
        found = self.outage
        if found is None:
            return []
        match name:
            case "calls":
                return [subject_of(one.contact) for one in found.calls]
            case "shedding":
                return [load.load.name for step in found.shedding for load in step.loads]
            case "restart":
                return [step.name for step, _done in found.restart]
        return []

    def _following(self, name: str) -> str:
        """Who is to be called next, what is to be shed or started again next; nothing when all is done."""
        found = self.outage
        if found is None:
            return ""
        match name:
            case "calls":
                return subject_of(found.next_call.contact) if found.next_call is not None else ""
            case "shedding":
                load = outage_load_lines.next_load(found)
                return load.load.name if load is not None else ""
        return next((step.name for step, done in found.restart if not done), "")

    def _subject(self, name: str) -> str:
        """What an act is about: the line under the cursor where its part is chosen, else what is next."""
        subjects = self._subjects(name)
        if name == self.chosen and subjects:
            return subjects[min(self._cursor(name), len(subjects) - 1)]
        return self._following(name)

    def action_act(self, act: str) -> None:
        """Stamps a clock, records a call or a note, closes the event."""
        if self._is_deaf():
            return
        step, found = EventAct(act), self.outage
        if step is EventAct.MAJOR and found is not None and found.event.is_major:
            step = EventAct.AUTHORITY
        if step is EventAct.CALLED and not self.room.site.contacts:
            self.notify(_("There is no contact in the site file."), severity="warning", markup=False)
            return
        act_on(self.room, step, self._subject(CALLS) if step is EventAct.CALLED else "")

    def action_tick(self) -> None:
        """A load is off; when the outage is over: something runs again."""
        if self._is_deaf():
            return
        name = RESTART if self._is_over else SHEDDING
        subject = self._subject(name)
        if not subject:
            self.notify(_("There is nothing left to tick off."), markup=False)
            return
        act_on(self.room, EventAct.RESTARTED if self._is_over else EventAct.SHED, subject)
        # From the line somebody went to the cursor goes on to what is next.
        self.at.pop(name, None)

    def action_untick(self) -> None:
        """A load that was ticked off is on again."""
        if not self._is_deaf() and self.chosen == SHEDDING and not self._is_over:
            act_on(self.room, EventAct.UNSHED, self._subject(SHEDDING))

    def action_enter(self) -> None:
        """What the chosen part is for, on the line under the cursor."""
        if self.chosen in (SHEDDING, RESTART):
            self.action_tick()
        else:
            self.action_act("called" if self.chosen == CALLS else "noted")

    def action_pane(self, by: int) -> None:
        """Another part."""
        names = OVER if self._is_over else RUNNING
        at = names.index(self.chosen) if self.chosen in names else 0
        self.chosen = names[(at + by) % len(names)]
        self.show_board(self.room.board)

    def action_move(self, by: int) -> None:
        """Another line; a part without lines to choose is scrolled."""
        rows = self._rows.get(self.chosen, [])
        if rows:
            self.at[self.chosen] = max(0, min(len(rows) - 1, self._cursor(self.chosen) + by))
        elif self.chosen in self.panes:
            self.panes[self.chosen].scroll_relative(y=by, animate=False)
        self.show_board(self.room.board)

    def action_copy_row(self) -> None:
        """Copies what is always in sight, and the chosen part."""
        views = (self.head, self.panes.get(self.chosen, self.tabs))
        lines = [line for view in views for line in view.lines]
        copy(self.app, "\n".join("".join(text for text, _role in line).strip() for line in lines))

    def on_click(self, event: events.Click) -> None:
        """The part and the line that were clicked."""
        for name, pane in self.panes.items():
            if not pane.display or not pane.content_region.contains_point(event.screen_offset):
                continue
            row = event.screen_offset.y - pane.content_region.y + pane.scroll_offset.y
            self.chosen = name
            above = [n for n, line in enumerate(self._rows.get(name, [])) if line <= row]
            if above:
                self.at[name] = above[-1]
            self.show_board(self.room.board)

    def action_back(self) -> None:
        """Back to what was open before; the red line in the header leads here again."""
        if not self._is_deaf():
            self.app.pop_screen()

    def action_mode(self, mode: str) -> None:
        """Goes to a mode; this page is not kept behind it."""
        self.app.pop_screen()
        super().action_mode(mode)

    def _is_deaf(self) -> bool:
        """True for the keys of somebody who was typing elsewhere when this screen came."""
        if clock.monotonic() >= self._deaf_until:
            return False
        self._deaf_until = clock.monotonic() + DEAF_S
        return True
