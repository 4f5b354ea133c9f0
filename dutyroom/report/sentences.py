"""Sentences one behind the other."""

from __future__ import annotations

from collections.abc import Iterable

from dutyroom.words import language


def joined(sentences: Iterable[str]) -> str:
    """One text of them, in the language in force: Chinese sentences have no blank between them."""
    return ("" if language() == "zh_CN" else " ").join(sentences)
