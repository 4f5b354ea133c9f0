"""A dialog with fields to type into: what is typed ahead of the screen lands in the field it was meant for."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.screen import ModalScreen
from textual.widgets import Input

T = TypeVar("T")


class FieldsDialog(ModalScreen[T], Generic[T]):
    """Enter goes from one field to the next one that is shown; in the last the field gives `Input.Submitted`.

    The keys of `screens.key.field_keys` belong to it. They come before the field has them, so what was typed into the
    field may not stand there yet: whether something is empty is for the last enter to see.
    """

    def fields(self) -> list[Input]:
        """The fields that are shown, in their order."""
        return [one for one in self.query(Input) if one.display]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """From the last field there is nowhere to go on to."""
        return action != "go_on" or self.focused in self.fields()[:-1]

    def action_go_on(self) -> None:
        """The next field, at once: Widget.focus() would wait for the keys that were typed ahead."""
        fields = self.fields()
        at = next((n for n, one in enumerate(fields) if one is self.focused), None)
        if at is not None and at + 1 < len(fields):
            self.set_focus(fields[at + 1])
