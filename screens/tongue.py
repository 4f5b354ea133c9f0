"""The language changes while the program runs: every open screen keeps what was typed and says its words anew.

Nothing is composed again where something stands: each screen is composed once more beside itself, in the old language
and in the new one, and only the words that differ are taken over. What a screen says outside `compose` it says in
`show_board` or in `retranslate()`, which are called here; a test walks through every screen and dialog.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from textual.compose import compose
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import OptionList, Static

from dutyroom import words
from screens.look import remember

if TYPE_CHECKING:
    from screens.app import DutyroomApp

# The attributes in which Textual's widgets keep what they say.
SAYS = ("content", "label", "placeholder", "border_title", "border_subtitle", "tooltip")
# Widgets of these packages say their words in `compose`; Textual's own are given theirs.
OURS = ("screens.", "tests.")
SENTENCE_ENDS = (".", "。", "…", "?", "？")


def other_language() -> str:
    """The language that the key switches to."""
    return next(name for name in words.LANGUAGES if name != words.language())


def switch_language(app: DutyroomApp, language: str) -> None:
    """Speaks `language` (one of `words.LANGUAGES`) on every open screen from now on, and the next time."""
    if language != words.language():
        screens = list(open_screens(app))
        before = [list(_composed(screen)) for screen in screens]
        words.install(language)
        for screen, said in zip(screens, before, strict=True):
            for (node, old), (_node, new) in zip(said, list(_composed(screen)), strict=True):
                _take_words(_below(node), old, new)
            _retell(app, screen)
    remember(app, language=language)


def open_screens(app: DutyroomApp) -> Iterator[Screen[Any]]:
    """Every screen and dialog there is: those of the other modes and those behind others too."""
    for screen in chain.from_iterable(app._screen_stacks.values()):
        if screen.is_mounted:
            yield screen


def _composed(screen: Screen[Any]) -> Iterator[tuple[DOMNode, list[Widget]]]:
    """The screen and each of our widgets on it, with what it composes in the language in force."""
    for node in (screen, *screen.walk_children(Widget)):
        if type(node).__module__.startswith(OURS):
            kept = dict(vars(node))
            made = compose(node)
            # A widget that keeps its parts by name goes on with those that stand on the screen.
            vars(node).update(kept)
            yield node, made


def _take_words(standing: Iterable[Widget], old: Sequence[Widget], new: Sequence[Widget]) -> None:
    """Gives the widgets that stand the words of the new ones, where they still say what the old ones say."""
    left = iter(standing)
    for was, now in zip(old, new, strict=False):
        here = next((one for one in left if type(one) is type(was) and one.id == was.id), None)
        if here is None or was is here:
            continue
        for name in SAYS:
            said, says = getattr(was, name, None), getattr(now, name, None)
            if said != says and getattr(here, name) == said:
                setattr(here, name, says)
        if isinstance(here, OptionList) and isinstance(was, OptionList) and isinstance(now, OptionList):
            _take_options(here, was, now)
        _take_words(_below(here), _below(was), _below(now))


def _take_options(here: OptionList, was: OptionList, now: OptionList) -> None:
    if len(here.options) == len(was.options) == len(now.options):
        for at, (stands, said, says) in enumerate(zip(here.options, was.options, now.options, strict=True)):
            if stands.prompt == said.prompt != says.prompt:
                here.replace_option_prompt_at_index(at, says.prompt)


def _below(node: DOMNode) -> list[Widget]:
    """The widgets directly below: those that stand, or of a widget that does not stand those it was given."""
    given = [one for one in getattr(node, "_pending_children", ()) if isinstance(one, Widget)]
    return [one for one in node.children if isinstance(one, Widget)] or given


def _retell(app: DutyroomApp, screen: Screen[Any]) -> None:
    """What was said outside `compose`, the footer's keys, and the values of now."""
    for node in (screen, *screen.walk_children()):
        if isinstance(node, Static) and isinstance(node.content, str) and node.content.endswith(SENTENCE_ENDS):
            # Why something was refused; a name or a value is no sentence.
            node.content = words.again(node.content)
        retranslate = getattr(node, "retranslate", None)
        if retranslate is not None:
            retranslate()
    show_board = getattr(screen, "show_board", None)
    if show_board is not None:
        show_board(app.board)
    screen.refresh_bindings()
