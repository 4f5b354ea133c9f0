"""How the screens look for this account: what was chosen is taken at once and kept for the next time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from screens.choices import ChoiceNotKept
from screens.theme import theme_named

if TYPE_CHECKING:
    from screens.app import DutyroomApp


def choose_theme(app: DutyroomApp, short: str) -> None:
    """Paints in another theme (its short name, as in `[screen] theme`) from now on and the next time."""
    app.theme = theme_named(short).name
    remember(app, theme=short)


def remember(
    app: DutyroomApp, *, language: str | None = None, theme: str | None = None, tour_seen: bool | None = None
) -> None:
    """Takes a choice of this account and keeps it; one that cannot be kept is said once and holds until the end."""
    app.choices.choose(language=language, theme=theme, tour_seen=tour_seen)
    app.run_worker(partial(_keep, app), thread=True, group="choices")


def tell_trouble(app: DutyroomApp) -> None:
    """Says once that the file of choices could not be read."""
    if app.choices.trouble:
        app.notify(app.choices.trouble, severity="warning", markup=False)


def _keep(app: DutyroomApp) -> None:
    """In a thread: a disk may be slow."""
    try:
        app.choices.keep()
    except ChoiceNotKept as error:
        app.call_from_thread(_say_not_kept, app, str(error))


def _say_not_kept(app: DutyroomApp, sentence: str) -> None:
    if not app.choices.trouble:
        app.choices.trouble = sentence
        app.notify(sentence, severity="warning", markup=False)
