"""`y`: the row somebody stands on goes to the clipboard as plain text (OSC 52), and the screen says what went there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dutyroom import reason_words, show, words
from dutyroom.inert import inert
from dutyroom.next_steps import next_steps
from dutyroom.words import _

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from textual.app import App

    from dutyroom.board import SourceView
    from dutyroom.duty.walks import Walk
    from dutyroom.model.site import Site
    from screens.walk_stops import Stop

# What the toast shows of it.
SHOWN = 60


def copy(app: App[None], text: str) -> None:
    """Copies one line. Terminals that keep their clipboard to themselves ignore it, so the toast shows the text too."""
    line = inert(" ".join(text.split()))
    if not line:
        app.notify(_("Nothing to copy here."), markup=False)
        return
    app.copy_to_clipboard(line)
    app.notify(_("Copied: {text}").format(text=line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"), markup=False)


def device_text(view: SourceView, at: datetime, zone: ZoneInfo) -> str:
    """A device with its verdict, every reason, the next step, how old that is and when it was copied."""
    reasons = "; ".join(reason_words.reason(reason) for reason in view.reasons) or show.state(view.state)
    steps = next_steps(view.reasons)
    parts = [
        f"{view.label} ({view.name})",
        f"{show.symbol(view.verdict)} {show.verdict(view.verdict)}",
        reasons,
        *(f"→ {step}" for step in steps[:1]),
        f"{show.moment(at, zone)} ({show.ago(view.age_s)})" if view.age_s is not None else show.moment(at, zone),
    ]
    return " | ".join(parts)


def line_text(walk: Walk, stop: Stop, site: Site) -> str:
    """A line of a round with its answer and note; of a folded device each measured item that was answered."""
    name = words.choose(walk.checklist.words.en, walk.checklist.words.zh)
    lines = [stop.line] if stop.line is not None else list(stop.folded)
    parts = [f"{name} {walk.round.due_on.isoformat()}"]
    if stop.device:
        parts.append(site.label_of(stop.device))
    for line in lines:
        entry = walk.entry(line)
        said = show.NOTHING if entry is None else show.answer(line.item, entry.answer)
        judged = "" if entry is None else f" {show.symbol(entry.verdict)}"
        note = f" “{entry.note}”" if entry is not None and entry.note else ""
        parts.append(f"{show.item_name(line.item)} ({line.item.id}): {said}{judged}{note}")
    return " | ".join(parts)
