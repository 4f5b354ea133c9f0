"""What keeps the records from being kept, as lines above everything else: pure functions, nothing when all is well."""

from __future__ import annotations

from dutyroom import trouble_words
from dutyroom.board import Board
from dutyroom.inert import inert
from dutyroom.model.reading import Verdict
from dutyroom.model.site import Site
from dutyroom.rules.space import verdict_of_space
from dutyroom.words import _
from screens.widgets.lines import Line, role_of

_MARKS = {Verdict.FAULT: "✗", Verdict.ATTENTION: "!"}


def trouble_lines(board: Board, site: Site, unread: str, unrecorded: str) -> list[Line]:
    """`unread` says why the store cannot be read, `unrecorded` why the watch in this program cannot record.

    One line for each trouble, the worst first; the values beside them are live as long as the watch asks.
    """
    lines: list[Line] = []
    if unrecorded:
        lines.append(((_(" ✗ Nothing is recorded; what is shown is live."), "fault"),))
    if unread or unrecorded:
        lines.append(((f"   {inert(unread or unrecorded, 300)}", "fault"),))
    if board.space is not None and (text := trouble_words.space(board.space)):
        verdict = verdict_of_space(board.space)
        lines.append(((f" {_MARKS[verdict]} {text}", role_of(verdict)),))
    if board.watch.refused is not None:
        text = trouble_words.site_file(board.watch.refused)
        lines.append(((f" ! {text[:1].upper()}{text[1:]}", "attention"),))
    if board.clock_step is not None:
        text = trouble_words.step(board.clock_step, site.timezone)
        lines.append(((f" ! {text[:1].upper()}{text[1:]}", "attention"),))
    return lines
