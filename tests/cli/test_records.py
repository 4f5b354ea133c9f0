"""Commands about people, rounds, workbooks and the ledger."""

from __future__ import annotations

import hashlib
import os
import pty
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dutyroom import clock
from dutyroom.duty import answering, rounds
from dutyroom.duty.answers import Given
from dutyroom.duty.operators import operators
from dutyroom.model.checklist import ItemKind
from dutyroom.model.people import Act, Actor, Role
from dutyroom.store import ledger
from dutyroom.store.canonical import sha256
from dutyroom.store.library import library
from tests.cli.rooms import HOST, PASSWORD, ROOT, RoomFolder, program

ZHANG = Actor("zhang", Role.TECHNICIAN, "test")
ROUND = {
    *("id", "checklist", "version", "due_at", "started_at", "signed_at", "signed_by", "state", "marks", "duty_day"),
    *("items", "abnormal"),
}
ENTRY = {
    *("item", "device", "answer", "value", "unit", "verdict", "origin", "live_value", "source", "age_s", "note", "at"),
}
OF_A_WORKBOOK = ("file_version", "own_version", "site_changed", "rows_changed", "difference")


@pytest.fixture
def staffed(room: RoomFolder) -> RoomFolder:
    """A room with an admin and a technician."""
    room.write(HOST)
    room.enrol()
    return room


def begin_round(room: RoomFolder) -> int:
    """A round with one answered line of every kind that a person types; gives its number."""
    desk = room.desk()
    walk = rounds.start_round(desk, ZHANG, clock.now())
    check = next(line for line in walk.lines if line.item.id == "env.water")
    number = next(line for line in walk.lines if line.item.kind is ItemKind.NUMBER and line.item.id == "env.temp.cold")
    answers = [(check, Given("abnormal", note="空调漏水")), (number, Given("23.4"))]
    answering.record_answers(desk, ZHANG, walk.round.id, answers, clock.now())
    desk.store.close()
    return walk.round.id


def test_the_first_operator_is_an_admin_and_needs_nobody(room: RoomFolder) -> None:
    room.write(HOST)
    password = room.password_file()
    refused = room.run("operators", "add", "li", "--role", "technician", "--password-file", password)
    assert refused.code == 1
    assert "admin" in refused.err
    assert room.run("operators", "add", "li", "--as", "li", "--password-file", password).code == 1
    added = room.run("operators", "add", "li", "--label", "李工", "--password-file", password)
    assert (added.code, added.err) == (0, "")
    listed = room.run("operators", "list", "--json").document
    assert [(one["name"], one["label"], one["role"]) for one in listed["operators"]] == [("li", "李工", "admin")]
    assert PASSWORD not in added.out + room.run("operators", "list").out


def test_later_operators_are_added_by_an_admin_alone(staffed: RoomFolder) -> None:
    new, old = staffed.password_file("another one 2", name="new"), staffed.password_file()
    assert staffed.run("operators", "add", "wang", "--new-password-file", new).code == 1
    by_zhang = staffed.run("operators", "add", "wang", "--as", "zhang", "--password-file", old)
    assert by_zhang.code == 1
    assert "technician" in by_zhang.err
    words = ("operators", "add", "wang", "--as", "admin", "--password-file", old, "--new-password-file", new)
    assert staffed.run(*words).code == 0
    assert staffed.run(*words).code == 1
    names = [one["name"] for one in staffed.run("operators", "list", "--json").document["operators"]]
    assert names == ["admin", "wang", "zhang"]


def test_a_wrong_password_is_refused_and_stands_in_the_ledger(staffed: RoomFolder) -> None:
    wrong = staffed.password_file("not this one")
    refused = staffed.run("operators", "disable", "zhang", "--as", "admin", "--password-file", wrong)
    assert refused.code == 1
    assert "not this one" not in refused.err
    unknown = staffed.run("operators", "disable", "zhang", "--as", "nobody", "--password-file", wrong)
    # One sentence for every cause: it does not tell which names exist.
    assert unknown.err == refused.err
    desk = staffed.desk()
    with desk.store.read() as session:
        acts = [line.act for line in ledger.lines(session)][-2:]
    assert all(one.disabled_at is None for one in operators(desk.store))
    desk.store.close()
    assert acts == [Act.REFUSE_SIGN_IN, Act.REFUSE_SIGN_IN]


def test_a_password_file_that_others_can_read_is_refused(staffed: RoomFolder) -> None:
    words = ("operators", "disable", "zhang", "--as", "admin", "--password-file")
    for path, told in (
        (staffed.password_file(mode=0o640), "chmod 600"),
        (staffed.password_file("", name="empty"), "empty"),
        (str(staffed.path / "missing"), "cannot be read"),
        (str(staffed.path), "not an ordinary file"),
    ):
        refused = staffed.run(*words, path)
        assert refused.code == 2
        assert told in refused.err
    no_terminal = staffed.run("operators", "disable", "zhang", "--as", "admin")
    assert no_terminal.code == 2
    assert "--password-file" in no_terminal.err


def test_a_disabled_operator_is_out_and_a_password_can_be_set(staffed: RoomFolder) -> None:
    old, new = staffed.password_file(), staffed.password_file("a new password 3", name="new")
    words = ("operators", "password", "zhang", "--as", "zhang", "--password-file", old, "--new-password-file", new)
    assert staffed.run(*words).code == 0
    assert staffed.run(*words).code == 1
    assert staffed.run("operators", "disable", "zhang", "--as", "admin", "--password-file", old).code == 0
    assert "disabled" in staffed.run("operators", "list").out
    ended = staffed.run("operators", "password", "zhang", "--as", "zhang", "--password-file", new)
    assert ended.code == 1
    assert staffed.run("verify").code == 0


def test_passwords_are_asked_for_at_a_terminal_and_a_new_one_twice(room: RoomFolder) -> None:
    room.write(HOST)
    arguments = program("operators", "add", "li", "--config", str(room.config))
    for answers, code in (
        (((b"New password of li", b"a password 4"), (b"The same again", b"another")), 2),
        (
            ((b"New password of li", b"a password 4"), (b"The same again", b"a password 4")),
            0,
        ),
    ):
        master, terminal = pty.openpty()
        with subprocess.Popen(
            arguments, cwd=ROOT, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True
        ) as asking:
            os.close(terminal)
            said = b""
            for prompt, answer in answers:
                while prompt not in said:
                    said += os.read(master, 1024)
                os.write(master, answer + b"\n")
            while asking.poll() is None:
                try:
                    said += os.read(master, 1024)
                except OSError:
                    break
            assert asking.wait(30) == code, said
        os.close(master)
        assert b"a password 4" not in said


def test_rounds_are_listed_and_shown(staffed: RoomFolder) -> None:
    assert staffed.run("rounds", "list").code == 0
    number = begin_round(staffed)
    listed = staffed.run("rounds", "list", "--json").document
    assert listed["schema"] == 1
    assert set(listed["rounds"][0]) >= ROUND
    assert (listed["rounds"][0]["state"], listed["rounds"][0]["signed_at"]) == ("open", None)
    assert "open" in staffed.run("rounds", "list").out
    shown = staffed.run("rounds", "show", str(number), "--json").document
    assert shown["rounds"] == listed["rounds"]
    entries = {entry["item"]: entry for entry in shown["entries"]}
    assert set(entries["env.water"]) >= ENTRY
    assert (entries["env.water"]["answer"], entries["env.water"]["note"]) == ("abnormal", "空调漏水")
    assert (entries["env.temp.cold"]["value"], entries["env.temp.cold"]["unit"]) == (23.4, "°C")
    assert "空调漏水" in staffed.run("rounds", "show", str(number)).out
    unknown = staffed.run("rounds", "show", "99", "--json")
    assert (unknown.code, unknown.document["error"]["code"]) == (1, "unknown")


def test_reading_commands_make_no_store(room: RoomFolder) -> None:
    room.write(HOST)
    for words in (["rounds", "list"], ["operators", "list"], ["verify"], ["rounds", "show", "1"]):
        ended = room.run(*words, "--json")
        assert (ended.code, ended.document["error"]["code"]) == (5, "missing")
    assert not room.database.exists()


def test_a_month_is_exported_and_its_hash_is_in_the_ledger(
    staffed: RoomFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_round(staffed)
    monkeypatch.chdir(tmp_path)
    month = f"{clock.now():%Y-%m}"
    words = ("export", "month", month, "--as", "zhang", "--password-file", staffed.password_file())
    ended = staffed.run(*words)
    written = tmp_path / f"dutyroom-{month}.xlsx"
    assert (ended.code, ended.out) == (0, f"{written}\n")
    assert load_workbook(written).sheetnames
    (tmp_path / "out").mkdir()
    assert staffed.run(*words, "-o", str(tmp_path / "out")).out.strip() == str(tmp_path / "out" / written.name)
    desk = staffed.desk()
    with desk.store.read() as session:
        (first, second) = ledger.lines(session, subject=f"export:period:{month}")
    desk.store.close()
    row = {"sha256": hashlib.sha256(written.read_bytes()).hexdigest()}
    assert (first.act, first.actor, first.row_sha256) == (Act.EXPORT, "zhang", sha256(row))
    assert second.seq > first.seq
    assert staffed.run("verify").code == 0


def test_verify_counts_a_workbook_again_and_names_the_first_cell_that_differs(staffed: RoomFolder) -> None:
    begin_round(staffed)
    path = staffed.path / "sent.xlsx"
    words = ("export", "month", f"{clock.now():%Y-%m}", "--as", "zhang", "--password-file", staffed.password_file())
    assert staffed.run(*words, "-o", str(path)).code == 0
    agreed = staffed.run("verify", str(path))
    assert (agreed.code, agreed.out.count("✗")) == (0, 0)
    assert "Counted again from the records: every cell agrees." in agreed.out
    book = load_workbook(path)
    book.save(path)
    assert staffed.run("verify", str(path), "--json").document["file"] == "saved-again"
    book.worksheets[1]["A1"] = "Rewritten"
    book.save(path)
    told = staffed.run("verify", str(path))
    assert told.code == 1
    assert "Completion A1: the file says Rewritten, the records give " in told.out
    document = staffed.run("verify", str(path), "--json").document
    assert (document["file"], document["difference"]["cell"]) == ("changed", "A1")
    path.write_bytes(path.read_bytes()[:3000])
    damaged = staffed.run("verify", str(path))
    assert damaged.code == 1
    assert "is damaged: it cannot be read as a workbook" in damaged.err


def test_an_export_that_cannot_be_written_leaves_no_line(staffed: RoomFolder) -> None:
    words = ("export", "month", "2026-11", "--as", "zhang", "--password-file", staffed.password_file())
    refused = staffed.run(*words, "-o", str(staffed.path / "nowhere" / "month.xlsx"))
    assert refused.code == 1
    assert "Traceback" not in refused.err
    assert staffed.run(*words[:4], "nobody", *words[5:]).code == 1
    desk = staffed.desk()
    with desk.store.read() as session:
        assert ledger.lines(session, subject="export:period:2026-11") == ()
    desk.store.close()


def test_verify_finds_an_edited_row(staffed: RoomFolder) -> None:
    number = begin_round(staffed)
    intact = staffed.run("verify", "--json")
    assert intact.code == 0
    assert set(intact.document) == {"schema", "intact", "lines", "rows", "head", "faults", "file", *OF_A_WORKBOOK}
    assert intact.document["intact"] is True
    edit = library().connect(str(staffed.database), isolation_level=None)
    for (name,) in edit.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'entries'"
    ).fetchall():
        edit.execute(f"DROP TRIGGER {name}")
    edit.execute("UPDATE entries SET answer = 'normal', verdict = 'ok' WHERE item = 'env.water'")
    edit.close()
    found = staffed.run("verify", "--json")
    assert found.code == 1
    (fault,) = found.document["faults"]
    assert (fault["code"], fault["subject"]) == ("row-changed", f"entry:{number}/env.water/")
    assert f"entry:{number}/env.water/" in staffed.run("verify").out
