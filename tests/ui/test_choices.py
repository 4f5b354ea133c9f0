"""What an account chose on the screens is there the next time, and no file of choices can keep the program from it."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from screens.app import DutyroomApp
from screens.choices import ChoiceNotKept, Choices, choices_path
from screens.look import choose_theme, remember
from screens.theme import CONTRAST, LIGHT
from tests.ui.rooms import make_room, running, screen_text, until


def test_what_was_chosen_is_there_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "new" / "screens.json"
    first = Choices(path)
    assert (first.language, first.theme, first.tour_seen, first.trouble) == ("", "", False, "")
    first.choose(language="zh_CN", theme="contrast")
    first.keep()
    second = Choices(path)
    assert (second.language, second.theme, second.tour_seen) == ("zh_CN", "contrast", False)
    second.choose(tour_seen=True)
    second.keep()
    third = Choices(path)
    assert (third.language, third.theme, third.tour_seen) == ("zh_CN", "contrast", True)
    assert [one.name for one in path.parent.iterdir()] == [path.name], "no half-written file is left"


def test_the_file_lies_in_the_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert choices_path() == tmp_path / "state" / "dutyroom" / "screens.json"


def test_two_windows_keep_both_their_choices(tmp_path: Path) -> None:
    path = tmp_path / "screens.json"
    one, other = Choices(path), Choices(path)
    one.choose(language="zh_CN")
    other.choose(theme="light")
    threads = [threading.Thread(target=choices.keep) for choices in (one, other)]
    for thread in threads:
        thread.start()
        thread.join()
    kept = Choices(path)
    assert (kept.language, kept.theme) == ("zh_CN", "light")


def test_what_a_newer_version_wrote_stays_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "screens.json"
    path.write_text('{"columns": 3, "theme": "dark", "language": "tlh"}', "utf-8")
    choices = Choices(path)
    assert (choices.language, choices.trouble) == ("", "")
    choices.choose(theme="light")
    choices.keep()
    assert json.loads(path.read_text("utf-8")) == {"columns": 3, "theme": "light", "language": "tlh"}


@pytest.mark.parametrize("broken", [b"", b"{", b"[1]", b"\xff\xfe", b"null", b'{"a":' * 100000])
def test_a_broken_file_gives_defaults_and_says_so(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "screens.json"
    path.write_bytes(broken)
    choices = Choices(path)
    assert str(path) in choices.trouble
    assert (choices.language, choices.theme, choices.tour_seen) == ("", "", False)
    choices.choose(theme="light")
    choices.keep()
    assert Choices(path).theme == "light"


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "in-the-way"
    folder.write_text("a file where the folder would be", "utf-8")
    choices = Choices(folder / "screens.json")
    choices.choose(theme="light")
    with pytest.raises(ChoiceNotKept, match=r"screens\.json"):
        choices.keep()
    assert choices.theme == "light"


def told(app: DutyroomApp) -> list[str]:
    """What was said in toasts, in one line each."""
    return [one.message for one in app._notifications]


async def test_a_theme_chosen_once_is_the_theme_of_the_next_start(tmp_path: Path) -> None:
    room = make_room(tmp_path)
    app = room.app()
    async with running(app) as pilot:
        choose_theme(app, "contrast")
        assert app.theme == CONTRAST.name
        await until(pilot, lambda: Choices().theme == "contrast")
    assert room.app().theme == CONTRAST.name


async def test_a_broken_file_is_told_once_and_the_board_comes_up(tmp_path: Path) -> None:
    path = choices_path()
    path.parent.mkdir(parents=True)
    path.write_text("{", "utf-8")
    app = make_room(tmp_path).app()
    async with running(app) as pilot:
        await until(pilot, lambda: any("is not known; choose again" in one for one in told(app)))
        assert "Duty" in screen_text(app)


async def test_choices_that_cannot_be_kept_are_told_once_and_hold(tmp_path: Path) -> None:
    app = make_room(tmp_path).app()
    (Path(os.environ["XDG_STATE_HOME"]) / "dutyroom").write_text("a file where the folder would be", "utf-8")
    async with running(app) as pilot:
        choose_theme(app, "light")
        await until(pilot, lambda: any("holds until the program is left" in one for one in told(app)))
        remember(app, tour_seen=True)
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert len(told(app)) == 1
        assert app.theme == LIGHT.name
        assert app.choices.tour_seen
