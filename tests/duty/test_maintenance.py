"""Planned maintenance: entered before it begins, counted while it runs, taken back and never deleted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom.board import make_board
from dutyroom.duty import maintenance
from dutyroom.duty.desk import Desk
from dutyroom.duty.maintenance import MaintenanceRefused
from dutyroom.duty.records import read_room
from dutyroom.errors import NotAllowed, StoreError
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.people import Actor, Role
from dutyroom.model.reading import State, Verdict
from dutyroom.store import ledger, readings
from dutyroom.store.database import connect
from dutyroom.store.verify import verify
from tests.desks import ACTOR, NOW, all_samples, failed, opened_desk, server_sample

HOUR = timedelta(hours=1)


def planned(desk: Desk, begins: timedelta = HOUR, lasts: timedelta = HOUR, *devices: str) -> MaintenanceWindow:
    """A window entered now."""
    return maintenance.plan(desk, ACTOR, NOW + begins, NOW + begins + lasts, devices, "battery swap", NOW)


def test_a_window_is_entered_with_a_line_in_the_ledger(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        window = planned(desk, HOUR, HOUR, "duty-pc", "core-1", "duty-pc")
        assert (window.id, window.devices, window.entered_by) == (1, ("duty-pc", "core-1"), "zhang")
        assert maintenance.listed(desk, NOW, every=False) == (window,)
        with desk.store.read() as session:
            (line,) = ledger.lines(session, subject="maintenance:1")
            assert (line.act, line.actor) == ("maintenance-add", "zhang")
            assert verify(session).faults == ()


@pytest.mark.parametrize(
    ("begins", "lasts", "devices", "reason", "code"),
    [
        (-timedelta(seconds=1), HOUR * 2, ("duty-pc",), "x", "past-start"),
        (HOUR, timedelta(0), ("duty-pc",), "x", "ends-before-start"),
        (HOUR, -HOUR, ("duty-pc",), "x", "ends-before-start"),
        (HOUR, HOUR, ("duty-pc", "nobody"), "x", "unknown-device"),
        (HOUR, HOUR, ("duty-pc",), " \x1b ", "no-reason"),
    ],
)
def test_what_is_no_plan_is_refused(
    tmp_path: Path, begins: timedelta, lasts: timedelta, devices: tuple[str, ...], reason: str, code: str
) -> None:
    with opened_desk(tmp_path) as desk:
        with pytest.raises(MaintenanceRefused) as caught:
            maintenance.plan(desk, ACTOR, NOW + begins, NOW + begins + lasts, devices, reason.replace("\x1b", ""), NOW)
        assert caught.value.code == code
        assert maintenance.listed(desk, NOW, every=True) == ()


def test_an_auditor_plans_nothing(tmp_path: Path) -> None:
    auditor = Actor("li", Role.AUDITOR, "test")
    with opened_desk(tmp_path) as desk:
        window = planned(desk)
        with pytest.raises(NotAllowed):
            maintenance.plan(desk, auditor, NOW + HOUR, NOW + 2 * HOUR, (), "x", NOW)
        with pytest.raises(NotAllowed):
            maintenance.cancel(desk, auditor, window.id, NOW)


def test_a_window_is_cancelled_once_and_stays_on_record(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        window = planned(desk)
        cancelled = maintenance.cancel(desk, ACTOR, window.id, NOW + HOUR / 2)
        assert (cancelled.cancelled_by, cancelled.over_at) == ("zhang", NOW + HOUR / 2)
        assert maintenance.listed(desk, NOW, every=False) == ()
        assert maintenance.listed(desk, NOW, every=True) == (cancelled,)
        for number, at, code in ((1, NOW, "cancelled"), (7, NOW, "not-found")):
            with pytest.raises(MaintenanceRefused) as caught:
                maintenance.cancel(desk, ACTOR, number, at)
            assert caught.value.code == code
        over = planned(desk)
        with pytest.raises(MaintenanceRefused) as caught:
            maintenance.cancel(desk, ACTOR, over.id, NOW + 3 * HOUR)
        assert caught.value.code == "over"
        with desk.store.read() as session:
            assert [line.act for line in ledger.lines(session, subject="maintenance:1")] == [
                "maintenance-add",
                "maintenance-cancel",
            ]
            assert verify(session).faults == ()


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM maintenance",
        "UPDATE maintenance SET ends_at = '2030-01-01 00:00:00.000000' WHERE id = 1",
        "UPDATE maintenance SET devices = '' WHERE id = 1",
        "UPDATE maintenance SET cancelled_at = NULL WHERE id = 2",
    ],
)
def test_the_store_refuses_to_change_what_was_planned(tmp_path: Path, sql: str) -> None:
    with opened_desk(tmp_path) as desk:
        planned(desk, HOUR, HOUR, "duty-pc")
        maintenance.cancel(desk, ACTOR, planned(desk).id, NOW)
        with pytest.raises(StoreError) as caught, desk.store.write() as session:
            session.connection().exec_driver_sql(sql)
        assert caught.value.code == "sealed"


def test_a_window_changed_behind_the_program_shows(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        planned(desk)
        raw = connect(desk.store.path)
        raw.execute("DROP TRIGGER maintenance_cancel_once")
        raw.execute("UPDATE maintenance SET starts_at = '2026-11-20 00:00:00.000000'")
        raw.close()
        with desk.store.read() as session:
            assert [(fault.code, fault.subject) for fault in verify(session).faults] == [
                ("row-changed", "maintenance:1")
            ]


def test_while_it_runs_trouble_is_shown_and_does_not_count(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        planned(desk, HOUR, HOUR, "duty-pc")
        for at, verdict, window in (
            (NOW + HOUR / 2, Verdict.FAULT, None),
            (NOW + HOUR, Verdict.OK, 1),
            (NOW + 2 * HOUR, Verdict.FAULT, None),
        ):
            with desk.store.write() as session:
                full = server_sample(at, memory_percent=99.0)
                readings.put_samples(session, [*all_samples(at)[:3], full], {})
            board = make_board(desk.site, desk.checklist, read_room(desk, at), at)
            (view,) = (one for one in board.sources if one.name == "duty-pc")
            assert (view.verdict, board.verdict) == (Verdict.FAULT, verdict)
            assert (view.maintenance.id if view.maintenance else None) == window


def test_the_whole_room_may_be_planned_and_comes_last_in_its_kind(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        at = NOW + HOUR
        planned(desk, HOUR, HOUR, "ups-a")
        with desk.store.write() as session:
            samples = all_samples(at)
            readings.put_samples(session, [failed(samples[0], State.NO_DRIVER), *samples[1:]], {})
        board = make_board(desk.site, desk.checklist, read_room(desk, at), at)
        assert [view.name for view in board.sources][:2] == ["ups-b", "ups-a"]
        planned(desk, HOUR, HOUR)
        board = make_board(desk.site, desk.checklist, read_room(desk, at), at)
        assert all(view.maintenance is not None for view in board.sources)
        # Nothing is left to count: nobody can say that such a room is well.
        assert board.verdict is Verdict.UNKNOWN
