"""`dutyroom notify`: a test message, the list of attempts, and an acknowledgement."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dutyroom import clock
from dutyroom.model.events import Heartbeat
from dutyroom.model.finding import Severity
from dutyroom.model.notification import Cause, Topic
from dutyroom.model.people import Act
from dutyroom.store import events, ledger, notifications
from tests.cli.rooms import HOST, RoomFolder
from tests.notify_peers import command_that_writes, free_port, told_by_command, webhook

ATTEMPT = {"id", "to", "message", "try", "batch", "started_at", "ended_at", "state", "reason", "detail"}


def recipient(name: str, *lines: str) -> str:
    return "\n".join(["[[recipient]]", f'name = "{name}"', *lines, ""])


def pager(room: RoomFolder, code: int = 0) -> str:
    command = ", ".join(f"'{part}'" for part in command_that_writes(room.path, code))
    return recipient("pager", f"command = [{command}]")


def hook(room: RoomFolder, url: str) -> str:
    (room.path / "hook.url").write_text(url)
    (room.path / "hook.url").chmod(0o600)
    return recipient("hook", 'url_file = "hook.url"')


def noticed(room: RoomFolder, code: str = "on-battery") -> int:
    """A notification on record; its number."""
    desk = room.desk()
    with desk.store.write() as session:
        cause = Cause(f"{code}:ups-a", Topic.POWER, Severity.MAJOR, clock.now() - timedelta(minutes=5), code, "ups-a")
        number = notifications.add(session, cause, clock.now()).id
    desk.store.close()
    return number


def test_a_test_message_goes_to_everybody_and_stands_on_record(room: RoomFolder) -> None:
    with webhook() as peer:
        room.write(HOST, pager(room), hook(room, peer.url))
        ended = room.run("notify", "test", "--json")
    assert ended.code == 0, ended.err
    assert [(one["to"], one["state"], one["message"]) for one in ended.document["attempts"]] == [
        ("pager", "sent", "test"),
        ("hook", "sent", "test"),
    ]
    assert all(set(one) == ATTEMPT for one in ended.document["attempts"])
    assert peer.titles == ["HIS room: a test message"]
    ((text, fields, _given),) = told_by_command(room.path)
    assert "acknowledge" not in text
    assert fields["DUTYROOM_MESSAGE"] == "test"
    (listed,) = room.run("notify", "list", "--json").document["notifications"]
    assert (listed["event"], listed["over_at"] is not None) == ("test", True)
    assert [one["state"] for one in listed["attempts"]] == ["sent", "sent"]
    assert "pager" in room.run("notify", "list").out


def test_a_test_message_that_does_not_arrive_says_why_and_ends_with_one(room: RoomFolder) -> None:
    room.write(HOST, pager(room, code=3), hook(room, f"json://user:geheim@127.0.0.1:{free_port()}/?cto=1"))
    ended = room.run("notify", "test")
    assert ended.code == 1
    assert "not sent: the command failed (3 no pager here)" in ended.out
    assert "not sent: no connection, or refused" in ended.out
    assert "geheim" not in ended.out + ended.err + room.run("notify", "list", "--json").out
    only = room.run("notify", "test", "--to", "pager", "--json")
    assert [(one["reason"], one["detail"]) for one in only.document["attempts"]] == [
        ("command-failed", "3 no pager here")
    ]


def test_who_is_not_in_the_site_file_is_not_told(room: RoomFolder) -> None:
    room.write(HOST)
    assert "has no [[recipient]]." in room.run("notify", "test").err
    assert "Nobody was told of anything." in room.run("notify", "list").out
    room.write(HOST, pager(room))
    ended = room.run("notify", "test", "--to", "nobody")
    assert (ended.code, "no [[recipient]] named nobody" in ended.err) == (1, True)


def test_an_acknowledgement_is_evidence_with_name_and_time(room: RoomFolder) -> None:
    room.write(HOST)
    room.enrol()
    number = noticed(room)
    signed = ("--as", "zhang", "--password-file", room.password_file())
    ended = room.run("notify", "acknowledge", str(number), *signed)
    assert ended.code == 0, ended.err
    assert "UPS on battery" in ended.out
    (listed,) = room.run("notify", "list", "--json").document["notifications"]
    assert (listed["acknowledged_by"], listed["code"], listed["device"]) == ("zhang", "on-battery", "ups-a")
    assert "acknowledged by zhang" in room.run("notify", "list").out
    desk = room.desk()
    with desk.store.read() as session:
        (line,) = ledger.lines(session, subject="acknowledgement:1")
    desk.store.close()
    assert (line.actor, line.act) == ("zhang", Act.ACKNOWLEDGE.value)
    assert room.run("verify").code == 0
    again = room.run("notify", "acknowledge", str(number), *signed)
    assert (again.code, "zhang has acknowledged" in again.err) == (1, True)


def test_all_that_wait_are_acknowledged_at_once(room: RoomFolder) -> None:
    room.write(HOST)
    room.enrol()
    signed = ("--as", "zhang", "--password-file", room.password_file())
    assert "No notification waits" in room.run("notify", "acknowledge", "--all", *signed).err
    assert "There is no notification 9." in room.run("notify", "acknowledge", "9", *signed).err
    noticed(room)
    noticed(room, "battery-low")
    assert room.run("notify", "acknowledge", "--all", *signed).out.count("Acknowledged:") == 2


def test_a_timer_tells_that_nobody_watches(room: RoomFolder) -> None:
    room.write(HOST, '[notify]\nsettle = "1s"\nblind_after = "5m"\n', pager(room))

    def beat(minutes: float) -> None:
        desk = room.desk()
        at = clock.now() - timedelta(minutes=minutes)
        with desk.store.write() as session:
            events.beat(session, Heartbeat("duty-pc", 1, at, at, "f" * 64))
        desk.store.close()

    assert room.run("notify", "watchdog").code == 0, "nobody ever watched this room"
    beat(20)
    ended = room.run("notify", "watchdog")
    assert (ended.code, "nobody has watched this room for 20 m" in ended.out) == (1, True)
    assert room.run("notify", "watchdog").code == 1
    ((text, fields, _given),) = told_by_command(room.path)
    assert text.startswith("HIS room: the watch gives no sign of life")
    assert fields["DUTYROOM_CODE"] == "watch-silent"
    beat(0)
    assert room.run("notify", "watchdog").code == 0
    (listed,) = room.run("notify", "list", "--json").document["notifications"]
    assert listed["over_at"] is not None


@pytest.mark.parametrize("given", [(), ("1", "--all")])
def test_either_a_number_or_all_is_given(room: RoomFolder, given: tuple[str, ...]) -> None:
    room.write(HOST)
    ended = room.run("notify", "acknowledge", *given, "--as", "zhang")
    assert (ended.code, "--all" in ended.err) == (2, True)
