"""Sealed is sealed: each trigger refuses on its own, in plain SQL, past every function of the store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dutyroom.errors import StoreError
from dutyroom.model.rounds import RoundState
from dutyroom.store import rounds
from dutyroom.store.database import Store
from tests.store.records import AT, check, number, one_of_everything, round_due

SEALED = (
    "UPDATE ledger SET actor = 'x' WHERE seq = 2",
    "DELETE FROM ledger WHERE seq = 9",
    "DELETE FROM ledger",
    "INSERT INTO ledger SELECT 99, at, actor, role, terminal, act, subject, row_sha256, previous, hash FROM ledger",
    "INSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE seq = 1",
    "DELETE FROM rounds",
    "UPDATE rounds SET abnormal = 0",
    "UPDATE rounds SET state = 'open'",
    "UPDATE rounds SET state = 'approved'",
    "INSERT OR REPLACE INTO rounds SELECT * FROM rounds",
    "DELETE FROM entries",
    "UPDATE entries SET value = 20",
    "INSERT INTO entries SELECT round_id, 'new', device, answer, verdict, at, \"by\", value, unit, origin, live_value, "
    "source, age_s, note, finding_id FROM entries",
    "INSERT OR REPLACE INTO entries SELECT * FROM entries",
    "UPDATE checklists SET content = ''",
    "DELETE FROM checklists",
    "INSERT OR REPLACE INTO checklists SELECT version, name, '', published_at FROM checklists",
    "DELETE FROM operators",
    "INSERT OR REPLACE INTO operators SELECT * FROM operators",
)


@pytest.mark.parametrize("sql", SEALED)
def test_sealed_records_refuse(store: Store, sql: str) -> None:
    with store.write() as s:
        one_of_everything(s)
    with pytest.raises(StoreError) as caught, store.write() as s:
        s.connection().exec_driver_sql(sql)
    assert caught.value.code == "sealed"


@pytest.mark.parametrize("state", [RoundState.SIGNED, RoundState.APPROVED, RoundState.SKIPPED, RoundState.MISSED])
def test_a_closed_round_takes_no_change_and_no_entry(store: Store, state: RoundState) -> None:
    with store.write() as s:
        closed = rounds.add(s, round_due(state=state))
    with pytest.raises(StoreError) as caught, store.write() as s:
        rounds.update(s, replace(closed, abnormal=7))
    assert caught.value.code == "sealed"
    with pytest.raises(StoreError) as caught, store.write() as s:
        rounds.put_entry(s, number(closed.id))
    assert caught.value.code == "sealed"


def test_a_round_that_is_only_due_takes_no_entry_but_may_change(store: Store) -> None:
    with store.write() as s:
        due = rounds.add(s, round_due(state=RoundState.DUE, started_at=None, started_by=None))
    with pytest.raises(StoreError), store.write() as s:
        rounds.put_entry(s, number(due.id))
    with store.write() as s:
        rounds.update(s, replace(due, state=RoundState.OPEN, started_at=AT, started_by="li"))
        rounds.put_entry(s, number(due.id))


def test_an_open_round_takes_changes_but_loses_nothing(store: Store) -> None:
    with store.write() as s:
        opened = rounds.add(s, round_due())
        rounds.put_entry(s, check(opened.id))
    for sql in ("DELETE FROM entries", "DELETE FROM rounds", "UPDATE entries SET item = 'other'"):
        with pytest.raises(StoreError) as caught, store.write() as s:
            s.connection().exec_driver_sql(sql)
        assert caught.value.code == "sealed"


def test_an_entry_of_a_round_that_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(StoreError), store.write() as s:
        rounds.put_entry(s, number(404))


def test_an_entry_cannot_move_out_of_a_signed_round(store: Store) -> None:
    with store.write() as s:
        signed = one_of_everything(s)
        opened = rounds.add(s, round_due(24))
    with pytest.raises(StoreError) as caught, store.write() as s:
        s.connection().exec_driver_sql(f"UPDATE entries SET round_id = {opened.id} WHERE round_id = {signed.id}")
    assert caught.value.code == "sealed"
