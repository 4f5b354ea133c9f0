"""The lock: a state that the action layer asks, not a screen that lies on top.

A dialog stops no priority key, no palette and no link. So three gates ask the session: what comes from the terminal
(`on_event`), every action whoever calls it (`run_action`), and every act on its way to the writer (`Writer.may`). What
still works while locked is listed, screen by screen, in `LOCKED_ACTIONS`: reading. Everything else, and whatever will
be added, does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual import events, work
from textual.actions import ActionParseResult
from textual.app import App
from textual.dom import DOMNode, NoScreen
from textual.screen import Screen
from textual.widget import Widget

from dutyroom import clock
from dutyroom.words import N_, _
from screens.session import Session

if TYPE_CHECKING:
    from datetime import datetime

    from dutyroom.duty.signin import SignedIn
    from dutyroom.model.people import Actor, Operator
    from dutyroom.rules.session import LockReason
    from screens.app import DutyroomApp
    from screens.desk import OpenedRoom

# On a dialog that unlocks, every action is its own.
EVERYTHING = frozenset(("*",))
SCROLLING = frozenset(
    ("scroll_up", "scroll_down", "scroll_home", "scroll_end", "page_up", "page_down", "scroll_left", "scroll_right")
)
_WHEEL = (events.MouseScrollUp, events.MouseScrollDown, events.MouseScrollLeft, events.MouseScrollRight)
_WHY = {
    "key": N_("Locked. Any key asks for the PIN or the password; reading goes on."),
    "idle": N_("Locked: no key was pressed for a while. Any key asks for the PIN or the password."),
    "shift": N_("Locked: the shift has ended. Any key asks for the PIN or the password."),
    "handover": N_("Locked: the shift was handed over. Any key asks for the PIN or the password."),
    "over": N_("Locked: the session is over. Sign in with your password."),
}


class LockingApp(App[None]):
    """An application somebody sits at. `session` says who, and whether the screens are locked."""

    LOCKED_ACTIONS = frozenset(("help", "unlock", "switch_language", "go_to_outage"))
    opened: OpenedRoom | None

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self.session = Session()

    @property
    def operator(self) -> Operator | None:
        """Who is signed in, also while the screens are locked."""
        return self.session.came.operator if self.session.came is not None else None

    @property
    def actor(self) -> Actor | None:
        """Who acts: nobody while the screens are locked."""
        came = self.session.came
        return came.actor if came is not None and self.session.locked is None else None

    async def on_event(self, event: events.Event) -> None:
        """The first gate: what comes from the terminal."""
        from_terminal = isinstance(event, events.InputEvent | events.Paste) and not event.is_forwarded
        if from_terminal and self.session.locked is not None and not self._passes(event):
            if isinstance(event, events.Key | events.MouseDown):
                self.action_unlock()
            return
        if from_terminal and not isinstance(event, events.MouseMove):
            self.session.touch()
        await super().on_event(event)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """The second gate: every action, from whatever key, link, palette or code."""
        if not self.lets(action, default_namespace, namespaces):
            return False
        return await super().run_action(action, default_namespace, namespaces)

    def lets(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """True unless the screens are locked and the action is none of those that only read."""
        if self.session.locked is None:
            return True
        target, name, _parameters = self._parse_action(action, default_namespace or self, namespaces)
        top = _locked_actions(self.screen)
        if target is self:
            return name in self.LOCKED_ACTIONS or (top is EVERYTHING and name in ("focus_next", "focus_previous"))
        try:
            allowed = _locked_actions(target if isinstance(target, Screen) else cast(Widget, target).screen)
        except NoScreen:
            # A widget that is gone already.
            return False
        return allowed is EVERYTHING or name in allowed

    def _passes(self, event: events.Event) -> bool:
        if _locked_actions(self.screen) is EVERYTHING or isinstance(event, (events.MouseMove, *_WHEEL)):
            return True
        if not isinstance(event, events.Key):
            return False
        chain = self.screen._binding_chain
        return any(
            self.lets(binding.action, node)
            for node, bindings in chain
            for binding in bindings.key_to_bindings.get(event.key, ())
        )

    def look_at_clock(self) -> None:
        """Once a second: is it time to lock?"""
        reason = self.session.due(clock.now())
        if reason is not None:
            self.lock(reason)

    def lock(self, reason: LockReason) -> None:
        """Locks for a reason. A dialog that stands is left, and what was typed into it is gone; a round stays."""
        if getattr(self.screen, "busy", False):
            # A signature is on its way: the clock asks again in a second.
            return
        self._leave(lambda screen: screen.is_modal)
        self.session.lock(reason, clock.now())
        self.notify(_(_WHY[reason.value]), severity="warning", markup=False)
        self._show_lock()

    def mind_handover(self, by: str | None, at: datetime | None) -> None:
        """Locks where the one sits who handed the shift over at another terminal."""
        from dutyroom.rules.session import LockReason

        if self.session.handed_over(by, at):
            self.lock(LockReason.HANDOVER)

    def action_lock(self) -> None:
        """Locks at once."""
        from dutyroom.rules.session import LockReason

        if self.session.came is None:
            self.notify(_("Nobody is signed in: there is nothing to lock."), markup=False)
        elif self.session.locked is None:
            self.lock(LockReason.KEY)

    def action_unlock(self) -> None:
        """Asks for PIN or password, once."""
        self._ask_to_unlock()

    def when_in(self, then: Callable[[], None]) -> None:
        """`then` follows once somebody sits here: at once, or after PIN, password or signing in."""
        if self.session.locked is not None:
            self._ask_to_unlock(then)
        elif self.actor is None:
            self.sign_in(then)
        else:
            then()

    def _ask_to_unlock(self, then: Callable[[], None] = lambda: None) -> None:
        from screens.dialogs.unlock import UnlockDialog

        came, opened = self.session.came, self.opened
        if self.session.locked is None or came is None or opened is None or isinstance(self.screen, UnlockDialog):
            return
        self.push_screen(UnlockDialog(opened, self.session), partial(self._opened_by, came, then))

    def _opened_by(self, before: SignedIn, then: Callable[[], None], came: SignedIn | None) -> None:
        if came is before:
            self.session.unlock()
        elif came is not None:
            self.came_in(came)
        self._show_lock()
        if came is not None:
            then()

    def action_sign_in(self) -> None:
        """Asks who is on duty."""
        self.sign_in(lambda: None)

    def sign_in(self, then: Callable[[], None]) -> None:
        """Asks name and password; `then` follows when somebody signed in. While locked that is asked first."""
        if self.session.locked is not None:
            self.action_unlock()
            return
        from screens.sign_ins import sign_in

        sign_in(cast("DutyroomApp", self), then)

    def came_in(self, came: SignedIn) -> None:
        """Somebody signed in: a round of somebody else is left, where each answer is stored already."""
        from screens import sign_ins

        before = self.session.came
        if before is not None and before.actor != came.actor:
            self._leave_rounds()
            self._write_sign_out(before)
        sign_ins.begin(cast("DutyroomApp", self), came)
        self._show_lock()

    def action_sign_out(self) -> None:
        """Ends the session; the board and the watch go on."""
        came = self.session.came
        if came is not None:
            self._leave_rounds()
            self._write_sign_out(came)
            self.session.end()
            self._show_lock()

    @work
    async def _write_sign_out(self, came: SignedIn) -> None:
        from dutyroom.duty.signin import sign_out
        from dutyroom.errors import DutyroomError

        if self.opened is not None:
            try:
                await self.opened.writer.carry_out(sign_out, self.opened.desk.store, came.actor, clock.now())
            except DutyroomError as error:
                self.notify(str(error), severity="error", markup=False)

    def _leave_rounds(self) -> None:
        from screens.walk_view import WalkScreen

        # With a round goes whatever lies over it: a page, or a question whose answer would be the first one's.
        self._leave(lambda screen: isinstance(screen, WalkScreen))

    def _leave(self, is_left: Callable[[Screen[Any]], bool]) -> None:
        """Leaves the lowest such screen and all that lies over it; an outage stays in sight."""
        from screens.outage_alarm import open_outage, stands

        app = cast("DutyroomApp", self)
        stood = stands(app)
        while any(is_left(screen) for screen in self.screen_stack):
            self.pop_screen()
        if stood and not stands(app):
            open_outage(app)

    def _show_lock(self) -> None:
        for screen in self.screen_stack:
            shown = getattr(screen, "show_board", None)
            if shown is not None:
                shown(cast("DutyroomApp", self).board)
            screen.refresh_bindings()

    def unless_locked(self, act: Callable[[], Any]) -> Callable[[], Any]:
        """The act, which does nothing while the screens are locked: a palette command comes later than its key."""
        return lambda: None if self.session.locked is not None else act()


def _locked_actions(screen: Screen[Any]) -> frozenset[str]:
    return getattr(screen, "LOCKED_ACTIONS", frozenset())
