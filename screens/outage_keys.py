"""The keys of the outage screen; part of the registry in `screens.keys`."""

from __future__ import annotations

from dutyroom.words import N_
from screens.key import COPY_KEY, Key

# Letters for who is woken at night, function keys beside them: a Chinese input method swallows the letters.
OUTAGE_KEYS = (
    Key("outage.contained", "c,f3", "act('contained')", N_("contained"), footer=True),
    Key("outage.reported", "g,f4", "act('reported')", N_("reported"), footer=True),
    Key("outage.call", "a,f6", "act('called')", N_("call result"), footer=True),
    Key("outage.tick", "space,f8", "tick", N_("shed done"), footer=True, shown_as="space"),
    Key("outage.note", "n,slash", "act('noted')", N_("note"), footer=True),
    Key("outage.close", "f10", "act('closed')", N_("close"), footer=True, shown_as="F10"),
    Key("outage.back", "escape", "back", N_("leave"), footer=True, shown_as="esc"),
    Key("outage.seen", "s,f9", "act('seen')", N_("Seen: the bell is silent")),
    Key("outage.major", "m", "act('major')", N_("Major event; when it is one: reported to the authority")),
    Key("outage.untick", "u,backspace", "untick", N_("The load under the cursor is on again")),
    Key("outage.enter", "enter", "enter", N_("What the line under the cursor is for")),
    Key("outage.pane", "tab,right", "pane(1)", N_("Next part: calls, shedding, loads, UPS, timeline")),
    Key("outage.pane-back", "shift+tab,left", "pane(-1)", N_("Part before")),
    Key("outage.down", "down,j", "move(1)", N_("Next line")),
    Key("outage.up", "up,k", "move(-1)", N_("Previous line")),
    Key("outage.page-down", "pagedown", "move(10)", N_("Ten lines down")),
    Key("outage.page-up", "pageup", "move(-10)", N_("Ten lines up")),
    COPY_KEY,
)
OUTAGE_GROUPS = {"outage": OUTAGE_KEYS}
OUTAGE_TOGETHER = (("everywhere", "room", "outage"),)
