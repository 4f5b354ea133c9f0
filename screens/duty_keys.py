"""The keys of rounds on a list, findings, history, handover and zero report; part of the registry in `screens.keys`."""

from __future__ import annotations

from collections.abc import Mapping

from dutyroom.words import N_
from screens.finding_keys import FINDING_DIALOGS, FINDING_GROUPS, FINDING_TOGETHER
from screens.key import COPY_KEY, Key, field_keys

# Those that change something have a key beside the letter that passes through every input method.
ROUND_LIST_KEYS = (
    Key("rounds.down", "down,j", "move(1)", N_("Next round")),
    Key("rounds.up", "up,k", "move(-1)", N_("Previous round")),
    Key("rounds.page-down", "pagedown,space", "move(10)", N_("Ten lines down")),
    Key("rounds.page-up", "pageup", "move(-10)", N_("Ten lines up")),
    Key("rounds.open", "enter", "open_owed", N_("Start, go on with or read this round")),
    Key("rounds.paper", "plus,b", "from_paper", N_("Type in a round that was walked on paper")),
    COPY_KEY,
    Key("rounds.back", "escape", "back", N_("Back to the board")),
)
HISTORY_KEYS = (
    Key("history.next", "right", "day(1)", N_("Next day")),
    Key("history.previous", "left", "day(-1)", N_("Previous day")),
    Key("history.down", "down,j", "day(7)", N_("A week later; among the rounds of a day the next one")),
    Key("history.up", "up,k", "day(-7)", N_("A week earlier; among the rounds of a day the one before")),
    Key("history.earlier", "pageup", "month(-1)", N_("Month before")),
    Key("history.later", "pagedown", "month(1)", N_("Month after")),
    Key("history.today", "home", "today", N_("Today")),
    Key("history.open", "enter", "open", N_("Rounds of the day; open the round to read it")),
    Key("history.trend", "t", "trend", N_("Trend of an item over 14 or 90 days")),
    Key("history.list", "l", "listed", N_("The month as a list")),
    Key("history.person", "b", "person", N_("Rounds of the person of this round")),
    Key("history.export", "plus,e", "export", N_("Export the workbook of this month"), shown_as="e"),
    Key("history.filter", "slash", "filter", N_("Only rounds with this in checklist, state, mark or person")),
    COPY_KEY,
    Key("history.back", "escape", "back", N_("Back to the board")),
)
EXPORT_KEYS = (
    Key("export.make", "f10,s", "make", N_("make it"), footer=True, shown_as="F10"),
    Key("export.earlier", "left", "change(-1)", N_("earlier"), footer=True, shown_as="←"),
    Key("export.later", "right", "change(1)", N_("later"), footer=True, shown_as="→"),
    Key("export.type", "enter", "type", N_("type"), footer=True, shown_as="⏎"),
    Key("export.down", "down,j", "move(1)", N_("Next line")),
    Key("export.up", "up,k", "move(-1)", N_("Previous line")),
    Key("export.page-down", "pagedown,space", "scroll(10)", N_("Ten lines down")),
    Key("export.page-up", "pageup", "scroll(-10)", N_("Ten lines up")),
    COPY_KEY,
    Key("export.back", "escape", "back", N_("End what is being made; else back")),
)
TREND_KEYS = (
    Key("trend.span", "s", "span", N_("14/90 days"), footer=True),
    Key("trend.earlier", "left", "shift(-1)", N_("earlier"), footer=True, shown_as="←"),
    Key("trend.later", "right", "shift(1)", N_("later"), footer=True, shown_as="→"),
    Key("trend.open", "enter", "open", N_("open the round"), footer=True),
    Key("trend.down", "down,j", "move(1)", N_("Next answer")),
    Key("trend.up", "up,k", "move(-1)", N_("Previous answer")),
    Key("trend.page-down", "pagedown,space", "move(10)", N_("Ten lines down")),
    Key("trend.page-up", "pageup", "move(-10)", N_("Ten lines up")),
    COPY_KEY,
    Key("trend.back", "escape", "back", N_("Back")),
)
CHOOSE_KEYS = (
    Key("choose.down", "down", "move(1)", N_("Next line"), priority=True),
    Key("choose.up", "up", "move(-1)", N_("Previous line"), priority=True),
    Key("choose.page-down", "pagedown", "move(10)", N_("Ten lines down"), priority=True),
    Key("choose.page-up", "pageup", "move(-10)", N_("Ten lines up"), priority=True),
    Key("choose.leave", "escape", "leave", N_("Back: nothing is chosen")),
)
HANDOVER_KEYS = (
    Key("handover.sign", "f10,s", "sign", N_("sign"), footer=True, shown_as="F10"),
    Key("handover.fill-in", "enter", "fill_in", N_("count, remark"), footer=True, shown_as="⏎"),
    Key("handover.as-wanted", "space", "as_wanted", N_("all there"), footer=True, shown_as="space"),
    Key("handover.anew", "n", "anew", N_("new sheet"), footer=True),
    Key("handover.down", "down,j", "move(1)", N_("Next line")),
    Key("handover.up", "up,k", "move(-1)", N_("Previous line")),
    Key("handover.page-down", "pagedown", "move(10)", N_("Ten lines down")),
    Key("handover.page-up", "pageup", "move(-10)", N_("Ten lines up")),
    COPY_KEY,
    Key("handover.back", "escape", "back", N_("Back")),
)
HANDOVER_SIGN_KEYS = (
    Key("handover-sign.leave", "escape", "leave", N_("Back: nothing is signed")),
    *field_keys("handover-sign"),
)
ZERO_KEYS = (
    Key("zero.sign", "f10,s", "sign", N_("sign"), footer=True, shown_as="F10"),
    Key("zero.earlier", "left", "day(-1)", N_("day before"), footer=True, shown_as="←"),
    Key("zero.later", "right", "day(1)", N_("day after"), footer=True, shown_as="→"),
    Key("zero.missing", "m", "missing", N_("missing day"), footer=True),
    Key("zero.amend", "a", "amend", N_("amend"), footer=True),
    Key("zero.write", "w", "write", N_("Write the files to send")),
    Key("zero.down", "down,j", "scroll(1)", N_("Next line")),
    Key("zero.up", "up,k", "scroll(-1)", N_("Previous line")),
    Key("zero.page-down", "pagedown,space", "scroll(10)", N_("Ten lines down")),
    Key("zero.page-up", "pageup", "scroll(-10)", N_("Ten lines up")),
    COPY_KEY,
    Key("zero.back", "escape", "back", N_("Back")),
)
PAPER_KEYS = (Key("paper.leave", "escape", "leave", N_("Back: nothing is opened")), *field_keys("paper"))
DUTY_GROUPS: Mapping[str, tuple[Key, ...]] = {
    "handover": HANDOVER_KEYS,
    "handover-sign": HANDOVER_SIGN_KEYS,
    "zero": ZERO_KEYS,
    "history": HISTORY_KEYS,
    "export": EXPORT_KEYS,
    "trend": TREND_KEYS,
    "choose": CHOOSE_KEYS,
    "rounds": ROUND_LIST_KEYS,
    "paper": PAPER_KEYS,
    **FINDING_GROUPS,
}
# Dialogs in which a letter is typed.
DUTY_DIALOGS: tuple[str, ...] = (
    "paper",
    "handover-sign",
    "choose",
    *FINDING_DIALOGS,
)
# Groups that work at the same time.
DUTY_TOGETHER: tuple[tuple[str, ...], ...] = (
    ("everywhere", "room", "handover"),
    ("everywhere", "handover-sign"),
    ("everywhere", "room", "rounds"),
    ("everywhere", "paper"),
    ("everywhere", "room", "zero"),
    ("everywhere", "room", "history"),
    ("everywhere", "room", "export"),
    ("everywhere", "room", "trend"),
    ("everywhere", "choose"),
    *FINDING_TOGETHER,
)
