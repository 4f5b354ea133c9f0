"""The note that opens under its own line of the walk."""

from __future__ import annotations

from collections.abc import Callable

from textual.widgets import Input


class NoteLine(Input):
    """One line of text laid over the place under the cursor; hidden while nothing is asked."""

    DEFAULT_CSS = """
    NoteLine { height: 1; width: 1fr; border: none; padding: 0; background: $panel; display: none; }
    NoteLine:focus { border: none; }
    NoteLine.-asking { display: block; }
    """

    def __init__(self) -> None:
        super().__init__(id="note", max_length=500)
        self._then: Callable[[str], None] | None = None

    @property
    def asking(self) -> bool:
        """True while a note is being written."""
        return self._then is not None

    def ask(self, then: Callable[[str], None], text: str = "") -> None:
        """Opens with a text; what is written goes to `then`."""
        self._then, self.value = then, text
        self.add_class("-asking")
        self.focus()

    def take(self) -> None:
        """Closes and hands over what was written."""
        then, text = self._then, self.value
        self.close()
        if then is not None:
            then(text)

    def close(self) -> None:
        """Closes without a note."""
        self._then = None
        self.remove_class("-asking")
        self.screen.set_focus(None)
