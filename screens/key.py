"""One key of the registry."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding

from dutyroom.words import N_


@dataclass(frozen=True, slots=True)
class Key:
    """One key: `id` is what the site file remaps, `text` an English source string."""

    id: str
    keys: str
    action: str
    text: str
    footer: bool = False
    shown_as: str | None = None
    priority: bool = False

    def binding(self) -> Binding:
        """The Textual binding."""
        return Binding(
            self.keys,
            self.action,
            self.text,
            show=self.footer,
            id=self.id,
            key_display=self.shown_as,
            priority=self.priority,
        )


# The same on every page with rows: one id, one key.
COPY_KEY = Key("copy", "y", "copy_row", N_("Copy this row"))
