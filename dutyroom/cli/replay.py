"""`dutyroom --replay FILE`: a recorded time through the same screens."""

from __future__ import annotations

import re
import shutil
import tempfile
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dutyroom import clock, words
from dutyroom.cli.asked import Asked
from dutyroom.cli.screen import NoTerminal, follow_the_window, on_terminal
from dutyroom.errors import DutyroomError
from dutyroom.words import _

if TYPE_CHECKING:
    from dutyroom.watch.recording import Header
    from screens.desk import OpenedRoom

_CLOCK_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


class BadMoment(DutyroomError):
    """A time of `--at` that is none."""

    code = "usage"
    exit_code = 2


def open_replay(asked: Asked, path: Path, speed: float, at: str | None) -> int:
    """Opens the screens over a recording and gives the exit code when they are left.

    Raises RecordingRefused for a file that is none, BadMoment, NoTerminal when there is nothing to draw on.
    """
    from dutyroom.watch.recording import read_header

    header = read_header(path)
    site = header.site_at("sqlite:///nowhere")
    shown_from = moment_of(at, header.at, site.timezone) if at is not None else header.at
    if not on_terminal():
        raise NoTerminal(_("This is no terminal: use `dutyroom status`, or see `dutyroom --help`."))
    from dutyroom.cli import logs, settling
    from screens.choices import Choices
    from screens.replay import ReplayApp

    choices = Choices()
    words.install(asked.lang or choices.language or site.language)
    logs.to_file()
    settling.begin()
    follow_the_window()
    app = ReplayApp(lambda: replayed_room(path, header, shown_from, speed), choices, site.screen.theme)
    app.run()
    return app.return_code or 0


def replayed_room(path: Path, header: Header, shown_from: datetime, speed: float) -> OpenedRoom:
    """The recording as a room: its store lies in a private folder, which `close()` removes. Raises StoreError."""
    from dataclasses import replace

    from dutyroom.cli.compose import open_desk
    from dutyroom.store.database import Store
    from dutyroom.watch.replay import Replay
    from screens.desk import OpenedRoom
    from screens.replay import ReadOnlyWriter

    folder = Path(tempfile.mkdtemp(prefix="dutyroom-replay-"))
    site = replace(header.site_at(f"sqlite:///{folder / 'replay.db'}"), fingerprint=header.fingerprint)
    try:
        store = Store.open(site.store_url)
        replay = Replay(path, site, store, header.at, shown_from, speed)
        # Opened again to be read only: nothing the screens do could reach the file.
        desk = open_desk(site, read_only=True)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise

    def close() -> None:
        replay.stop()
        clock.play(None)
        desk.store.close()
        store.close()
        shutil.rmtree(folder, ignore_errors=True)

    clock.play(replay.clock.now)
    replay.start()
    return OpenedRoom(desk, replay, close, writer=ReadOnlyWriter(), replay=replay)


def moment_of(text: str, began: datetime, zone: ZoneInfo) -> datetime:
    """The moment `HH:MM[:SS]` (first one in the recording, local) or an ISO time means. Raises BadMoment."""
    named = _CLOCK_TIME.fullmatch(text.strip())
    try:
        if named is None:
            at = datetime.fromisoformat(text.strip())
            at = (at if at.tzinfo is not None else at.replace(tzinfo=zone)).astimezone(UTC)
        else:
            hour, minute, second = (int(part or 0) for part in named.groups())
            day = clock.local_date(began, zone)
            at = clock.at_local(day, time(hour, minute, second), zone)
            if at < began:
                at = clock.at_local(day + timedelta(days=1), time(hour, minute, second), zone)
    except (ValueError, OverflowError):
        sentence = _("{text} is no time: write it like 14:30 or 2026-11-23T14:30 (local)")
        raise BadMoment(sentence.format(text=text)) from None
    return max(at, began)
