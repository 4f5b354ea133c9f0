"""What may stand as an answer: from what a person gave on a line to the entry that is stored."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from dutyroom import show
from dutyroom.errors import AnswerRefused
from dutyroom.inert import inert
from dutyroom.model.checklist import Item, ItemKind, Mode, WalkLine
from dutyroom.model.people import Actor
from dutyroom.model.reading import Origin, Verdict
from dutyroom.model.rounds import NORMAL, NOT_APPLICABLE, Entry
from dutyroom.rules.freshness import GRACE_S
from dutyroom.rules.honesty import COMPUTED, says_otherwise
from dutyroom.rules.limits import is_possible
from dutyroom.rules.live import LiveValue, judge_answer
from dutyroom.rules.plausibility import number
from dutyroom.words import _

# Cells of the largest battery strings of a room; longer is a mistake of the clipboard.
MOST_CELLS = 400
# What an input method turns a number into on its way: full-width digits, sign and stop.
_FULL_WIDTH = str.maketrans("０１２３４５６７８９－＋．。，", "0123456789-+...")


@dataclass(frozen=True, slots=True)
class Given:
    """What a person gave: the answer as typed or chosen, a note, and the live value that stood on the screen."""

    answer: str
    note: str = ""
    live: LiveValue | None = None
    accepts_live: bool = False


def entry_of(round_id: int, line: WalkLine, given: Given, actor: Actor, now: datetime) -> Entry:
    """The entry an answer is stored as.

    Raises AnswerRefused: `stale` (accepted too late), `not-a-number`, `impossible` (outside the physical bounds),
    `unknown-answer`, `cells` (a table of another length), `note-needed` (abnormal, out of limits, not applicable, or
    normal against what the source says, without a reason).
    """
    item, live = line.item, given.live
    if given.accepts_live:
        _check_acceptable(item, live, now)
    answer, value = _read(item, given.answer)
    verdict = judge_answer(item, answer, value, live)
    note = inert(given.note, 500).strip()
    if not note:
        _refuse_without_note(item, verdict, live.answer if live is not None and live.source != COMPUTED else None)
    return Entry(
        round_id=round_id,
        item=item.id,
        device=line.device,
        answer=answer,
        verdict=verdict,
        at=now,
        by=actor.name,
        value=value,
        unit=item.unit if value is not None else "",
        origin=_origin(item, answer, given),
        live_value=live.answer if live is not None else None,
        source=live.source if live is not None else None,
        age_s=round(max(0.0, (now - live.at).total_seconds()), 1) if live is not None else None,
        note=note,
    )


def with_note(entry: Entry, note: str, item: Item | None = None) -> Entry:
    """The entry with another note. Raises AnswerRefused (`note-needed`) where it may not be empty.

    With its item it is also looked whether the source said otherwise.
    """
    text = inert(note, 500).strip()
    if not text:
        _refuse_without_note(item, entry.verdict, entry.live_value if entry.source != COMPUTED else None)
    return replace(entry, note=text)


def note_needed(verdict: Verdict) -> bool:
    """True for an answer that is abnormal, out of limits, or not applicable (its reason)."""
    return verdict in (Verdict.ATTENTION, Verdict.FAULT, Verdict.NOT_INSTALLED)


def _refuse_without_note(item: Item | None, verdict: Verdict, live: str | None) -> None:
    if note_needed(verdict):
        raise AnswerRefused(_("This answer needs a note: what was seen, and why."), code="note-needed")
    if item is not None and says_otherwise(item, verdict, live):
        sentence = _("The source says {value}: write why it is all right in spite of that.")
        raise AnswerRefused(sentence.format(value=show.answer(item, live)), code="note-needed")


def _check_acceptable(item: Item, live: LiveValue | None, now: datetime) -> None:
    if live is None:
        raise AnswerRefused(_("There is no live value to take: type what you read."), code="no-live-value")
    if item.mode is Mode.PANEL:
        raise AnswerRefused(_("This is read from the panel: type what you read there."), code="panel")
    if not live.is_fresh(now) or (live.at - now).total_seconds() > GRACE_S:
        raise AnswerRefused(_("The live value is too old to take: type what you read."), code="stale")


def _read(item: Item, text: str) -> tuple[str, float | None]:
    """The stored answer and its number."""
    if text == NOT_APPLICABLE:
        return text, None
    if item.choices:
        if item.choice(text) is None:
            raise AnswerRefused(_("That is none of the choices of this item."), code="unknown-answer")
        return text, None
    if item.kind is ItemKind.TEXT:
        return inert(text, 500).strip() or NORMAL, None
    if item.kind is ItemKind.TABLE:
        return _table(item, text), None
    value = _number(item, text)
    return f"{value:.10g}", value


def _table(item: Item, text: str) -> str:
    """The numbers with single blanks between them; typed between them may be blanks, semicolons or line ends."""
    cells = [f"{_number(item, one):.10g}" for one in re.split(r"[\s;；、]+", text.strip()) if one]
    if not cells or item.cells not in (0, len(cells)):
        wanted = item.cells or 1
        raise AnswerRefused(
            _("Here stand {n} numbers with blanks between them; {count} were typed.").format(
                n=wanted, count=len(cells)
            ),
            code="cells",
        )
    if len(cells) > MOST_CELLS:
        raise AnswerRefused(_("That are more than {n} numbers.").format(n=MOST_CELLS), code="cells")
    return " ".join(cells)


def _number(item: Item, text: str) -> float:
    value = number(text.translate(_FULL_WIDTH).strip())
    if value is None:
        raise AnswerRefused(_("That is not a number."), code="not-a-number")
    if not is_possible(value, item.limit) and item.limit.physical is not None:
        raise AnswerRefused(
            _("{value:g} {unit} is impossible here ({low:g} to {high:g}): check what you typed.").format(
                value=value, unit=item.unit, low=item.limit.physical.low, high=item.limit.physical.high
            ),
            code="impossible",
        )
    return value


def _origin(item: Item, answer: str, given: Given) -> Origin:
    if given.accepts_live:
        return Origin.MEASURED
    overrides = given.live is not None and item.mode is Mode.ACCEPT and given.live.answer != answer
    return Origin.TYPED_OVER_MEASURED if overrides else Origin.TYPED
