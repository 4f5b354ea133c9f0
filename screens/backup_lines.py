"""The backups as a line of the board: how old the last good one is, and what is wrong with them."""

from __future__ import annotations

from dutyroom import backup_words
from dutyroom.rules.backups import Judged, SecondPlace
from screens.widgets.lines import Line, Run, spread, width_of


def lines(judged: Judged, width: int) -> list[Line]:
    """One line; two where what is wrong does not fit beside the age. No second place is a standing warning."""
    fine = judged.is_young and judged.trouble is None
    role = "ok" if fine else "attention"
    left: Line = (("✓ " if fine else "! ", role), (backup_words.age(judged), "" if fine else role))
    wrong = backup_words.last_try(judged) or backup_words.second(judged)
    if not wrong:
        return [left]
    waits = judged.trouble is None and judged.second is SecondPlace.WAITS
    said: Run = (wrong, "dim" if waits else "attention")
    if width_of((*left, said)) < width:
        return [spread(left, (said,), width)]
    return [left, (("  ", ""), said)]
