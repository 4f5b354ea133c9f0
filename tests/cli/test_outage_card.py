"""`dutyroom export outage-card`: written, on record, and remembered with what it says."""

from __future__ import annotations

import hashlib
from pathlib import Path

import openpyxl

from dutyroom import clock
from dutyroom.config import load_site
from dutyroom.duty.outage_cards import newest_card
from dutyroom.duty.records import read_room
from dutyroom.model.outage_card import CardState
from dutyroom.model.reading import HoldVerdict
from dutyroom.rules.outage_card import short, state_of
from dutyroom.store import ledger
from dutyroom.store.canonical import sha256
from tests.cli.rooms import HOST, RoomFolder
from tests.desks import ups_sample

UPS = '[[ups]]\nname = "ups-a"\nlabel = "UPS A"\nserver = "127.0.0.1:9"\nups = "ups-a"\nhold_time = "6h"\n'
LOAD = '[[load]]\nname = "his"\nlabel = "HIS"\nfed_by = ["ups-a"]\nwatts = 450\nshed_group = 1\nphone = "0571-1"\n'


def test_the_card_is_written_with_a_line_in_the_ledger_that_tells_when_it_is_old(
    room: RoomFolder, tmp_path: Path
) -> None:
    room.write(HOST, UPS, LOAD)
    room.enrol()
    room.record(ups_sample("ups-a", clock.now()))
    by = ("--as", "zhang", "--password-file", room.password_file())
    target = tmp_path / "card.xlsx"
    written = room.run("export", "outage-card", "-o", str(target), *by)
    assert (written.code, written.out) == (0, f"{target}\n"), written.err
    said = [
        cell.value for row in openpyxl.load_workbook(target).worksheets[0].iter_rows() for cell in row if cell.value
    ]
    site = load_site(room.config)
    assert "满足 met" in said
    assert "7:00 h" in said
    assert any(short(site.fingerprint) in str(one) for one in said)
    desk = room.desk()
    with desk.store.read() as session:
        line = ledger.lines(session, limit=1)[0]
        card = newest_card(session)
    assert line.subject == f"export:outage-card/{short(site.fingerprint)}/ups-a=met"
    assert (line.actor, line.row_sha256) == (
        "zhang",
        sha256({"sha256": hashlib.sha256(target.read_bytes()).hexdigest()}),
    )
    assert card is not None
    assert card.verdicts == {"ups-a": HoldVerdict.MET}
    assert read_room(desk, clock.now()).card == card
    desk.store.close()
    assert room.run("verify", str(target)).code == 0
    room.write(HOST, UPS, LOAD.replace("450", "900"))
    assert state_of(load_site(room.config), card, {}) is CardState.SITE_FILE


def test_it_lies_in_the_folder_of_the_caller_under_the_day_in_the_room(room: RoomFolder, tmp_path: Path) -> None:
    room.write(HOST, UPS, LOAD)
    room.enrol()
    folder = tmp_path / "cards"
    folder.mkdir()
    password = ("--password-file", room.password_file())
    assert room.run("export", "outage-card", "-o", str(folder), "--as", "zhang", *password).code == 0
    (path,) = folder.iterdir()
    assert path.name.startswith("outage-card-20")
    refused = room.run("export", "outage-card", "-o", str(folder), "--as", "nobody", *password)
    assert (refused.code != 0, len(list(folder.iterdir()))) == (True, 1)


def test_the_newest_card_is_found_from_the_index_alone(room: RoomFolder) -> None:
    room.write(HOST, UPS, LOAD)
    room.enrol()
    desk = room.desk()
    with desk.store.read() as session:
        assert newest_card(session) is None
        statement = (
            "explain query plan select max(seq) from ledger where subject >= 'export:a' and subject < 'export:b'"
        )
        plan = " ".join(str(row) for row in session.connection().exec_driver_sql(statement))
    desk.store.close()
    assert "COVERING INDEX ix_ledger_subject (subject>? AND subject<?)" in plan
