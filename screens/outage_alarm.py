"""The outage takes the screen: once for each power event, again when another UPS fails or one becomes critical.

Nothing below is lost: what was open, and what was typed, stands there again after `esc`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dutyroom import clock

if TYPE_CHECKING:
    from dutyroom.outage_board import OutageBoard
    from screens.app import DutyroomApp

# Whoever sits elsewhere in the room hears it; the first act of anybody ends it.
RING_EVERY_S = 30.0
# Somebody who pressed a key so lately is typing: what comes next was meant for what stood there before.
TYPING_S = 3.0


class OutageAlarm:
    """Knows which signs of which power event took the screen already. Asked once a second and on every news."""

    def __init__(self) -> None:
        self._event: int | None = None
        self._signs: frozenset[tuple[int, bool]] = frozenset()
        self._wanted = False
        self._rung_at: float | None = None

    def mind(self, app: DutyroomApp) -> None:
        """Looks at the board of this second: rings, and takes the screen where that is due."""
        found = app.board.outage if app.board is not None else None
        if found is None or found.is_over:
            self._event, self._signs, self._wanted, self._rung_at = None, frozenset(), False, None
            return
        if found.event.id != self._event:
            self._event, self._signs, self._rung_at = found.event.id, frozenset(), None
        signs = signs_of(found)
        is_news = bool(signs - self._signs)
        self._signs |= signs
        self._wanted = self._wanted or is_news
        self._ring(app, found, is_news=is_news)
        if self._wanted:
            # In a turn of its own: the board of a large room has taken this one's time.
            app.call_later(self._take, app)

    def _take(self, app: DutyroomApp) -> None:
        if self._wanted and app.is_running and take_over(app):
            self._wanted = False

    def _ring(self, app: DutyroomApp, found: OutageBoard, *, is_news: bool) -> None:
        seen = found.event.seen_at is not None or any(one.step is not None for one in found.timeline)
        now = clock.monotonic()
        if not seen and (is_news or self._rung_at is None or now - self._rung_at >= RING_EVERY_S):
            self._rung_at = now
            app.bell()


def signs_of(found: OutageBoard) -> frozenset[tuple[int, bool]]:
    """What takes the screen: each outage that runs, and once more while it is critical."""
    from dutyroom.outage_board import Standing

    running = [one for one in found.upses if one.standing not in (Standing.RESTORED, Standing.OVER)]
    return frozenset((one.outage.id, False) for one in running) | frozenset(
        (one.outage.id, True) for one in running if one.is_critical
    )


def stands(app: DutyroomApp) -> bool:
    """True when the outage screen is open on the page in front, maybe under a question of its own."""
    return any(getattr(screen, "IS_OUTAGE", False) for screen in app.screen_stack)


def take_over(app: DutyroomApp) -> bool:
    """Lays the outage screen over what is open; False while that cannot be: an act of a dialog is on its way."""
    from textual.command import CommandPalette

    from screens.dialogs.unlock import UnlockDialog

    if getattr(app.screen, "busy", False):
        return False
    while isinstance(app.screen, CommandPalette | UnlockDialog) or getattr(app.screen, "ANY_KEY_CLOSES", False):
        # These hold nothing that anybody would miss.
        app.pop_screen()
    if not stands(app):
        open_outage(app, deaf=app.session.touched_within(TYPING_S))
    return True


def open_outage(app: DutyroomApp, *, deaf: bool = False) -> None:
    """Opens the outage screen over what is in front."""
    from screens.outage import OutageScreen

    app.push_screen(OutageScreen(deaf=deaf))
