"""The records of a month come out of a real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import load_workbook

from dutyroom.model.people import Act, Actor, Role
from dutyroom.model.rounds import RoundState
from dutyroom.report.export import export_month
from dutyroom.report.gather import month_records
from dutyroom.report.month import figures_of
from dutyroom.store import ledger, people, rounds
from dutyroom.store.database import Store
from tests.report.month_seed import GENERATED_AT, month

ACTOR = Actor("zhang", Role.TECHNICIAN, "tty1")


def test_a_stored_month_gives_the_same_figures_and_the_ledgers_hashes(tmp_path: Path) -> None:
    seed = month()
    store = Store.open(f"sqlite:///{tmp_path / 'dutyroom.db'}")
    with store.write() as s:
        for person in seed.operators:
            people.add_operator(s, person, "x")
        before = ledger.append(
            s, at=datetime(2026, 9, 30, 15, 59, tzinfo=UTC), actor=ACTOR, act=Act.SIGN_IN, subject="zhang", row=None
        )
        first = ledger.append(
            s, at=datetime(2026, 9, 30, 16, tzinfo=UTC), actor=ACTOR, act=Act.SIGN_IN, subject="zhang", row=None
        )
        for held in seed.rounds[:5]:
            stored = rounds.add(s, replace(held, state=RoundState.OPEN, signed_at=None, signed_by=None))
            for entry in seed.entries:
                if entry.round_id == held.id:
                    rounds.put_entry(s, replace(entry, round_id=stored.id))
            rounds.update(s, replace(held, id=stored.id))
    records = month_records(store, seed.site, seed.checklist, (2026, 10), GENERATED_AT)
    store.close()
    assert before.hash != records.first_hash == first.hash
    assert records.last_hash == first.hash
    assert (figures_of(records).signed, figures_of(records).abnormal) == (5, 1)
    book = load_workbook(export_month(records, tmp_path / "month.xlsx", "en"))
    assert book["Readings"].max_row == 3 + 5 * 16
