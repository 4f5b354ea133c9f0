"""Recorded discharges for tests, as the watch would have left them in the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from dutyroom.model.runtime import Discharge, DischargeEnd, DischargePoint, DischargeTest, RuntimeEstimate, TestState
from dutyroom.store import discharge_tests, discharges
from dutyroom.store.database import Store


def keep(
    store: Store,
    ups: str,
    ended_at: datetime,
    *,
    hours: float,
    load: float,
    installed: date | None = None,
    to: float = 5.0,
    end: DischargeEnd = DischargeEnd.EMPTY,
    test: bool = False,
    signed: bool = False,
) -> Discharge:
    """Stores a discharge from a full battery `to` a charge, with one reading at each end; of a test when wanted."""
    began = ended_at - timedelta(hours=hours)
    with store.write() as session:
        number = None
        if test:
            number = discharge_tests.add(session, DischargeTest(ups, began, "zhang", stop_charge_percent=to)).id
        new = Discharge(ups, began, test_id=number, battery_installed=installed)
        kept = discharges.add(session, new)
        points = ((began, DischargePoint(0.0, 100.0, load)), (ended_at, DischargePoint(hours * 3600.0, to, load)))
        discharges.add_points(session, [(kept.id, at, point, RuntimeEstimate()) for at, point in points])
        discharges.end(session, kept.id, ended_at, end)
    if kept.test_id is not None and signed:
        sign(store, kept.test_id, ended_at)
    return kept


def sign(store: Store, number: int, at: datetime) -> None:
    """Puts a signature under a test."""
    with store.write() as session:
        test = discharge_tests.get(session, number)
        assert test is not None
        signed = replace(test, state=TestState.SIGNED, ended_at=test.ended_at or at, signed_at=at, signed_by="zhang")
        discharge_tests.update(session, signed)
