"""The roster: imported for the shifts it names, never deleted, and who is on duty now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from dutyroom.duty.desk import Desk
from dutyroom.duty.operators import add_operator
from dutyroom.duty.records import read_room
from dutyroom.duty.roster import RosterRefused, duty_now, import_roster, in_use, planned, shifts_between
from dutyroom.errors import NotAllowed, StoreError
from dutyroom.model.people import Actor, Role
from dutyroom.model.roster import DutyNow, ShiftTime
from dutyroom.store import ledger
from dutyroom.store.verify import verify
from tests.desks import ACTOR, ADMIN, NOW, PASSWORD, opened_desk

LEAD = Actor("chen", Role.LEAD, "test")
SHIFTS = (ShiftTime("day", "Day", time(8), time(20)), ShiftTime("night", "Night", time(20), time(8)))
BEGAN = NOW - timedelta(days=10)
MON, TUE, WED = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)


@contextmanager
def staffed_desk(folder: Path) -> Iterator[Desk]:
    """A desk of two shifts, with technicians zhang and li and lead chen."""
    with opened_desk(folder) as desk:
        add_operator(desk.store, ADMIN, "li", "李娜", Role.TECHNICIAN, PASSWORD, BEGAN)
        add_operator(desk.store, ADMIN, "chen", "Chen", Role.LEAD, PASSWORD, BEGAN)
        yield replace(desk, site=replace(desk.site, shifts=SHIFTS))


def on_duty(desk: Desk, at: datetime) -> DutyNow:
    with desk.store.read() as session:
        return duty_now(session, desk.site, at)


def test_an_import_takes_login_names_and_labels_and_keeps_names_nobody_has(tmp_path: Path) -> None:
    given = {(TUE, "day"): ("Zhang Wei", "LI"), (TUE, "night"): ("老王",), (WED, "day"): ()}
    with staffed_desk(tmp_path) as desk:
        dry = planned(desk, given, NOW)
        assert in_use(desk).since is None
        plan = import_roster(desk, LEAD, given, NOW)
        assert [one.person for one in plan.added] == [one.person for one in dry.added] == ["zhang", "li", "老王"]
        assert plan.unknown == ("老王",)
        assert (in_use(desk).since, in_use(desk).last_day) == (NOW, TUE)
        with desk.store.read() as session:
            acts = [(line.act, line.actor) for line in ledger.lines(session) if line.subject.startswith("roster:")]
            assert acts == [("roster-import", "chen")] * 3
            assert verify(session).faults == ()


def test_a_second_import_changes_only_the_shifts_it_names_and_keeps_what_it_replaced(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        import_roster(desk, LEAD, {(TUE, "day"): ("zhang",), (TUE, "night"): ("li",), (WED, "day"): ("li",)}, BEGAN)
        plan = import_roster(desk, LEAD, {(TUE, "day"): ("zhang", "li"), (TUE, "night"): ()}, NOW)
        assert [one.person for one in plan.added] == ["li"]
        assert [one.person for one in plan.replaced] == ["li"]
        assert plan.unchanged == 1
        found = {(one.day, one.code): one.people for one in shifts_between(desk, TUE, WED)}
        assert found == {
            (TUE, "day"): ("zhang", "li"),
            (TUE, "night"): (),
            (WED, "day"): ("li",),
            (WED, "night"): (),
        }
        with desk.store.read() as session:
            rows = session.connection().exec_driver_sql("SELECT person, replaced_by FROM roster ORDER BY id").all()
            assert [tuple(row) for row in rows] == [("zhang", None), ("li", "chen"), ("li", None), ("li", None)]
            assert verify(session).faults == ()
        again = import_roster(desk, LEAD, {(TUE, "day"): ("Zhang Wei", "li")}, NOW)
        assert (again.added, again.replaced, again.unchanged) == ((), (), 2)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM roster",
        "UPDATE roster SET person = 'li'",
        "UPDATE roster SET day = '2026-01-01'",
        "INSERT OR REPLACE INTO roster SELECT * FROM roster",
    ],
)
def test_a_roster_on_record_is_changed_by_nobody(tmp_path: Path, sql: str) -> None:
    with staffed_desk(tmp_path) as desk:
        import_roster(desk, LEAD, {(TUE, "day"): ("zhang",)}, NOW)
        with pytest.raises(StoreError) as caught, desk.store.write() as session:
            session.connection().exec_driver_sql(sql)
        assert caught.value.code == "sealed"


def test_only_a_lead_imports_and_two_of_one_name_are_told(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        add_operator(desk.store, ADMIN, "li2", "李娜", Role.TECHNICIAN, PASSWORD, BEGAN)
        for actor in (ACTOR, Actor("x", Role.AUDITOR, "test")):
            with pytest.raises(NotAllowed):
                import_roster(desk, actor, {(TUE, "day"): ("zhang",)}, NOW)
        with pytest.raises(RosterRefused) as caught:
            import_roster(desk, LEAD, {(TUE, "day"): ("李娜",)}, NOW)
        assert caught.value.code == "ambiguous"
        assert "li, li2" in str(caught.value)
        with pytest.raises(RosterRefused) as caught:
            planned(desk, {}, NOW)
        assert caught.value.code == "empty"
        assert in_use(desk).since is None


def test_without_a_roster_nothing_is_said_of_shifts(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        assert on_duty(desk, NOW) == DutyNow()
        assert read_room(desk, NOW).on_duty == DutyNow()


def test_who_is_on_duty_now_and_next_and_how_far_the_roster_goes(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        import_roster(desk, LEAD, {(TUE, "day"): ("zhang",), (TUE, "night"): ("li",)}, BEGAN)
        found = read_room(desk, NOW).on_duty
        assert found.shift is not None
        assert found.next is not None
        assert (found.shift.code, found.shift.people, found.next.code, found.next.people) == (
            *("day", ("zhang",)),
            *("night", ("li",)),
        )
        # Nobody was on the roster before: there is nobody to take over from.
        assert (found.accepted, found.roster_until) == (None, TUE)
        evening = on_duty(desk, NOW + timedelta(hours=12))
        assert (evening.shift is not None and evening.shift.people, evening.accepted) == (("li",), False)
        after = on_duty(desk, NOW + timedelta(days=1))
        assert after.shift is not None
        assert after.shift.people == ()
