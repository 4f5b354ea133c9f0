"""A list of devices that is looked over: changed, taken out or added to, until the person goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress

from dutyroom.setup.talk import Back, Talk, ask
from dutyroom.words import _


def change_list(
    talk: Talk,
    *,
    rows: Callable[[], Sequence[tuple[str, str]]],
    add: Callable[[], None],
    change: Callable[[str], None],
    forget: Callable[[str], None],
    what: str,
) -> None:
    """Shows the rows (name, text) and does what is asked with them; an empty line goes on. Raises Back."""
    while True:
        listed = rows()
        for number, (_name, text) in enumerate(listed, 1):
            talk.say(f"  {number} {text}")

        def understood(answer: str, count: int = len(listed)) -> None:
            match = re.fullmatch(r"a|-?(\d{1,4})", answer.casefold())
            if match is None or (match[1] is not None and not 1 <= int(match[1]) <= count):
                raise ValueError(_("press enter, or type a, a number, or -number"))

        parts = [_("enter: go on"), f"a: {what}"]
        if listed:
            parts += [_("1: change number 1"), _("-1: take it out")]
        talk.say("  ".join(parts))
        wish = ask(talk, _("What next"), check=understood, needed=False).casefold()
        if not wish:
            return
        # Back from the first question of a device leads back to the list.
        with suppress(Back):
            if wish == "a":
                add()
            elif wish.startswith("-"):
                forget(listed[int(wish[1:]) - 1][0])
            else:
                change(listed[int(wish) - 1][0])
