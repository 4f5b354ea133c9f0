"""`dutyroom roster` and `dutyroom handover`: import with a dry run, show, and handovers to be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.duty.handover import Draft, accept_handover, give_handover
from dutyroom.duty.operators import add_operator
from dutyroom.model.people import Actor, Role
from tests.cli.rooms import PASSWORD, SWITCH, Outcome, RoomFolder
from tests.report.test_imports import workbook

SHIFTS = (
    '[[shift]]\nname = "day"\nlabel = "白班"\nbegins = "08:00"\nends = "20:00"\n'
    '[[shift]]\nname = "night"\nlabel = "夜班"\nbegins = "20:00"\nends = "08:00"\n'
    '[[tool]]\nname = "钥匙"\ncount = 3\n'
)


@pytest.fixture
def room(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> RoomFolder:
    monkeypatch.setenv("DUTYROOM_TEST_COMMUNITY", "public")
    made = RoomFolder(tmp_path, capsys)
    made.write(SWITCH, SHIFTS)
    made.enrol()
    return made


def sheet(room: RoomFolder, *rows: Sequence[object]) -> str:
    return str(workbook(room.path, [("日期", "白班", "夜班"), *rows]))


def run(room: RoomFolder, *arguments: str, by: str = "admin") -> Outcome:
    return room.run("roster", *arguments, "--as", by, "--password-file", room.password_file())


def test_a_dry_run_tells_and_an_import_does_the_same(room: RoomFolder) -> None:
    file = sheet(room, ("2026-12-01", "Zhang Wei", "老王"), ("2026-12-02", "zhang", None))
    dry = room.run("roster", "import", file, "--dry-run")
    assert (dry.code, dry.out.splitlines()) == (
        0,
        [
            "Would be: 3 added, 0 taken out, 0 unchanged",
            "Days that change: Tue 1 Dec – Wed 2 Dec",
            "No operator is called so; kept as written: 老王",
        ],
    )
    assert room.run("roster", "show").out == "There is no roster yet: dutyroom roster import FILE\n"
    assert run(room, "import", file).out.startswith("3 added, 0 taken out, 0 unchanged\n")
    shown = room.run("roster", "show", "--from", "2026-12-01", "--days", "2")
    assert [line.split() for line in shown.out.splitlines()] == [
        ["Tue", "1", "Dec", "白班", "08:00–20:00", "Zhang", "Wei"],
        ["Tue", "1", "Dec", "夜班", "20:00–08:00", "老王"],
        ["Wed", "2", "Dec", "白班", "08:00–20:00", "Zhang", "Wei"],
        ["Wed", "2", "Dec", "夜班", "20:00–08:00", "nobody"],
    ]
    document = room.run("roster", "show", "--from", "2026-12-01", "--days", "1", "--json").document
    assert document["until"] == "2026-12-02"
    assert [(one["shift"], one["begins_at"], one["people"]) for one in document["shifts"]] == [
        ("day", "2026-12-01T00:00:00.000Z", ["zhang"]),
        ("night", "2026-12-01T12:00:00.000Z", ["老王"]),
    ]
    assert room.run("verify", "--json").document["intact"]


def test_nothing_is_imported_while_a_cell_is_bad(room: RoomFolder) -> None:
    file = sheet(room, ("2026-12-01", "zhang", "=A1"), ("soon", "zhang", ""))
    refused = run(room, "import", file)
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.splitlines() == [
        "row 2, On duty: a formula (=A1); write the value itself",
        "row 3: soon is no date such as 2026-12-31",
        "Nothing was imported: 2 cells are bad.",
    ]
    assert room.run("roster", "show", "--json").document["until"] is None


def test_a_technician_imports_no_roster(room: RoomFolder) -> None:
    refused = run(room, "import", sheet(room, ("2026-12-01", "zhang", "")), by="zhang")
    assert refused.code != 0
    assert "may not do this" in refused.err
    assert room.run("roster", "import", sheet(room, ("2026-12-01", "zhang", ""))).code == 2


def test_a_handover_is_listed_and_shown_as_it_was_signed(room: RoomFolder) -> None:
    assert room.run("handover", "list").out == "No shift was handed over yet.\n"
    desk, now = room.desk(), clock.now()
    admin, zhang, li = (Actor(name, Role.ADMIN, "test") for name in ("admin", "zhang", "li"))
    add_operator(desk.store, admin, "li", "李娜", Role.TECHNICIAN, PASSWORD, now - timedelta(days=1))
    one = give_handover(desk, zhang, PASSWORD, Draft({"钥匙": 2}, "一把在 DBA 处"), now)
    accept_handover(desk, li, one.id, PASSWORD, "已清点", now)
    desk.store.close()
    (line,) = room.run("handover", "list").out.splitlines()
    assert line.split()[0] == "1"
    assert "Zhang Wei → 李娜" in line
    assert line.endswith("accepted")
    shown = room.run("handover", "show", "1").out
    assert "钥匙: 2 of 3" in shown
    assert "一把在 DBA 处" in shown
    assert "Accepted by 李娜" in shown
    document = room.run("handover", "show", "1", "--json").document
    assert document["handovers"][0]["accepted_by"] == "li"
    assert document["sheet"]["counts"] == [{"name": "钥匙", "expected": 3, "counted": 2}]
    missing = room.run("handover", "show", "7", "--json")
    assert (missing.code, missing.document["error"]["code"]) == (1, "not-found")
