"""Sentences, and parts of one, one behind the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dutyroom.words import _, language


def joined(sentences: Iterable[str]) -> str:
    """One text of them, in the language in force: Chinese sentences have no blank between them."""
    return ("" if language() == "zh_CN" else " ").join(sentences)


def listed(texts: Sequence[str]) -> str:
    """The parts of a sentence, in the language in force: `first; second`."""
    whole = "".join(texts[:1])
    for one in texts[1:]:
        whole = _("{before}; {after}").format(before=whole, after=one)
    return whole
