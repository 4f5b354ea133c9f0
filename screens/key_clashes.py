"""The keys of the site file, checked: what is wrong is said in one sentence each, and the rest still works.

Both the screens and `dutyroom config check` ask here. Nobody is left without help, signing or quitting: an action that
would lose its last key to another keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from textual.keys import Keys, _character_to_key

from dutyroom.words import _
from screens.key_names import NO_KEY
from screens.keys import COPY_KEY, DIALOGS_WITH_FIELDS, EVERY_KEY, EVERYWHERE_KEYS, GROUPS, ROUND_KEYS, TOGETHER

ESSENTIAL = frozenset({"help", "round.help", "round.sign", "quit"})
# What terminals send instead (ASCII: these are the control characters of enter, newline and tab).
NEVER_SENT = {"ctrl+m": "enter", "ctrl+j": "enter", "ctrl+i": "tab", "ctrl+left_square_bracket": "esc"}
MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "hyper", "meta"})
_NAMED = frozenset(
    {key.value for key in Keys if "+" not in key.value} | {_character_to_key(chr(code)) for code in range(33, 127)}
)
_TYPED_IN_ROUNDS = frozenset({*"0123456789", "full_stop", "minus"})
_NEEDED_TO_WRITE = frozenset(
    {"enter", "tab", "escape", "backspace", "delete", "left", "right", "up", "down", "home", "end", "space"}
)


def checked(wanted: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The keymap for Textual, and a sentence for all in `wanted` (id to keys) that cannot be as it is written."""
    keymap: dict[str, str] = {}
    told: list[str] = []
    for key_id, written in wanted.items():
        if key_id not in EVERY_KEY:
            told.append(
                _("[keys] {id}: there is no such action.{guess}").format(id=key_id, guess=_guess(key_id, EVERY_KEY))
            )
            continue
        kept: list[str] = []
        for one in (normal(part) for part in written.split(",") if part.strip()):
            why = _why_not(key_id, one)
            if why:
                told.append(_("[keys] {id} = {key}: {why}").format(id=key_id, key=one, why=why))
            elif one not in kept:
                kept.append(one)
        if kept:
            keymap[key_id] = ",".join(kept)
    for _n in range(len(EVERY_KEY) * 2):
        clash = next(_clashes(keymap), None)
        if clash is None:
            break
        told.append(_settle(keymap, *clash))
    return keymap, told


def normal(written: str) -> str:
    """A key as Textual names it: `ctrl+g` for `Ctrl+G`, `question_mark` for `?`."""
    one = written.strip()
    if len(one) == 1:
        return _character_to_key(one)
    *modifiers, base = one.split("+")
    name = _character_to_key(base) if len(base) == 1 and not base.isalnum() else base.lower()
    return "+".join([*(modifier.lower() for modifier in modifiers), name])


def keys_of(key_id: str, keymap: Mapping[str, str]) -> list[str]:
    """The keys an action has."""
    return [one.strip() for one in keymap.get(key_id, EVERY_KEY[key_id].keys).split(",")]


def _why_not(key_id: str, one: str) -> str:
    """Why a key cannot be used for an action; empty when it can. The action keeps its own keys then."""
    *modifiers, base = one.split("+")
    if not set(modifiers) <= MODIFIERS or (base not in _NAMED and len(base) != 1 and "_" not in base):
        return _("no key is called so.{guess}").format(guess=_guess(base, _NAMED))
    if one in NEVER_SENT:
        return _("no terminal sends it, it is the same as {key}. Take another.").format(key=NEVER_SENT[one])
    if modifiers and modifiers != ["shift"]:
        return ""
    everywhere = any(key.id == key_id for key in EVERYWHERE_KEYS)
    letter = len(base) == 1 or base in _NAMED - {key.value for key in Keys}
    if everywhere and (letter or base in _NEEDED_TO_WRITE):
        return _("it is needed to write, and this action works while something is written. Take another.")
    if letter and any(key.id == key_id for group in DIALOGS_WITH_FIELDS for key in GROUPS[group]):
        return _("it would be typed into the field of this dialog. Take another.")
    in_round = key_id == COPY_KEY.id or any(key.id == key_id for key in ROUND_KEYS)
    if in_round and base in _TYPED_IN_ROUNDS and base not in EVERY_KEY[key_id].keys.split(","):
        return _("digits, point and minus are typed in a round. Take another.")
    return ""


def _clashes(keymap: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """(key, id, id) of two actions that are there together and have the same key; the one of the registry first."""
    for groups in TOGETHER:
        taken: dict[str, str] = {}
        for key in (key for group in groups for key in GROUPS[group]):
            for one in keys_of(key.id, keymap):
                if one != NO_KEY and taken.setdefault(one, key.id) != key.id:
                    yield one, taken[one], key.id


def _settle(keymap: dict[str, str], one: str, first: str, second: str) -> str:
    """Gives a key to one of two actions and says so. What the site file asks for wins, unless it would leave an
    essential action without a key."""
    winner, loser = (second, first) if second in keymap and first not in keymap else (first, second)
    if loser in ESSENTIAL and keys_of(loser, keymap) == [one]:
        winner, loser = loser, winner
    left = [key for key in keys_of(loser, keymap) if key != one]
    if left:
        keymap[loser] = ",".join(left)
        return _("[keys] {key}: {winner} takes it, {loser} keeps {left}.").format(
            key=one, winner=winner, loser=loser, left=", ".join(left)
        )
    if loser in keymap and one not in EVERY_KEY[loser].keys.split(","):
        del keymap[loser]
        return _("[keys] {loser} = {key}: {winner} needs this key, so {loser} keeps its own: {left}.").format(
            key=one, winner=winner, loser=loser, left=EVERY_KEY[loser].keys.replace(",", ", ")
        )
    keymap[loser] = NO_KEY
    return _("[keys] {key}: {winner} takes it, and {loser} has no key any more. Give it another.").format(
        key=one, winner=winner, loser=loser
    )


def _guess(written: str, known: Mapping[str, object] | frozenset[str]) -> str:
    """` Did you mean ...?`, or nothing."""
    from difflib import get_close_matches

    close = get_close_matches(written, list(known), 1)
    return " " + _("Did you mean {name}?").format(name=close[0]) if close else ""
