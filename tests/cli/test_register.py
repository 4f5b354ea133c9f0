"""`dutyroom register`: import with a dry run, list, add, remove and learn, each on record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.duty.addresses import record_sweep
from dutyroom.model.addresses import AddressTables, ArpRow
from dutyroom.model.reading import State
from dutyroom.store import addresses, ledger
from tests.cli.rooms import SWITCH, Outcome, RoomFolder
from tests.report.test_imports import workbook

A, B = "00:11:22:33:44:55", "00:11:22:aa:bb:cc"
SITE = '[[register]]\nip = "10.0.9.1"\nname = "his-db-1"\n'


@pytest.fixture
def room(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> RoomFolder:
    monkeypatch.setenv("DUTYROOM_TEST_COMMUNITY", "public")
    made = RoomFolder(tmp_path, capsys)
    made.write(SWITCH, SITE)
    made.enrol()
    return made


def run(room: RoomFolder, *arguments: str, by: str = "admin") -> Outcome:
    return room.run("register", *arguments, "--as", by, "--password-file", room.password_file())


def sheet(room: RoomFolder, *rows: Sequence[object]) -> str:
    return str(workbook(room.path, [("IP", "MAC", "Name", "Department"), *rows]))


def kept(room: RoomFolder) -> list[tuple[str, str, str]]:
    document = room.run("register", "list", "--json").document
    return [(one["ip"], one["mac"], one["name"]) for one in document["register"] if not one["from_site_file"]]


def test_a_dry_run_tells_and_an_import_does_the_same(room: RoomFolder) -> None:
    first = sheet(room, ("10.0.0.7", A, "pc", "IT"), ("10.0.0.8", B, "printer", "Radiology"))
    dry = room.run("register", "import", first, "--dry-run")
    assert (dry.code, dry.out) == (0, "Would be: 2 added, 0 changed, 0 unchanged, 0 removed\n")
    assert kept(room) == []
    assert run(room, "import", first).out == "2 added, 0 changed, 0 unchanged, 0 removed\n"
    second = sheet(room, ("10.0.0.8", B, "printer 2", "Radiology"), ("10.0.0.9", None, "camera", "IT"))
    for arguments in (("--dry-run",), ()):
        done = run(room, "import", second, *arguments)
        assert "1 added, 1 changed, 0 unchanged, 0 removed" in done.out
        assert "1 not in the file, kept" in done.out
    assert kept(room) == [("10.0.0.7", A, "pc"), ("10.0.0.8", B, "printer 2"), ("10.0.0.9", None, "camera")]
    assert run(room, "import", second, "--replace").out == "0 added, 0 changed, 2 unchanged, 1 removed\n"
    assert room.run("verify", "--json").document["intact"]
    desk = room.desk()
    with desk.store.read() as session:
        acts = [line.act for line in ledger.lines(session) if line.act.startswith("register")]
    desk.store.close()
    assert acts == ["register-add", "register-add", "register-add", "register-change", "register-remove"]


def test_nothing_is_imported_while_a_row_is_bad_unless_that_is_wanted(room: RoomFolder) -> None:
    bad = sheet(room, ("10.0.0.7", A, "pc", "IT"), ("10.0.0.999", B, "x", ""), ("10.0.0.8", "", "=1+1", ""))
    refused = run(room, "import", bad)
    assert refused.code == 1
    assert refused.out == ""
    assert refused.err.splitlines() == [
        "row 3, IP address: 10.0.0.999 is no IP address, range or network",
        "row 4, name: a formula (=1+1); write the value itself",
        "Nothing was imported: 2 rows are bad.",
    ]
    assert kept(room) == []
    skipped = run(room, "import", bad, "--skip-bad")
    assert (skipped.code, skipped.out) == (
        *(1,),
        "1 added, 0 changed, 0 unchanged, 0 removed\n2 bad rows left out\n",
    )
    assert kept(room) == [("10.0.0.7", A, "pc")]


def test_an_import_needs_somebody_who_may(room: RoomFolder) -> None:
    file = sheet(room, ("10.0.0.7", A, "pc", "IT"))
    assert room.run("register", "import", file).code == 2
    refused = run(room, "import", file, by="zhang")
    assert refused.code == 1
    assert "may not do this" in refused.err
    assert kept(room) == []


def test_one_is_added_and_removed_by_its_number(room: RoomFolder) -> None:
    added = run(
        room, "add", "--ip", "10.0.0.10-20", "--name", "DHCP", "--valid-until", "2027-01-31", "--port", "Gi0/0/1"
    )
    assert (added.code, added.out) == (0, "Registered as number 1: 10.0.0.10-10.0.0.20\n")
    again = run(room, "add", "--ip", "10.0.0.10-10.0.0.20", "--owner", "Li")
    assert (again.code, again.err) == (1, "10.0.0.10-10.0.0.20 is registered already: DHCP.\n")
    assert run(room, "add", "--ip", "10.0.9.1", "--name", "x").code == 1
    listed = room.run("register", "list").out.splitlines()
    assert [line.split() for line in listed] == [
        ["1", "10.0.0.10-10.0.0.20", "–", "DHCP", "Gi0/0/1", "until", "2027-01-31"],
        ["·", "10.0.9.1", "–", "his-db-1"],
    ]
    assert run(room, "remove", "1").out == "Removed: 10.0.0.10-10.0.0.20\n"
    assert run(room, "remove", "1").code == 1
    assert kept(room) == []
    for wrong in (
        ("--ip", "x", "--name", "x"),
        ("--mac", "x", "--name", "x"),
        ("--name", "x"),
        ("--ip", "10.0.0.1"),
        ("--ip", "10.0.0.1", "--name", "x", "--valid-until", "x"),
    ):
        assert run(room, "add", *wrong).code == 2
    assert room.run("verify", "--json").document["intact"]


def test_what_was_learnt_goes_out_filled_in_and_back_and_ends_what_was_found(room: RoomFolder) -> None:
    from openpyxl import load_workbook

    desk, now = room.desk(), clock.now()
    rows = (ArpRow("10.0.0.7", A, "Vlanif1"), ArpRow("10.0.9.1", B, "Vlanif1"))
    record_sweep(desk.store, desk.site, [AddressTables("core-1", now, State.OK, arp=rows)], now)
    path = room.path / "seen.xlsx"
    learnt = run(room, "learn", "--output", str(path), by="zhang")
    assert (learnt.code, learnt.out, learnt.err) == (0, f"{path}\n", "2 addresses seen\n")
    book = load_workbook(path)
    page = book.active
    assert page is not None
    assert [[cell.value for cell in row[:3]] for row in page.iter_rows(min_row=4)] == [
        ["10.0.0.7", A, None],
        ["10.0.9.1", B, "his-db-1"],
    ]
    page["C4"] = "PC of Li"
    book.save(path)
    assert run(room, "import", str(path)).out == "2 added, 0 changed, 0 unchanged, 0 removed\n"
    with desk.store.read() as session:
        assert addresses.findings(session) == ()
        exported = [line for line in ledger.lines(session) if line.subject == "export:addresses"]
    desk.store.close()
    assert [line.actor for line in exported] == ["zhang"]
