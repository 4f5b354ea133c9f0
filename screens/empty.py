"""Empty places say what is missing and the exact next command, in the words of the person who stands before them.

Pure functions; a test goes through every place that can be empty.
"""

from __future__ import annotations

from dutyroom.model.reading import Kind
from dutyroom.words import N_, _
from screens.flow import flowing
from screens.widgets.lines import Line

_NONE_OF = {
    Kind.UPS: N_("No UPS in the site file."),
    Kind.NETWORK: N_("No network device in the site file."),
    Kind.SERVER: N_("No server in the site file."),
}
_SECTION = {Kind.UPS: "[[ups]]", Kind.NETWORK: "[[network]]", Kind.SERVER: "[[server]]"}


def no_device(kind: Kind, width: int) -> list[Line]:
    """The site file names no device of a kind."""
    step = _("→ dutyroom init asks for it, or add {section} to the site file.").format(section=_SECTION[kind])
    return [*flowing(_(_NONE_OF[kind]), width, "unknown"), *flowing(step, width, "key")]


def no_watch(width: int) -> list[Line]:
    """Nobody asks the devices, so nothing on the page is of now."""
    # The command first: on a small terminal there may be one line left.
    why = _("starts the watch; until then nobody asks the devices")
    return [(("  → dutyroom collect", "key"),), *flowing(why, width, "dim", indent=4)]


def no_operator() -> str:
    """Nobody can sign in, because nobody was added yet."""
    return _("Nobody was added yet; in a shell:") + "\n→ dutyroom operators add " + _("NAME")
