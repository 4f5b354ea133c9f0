"""The register is evidence: every change is a line, nothing is deleted, and a changed row shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dutyroom.errors import StoreError
from dutyroom.model.addresses import Registration
from dutyroom.model.people import Act
from dutyroom.store import ledger, registrations
from dutyroom.store.connection import connect
from dutyroom.store.database import Store
from dutyroom.store.verify import verify
from tests.store.records import ACTOR, AT

PRINTER = Registration("10.0.0.8", "10.0.0.8", "00:11:22:33:44:55", "打印机", department="放射科",
                       valid_until=date(2026, 12, 31))  # fmt: skip


def added(store: Store, *some: Registration) -> tuple[Registration, ...]:
    with store.write() as s:
        kept = registrations.add(s, some, AT, "li")
        ledger.append_rows(s, at=AT, actor=ACTOR, act=Act.REGISTER, of=kept)
    return kept


def test_what_is_registered_comes_back_with_who_and_when(store: Store) -> None:
    (kept,) = added(store, PRINTER)
    with store.read() as s:
        assert registrations.in_force(s) == (kept,)
        assert registrations.one(s, kept.id) == kept
        assert registrations.one(s, 404) is None
    assert replace(kept, id=0, added_at=None, added_by="") == PRINTER
    assert (kept.added_at, kept.added_by) == (AT, "li")


def test_thousands_of_lines_in_one_go_are_the_chain_of_single_ones(store: Store) -> None:
    kept = added(store, *(replace(PRINTER, first=f"10.0.{n >> 8}.{n & 255}", last="10.9.9.9") for n in range(2000)))
    with store.write() as s:
        registrations.change(s, [replace(kept[0], name="other")])
        ledger.append_row(s, at=AT, actor=ACTOR, act=Act.CHANGE_REGISTRATION, of=kept[0])
        (gone,) = registrations.remove(s, [kept[1]], AT + timedelta(hours=1), "li")
        ledger.append_rows(s, at=AT, actor=ACTOR, act=Act.REMOVE_REGISTRATION, of=[gone])
    with store.read() as s:
        found = verify(s)
        assert (found.lines, found.rows, found.faults) == (2002, 2000, ())
        assert len(registrations.in_force(s)) == 1999
        assert [line.act for line in ledger.lines(s, subject=f"registration:{gone.id}")] == [
            *("register-add", "register-remove")
        ]


def test_a_registration_without_a_line_and_one_that_was_changed_show(store: Store) -> None:
    kept = added(store, PRINTER, PRINTER)
    with store.write() as s:
        registrations.add(s, [PRINTER], AT, "li")
    raw = connect(store.path)
    raw.execute(f"UPDATE registrations SET mac = 'x' WHERE id = {kept[0].id}")
    raw.execute("DROP TRIGGER registrations_no_delete")
    raw.execute(f"DELETE FROM registrations WHERE id = {kept[1].id}")
    raw.close()
    with store.read() as s:
        assert [(fault.code, fault.subject) for fault in verify(s).faults] == [
            ("row-changed", "registration:1"),
            ("row-unknown", "registration:3"),
            ("row-missing", "registration:2"),
        ]


@pytest.mark.parametrize("sql", ["DELETE FROM registrations", "UPDATE registrations SET mac = '' WHERE id = 2"])
def test_none_is_deleted_and_a_removed_one_stays_as_it_is(store: Store, sql: str) -> None:
    kept = added(store, PRINTER, PRINTER)
    with store.write() as s:
        registrations.remove(s, [kept[1]], AT, "li")
    with pytest.raises(StoreError) as caught, store.write() as s:
        s.connection().exec_driver_sql(sql)
    assert caught.value.code == "sealed"


def test_an_unknown_number_is_refused(store: Store) -> None:
    stray = replace(PRINTER, id=404)
    with store.write() as s:
        for act in (
            lambda: registrations.change(s, [stray]),
            lambda: registrations.remove(s, [stray], AT, "li"),
            lambda: ledger.append_rows(s, at=AT, actor=ACTOR, act=Act.REGISTER, of=[stray]),
        ):
            with pytest.raises(StoreError):
                act()
