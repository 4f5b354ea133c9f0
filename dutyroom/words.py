"""Translations: English source strings, other languages from gettext catalogues in `data/locale`.

`_()` translates where a text is made; `N_()` marks a text that is kept as a constant and translated later.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from dutyroom.resources import data_path

LANGUAGES = ("en", "zh_CN")
_current: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"
# Of this context only: an export in another language runs in a thread while the screen goes on in its own.
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; English is the source itself and has none."""
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("dutyroom", str(data_path("locale")), [language])


def install(language: str) -> None:
    """Make `language` (one of LANGUAGES) the language of every text made from now on."""
    global _current, _language
    _current, _language = catalogue(language), language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Make `language` (one of LANGUAGES) the one in force in this thread or task until the block ends."""
    catalogue(language)
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def language() -> str:
    """The language in force."""
    return _spoken.get() or _language


def _(message: str) -> str:
    """The text in the language in force."""
    if not message:
        return ""
    spoken = _spoken.get()
    return (catalogue(spoken) if spoken is not None else _current).gettext(message)


def N_(message: str) -> str:
    """The text unchanged: marks it for the catalogue."""
    return message


def again(sentence: str) -> str:
    """A whole sentence of the catalogue, said in any language, in the language in force; any other text unchanged."""
    for told in LANGUAGES[1:]:
        source = _sources(told).get(sentence)
        if source is not None:
            return _(source)
    return _(sentence)


@cache
def _sources(language: str) -> dict[str, str]:
    """The English source of each text of a language; of a text with two sources, the one that comes later."""
    catalogue_of = vars(catalogue(language)).get("_catalog", {})
    return {said: source for source, said in catalogue_of.items() if isinstance(source, str) and source}


def choose(en: str, zh: str) -> str:
    """Of a text that a file carries in both languages, the one in force (English when Chinese is empty)."""
    return zh if language() == "zh_CN" and zh else en
