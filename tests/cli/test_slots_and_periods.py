"""`dutyroom rounds skip`, `rounds back-fill` and `dutyroom period`."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from dutyroom import clock
from tests.cli.rooms import HOST, RoomFolder
from tests.cli.test_maintenance import local


def enrolled(room: RoomFolder) -> tuple[str, ...]:
    """A room with people; how the admin signs a command."""
    room.write(HOST)
    room.enrol()
    return ("--as", "admin", "--password-file", room.password_file())


def due(room: RoomFolder, days: int) -> datetime:
    """When the daily round of a day from today is due, in the room's time."""
    from dutyroom.config import load_site

    zone = load_site(room.config).timezone
    return datetime.combine(clock.local_date(clock.now(), zone) + timedelta(days=days), time(8, 30))


def test_a_round_to_come_is_skipped_with_its_reason_and_no_technician_may(room: RoomFolder) -> None:
    by = enrolled(room)
    given = ("rounds", "skip", "daily", "--due", f"{due(room, 2):%Y-%m-%d %H:%M}", "--note", "floor is painted")
    refused = room.run(*given, "--as", "zhang", "--password-file", room.password_file())
    assert refused.code == 1
    done = room.run(*given, "--reason", "maintenance", *by)
    assert done.code == 0, done.err
    [kept] = room.run("rounds", "list", "--json").document["rounds"]
    assert (kept["state"], kept["skip_reason"], kept["skip_note"]) == ("skipped", "maintenance", "floor is painted")
    assert kept["closed_by"] == "admin"
    again = room.run(*given, *by)
    assert again.code == 1
    assert "number 1" in again.err
    assert room.run("verify").code == 0


def test_a_round_walked_on_paper_is_opened_with_the_papers_times(room: RoomFolder) -> None:
    by = enrolled(room)
    at = due(room, -1)
    paper = [f"{at + timedelta(minutes=later):%Y-%m-%d %H:%M}" for later in (5, 40)]
    done = room.run(
        *("rounds", "back-fill", "daily", "--due", f"{at:%Y-%m-%d %H:%M}"), "--from", paper[0], "--to", paper[1], *by
    )
    assert done.code == 0, done.err
    (one,) = room.run("rounds", "list", "--json").document["rounds"]
    assert (one["state"], one["marks"]) == ("open", ["back-filled"])
    times = [datetime.fromisoformat(one[name]) for name in ("paper_from", "paper_to")]
    assert [time - times[0] for time in times] == [timedelta(0), timedelta(minutes=35)]


def test_a_critical_period_is_opened_listed_and_closed(room: RoomFolder) -> None:
    by = enrolled(room)
    times = ("--from", local(room, timedelta(days=1)), "--until", local(room, timedelta(days=3)))
    opened = room.run("period", "open", "--name", "国庆", "--kind", "holiday", *times, *by)
    assert opened.code == 0, opened.err
    assert "国庆" in room.run("period", "list").out
    [told] = room.run("period", "list", "--json").document["periods"]
    assert (told["name"], told["kind"], told["state"], told["closed_at"]) == ("国庆", "holiday", "planned", None)
    assert room.run("period", "open", "--name", "again", *times, *by).code == 1
    assert room.run("period", "close", "1", *by).code == 0
    assert "No critical period" in room.run("period", "list").out
    assert "国庆" in room.run("period", "list", "--all").out
    assert room.run("period", "list", "--all", "--json").document["periods"][0]["state"] == "closed"
    assert room.run("verify").code == 0
