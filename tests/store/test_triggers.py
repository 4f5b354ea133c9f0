"""Sealed is sealed: each trigger refuses on its own, in plain SQL, past every function of the store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dutyroom.errors import StoreError
from dutyroom.model.rounds import Amendment, Mark, Round, RoundState
from dutyroom.store import amendments, rounds
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
APPROVED: dict[str, object] = {"approved_at": AT, "approved_by": "wang"}


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
        by = "wang" if state is RoundState.APPROVED else None
        closed = rounds.add(s, round_due(state=state, approved_at=AT if by else None, approved_by=by))
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


@pytest.mark.parametrize("who", ["NULL", "'li'"])
def test_nobody_approves_a_round_they_signed_or_answered_in(store: Store, who: str) -> None:
    with store.write() as s:
        one_of_everything(s)
    with pytest.raises(StoreError) as caught, store.write() as s:
        s.connection().exec_driver_sql(
            f"UPDATE rounds SET state = 'approved', approved_at = signed_at, approved_by = {who}"
        )
    assert caught.value.code == "sealed"


def test_nobody_approves_a_round_in_which_an_answer_of_theirs_stands(store: Store) -> None:
    with store.write() as s:
        opened = rounds.add(s, round_due())
        rounds.put_entry(s, replace(check(opened.id), by="wang"))
        signed = replace(opened, state=RoundState.SIGNED, signed_at=AT, signed_by="li")
        rounds.update(s, signed)
    with pytest.raises(StoreError), store.write() as s:
        rounds.update(s, replace(signed, state=RoundState.APPROVED, approved_at=AT, approved_by="wang"))
    with store.write() as s:
        rounds.update(s, replace(signed, state=RoundState.APPROVED, approved_at=AT, approved_by="admin"))


@pytest.mark.parametrize("change", [{"abnormal": 9}, {"signed_by": "zhao"}, {"marks": ()}, {"revision": 2}])
def test_an_approval_changes_nothing_else(store: Store, change: dict[str, object]) -> None:
    with store.write() as s:
        signed = one_of_everything(s)
    with pytest.raises(StoreError) as caught, store.write() as s:
        rounds.update(s, replace(signed, state=RoundState.APPROVED, **{**APPROVED, **change}))  # type: ignore[arg-type]
    assert caught.value.code == "sealed"


def test_an_open_round_cannot_be_approved(store: Store) -> None:
    with store.write() as s:
        opened = rounds.add(s, round_due())
    with pytest.raises(StoreError) as caught, store.write() as s:
        rounds.update(s, replace(opened, state=RoundState.APPROVED, approved_at=AT, approved_by="wang"))
    assert caught.value.code == "sealed"


def test_a_signed_round_changes_only_with_an_amendment_of_the_next_revision(store: Store) -> None:
    with store.write() as s:
        signed = one_of_everything(s)
    amended = replace(signed, revision=2, marks=(*signed.marks, Mark.AMENDED), abnormal=0)
    with pytest.raises(StoreError), store.write() as s:
        rounds.update(s, amended)
    for wrong in (replace(amended, signed_by="zhao"), replace(amended, marks=(Mark.AMENDED,)), signed_again(amended)):
        with pytest.raises(StoreError) as caught:
            _amend(store, wrong)
        assert caught.value.code == "sealed"
    _amend(store, amended)


@pytest.mark.parametrize("change", [{"revision": 3}, {"revision": 1}, {"reason": "  "}, {"round_id": 404}])
def test_an_amendment_is_the_next_revision_of_a_signed_round_and_says_why(
    store: Store, change: dict[str, object]
) -> None:
    with store.write() as s:
        signed = one_of_everything(s)
    with pytest.raises(StoreError), store.write() as s:
        amendments.add(s, replace(amendment(signed.id), **change))  # type: ignore[arg-type]


def test_an_open_round_is_answered_and_not_amended(store: Store) -> None:
    with store.write() as s:
        opened = rounds.add(s, round_due())
    with pytest.raises(StoreError) as caught, store.write() as s:
        amendments.add(s, amendment(opened.id))
    assert caught.value.code == "sealed"


def test_an_amendment_never_changes(store: Store) -> None:
    with store.write() as s:
        signed = one_of_everything(s)
        amendments.add(s, amendment(signed.id))
    for sql in ("UPDATE amendments SET reason = 'x'", "DELETE FROM amendments"):
        with pytest.raises(StoreError) as caught, store.write() as s:
            s.connection().exec_driver_sql(sql)
        assert caught.value.code == "sealed"


def _amend(store: Store, amended: Round) -> None:
    with store.write() as s:
        amendments.add(s, amendment(amended.id))
        rounds.update(s, amended)


def signed_again(amended: Round) -> Round:
    """An amendment that would keep an approval."""
    return replace(amended, state=RoundState.APPROVED, approved_at=AT, approved_by="wang")


def amendment(round_id: int) -> Amendment:
    """The second version of the signed round of these tests."""
    return Amendment(round_id, 2, AT, "li", "The panel was read wrong", (number(round_id, answer="24", value=24.0),))
