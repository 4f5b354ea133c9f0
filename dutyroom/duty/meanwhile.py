"""Two people at one round: what the one would overwrite without having seen it is refused, with both texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dutyroom import show
from dutyroom.duty.walks import Walk
from dutyroom.errors import AnswerRefused, RoundRefused
from dutyroom.model.rounds import Entry
from dutyroom.words import _

Key = tuple[str, str]


@dataclass(slots=True)
class Seen:
    """The answers a person at one terminal has seen. Acts of that terminal keep it as they are carried out."""

    entries: dict[Key, Entry] = field(default_factory=dict)

    def look(self, entries: Mapping[Key, Entry]) -> None:
        """The person sees these answers."""
        self.entries = dict(entries)

    def keep(self, entries: Iterable[Entry]) -> None:
        """The person gave these answers."""
        for entry in entries:
            self.entries[entry.key] = entry


def is_same(one: Entry | None, other: Entry | None) -> bool:
    """True when both are the same answer, given once; two lines without an answer are the same."""
    return _given(one) == _given(other)


def refuse_unseen(walk: Walk, standing: Entry | None, seen: Entry | None, mine: Entry | None) -> None:
    """Raises AnswerRefused (`changed`) with both texts when the answer that stands is not the one that was seen."""
    if standing is None or standing.answer is None or is_same(standing, seen):
        return
    raise AnswerRefused(told_both(walk, standing, mine), code="changed")


def told_both(walk: Walk, standing: Entry, mine: Entry | None) -> str:
    """What stands there and by whom, what was to be put in its place, and that nothing was stored."""
    theirs = _("{who} answered “{item}” meanwhile: {text}.").format(
        who=standing.by, item=_item(walk, standing), text=answer_text(walk, standing)
    )
    yours = " " + _("Yours was: {text}.").format(text=answer_text(walk, mine)) if mine is not None else ""
    return theirs + yours + " " + _("Nothing was stored: undo that answer first if yours is right.")


def refuse_unreviewed(walk: Walk, stored: Iterable[Entry], reviewed: Mapping[Key, Entry]) -> None:
    """Raises RoundRefused (`changed`) when the answers are not those that were looked at before signing."""
    now = {entry.key: entry for entry in stored}
    changed = sorted(key for key in now.keys() | reviewed.keys() if not is_same(now.get(key), reviewed.get(key)))
    if not changed:
        return
    told = "; ".join(_change(walk, now.get(key), reviewed.get(key)) for key in changed[:3])
    sentence = _("{n} answers changed since the review: {told}. Look at the round again, then sign.")
    raise RoundRefused(sentence.format(n=len(changed), told=told), code="changed")


def answer_text(walk: Walk, entry: Entry | None) -> str:
    """The answer with its note, as people say it."""
    if entry is None or entry.answer is None:
        return _("no answer")
    item = walk.checklist.item(entry.item)
    answer = show.answer(item, entry.answer) if item is not None else entry.answer
    return f"{answer} “{entry.note}”" if entry.note else answer


def _change(walk: Walk, now: Entry | None, then: Entry | None) -> str:
    entry = now or then
    assert entry is not None  # the key is of one of them
    return f"{_item(walk, entry)}: {answer_text(walk, then)} → {answer_text(walk, now)} ({entry.by})"


def _item(walk: Walk, entry: Entry) -> str:
    item = walk.checklist.item(entry.item)
    name = show.item_name(item) if item is not None else entry.item
    return f"{name} · {entry.device}" if entry.device else name


def _given(entry: Entry | None) -> tuple[object, ...] | None:
    return None if entry is None or entry.answer is None else (entry.answer, entry.note, entry.at, entry.by)
