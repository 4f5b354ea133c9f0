"""`dutyroom findings`: the whole life of a finding from the command line, and what a script reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from dutyroom import clock, words
from dutyroom.duty.operators import add_operator
from dutyroom.model.people import Actor, Role
from tests.cli.rooms import HOST, PASSWORD, RoomFolder


@pytest.fixture
def staffed(room: RoomFolder) -> RoomFolder:
    """A room with a technician, an admin and a lead."""
    room.write(HOST)
    room.enrol()
    desk = room.desk()
    admin = Actor("admin", Role.ADMIN, "test")
    add_operator(desk.store, admin, "li", "Li Na", Role.LEAD, PASSWORD, clock.now() - timedelta(days=1))
    desk.store.close()
    return room


@pytest.fixture
def chinese() -> Iterator[None]:
    yield
    words.install("en")


def signed(room: RoomFolder, who: str) -> tuple[str, ...]:
    return ("--as", who, "--password-file", room.password_file())


def entered(room: RoomFolder, *more: str) -> None:
    said = room.run("findings", "add", "--class", "critical", "--text", "地板下有水", *more, *signed(room, "zhang"))
    assert said.code == 0, said.err


def test_a_finding_is_entered_worked_on_and_verified_by_another(staffed: RoomFolder) -> None:
    entered(staffed, "--device", "duty-pc", "--to", "zhang")
    listed = staffed.run("findings", "list")
    assert listed.code == 0
    for part in ("critical", "to do", "Zhang Wei", "duty-pc", "地板下有水"):
        assert part in listed.out
    for act, who, note in (
        ("contain", "zhang", "valve shut"),
        ("report", "zhang", ""),
        ("take", "zhang", ""),
        ("note", "li", "plumber called"),
        ("done", "zhang", "pipe mended"),
        ("return", "li", "still wet"),
        ("done", "zhang", "dried"),
    ):
        said = staffed.run("findings", act, "1", *(("--note", note) if note else ()), *signed(staffed, who))
        assert said.code == 0, said.err
    own = staffed.run("findings", "verify", "1", *signed(staffed, "zhang"))
    assert (own.code, own.out) == (1, "")
    assert "somebody else must verify it" in own.err
    assert "verified" in staffed.run("findings", "verify", "1", *signed(staffed, "li")).out
    assert "No finding is open." in staffed.run("findings", "list").out
    shown = staffed.run("findings", "show", "1")
    for part in ("pipe mended", "still wet", "dried", "Li Na", "valve shut", "plumber called"):
        assert part in shown.out
    (one,) = staffed.run("findings", "list", "--all", "--json").document["findings"]
    assert (one["state"], one["done_by"], one["verified_by"], one["returned"]) == ("verified", "zhang", "li", 1)
    assert [clock["clock"] for clock in one["clocks"] if not clock["late"]] == ["contain", "report"]
    assert staffed.run("verify").code == 0


def test_a_known_fault_is_a_leads_and_ends_within_a_month(staffed: RoomFolder) -> None:
    entered(staffed)
    given = ("findings", "known", "1", "--owner", "Works", "--reason", "roof in spring", "--until")
    soon, late = (str((clock.now() + timedelta(days=days)).date()) for days in (20, 40))
    assert staffed.run(*given, soon, *signed(staffed, "zhang")).code == 1
    far = staffed.run(*given, late, *signed(staffed, "li"))
    assert (far.code, "31 days" in far.err) == (1, True)
    assert staffed.run(*given, "soon", *signed(staffed, "li")).code == 2
    assert "known fault" in staffed.run(*given, soon, *signed(staffed, "li")).out
    (one,) = staffed.run("findings", "list", "--json").document["findings"]
    assert one["known"]["owner"] == "Works"


def test_an_overdue_finding_ends_the_list_with_one_and_comes_first(
    staffed: RoomFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered(staffed)
    soon = (clock.now() + timedelta(hours=1)).isoformat(timespec="seconds")
    entered(staffed, "--deadline", soon)
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    listed = staffed.run("findings", "list")
    assert listed.code == 1
    assert listed.out.splitlines()[0].startswith("2 ")
    assert "overdue" in listed.out.splitlines()[0]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "7"), 1),
        (("take", "7"), 1),
        (("rate", "1", "--class", "other", "--reason", "small"), 1),
        (("authority", "1"), 1),
        (("assign", "1", "--to", "nobody"), 1),
        (("withdraw", "1", "--reason", ""), 1),
        (("add", "--class", "big", "--text", "x"), 2),
    ],
)
def test_what_cannot_be_done_is_one_sentence(staffed: RoomFolder, arguments: tuple[str, ...], code: int) -> None:
    entered(staffed)
    who = () if arguments[0] == "show" else signed(staffed, "zhang")
    said = staffed.run("findings", *arguments, *who)
    assert (said.code, said.out) == (code, "")
    assert said.err.strip()


def test_classes_states_and_steps_are_told_in_chinese(staffed: RoomFolder, chinese: None) -> None:
    entered(staffed)
    staffed.run("findings", "rate", "1", "--class", "major", "--reason", "扩大", *signed(staffed, "zhang"))
    listed = staffed.run("findings", "list", "--lang", "zh_CN").out
    shown = staffed.run("findings", "show", "1", "--lang", "zh_CN").out
    assert "未整改" in listed
    assert "重大" in listed
    assert "隐患 1" in shown
    assert "→ 重大" in shown
