"""A conversation in plain lines: questions with a default in brackets, `?` explains, `b` goes back.

What a Chinese input method types for a digit, a letter or a dot is understood as that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Protocol

from dutyroom.inert import inert
from dutyroom.words import N_, _

YES, NO = frozenset(("y", "yes", "是", "对", "好")), frozenset(("n", "no", "否", "不", "不是"))
BACK, EXPLAIN = frozenset(("b", "back", "返回")), frozenset(("?", "help", "帮助"))
ALL, NONE = frozenset(("all", "全部", "*")), frozenset(("none", "无", "0", "-"))


class Back(Exception):
    """The person wants the question before this one."""


class Talk(Protocol):
    """Where the conversation is held."""

    asked: int
    """How many questions were put so far."""

    def say(self, text: str = "") -> None:
        """A line, or several."""

    def read(self, prompt: str, *, hidden: bool = False) -> str:
        """What is typed. Raises EOFError when nothing more can come, KeyboardInterrupt when the person leaves."""


def plain(text: str) -> str:
    """The text with full-width characters as the plain ones they stand for, without blanks at its ends."""
    return unicodedata.normalize("NFKC", text.replace("。", ".")).strip()


def ask(
    talk: Talk,
    question: str,
    default: str = "",
    *,
    explain: str = "",
    check: Callable[[str], object] | None = None,
    needed: bool = True,
    words: bool = False,
    hidden: bool = False,
) -> str:
    """One answer that passes `check` (which raises ValueError with a sentence); the default for an empty line.

    `words`: a text for people, kept as it was typed. Raises Back.
    """
    shown = f" [{inert(default, 60)}]" if default else ""
    while True:
        talk.asked += 1
        typed = talk.read(f"{question}{shown}: ", hidden=hidden)
        word = plain(typed).casefold()
        if word in BACK:
            raise Back
        if word in EXPLAIN:
            talk.say(explain or _("Type the answer, or press enter for what stands in brackets; b goes back."))
            continue
        answer = (typed.strip() if words or hidden else plain(typed)) or default
        if not answer:
            if not needed:
                return ""
            talk.say(_("  This needs an answer."))
            continue
        try:
            if check is not None:
                check(answer)
        except ValueError as error:
            talk.say(f"  ✗ {error}")
            continue
        return inert(answer, 500) if words else answer


def agrees(talk: Talk, question: str, default: bool, *, explain: str = "") -> bool:
    """Yes or no, also in Chinese."""

    def understood(answer: str) -> None:
        if answer.casefold() not in YES | NO:
            raise ValueError(_("answer y or n"))

    answer = ask(talk, f"{question} (y/n)", "y" if default else "n", explain=explain, check=understood)
    return answer.casefold() in YES


def choose(talk: Talk, question: str, options: Sequence[tuple[str, str]], default: str, *, explain: str = "") -> str:
    """The value of one of the options, each (value, text); chosen by its number or its value."""
    values = [value for value, _text in options]
    for at, (_value, text) in enumerate(options, 1):
        talk.say(f"  {at} {_(text)}")

    def understood(answer: str) -> None:
        if _chosen(answer, values) is None:
            raise ValueError(_("choose a number from 1 to {count}").format(count=len(values)))

    number = str(values.index(default) + 1) if default in values else "1"
    answer = ask(talk, question, number, explain=explain, check=understood)
    return _chosen(answer, values) or default


def _chosen(answer: str, values: Sequence[str]) -> str | None:
    if answer.isdecimal():
        return values[int(answer) - 1] if 1 <= int(answer) <= len(values) else None
    return next((value for value in values if value.casefold() == answer.casefold()), None)


def pick(talk: Talk, question: str, count: int, default: str, *, explain: str = "") -> list[int]:
    """Numbers from 1 to `count`: `1 3-5`, all, or none."""

    def understood(answer: str) -> None:
        if numbers(answer, count) is None:
            raise ValueError(_("write numbers such as 1 3-5, or all, or none"))

    answer = ask(talk, question, default, explain=explain, check=understood)
    return numbers(answer, count) or []


def numbers(text: str, count: int) -> list[int] | None:
    """The numbers that `1,3-5`, `all` or `none` stand for; None for anything else or a number that is not there."""
    word = text.casefold()
    if word in ALL:
        return list(range(1, count + 1))
    if word in NONE:
        return []
    found: list[int] = []
    for part in re.split(r"[\s,、;]+", text.strip(" ,、;")):
        match = re.fullmatch(r"(\d{1,4})(?:\s*[-~]\s*(\d{1,4}))?", part)
        if match is None:
            return None
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= count:
            return None
        found += [number for number in range(first, last + 1) if number not in found]
    return found


def walk(talk: Talk, steps: Sequence[Callable[[], None]]) -> None:
    """The steps one after the other; Back in one goes to the last before it that asked anything. Raises Back."""
    at, going_back = 0, False
    while at < len(steps):
        before = talk.asked
        try:
            steps[at]()
        except Back:
            going_back = True
        else:
            # A step that asks nothing would send somebody who goes back forward again.
            going_back = going_back and talk.asked == before
        if going_back and at == 0:
            raise Back
        at += -1 if going_back else 1


RETRY, EDIT, SKIP, KEEP = "r", "e", "s", "k"
_AFTER_FAILURE = {
    RETRY: N_("try again"),
    EDIT: N_("change what was typed"),
    SKIP: N_("leave it out"),
    KEEP: N_("keep it unverified"),
}


def after_failure(talk: Talk, choices: str) -> str:
    """What to do when a try failed: one of the letters in `choices`; the first is the default."""
    told = "  ".join(f"{letter} {_(_AFTER_FAILURE[letter])}" for letter in choices)

    def understood(answer: str) -> None:
        if answer.casefold() not in tuple(choices):
            raise ValueError(_("choose one of: {choices}").format(choices=" ".join(choices)))

    return ask(talk, told, choices[0], check=understood).casefold()
