"""The service while it runs: what systemd is told, a site file that is read again, and the log."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.cli.service import differences
from dutyroom.config import load_site
from dutyroom.duty.desk import Desk
from dutyroom.duty.records import read_room
from dutyroom.model.events import WATCH, Event
from tests.cli.rooms import SWITCH, UPSES, RoomFolder
from tests.cli.services import Served
from tests.fakes import FakeUpsd

FAST = '[poll]\nups = "1s"\nnetwork = "1s"\n'
ANOTHER_UPS = '[[ups]]\nname = "ups-c"\nserver = "127.0.0.1:{nut}"\nups = "ups-a"\n'


@pytest.fixture
def service(room: RoomFolder, upsd: FakeUpsd, tmp_path: Path) -> Iterator[Served]:
    room.write(UPSES, FAST, nut=upsd.port)
    with Served(room.config, tmp_path) as served:
        served.until(lambda: "STATUS=2 of 2 sources answered" in served.told)
        yield served


@pytest.fixture
def desk(room: RoomFolder, service: Served) -> Iterator[Desk]:
    """The store of the service, opened with the site file it began with."""
    opened = room.desk()
    yield opened
    opened.store.close()


def watch_events(desk: Desk) -> list[Event]:
    """What the watch recorded of itself."""
    return [event for event in read_room(desk, clock.now()).events if event.source == WATCH]


def in_force(desk: Desk) -> str:
    """The fingerprint of the site file the watch runs with."""
    beat = read_room(desk, clock.now()).heartbeat
    return beat.fingerprint if beat is not None else ""


def refused(desk: Desk) -> Event | None:
    """The event of a site file that was not taken."""
    return read_room(desk, clock.now()).site_file_refused


def fingerprint(room: RoomFolder) -> str:
    """That of the file as it is now."""
    return hashlib.sha256(room.config.read_bytes()).hexdigest()


def test_sighup_takes_a_new_site_file_and_keeps_the_connection_of_what_stayed(
    room: RoomFolder, upsd: FakeUpsd, service: Served, desk: Desk
) -> None:
    service.until(lambda: in_force(desk) == fingerprint(room))
    assert upsd.connections == 1
    room.write(UPSES, ANOTHER_UPS, FAST, nut=upsd.port)
    told = service.hang_up()
    assert told[0] == "RELOADING=1"
    assert 0 < int(told[1].removeprefix("MONOTONIC_USEC=")) <= clock.monotonic_usec()
    service.until(lambda: "STATUS=3 of 3 sources answered" in service.told)
    service.until(lambda: in_force(desk) == fingerprint(room))
    assert [(event.code, event.param("added"), event.param("changed")) for event in watch_events(desk)] == [
        ("site-file-read", "1", "0")
    ]
    assert "ups-c" in read_room(desk, clock.now()).latest
    assert upsd.connections == 1
    assert service.end() == 0


def test_a_wrong_site_file_is_refused_with_its_key_while_the_old_one_goes_on(
    room: RoomFolder, upsd: FakeUpsd, service: Served, desk: Desk
) -> None:
    right = room.config.read_text("utf-8")
    room.config.write_text(right.replace('hold_time = "6h"', "hold_tine = 6"), "utf-8")
    service.hang_up()
    service.until(lambda: refused(desk) is not None)
    event = refused(desk)
    assert event is not None
    assert (event.param("file"), event.param("key")) == (str(room.config), "[[ups]] #1 hold_tine")
    line = next(line for line in service.said().splitlines() if "stays as it was" in line)
    assert str(room.config) in line
    assert "hold_tine" in line
    polled = len(upsd.log)
    service.until(lambda: len(upsd.log) >= polled + 4)
    room.config.write_text(right, "utf-8")
    assert "wrong at [[ups]] #1 hold_tine" in room.run("status").out
    assert room.run("status", "--json").document["watch"]["site_file_current"] is False
    assert in_force(desk) == fingerprint(room)
    service.hang_up()
    service.until(lambda: refused(desk) is None)
    assert room.run("status", "--json").document["watch"]["site_file_current"] is True


def test_another_store_is_refused_because_a_service_records_in_one(room: RoomFolder, service: Served) -> None:
    text = room.config.read_text("utf-8")
    room.config.write_text(text.replace("dutyroom.db", "other.db"), "utf-8")
    service.hang_up()
    assert "[store] url" in service.said()
    assert not (room.path / "other.db").exists()


def test_a_watch_that_begins_with_a_right_file_forgets_that_one_was_refused(
    room: RoomFolder, service: Served, desk: Desk, tmp_path: Path
) -> None:
    text = room.config.read_text("utf-8")
    room.config.write_text(text.replace("dutyroom.db", "other.db"), "utf-8")
    service.hang_up()
    room.config.write_text(text, "utf-8")
    service.until(lambda: refused(desk) is not None)
    assert service.end() == 0
    (tmp_path / "again").mkdir()
    with Served(room.config, tmp_path / "again") as again:
        again.until(lambda: "STATUS=2 of 2 sources answered" in again.told)
        again.until(lambda: refused(desk) is None)


def test_the_status_names_who_does_not_answer_and_the_log_tells_trouble_once(
    room: RoomFolder, upsd: FakeUpsd, service: Served
) -> None:
    upsd.units["ups-b"]["ups.status"] = "OL"
    gone = upsd.units.pop("ups-b")
    service.until(lambda: any(line.startswith("STATUS=1 of 2 sources answered; not: ups-b (") for line in service.told))
    polled = len(upsd.log)
    service.until(lambda: len(upsd.log) >= polled + 10)
    upsd.units["ups-b"] = gone
    service.until_told("STATUS=2 of 2 sources answered")
    lines = [line for line in service.said().splitlines() if "ups-b" in line]
    assert len(lines) == 2, lines
    assert "unknown-name" in lines[0]
    assert "answers again after" in lines[1]


def test_the_log_goes_into_a_file_that_is_opened_anew_and_holds_no_secret(
    room: RoomFolder, upsd: FakeUpsd, tmp_path: Path
) -> None:
    log, secret = tmp_path / "log" / "dutyroom.log", "kept-to-itself"
    log.parent.mkdir()
    community = tmp_path / "core-1.community"
    community.write_text(secret + "\n")
    community.chmod(0o600)
    named = SWITCH.replace('community_env = "DUTYROOM_TEST_COMMUNITY"', f'community_file = "{community}"')
    # A name that tells the secret: whatever brings it into a line, it is starred there.
    room.write(UPSES, named.replace('name = "core-1"', f'name = "core-{secret}"'), FAST, nut=upsd.port)
    with Served(room.config, tmp_path, "--log", str(log)) as served:
        served.until(lambda: "***" in _text(log))
        assert log.stat().st_mode & 0o077 == 0
        log.rename(tmp_path / "log" / "old.log")
        served.hang_up()
        served.until(lambda: "read again" in _text(log))
        assert served.end() == 0
        assert secret not in _text(log) + _text(tmp_path / "log" / "old.log") + served.said()


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


def test_a_log_that_cannot_be_written_is_said_at_the_start(room: RoomFolder, tmp_path: Path) -> None:
    room.write(UPSES)
    refused = room.run("collect", "--log", str(tmp_path / "no" / "folder" / "x.log"))
    assert refused.code == 2
    assert "x.log" in refused.err


def test_another_secret_in_the_same_file_makes_another_device(room: RoomFolder, tmp_path: Path) -> None:
    community = tmp_path / "c"
    community.write_text("one\n")
    community.chmod(0o600)
    room.write(UPSES, SWITCH.replace('community_env = "DUTYROOM_TEST_COMMUNITY"', f'community_file = "{community}"'))
    before = load_site(room.config)
    community.write_text("two\n")
    after = load_site(room.config)
    assert differences(before, after) == {"added": 0, "changed": 1, "removed": 0}


def test_the_time_nobody_watched_is_an_event(room: RoomFolder, service: Served, desk: Desk, tmp_path: Path) -> None:
    # Answers are told before they are on record: what was never written leaves no gap.
    service.until(lambda: in_force(desk) == fingerprint(room))
    service.process.kill()
    service.process.wait()
    time.sleep(2.5)
    (tmp_path / "again").mkdir()
    with Served(room.config, tmp_path / "again") as again:
        again.until(lambda: "STATUS=2 of 2 sources answered" in again.told)
        again.until(lambda: any(event.code == "watch-gap" for event in watch_events(desk)))
    (gap,) = (event for event in watch_events(desk) if event.code == "watch-gap")
    assert 2.0 < float(gap.param("by")) < 60.0
