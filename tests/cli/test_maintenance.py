"""`dutyroom maintenance`, and what `status` says while a window runs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dutyroom import clock
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.people import Act, Actor, Role
from dutyroom.store import ledger, maintenance
from tests.cli.rooms import HOST, RoomFolder
from tests.cli.test_status import source
from tests.desks import server_sample

WINDOW = {"id", "starts_at", "ends_at", "reason", "by"}
LISTED = WINDOW | {"devices", "state", "entered_at", "cancelled_at", "cancelled_by"}


def local(room: RoomFolder, later: timedelta) -> str:
    """A moment as somebody in the room writes it."""
    from dutyroom.config import load_site

    return f"{clock.now().astimezone(load_site(room.config).timezone) + later:%Y-%m-%d %H:%M}"


@pytest.fixture
def planned(room: RoomFolder) -> RoomFolder:
    """A room with one window tomorrow."""
    room.write(HOST)
    room.enrol()
    ended = room.run(
        *("maintenance", "add", "--from", local(room, timedelta(days=1)), "--for", "4h", "--device", "duty-pc"),
        *("--reason", "更换电池", "--as", "zhang", "--password-file", room.password_file()),
    )
    assert ended.code == 0, ended.err
    assert "更换电池" in ended.out
    return room


def test_a_window_is_entered_listed_and_cancelled(planned: RoomFolder) -> None:
    (one,) = planned.run("maintenance", "list", "--json").document["maintenance"]
    assert set(one) == LISTED
    assert (one["id"], one["devices"], one["reason"], one["by"]) == (1, ["duty-pc"], "更换电池", "zhang")
    assert (one["state"], one["cancelled_at"], one["cancelled_by"]) == ("planned", None, None)
    assert "planned" in planned.run("maintenance", "list").out
    given = ("--as", "zhang", "--password-file", planned.password_file())
    assert planned.run("maintenance", "cancel", "1", *given).code == 0
    assert planned.run("maintenance", "list", "--json").document["maintenance"] == []
    assert "No maintenance is planned." in planned.run("maintenance", "list").out
    (one,) = planned.run("maintenance", "list", "--all", "--json").document["maintenance"]
    assert (one["state"], one["cancelled_by"]) == ("cancelled", "zhang")
    again = planned.run("maintenance", "cancel", "1", *given)
    assert again.code == 1
    assert "was cancelled before" in again.err
    assert planned.run("verify").code == 0


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (("--from", "2020-01-01 00:00", "--for", "4h", "--room"), 1, "in the past"),
        (("--from", "2090-01-01 10:00", "--until", "2090-01-01 09:00", "--room"), 1, "must end after"),
        (("--from", "2090-01-01 10:00", "--for", "4h", "--device", "nobody"), 1, "no device nobody"),
        (("--from", "tomorrow", "--for", "4h", "--room"), 2, "is no time"),
        (("--from", "2090-01-01 10:00", "--for", "a while", "--room"), 2, "a while"),
        (("--from", "2090-01-01 10:00", "--for", "4h"), 2, "--room"),
        (("--from", "2090-01-01 10:00", "--for", "4h", "--room", "--device", "duty-pc"), 2, "--room"),
        (("--from", "2090-01-01 10:00", "--room"), 2, "--until"),
    ],
)
def test_what_cannot_be_planned_is_said(room: RoomFolder, given: tuple[str, ...], code: int, said: str) -> None:
    room.write(HOST)
    room.enrol()
    ended = room.run(
        *("maintenance", "add", *given, "--reason", "x", "--as", "zhang", "--password-file", room.password_file())
    )
    assert ended.code == code
    assert said in ended.err
    assert room.run("maintenance", "list", "--all", "--json").document["maintenance"] == []


def test_a_wrong_password_enters_nothing(room: RoomFolder) -> None:
    room.write(HOST)
    room.enrol()
    wrong = room.password_file("not the password 1")
    ended = room.run(
        *("maintenance", "add", "--from", "2090-01-01 10:00", "--for", "4h", "--room", "--reason", "x"),
        *("--as", "zhang", "--password-file", wrong),
    )
    assert ended.code == 1
    assert room.run("maintenance", "list", "--all", "--json").document["maintenance"] == []


def test_status_marks_the_device_and_does_not_count_it(room: RoomFolder) -> None:
    room.write(HOST)
    room.enrol()
    now = clock.now()
    room.record(server_sample(now, memory_percent=99.0))
    assert room.run("status", "--json").code == 1
    assert source(room.run("status", "--json").document, "duty-pc")["maintenance"] is None
    desk = room.desk()
    actor = Actor("zhang", Role.TECHNICIAN, "test")
    begun = MaintenanceWindow(now - timedelta(hours=1), now + timedelta(hours=1), ("duty-pc",), "new memory",
                              now - timedelta(hours=2), "zhang")  # fmt: skip
    with desk.store.write() as session:
        window = maintenance.add(session, begun)
        ledger.append_row(session, at=now, actor=actor, act=Act.PLAN_MAINTENANCE, of=window)
    desk.store.close()
    document = room.run("status", "--json").document
    host = source(document, "duty-pc")
    assert (host["verdict"], set(host["maintenance"])) == ("fault", WINDOW)
    assert host["maintenance"]["reason"] == "new memory"
    # It was all there is: no fault any more, and nobody can say that the room is well.
    assert document["verdict"] == "unknown"
    told = room.run("status").out
    assert "new memory (zhang)" in told
