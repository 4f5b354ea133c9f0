"""The line in which a filter is typed: what is shown shrinks with every letter; esc takes the filter away again."""

from __future__ import annotations

import unicodedata

from textual.widgets import Input

from dutyroom.words import N_, _
from screens.keys import FILTER_KEYS

PLACEHOLDER = N_("part of a name or value; enter keeps it, esc takes it away")


class FilterLine(Input):
    """Hidden until it is asked for, and while it is empty and not being typed in. The screen hears `Input.Changed`."""

    BINDINGS = [key.binding() for key in FILTER_KEYS]
    DEFAULT_CSS = """
    FilterLine { height: 1; width: 1fr; border: none; padding: 0 1; background: $panel; display: none; }
    FilterLine:focus { border: none; }
    FilterLine.-asking { display: block; }
    """

    def __init__(self) -> None:
        super().__init__(id="filter", max_length=60, placeholder=_(PLACEHOLDER))

    @property
    def words(self) -> tuple[str, ...]:
        """What must be found, in small letters."""
        return wanted(self.value)

    def fits(self, *texts: str) -> bool:
        """True when every word that was typed is in one of the texts."""
        return has(self.words, *texts)

    def ask(self) -> None:
        """Shows the line to be typed in."""
        self.add_class("-asking")
        self.focus()

    def clear_away(self) -> bool:
        """Takes the filter away; False when there was none."""
        was = bool(self.value) or self.has_focus
        self.value = ""
        self._leave()
        return was

    def action_keep(self) -> None:
        """The filter holds; keys go to the page again."""
        self._leave()

    def action_clear(self) -> None:
        """No filter any more."""
        self.clear_away()

    def retranslate(self) -> None:
        """The hint in the language in force."""
        self.placeholder = _(PLACEHOLDER)

    def _leave(self) -> None:
        if self.has_focus:
            self.screen.set_focus(None)
        self.set_class(bool(self.value), "-asking")


def wanted(text: str) -> tuple[str, ...]:
    """The words of what is typed, in small letters."""
    return tuple(_plain(text).split())


def has(words: tuple[str, ...], *texts: str) -> bool:
    """True when every word is in one of the texts."""
    found = [_plain(text) for text in texts]
    return all(any(word in text for text in found) for word in words)


def _plain(text: str) -> str:
    """Small letters, full-width characters of an input method as common ones."""
    return unicodedata.normalize("NFKC", text).casefold()
