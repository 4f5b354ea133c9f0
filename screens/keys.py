"""Every key in one place: id, keys, action and what it does. Footer, help and `[keys]` in the site file read this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dutyroom.words import N_
from screens.discharge_keys import DISCHARGE_GROUPS, DISCHARGE_TOGETHER
from screens.duty_keys import DUTY_DIALOGS, DUTY_GROUPS, DUTY_TOGETHER
from screens.key import COPY_KEY as COPY_KEY
from screens.key import Key, field_keys
from screens.outage_keys import OUTAGE_GROUPS, OUTAGE_TOGETHER

# Keys of the program itself: they work in every dialog and while something is typed. F2 passes through every input
# method and no terminal keeps it for itself; its twin is for keyboards without a row of functions.
EVERYWHERE_KEYS = (
    Key("language", "f2,ctrl+t", "switch_language", N_("Language: English / 中文"), priority=True),
    # Beside `q`: this leaves the program out of every dialog.
    Key("quit.anywhere", "ctrl+q", "quit", N_("Quit"), priority=True),
    Key("palette", "ctrl+p", "command_palette", N_("Find anything: devices, items, people, months"), priority=True),
    Key("lock", "ctrl+l", "lock", N_("Lock the screens"), priority=True),
    Key("outage.anywhere", "ctrl+o", "go_to_outage", N_("The outage that runs"), priority=True),
)
ROOM_KEYS = (
    Key("mode.board", "1", "mode('board')", N_("Board"), footer=True),
    Key("mode.round", "2", "mode('rounds')", N_("Round"), footer=True),
    Key("mode.power", "3", "mode('power')", N_("Power"), footer=True),
    Key("mode.network", "4", "mode('network')", N_("Network"), footer=True),
    Key("mode.servers", "5", "mode('servers')", N_("Servers"), footer=True),
    Key("mode.findings", "6", "mode('findings')", N_("Findings"), footer=True),
    Key("mode.history", "7", "mode('history')", N_("History"), footer=True),
    Key("help", "question_mark,f1", "app.help", N_("Help"), footer=True, shown_as="?"),
    Key("refresh", "r", "app.refresh_room", N_("Ask every source now")),
    Key("sign-in", "i", "app.sign_in", N_("Sign in or change the operator")),
    Key("zero-report", "z", "app.go_to_zero_report", N_("Zero report of the duty day")),
    Key("handover", "h", "app.go_to_handover", N_("Handover of the shift")),
    Key("outage", "0", "app.go_to_outage", N_("The outage that runs, or whose closing text is owed")),
    Key("doctor", "d", "app.go_to_doctor", N_("Doctor: check everything")),
    Key("quit", "q", "app.quit", N_("Quit")),
)
BOARD_KEYS = (
    Key("board.round", "enter", "app.open_round", N_("Start or go on with the round")),
    Key("board.worst", "w", "open_worst", N_("Open what is worst")),
    Key("board.acknowledge", "f6,a", "acknowledge", N_("Acknowledge notifications: nobody else is told")),
)
LIST_KEYS = (
    Key("list.down", "down,j", "move(1)", N_("Next device")),
    Key("list.up", "up,k", "move(-1)", N_("Previous device")),
    Key("list.page-down", "pagedown,space", "page(1)", N_("Scroll down")),
    Key("list.page-up", "pageup", "page(-1)", N_("Scroll up")),
    Key("list.open", "enter", "open", N_("Open the page of this device")),
    Key("list.chart", "g", "chart", N_("History chart of this device")),
    Key("list.filter", "slash", "filter", N_("Only devices with this in name, label, address or reason")),
    COPY_KEY,
    Key("list.back", "escape", "back", N_("Back to the board")),
)
# On the page of a network device, beside those of every page.
PORT_KEYS = (
    Key("ports.view", "v", "view", N_("plate/table"), footer=True),
    Key("ports.only", "f", "only", N_("changed/all/down"), footer=True),
    Key("ports.baseline", "b", "baseline", N_("baseline"), footer=True),
)
# All of them before the fields have them: in the order in which they are typed, whatever stands between them.
BASELINE_KEYS = (
    Key("baseline.down", "down", "move(1)", N_("Next port"), priority=True),
    Key("baseline.up", "up", "move(-1)", N_("Previous port"), priority=True),
    Key("baseline.page-down", "pagedown", "move(10)", N_("Ten ports down"), priority=True),
    Key("baseline.page-up", "pageup", "move(-10)", N_("Ten ports up"), priority=True),
    Key("baseline.expected", "f3", "expected", N_("To be up, to be down, or of no interest"), priority=True),
    Key("baseline.critical", "f4", "critical", N_("Critical: when it is down, that is a fault"), priority=True),
    Key("baseline.label", "f5", "label", N_("What people call this port"), priority=True),
    Key("baseline.leave", "escape", "leave", N_("Back: nothing is accepted"), priority=True),
    *field_keys("baseline"),
)
PAGE_KEYS = (
    Key("page.filter", "slash", "filter", N_("filter"), footer=True, shown_as="/"),
    Key("page.chart", "g", "chart", N_("history"), footer=True),
    Key("page.down", "down,j", "scroll(1)", N_("Next line")),
    Key("page.up", "up,k", "scroll(-1)", N_("Previous line")),
    Key("page.page-down", "pagedown,space", "page(1)", N_("Scroll down")),
    Key("page.page-up", "pageup", "page(-1)", N_("Scroll up")),
    Key("page.first", "home", "ends(-1)", N_("First line")),
    Key("page.last", "end", "ends(1)", N_("Last line")),
    COPY_KEY,
    Key("page.back", "escape", "back", N_("Back")),
)
# In the line of a filter every letter is typed.
FILTER_KEYS = (
    Key("filter.keep", "enter,down", "keep", N_("Keep the filter and go back to the page")),
    Key("filter.clear", "escape", "clear", N_("Take the filter away")),
)
# Capitals, because the small letters are taken; minus and plus pass through every input method.
CHART_KEYS = (
    Key("chart.hour", "H", "span('hour')", N_("hour"), footer=True),
    Key("chart.day", "D", "span('day')", N_("day"), footer=True),
    Key("chart.week", "W", "span('week')", N_("week"), footer=True),
    Key("chart.month", "M", "span('month')", N_("month"), footer=True),
    Key("chart.earlier", "left", "shift(-1)", N_("earlier"), footer=True, shown_as="←"),
    Key("chart.later", "right", "shift(1)", N_("later"), footer=True, shown_as="→"),
    Key("chart.next", "down,j", "quantity(1)", N_("quantity"), footer=True, shown_as="↓"),
    Key("chart.previous", "up,k", "quantity(-1)", N_("Previous quantity")),
    Key("chart.longer", "minus", "zoom(1)", N_("More time")),
    Key("chart.shorter", "plus,equals_sign", "zoom(-1)", N_("Less time")),
    Key("chart.now", "end,home", "to_now", N_("Up to the present")),
    Key("chart.signs", "a", "signs", N_("Draw with plain characters, or with dots again")),
    COPY_KEY,
    Key("chart.back", "escape", "back", N_("Back")),
)
NETWORK_KEYS = (Key("network.addresses", "a", "app.go_to_addresses", N_("Addresses: who is on the network")),)
ADDRESS_KEYS = (
    Key("address.down", "down,j", "move(1)", N_("Next address")),
    Key("address.up", "up,k", "move(-1)", N_("Previous address")),
    Key("address.page-down", "pagedown,space", "move(10)", N_("Ten lines down")),
    Key("address.page-up", "pageup", "move(-10)", N_("Ten lines up")),
    Key("address.filter", "slash", "filter", N_("filter"), footer=True, shown_as="/"),
    Key("address.open", "enter", "open", N_("details"), footer=True),
    COPY_KEY,
    Key("address.back", "escape", "back", N_("Back")),
)
RECORD_KEYS = (
    Key("record.down", "down,j", "move(1)", N_("Next round")),
    Key("record.up", "up,k", "move(-1)", N_("Previous round")),
    Key("record.page-down", "pagedown,space", "move(10)", N_("Ten lines down")),
    Key("record.page-up", "pageup", "move(-10)", N_("Ten lines up")),
    Key("record.open", "enter", "open", N_("Open the round to read it")),
    COPY_KEY,
    Key("record.back", "escape", "back", N_("Back")),
)
ROUND_KEYS = (
    Key("round.normal", "space,o", "normal", N_("normal"), footer=True, shown_as="space"),
    Key("round.abnormal", "minus,x", "abnormal", N_("abnormal"), footer=True, shown_as="-"),
    Key("round.na", "asterisk,n", "not_applicable", N_("n/a"), footer=True, shown_as="*"),
    Key("round.take", "enter", "take", N_("take live value"), footer=True, shown_as="⏎"),
    Key("round.accept", "plus,a", "accept_device", N_("accept device"), footer=True, shown_as="+"),
    Key("round.sign", "f10,s", "review", N_("review, sign"), footer=True, shown_as="F10"),
    Key("round.undo", "backspace,u", "undo", N_("Undo the answer of this line")),
    Key("round.note", "slash,t", "note", N_("Write a note to this line")),
    Key("round.down", "down,j", "move(1)", N_("Next line")),
    Key("round.up", "up,k", "move(-1)", N_("Previous line")),
    Key("round.next-open", "tab", "next_open", N_("Next open line")),
    Key("round.page-down", "pagedown", "move(10)", N_("Ten lines down")),
    Key("round.page-up", "pageup", "move(-10)", N_("Ten lines up")),
    Key("round.left", "left", "choose(-1)", N_("Previous choice")),
    Key("round.right", "right", "choose(1)", N_("Next choice")),
    COPY_KEY,
    Key("round.help", "question_mark,f1", "app.help", N_("Help")),
    Key("round.leave", "escape", "leave", N_("Leave: the round goes on where it was")),
)
# Over every page of a replay, also where a list has other uses for them.
REPLAY_KEYS = (
    Key("replay.pause", "space", "replay_pause", N_("Pause, go on"), footer=True, shown_as="space", priority=True),
    Key("replay.back", "left", "replay_jump(-10)", N_("10 min back"), footer=True, shown_as="←", priority=True),
    Key("replay.forward", "right", "replay_jump(10)", N_("10 min forward"), footer=True, shown_as="→", priority=True),
)
HELP_KEYS = (
    Key("help.close", "escape,question_mark,f1,q", "close", N_("Close")),
    Key("help.up", "up,k", "scroll(-1)", N_("Scroll up")),
    Key("help.down", "down,j", "scroll(1)", N_("Scroll down")),
    Key("help.page-up", "pageup", "page(-1)", N_("Scroll up")),
    Key("help.page-down", "pagedown,space", "page(1)", N_("Scroll down")),
)
SIGN_IN_KEYS = (Key("sign-in.leave", "escape", "leave", N_("Back without signing in")), *field_keys("sign-in"))
SECRETS_KEYS = (Key("secrets.leave", "escape", "leave", N_("Back: nothing is changed")), *field_keys("secrets"))
REVIEW_KEYS = (
    Key("review.leave", "escape", "leave", N_("Back to the round")),
    Key("review.up", "up", "scroll(-1)", N_("Scroll up")),
    Key("review.down", "down", "scroll(1)", N_("Scroll down")),
    Key("review.page-up", "pageup", "scroll(-10)", N_("Scroll up")),
    Key("review.page-down", "pagedown", "scroll(10)", N_("Scroll down")),
    *field_keys("review"),
)
# What the footer says of a key where the terminal is narrow.
SHORTER = {
    "Network": N_("Net"),
    "Servers": N_("Srv"),
    "Findings": N_("Find"),
    "History": N_("Hist"),
    "take live value": N_("take"),
    "accept device": N_("accept"),
    "review, sign": N_("sign"),
    "plate/table": N_("view"),
    "changed/all/down": N_("which"),
}
DOCTOR_KEYS = (
    Key("doctor.down", "down,j", "scroll(1)", N_("Next line")),
    Key("doctor.up", "up,k", "scroll(-1)", N_("Previous line")),
    Key("doctor.page-down", "pagedown,space", "page(1)", N_("Scroll down")),
    Key("doctor.page-up", "pageup", "page(-1)", N_("Scroll up")),
    Key("doctor.back", "escape", "back", N_("Back")),
)
GROUPS: Mapping[str, tuple[Key, ...]] = {
    "everywhere": EVERYWHERE_KEYS,
    "room": ROOM_KEYS,
    "board": BOARD_KEYS,
    "list": LIST_KEYS,
    "page": PAGE_KEYS,
    "ports": PORT_KEYS,
    "filter": FILTER_KEYS,
    "chart": CHART_KEYS,
    "network": NETWORK_KEYS,
    "addresses": ADDRESS_KEYS,
    "record": RECORD_KEYS,
    "doctor": DOCTOR_KEYS,
    "replay": REPLAY_KEYS,
    "round": ROUND_KEYS,
    "help": HELP_KEYS,
    "sign-in": SIGN_IN_KEYS,
    "secrets": SECRETS_KEYS,
    "review": REVIEW_KEYS,
    "baseline": BASELINE_KEYS,
    **DISCHARGE_GROUPS,
    **OUTAGE_GROUPS,
    **DUTY_GROUPS,
}
# Dialogs in which a letter is typed.
DIALOGS_WITH_FIELDS = ("sign-in", "secrets", "review", "filter", "baseline", *DUTY_DIALOGS)
EVERY_KEY: Mapping[str, Key] = {key.id: key for group in GROUPS.values() for key in group}
TOGETHER = (
    ("everywhere", "room", "board", "replay"),
    ("everywhere", "room", "board"),
    ("everywhere", "room", "list"),
    ("everywhere", "room", "page"),
    ("everywhere", "room", "page", "ports"),
    ("everywhere", "filter"),
    ("everywhere", "room", "chart"),
    ("everywhere", "room", "list", "network"),
    ("everywhere", "room", "addresses"),
    ("everywhere", "room", "record"),
    ("everywhere", "room", "doctor"),
    ("everywhere", "round"),
    ("everywhere", "help"),
    ("everywhere", "sign-in"),
    ("everywhere", "secrets"),
    ("everywhere", "review"),
    ("everywhere", "baseline"),
    *DISCHARGE_TOGETHER,
    *OUTAGE_TOGETHER,
    *DUTY_TOGETHER,
)


def keys_in_force(ids: Iterable[str], keymap: Mapping[str, str]) -> set[str]:
    """The keys that these ids have now, with what the site file made of them."""
    return {one.strip() for name in ids for one in keymap.get(name, EVERY_KEY[name].keys).split(",")}
