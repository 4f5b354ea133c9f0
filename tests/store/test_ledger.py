"""The chain, and that no single edit of a record or of a line stays unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date, timedelta, timezone
from typing import Any

import pytest

from dutyroom.errors import StoreError
from dutyroom.model.events import Verification
from dutyroom.model.people import Act, Role
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import RoundState
from dutyroom.store import ledger, rounds, triggers
from dutyroom.store.canonical import KINDS, canonical, sha256, subject_of
from dutyroom.store.database import Store, connect
from dutyroom.store.evidence import FIRST, stored_row
from dutyroom.store.tables import METADATA
from dutyroom.store.verify import head, verify
from tests.store.records import ACTOR, AT, DAILY, LI, check, number, one_of_everything, round_due


@pytest.fixture
def full(store: Store) -> Store:
    """A store with a signed round and everything it needs."""
    with store.write() as s:
        one_of_everything(s)
    return store


@pytest.fixture
def forger(full: Store) -> Iterator[Any]:
    """Somebody with write access to the file who took the triggers off."""
    connection = connect(full.path, foreign_keys=False)
    for name in [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
        connection.execute(f"DROP TRIGGER {name}")
    yield connection
    connection.close()


def verified(store: Store) -> Verification:
    with store.read() as s:
        return verify(s)


def codes(store: Store) -> set[str]:
    return {fault.code for fault in verified(store).faults}


def test_an_honest_store_has_no_fault(full: Store) -> None:
    found = verified(full)
    assert (found.lines, found.rows, found.faults) == (9, 6, ())
    with full.read() as s:
        assert found.head == head(s) == ledger.lines(s)[-1].hash != ledger.GENESIS


def test_an_empty_store_verifies(store: Store) -> None:
    assert verified(store) == Verification(0, 0, "0" * 64)


def test_a_line_hash_is_what_the_documentation_says(full: Store) -> None:
    with full.read() as s:
        lines = ledger.lines(s)
    assert [line.seq for line in lines] == list(range(1, 10))
    previous = "0" * 64
    for line in lines:
        fields = asdict(line)
        told = fields.pop("hash")
        fields["at"] = line.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(text.encode()).hexdigest() == told
        assert line.previous == previous
        previous = told
    assert lines[2].subject == "sign-in:li"
    assert lines[2].row_sha256 == ""


def test_an_appended_line_comes_back(store: Store) -> None:
    with store.write() as s:
        line = ledger.append(s, at=AT, actor=ACTOR, act=Act.EXPORT, subject="export:2026-11", row={"文件": "11月.xlsx"})
    assert (line.seq, line.at, line.actor, line.role, line.terminal) == (1, AT, "li", "technician", "duty-pc:pts/0")
    assert line.row_sha256 == hashlib.sha256('{"文件":"11月.xlsx"}'.encode()).hexdigest()
    with store.read() as s:
        assert ledger.lines(s) == ledger.lines(s, subject="export:2026-11") == (line,)
        assert ledger.lines(s, subject="other") == () == ledger.lines(s, limit=0)


def test_the_canonical_form_is_one_form() -> None:
    at = AT.astimezone(timezone(timedelta(hours=8)))
    row = {"b": at, "a": 26.0, "d": date(2026, 1, 2), "c": Role.LEAD, "e": None, "值": '℃\n"', "f": -0.0, "g": 5}
    assert canonical(row).decode() == (
        '{"a":26.0,"b":"2026-11-23T00:30:00.123456Z","c":"lead","d":"2026-01-02","e":null,"f":0.0,"g":5,"值":"℃\\n\\""}'
    )
    assert canonical({"at": AT.replace(microsecond=0)}) == b'{"at":"2026-11-23T00:30:00.000000Z"}'
    with pytest.raises(ValueError, match="time zone"):
        canonical({"at": AT.replace(tzinfo=None)})
    with pytest.raises(ValueError, match="float"):
        canonical({"x": float("nan")})


def test_subjects_name_one_record_each() -> None:
    assert subject_of(LI) == "operator:li"
    assert subject_of(DAILY) == "checklist:0123456789ab"
    assert subject_of(round_due(id=17)) == "round:17"
    assert subject_of(check(17)) == "entry:17/ups.fan/ups-a"
    ambiguous = {subject_of(number(1, item="a/b", device="c")), subject_of(number(1, item="a", device="b/c"))}
    assert ambiguous == {"entry:1/a%2Fb/c", "entry:1/a/b%2Fc"}


def test_every_column_of_a_record_is_in_its_canonical_row(full: Store) -> None:
    assert set(FIRST) == {*KINDS.values(), "ledger"}
    for table, columns in FIRST.items():
        assert columns == tuple(METADATA.tables[table].columns.keys())[: len(columns)]
    with full.read() as s:
        row = stored_row(s, LI)
    assert row is not None
    assert "password_hash" not in row
    assert row["password_sha256"] == hashlib.sha256(b"$argon2id$v=19$secret").hexdigest()


def test_a_later_column_enters_only_where_it_is_not_null(full: Store) -> None:
    with full.write() as s:
        before = stored_row(s, LI)
        s.connection().exec_driver_sql("UPDATE operators SET pin_hash = 'p', password_set_at = created_at")
        after = stored_row(s, LI)
    assert before is not None
    assert after == {
        **before,
        "pin_sha256": hashlib.sha256(b"p").hexdigest(),
        "password_set_at": before["created_at"],
    }


def test_a_whole_number_hashes_the_same_before_and_after_the_store(store: Store) -> None:
    with store.write() as s:
        opened = rounds.add(s, round_due())
        entry = number(opened.id, value=230, age_s=-0.0)
        rounds.put_entry(s, entry)
        line = ledger.append_row(s, at=AT, actor=ACTOR, act=Act.ANSWER, of=entry)
    with store.read() as s:
        row = stored_row(s, entry)
    assert row is not None
    assert sha256(row) == line.row_sha256


def test_a_record_must_be_stored_before_it_is_told(store: Store) -> None:
    with pytest.raises(StoreError) as caught, store.write() as s:
        ledger.append_row(s, at=AT, actor=ACTOR, act=Act.START_ROUND, of=round_due(id=5))
    assert caught.value.code == "not-found"
    assert "round:5" in str(caught.value)


FORGED = {
    "INTEGER": "coalesce({column}, 0) + 1",
    "FLOAT": "coalesce({column}, 0) + 0.1",
    "VARCHAR": "coalesce({column}, '') || 'x'",
    "DATETIME": "coalesce(replace({column}, '2026', '2025'), '2026-11-23 00:00:00.000000')",
    "DATE": "date({column}, '+1 day')",
}
FIELDS = [
    (table, column.name)
    for table in ("operators", "checklists", "rounds", "entries", "ledger")
    for column in METADATA.tables[table].columns
]


@pytest.mark.parametrize(("table", "column"), FIELDS)
def test_every_edit_of_every_field_of_every_row_is_found(full: Store, forger: Any, table: str, column: str) -> None:
    kind = next(row[2] for row in forger.execute(f"PRAGMA table_info({table})") if row[1] == column)
    keys = [row[1] for row in forger.execute(f"PRAGMA table_info({table})") if row[5]]
    before = forger.execute(f"SELECT * FROM {table}").fetchall()
    marks = ", ".join("?" * len(before[0]))
    value = "seq + 100" if column == "seq" else FORGED[kind].format(column=f'"{column}"')
    for key in forger.execute(f"SELECT {', '.join(keys)} FROM {table}").fetchall():
        where = " AND ".join(f"{name} = ?" for name in keys)
        changed = forger.execute(f'UPDATE {table} SET "{column}" = {value} WHERE {where}', key).rowcount
        assert changed == 1
        assert codes(full), (table, column, key)
        forger.execute(f"DELETE FROM {table}")
        forger.executemany(f"INSERT INTO {table} VALUES ({marks})", before)
    assert codes(full) == set()


@pytest.mark.parametrize(
    ("value", "column"),
    [("x'00ff'", "note"), ("9e999", "value"), ("'much'", "value"), ("'yesterday'", "at"), ("'2026-11-23'", "at")],
)
def test_a_value_no_program_would_store_is_a_fault_and_no_crash(
    full: Store, forger: Any, value: str, column: str
) -> None:
    forger.execute(f"UPDATE entries SET {column} = {value} WHERE item = 'env.temp'")
    forger.execute("UPDATE ledger SET at = 'never', terminal = x'00' WHERE seq = 3")
    assert codes(full) == {"row-changed", "line-changed"}


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE entries SET value = 20 WHERE item = 'env.temp'", "row-changed"),
        ("UPDATE operators SET password_hash = 'stolen'", "row-changed"),
        ("DELETE FROM entries WHERE item = 'env.temp'", "row-missing"),
        ("DELETE FROM rounds", "row-missing"),
        (
            "INSERT INTO operators SELECT 'ghost', label, role, created_at, NULL, 'x', NULL, NULL, NULL FROM operators",
            "row-unknown",
        ),
        ("DELETE FROM ledger WHERE seq = 4", "seq-gap"),
        ("DELETE FROM ledger WHERE seq = 4", "chain-broken"),
        ("DELETE FROM ledger WHERE seq = 9", "row-changed"),
        ("DELETE FROM ledger WHERE seq = 1", "row-unknown"),
        ("DELETE FROM ledger", "row-unknown"),
        ("UPDATE ledger SET act = 'entry-undo' WHERE seq = 5", "line-changed"),
        ("UPDATE ledger SET previous = hash WHERE seq = 5", "chain-broken"),
        ("UPDATE ledger SET subject = 'sign-in:wang' WHERE seq = 3", "line-changed"),
    ],
)
def test_forgeries_are_named(full: Store, forger: Any, sql: str, code: str) -> None:
    forger.execute(sql)
    assert code in codes(full)


def test_a_fault_names_the_record_and_its_line(full: Store, forger: Any) -> None:
    forger.execute("UPDATE entries SET note = '' WHERE item = 'env.temp'")
    (fault,) = verified(full).faults
    assert (fault.code, fault.subject, fault.seq) == ("row-changed", "entry:1/env.temp/", 6)


def test_the_newest_line_counts(store: Store) -> None:
    with store.write() as s:
        opened = rounds.add(s, round_due())
        ledger.append_row(s, at=AT, actor=ACTOR, act=Act.START_ROUND, of=opened)
        entry = number(opened.id)
        rounds.put_entry(s, entry)
        ledger.append_row(s, at=AT, actor=ACTOR, act=Act.ANSWER, of=entry)
    assert verified(store).faults == ()
    with store.write() as s:
        rounds.put_entry(s, replace(entry, answer=None, verdict=Verdict.UNKNOWN, value=None))
    assert codes(store) == {"row-changed"}
    with store.write() as s:
        ledger.append_row(s, at=AT, actor=ACTOR, act=Act.UNDO, of=entry)
        rounds.update(s, replace(opened, state=RoundState.SIGNED, signed_at=AT, signed_by="li"))
        ledger.append_row(s, at=AT, actor=ACTOR, act=Act.SIGN_ROUND, of=opened)
    assert verified(store).faults == ()


def test_sealing_comes_back_when_triggers_are_made_again(full: Store, forger: Any) -> None:
    for statement in triggers.TRIGGERS:
        forger.execute(statement)
    with pytest.raises(StoreError) as caught, full.write() as s:
        s.connection().exec_driver_sql("DELETE FROM operators")
    assert caught.value.code == "sealed"


def test_the_first_and_the_last_line_of_a_time_are_those_by_number_also_where_the_clock_was_set_back(
    store: Store,
) -> None:
    # Late in the ledger and early in it: the two ways to look.
    minutes = (0, 10, 3, 20, 5, 30, 40, 60, 50)
    with store.write() as s:
        for minute in minutes:
            at = AT + timedelta(minutes=minute)
            ledger.append(s, at=at, actor=ACTOR, act=Act.SIGN_IN, subject="zhang", row=None)

    def told(since: int, until: int) -> tuple[int | None, int | None]:
        with store.read() as s:
            first = ledger.first_between(s, AT + timedelta(minutes=since), AT + timedelta(minutes=until))
            last = ledger.last_before(s, AT + timedelta(minutes=until))
        return first.seq if first is not None else None, last.seq if last is not None else None

    assert told(3, 20) == (2, 5)
    assert told(4, 6) == (5, 5)
    assert told(11, 19) == (None, 5)
    assert told(-9, 0) == (None, None)
    assert told(30, 31) == (6, 6)
    assert told(0, 9) == (1, 5)
    assert told(55, 59) == (None, 9)
    assert told(60, 90) == (8, 9)
