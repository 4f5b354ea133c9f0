"""Keys of the site file: what cannot be is said, what is essential stays, and every hint names the key that works."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from textual.binding import Binding

from screens.key_clashes import checked, keys_of
from screens.key_names import NO_KEY
from screens.keys import EVERY_KEY, GROUPS, TOGETHER
from tests.ui.rooms import make_room, make_site, running, screen_text, until
from tests.ui.scenes import begin, every_screen_class
from tests.ui.test_round_screen import room_with_probe

# What is written, the keys the action has then, and a word of what is said about it.
WRONG = (
    ({"round.sing": "f6"}, "round.sign", "f10,s", "Did you mean round.sign?"),
    ({"refresh": "f77"}, "refresh", "r", "no key is called so"),
    ({"refresh": "contrl+g"}, "refresh", "r", "no key is called so"),
    ({"refresh": "ctrl+m"}, "refresh", "r", "same as enter"),
    ({"refresh": "ctrl+j"}, "refresh", "r", "same as enter"),
    ({"refresh": "ctrl+i"}, "refresh", "r", "same as tab"),
    ({"round.normal": "5"}, "round.normal", "space,o", "typed in a round"),
    ({"round.note": "."}, "round.note", "slash,t", "typed in a round"),
    ({"copy": "7"}, "copy", "y", "typed in a round"),
    ({"language": "l"}, "language", "f2,ctrl+t", "needed to write"),
    ({"palette": "enter"}, "palette", "ctrl+p", "needed to write"),
    ({"sign-in.leave": "x"}, "sign-in.leave", "escape", "typed into the field"),
    ({"refresh": "q"}, "quit", "q", "quit needs this key"),
    ({"refresh": "q"}, "refresh", "r", "refresh keeps its own: r"),
    ({"round.undo": "f10,s"}, "round.sign", "s", "round.undo takes it, round.sign keeps s"),
    ({"refresh": "w"}, "board.worst", NO_KEY, "board.worst has no key any more"),
    ({"refresh": "question_mark"}, "help", "f1", "help keeps f1"),
    ({"refresh": "f5", "sign-in": "f5"}, "refresh", "f5", "sign-in keeps its own: i"),
)


@pytest.mark.parametrize(("wanted", "action", "keys", "said"), WRONG, ids=lambda part: str(part)[:30])
def test_what_cannot_be_is_said_and_the_rest_works(wanted: dict[str, str], action: str, keys: str, said: str) -> None:
    keymap, told = checked(wanted)
    assert ",".join(keys_of(action, keymap)) == keys
    assert any(said in one for one in told), told
    assert all(one.endswith((".", "?")) for one in told)


def test_good_keys_are_taken_without_a_word() -> None:
    wanted = {"round.sign": "Ctrl+G", "refresh": "f5, R", "help": "?", "language": "f7", "quit": "x"}
    keymap, told = checked(wanted)
    assert told == []
    assert keymap["round.sign"] == "ctrl+g"
    assert keymap["help"] == "question_mark"
    assert keymap["refresh"] == "f5,R"


def test_two_actions_may_change_places() -> None:
    keymap, told = checked({"refresh": "i", "sign-in": "r"})
    assert told == []
    assert (keymap["refresh"], keymap["sign-in"]) == ("i", "r")


def test_whatever_is_written_nobody_is_left_without_help_signing_or_leaving() -> None:
    every = [key for key in EVERY_KEY if key not in ("quit", "help", "round.help", "round.sign")]
    for one in ("q", "question_mark", "f1", "s", "f10"):
        keymap, _told = checked(dict.fromkeys(every, one))
        for essential in ("quit", "help", "round.help", "round.sign"):
            left = keys_of(essential, keymap)
            assert NO_KEY not in left
            assert left
        for groups in TOGETHER:
            held: defaultdict[str, set[str]] = defaultdict(set)
            for key in (key for group in groups for key in GROUPS[group]):
                for name in keys_of(key.id, keymap):
                    held[name].add(key.id)
            assert all(len(ids) == 1 for name, ids in held.items() if name != NO_KEY), held


def test_the_keys_that_come_with_the_program_do_not_clash() -> None:
    assert checked({key.id: key.keys for key in EVERY_KEY.values()}) == (
        {key.id: key.keys for key in EVERY_KEY.values()},
        [],
    )


def test_every_key_of_every_screen_and_dialog_can_be_remapped() -> None:
    unnamed = {
        f"{one.__name__}: {binding.key}"
        for one in every_screen_class()
        if one.__name__ not in ("RoomPalette",)
        for binding in one.__dict__.get("BINDINGS", ())
        if isinstance(binding, Binding) and binding.id not in EVERY_KEY
    }
    assert not unnamed, f"give these an id in screens/keys.py: {sorted(unnamed)}"


async def test_trouble_is_told_at_the_start_one_toast_each(tmp_path: Path) -> None:
    site = replace(make_site(tmp_path), keys=(("refresh", "q"), ("round.sing", "f6"), ("quit", "x")))
    app = make_room(tmp_path, site=site).app()
    async with running(app):
        told = [note.message for note in app._notifications]
        # `quit` has another key, so `q` is free for `refresh`.
        assert told == ["[keys] round.sing: there is no such action. Did you mean round.sign?"]


async def test_footer_hints_and_the_dialogs_name_the_keys_that_work(tmp_path: Path) -> None:
    keys = (("board.round", "f4"), ("sign-in.leave", "f3"), ("round.accept", "f6"), ("round.take", "f8"),
            ("review.leave", "f9"), ("help.close", "f12"), ("board.worst", "f11"), ("mode.power", "p"))  # fmt: skip
    room = room_with_probe(tmp_path)
    room.desk = replace(room.desk, site=replace(room.site, keys=keys))
    app = room.app()
    async with running(app) as pilot:
        assert "F4 starts it" in screen_text(app)
        assert " p Power" in screen_text(app)
        await pilot.press("f4")
        await until(pilot, lambda: "F3 goes back" in screen_text(app))
        await pilot.press("f3")
        await pilot.pause()
        await pilot.press("question_mark")
        await until(pilot, lambda: "F12 closes" in screen_text(app))
        await pilot.press("f12")
        await pilot.pause()
        await begin(app, pilot)
        await pilot.pause()
        assert "F8 take" in screen_text(app)
        assert "F6 accepts  F8 opens" in screen_text(app)


async def test_an_action_without_a_key_is_in_no_footer_and_no_help(tmp_path: Path) -> None:
    site = replace(make_site(tmp_path), keys=(("refresh", "w"),))
    app = make_room(tmp_path, site=site).app()
    async with running(app) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        await pilot.pause()
        assert "no_key" not in screen_text(app)
        assert "Open what is worst" not in screen_text(app)
