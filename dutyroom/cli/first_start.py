"""`dutyroom` on a terminal without a site file: a room is set up, or the simulated one is shown."""

from __future__ import annotations

from dutyroom import words
from dutyroom.cli.asked import Asked
from dutyroom.words import N_, _

INIT, DEMO, LEAVE = "init", "demo", "leave"
_CHOICES = (
    (INIT, N_("set up my machine room (a few questions, everything is tried live)")),
    (DEMO, N_("show the demo: a simulated room, nothing is set up")),
    (LEAVE, N_("leave")),
)


def offer(asked: Asked) -> int:
    """Asks for the language and what is wanted, and does it; gives the exit code. Raises KeyboardInterrupt."""
    from dutyroom.cli.talk import TerminalTalk
    from dutyroom.setup.talk import Back, choose
    from dutyroom.setup.wizard import ask_language

    talk = TerminalTalk()
    try:
        while True:
            if asked.lang is None:
                ask_language(talk, words.language())
            talk.say("\n" + _("There is no site file yet. What would you like?"))
            try:
                wish = choose(talk, "1 / 2 / 3", _CHOICES, INIT)
            except Back:
                continue
            break
    except (Back, EOFError):
        return 0
    asked.lang = words.language()
    if wish == INIT:
        from dutyroom.cli.init import set_up

        return set_up(asked)
    if wish == DEMO:
        from dutyroom.cli.demo import demo

        return demo(data=None, days=0, seed=1, outage=False, plain=False, lang=asked.lang)
    return 0
