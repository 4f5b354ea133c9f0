"""How a key is called on the screen: the one that works now, whatever the site file made of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from textual.binding import Binding

from dutyroom.words import _
from screens.keys import EVERY_KEY

if TYPE_CHECKING:
    from textual.app import App

# An action whose keys others took is bound to this, which no terminal sends.
NO_KEY = "no_key"
FUNCTION = re.compile(r"f\d{1,2}")


def spelled(shown: str) -> str:
    """A key as it is printed on keyboards: `ctrl+p` for `^p`, `F2` for `f2`."""
    if len(shown) > 1 and shown.startswith("^"):
        return f"ctrl+{shown[1:]}"
    return shown.upper() if FUNCTION.fullmatch(shown) else shown


def key_name(app: App[Any], key_id: str) -> str:
    """The first key of an action by its id, as a word of a sentence."""
    key = EVERY_KEY[key_id]
    remapped = app._keymap.get(key_id)
    first = (remapped or key.keys).split(",")[0].strip()
    if first == NO_KEY:
        return _("(no key)")
    shown = app.get_key_display(Binding(first, key.action, key_display=None if remapped else key.shown_as))
    return "enter" if shown == "⏎" else shown
