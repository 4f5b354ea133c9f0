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


def field_keys(group: str) -> tuple[Key, ...]:
    """The keys of a dialog with fields, `screens.dialogs.fields`, under the name of its group.

    They come before the field has them: what is typed ahead after them would else end in the field that is left, and a
    password in one that shows it.
    """
    return (
        Key(f"{group}.on", "enter", "go_on", N_("On to the next field"), priority=True),
        Key(f"{group}.next", "tab", "app.focus_next", N_("Next field"), priority=True),
        Key(f"{group}.previous", "shift+tab", "app.focus_previous", N_("Previous field"), priority=True),
    )


# The same on every page with rows: one id, one key.
COPY_KEY = Key("copy", "y", "copy_row", N_("Copy this row"))
