"""The keys of findings; part of the registry in `screens.keys`."""

from __future__ import annotations

from dutyroom.words import N_
from screens.key import COPY_KEY, Key

FINDINGS_KEYS = (
    Key("findings.open", "enter", "open", N_("details"), footer=True, shown_as="⏎"),
    Key("findings.filter", "slash", "filter", N_("filter"), footer=True, shown_as="/"),
    Key("findings.sort", "o", "sort", N_("Another order: deadline, newest, class, person, device")),
    Key("findings.every", "a", "every", N_("Those that are over too, or only the open ones")),
    Key("findings.find", "n", "find", N_("Enter a finding: what somebody saw outside a round")),
    Key("findings.down", "down,j", "move(1)", N_("Next finding")),
    Key("findings.up", "up,k", "move(-1)", N_("Previous finding")),
    Key("findings.page-down", "pagedown,space", "move(10)", N_("Ten findings down")),
    Key("findings.page-up", "pageup", "move(-10)", N_("Ten findings up")),
    COPY_KEY,
    Key("findings.back", "escape", "back", N_("Back to the board")),
)
# Enter and the arrows reach every act: a Chinese input method swallows the letters.
FINDING_KEYS = (
    Key("finding.act", "enter,f10", "act", N_("what to do"), footer=True, shown_as="⏎"),
    Key("finding.take", "t", "act('taken')", N_("take it"), footer=True),
    Key("finding.done", "f", "act('done')", N_("put right"), footer=True),
    Key("finding.verify", "v", "act('verified')", N_("verify"), footer=True),
    Key("finding.return", "b", "act('returned')", N_("Back to work: it is not right")),
    Key("finding.contain", "c", "act('contained')", N_("Contained: it does no more harm")),
    Key("finding.report", "l", "act('reported')", N_("Reported to the leading group")),
    Key("finding.authority", "a", "act('authority')", N_("Reported to the authority")),
    Key("finding.assign", "g", "act('assigned')", N_("Give it to somebody, set its deadline")),
    Key("finding.note", "n,slash", "act('noted')", N_("Write a note into its history")),
    Key("finding.known", "e", "act('known')", N_("Known fault, with owner, reason and expiry")),
    Key("finding.down", "down,j", "scroll(1)", N_("Next line")),
    Key("finding.up", "up,k", "scroll(-1)", N_("Previous line")),
    Key("finding.page-down", "pagedown,space", "scroll(10)", N_("Ten lines down")),
    Key("finding.page-up", "pageup", "scroll(-10)", N_("Ten lines up")),
    COPY_KEY,
    Key("finding.back", "escape", "back", N_("Back")),
)
FINDING_ACT_KEYS = (
    Key("finding-act.down", "down", "move(1)", N_("Next line")),
    Key("finding-act.up", "up", "move(-1)", N_("Previous line")),
    Key("finding-act.take", "enter", "take", N_("Do this")),
    Key("finding-act.leave", "escape", "leave", N_("Back: nothing is done")),
)
FINDING_FORM_KEYS = (
    Key("finding-form.send", "enter,f10", "send", N_("Do it")),
    Key("finding-form.next", "down,tab", "field(1)", N_("Next field"), priority=True),
    Key("finding-form.previous", "up,shift+tab", "field(-1)", N_("Previous field"), priority=True),
    Key("finding-form.later", "right", "choose(1)", N_("Next choice"), priority=True),
    Key("finding-form.earlier", "left", "choose(-1)", N_("Previous choice"), priority=True),
    Key("finding-form.leave", "escape", "leave", N_("Back: nothing is done")),
)
FINDING_GROUPS = {
    "findings": FINDINGS_KEYS,
    "finding": FINDING_KEYS,
    "finding-act": FINDING_ACT_KEYS,
    "finding-form": FINDING_FORM_KEYS,
}
FINDING_DIALOGS = ("finding-act", "finding-form")
FINDING_TOGETHER = (
    ("everywhere", "room", "findings"),
    ("everywhere", "room", "finding"),
    *(("everywhere", name) for name in FINDING_DIALOGS),
)
