"""Words of Textual's own that can stand on our screens, marked for the catalogue; they are shown through `_()`.

Key descriptions come to footer and help with the bindings of Textual's widgets. A test asks those widgets, so that a
description that a new Textual brings is not shown untranslated.
"""

from __future__ import annotations

from dutyroom.words import N_

# textual.command.CommandPalette: the placeholder of its input, and its one row when nothing is found.
SEARCH = N_("Search for commands…")
NO_MATCHES = N_("No matches found")
# textual.app.App: the tooltip of the palette's key in the footer.
OPEN_PALETTE = N_("Open the command palette")

EVERY_SCREEN = (
    N_("palette"),
    N_("Quit"),
    N_("Focus Next"),
    N_("Focus Previous"),
    N_("Copy selected text"),
    N_("Minimize"),
)
SCROLLING = (
    N_("Scroll Up"),
    N_("Scroll Down"),
    N_("Scroll Left"),
    N_("Scroll Right"),
    N_("Scroll Home"),
    N_("Scroll End"),
    N_("Page Up"),
    N_("Page Down"),
    N_("Page Left"),
    N_("Page Right"),
)
PALETTE = (
    N_("Go to bottom"),
    N_("Go to top"),
    N_("Next command"),
    N_("Previous command"),
    N_("Next page"),
    N_("Previous page"),
    N_("Exit the command palette"),
)
LISTS = (
    N_("Up"),
    N_("Down"),
    N_("First"),
    N_("Last"),
    N_("Select"),
)
INPUT = (
    N_("Move cursor left"),
    N_("Move cursor left and select"),
    N_("Move cursor left a word"),
    N_("Move cursor left a word and select"),
    N_("Move cursor right or accept the completion suggestion"),
    N_("Move cursor right and select"),
    N_("Move cursor right a word"),
    N_("Move cursor right a word and select"),
    N_("Go to start"),
    N_("Go to end"),
    N_("Select all"),
    N_("Select line start"),
    N_("Select line end"),
    N_("Delete character left"),
    N_("Delete character right"),
    N_("Delete left to start of word"),
    N_("Delete right to start of word"),
    N_("Delete all to the left"),
    N_("Delete all to the right"),
    N_("Cut selected text"),
    N_("Paste text from the clipboard"),
    N_("Submit"),
)
TABLE = (
    N_("Cursor up"),
    N_("Cursor down"),
    N_("Cursor left"),
    N_("Cursor right"),
    N_("Page up"),
    N_("Page down"),
    N_("Top"),
    N_("Bottom"),
    N_("Home"),
    N_("End"),
)
