"""The kinds of value that every TOML file of dutyroom writes the same way: texts, durations, times of day, item ids.

The forms keep the text of the file (so that it can be shown again); the functions give the value of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from typing import Annotated, Any

from pydantic import AfterValidator, WithJsonSchema

from dutyroom.inert import inert
from dutyroom.model.checklist import ITEM_ID
from dutyroom.tomlform import with_guess
from dutyroom.words import _

_DURATION = re.compile(r"(?:([0-9]{1,5})d)?(?:([0-9]{1,5})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,8})s)?")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
LONGEST_S = 3650 * 86400.0


def quoted(text: str) -> str:
    """A refused value for a sentence: inert, short, in quotes."""
    return f'"{inert(text, 40)}"'


def seconds(text: str) -> float:
    """Seconds of `3h`, `5s`, `26h`, `180d`, `90m`, `1h30m`. Raises ValueError with a sentence."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        raise ValueError(
            _('{text} is not a duration; write it like "5s", "90m", "3h", "1h30m" or "180d"').format(text=quoted(text))
        )
    days, hours, minutes, rest = (int(part or 0) for part in match.groups())
    total = days * 86400.0 + hours * 3600 + minutes * 60 + rest
    if not 0 < total <= LONGEST_S:
        raise ValueError(_("{text} must be more than nothing and at most ten years").format(text=quoted(text)))
    return total


def local_time(text: str) -> time:
    """The time of `15:00`. Raises ValueError with a sentence."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError(_('{text} is not a time of day; write it like "15:00"').format(text=quoted(text)))
    return time(int(match[1]), int(match[2]))


def _text(text: str) -> str:
    return inert(text, 500).strip()


def _filled(text: str) -> str:
    if not text:
        raise ValueError(_("must not be empty"))
    return text


def _item_id(text: str) -> str:
    if ITEM_ID.fullmatch(text) is None:
        raise ValueError(
            _('{text} is not an item; write its whole id in quotes, such as "env.rh"').format(text=quoted(text))
        )
    return text


def says(convert: Callable[[str], Any]) -> AfterValidator:
    """A validator that tries the conversion and keeps the (inert) text."""

    def keep(text: str) -> str:
        convert(text)
        return inert(text, 500)

    return AfterValidator(keep)


def one_of(*allowed: str) -> AfterValidator:
    """A text that is one of these. The refused text is not repeated, only the nearest allowed one is."""

    def choose(text: str) -> str:
        if text not in allowed:
            sentence = _("must be one of {names}").format(names=", ".join(allowed))
            raise ValueError(with_guess(sentence, text, allowed, listing=False))
        return text

    return AfterValidator(choose)


def listed(*allowed: str) -> WithJsonSchema:
    """The same list for the JSON Schema."""
    return WithJsonSchema({"type": "string", "enum": list(allowed)})


def seconds_or_never(text: str) -> float | None:
    """Seconds as `seconds` gives them, or None for `never`. Raises ValueError with a sentence."""
    return None if text.strip() == "never" else seconds(text)


Text = Annotated[str, AfterValidator(_text)]
FilledText = Annotated[str, AfterValidator(_text), AfterValidator(_filled)]
Duration = Annotated[str, says(seconds), WithJsonSchema({"type": "string", "pattern": f"^{_DURATION.pattern}$"})]
DurationOrNever = Annotated[
    str, says(seconds_or_never), WithJsonSchema({"type": "string", "pattern": f"^(?:never|{_DURATION.pattern})$"})
]
LocalTime = Annotated[str, says(local_time), WithJsonSchema({"type": "string", "pattern": f"^{_TIME.pattern}$"})]
ItemId = Annotated[str, AfterValidator(_item_id)]
