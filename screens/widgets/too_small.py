"""What a terminal below 60x20 shows in place of a screen: that it is too small, and still how the room is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.widgets.lines import Line, LineView, role_of

if TYPE_CHECKING:
    from dutyroom.board import Board
    from screens.app import DutyroomApp

COLUMNS, ROWS = 60, 20


class TooSmall(LineView):
    """Lies over a screen or dialog; what stands below it, and what was typed there, waits."""

    DEFAULT_CSS = """
    TooSmall {
        layer: _toastrack; dock: top; width: 100%; height: 100%;
        background: $background; color: $foreground; overflow: hidden;
    }
    """


def mind_the_size(app: DutyroomApp) -> None:
    """Lays it over the screen in front while the terminal is too small, and takes it away again."""
    screen = app.screen
    over = next(iter(screen.query(TooSmall)), None)
    if app.size.width >= COLUMNS and app.size.height >= ROWS:
        if over is not None:
            over.remove()
        return
    if over is None:
        over = TooSmall()
        screen.mount(over)
    over.show(lines_of(app, app.board))


def lines_of(app: DutyroomApp, board: Board | None) -> list[Line]:
    """The size there is and the one that is needed; the worst of the room in one line."""
    from dutyroom import reason_words, show
    from dutyroom.words import _

    told = _("too small: {columns}x{rows} needed, this is {width}x{height}").format(
        columns=COLUMNS, rows=ROWS, width=app.size.width, height=app.size.height
    )
    lines: list[Line] = [((told, "strong"),)]
    if board is not None and board.outage is not None:
        from screens.outage_lines import banner

        lines.append(banner(board.outage, app.site, app.size.width, ""))
    if app.trouble:
        lines.append(((f"✗ {app.trouble}", "fault"),))
    if board is None:
        return lines
    lines.append(((f"{show.symbol(board.verdict)} {show.verdict(board.verdict)}", role_of(board.verdict)),))
    worst = max(board.sources, key=lambda view: view.urgency, default=None)
    if worst is not None and worst.reasons:
        lines.append(((f"{worst.label}: {reason_words.reason(worst.reasons[0])}", role_of(worst.verdict)),))
    return lines
