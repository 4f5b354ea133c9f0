"""Recorded discharges: what a battery did under load, and the time left that was told meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from dutyroom.model.facts import RuntimeBasis
from dutyroom.model.outage import Outage
from dutyroom.model.runtime import Candidate, Discharge, DischargeEnd, DischargePoint, RuntimeEstimate, TestState
from dutyroom.store.outage_tables import DischargePointRow, DischargeRow, DischargeTestRow
from dutyroom.store.tables import table
from dutyroom.store.trouble import not_found

# What older discharges of a battery say is overtaken by what the newer ones do.
KNOWN = 5
# So many that went to the end, so many of the longest and so many of the newest are evidence of a battery.
PROVING = 3


def add(s: Session, new: Discharge) -> Discharge:
    """Stores the beginning of a discharge (its points are added one by one) and gives it with its number."""
    row = DischargeRow(
        ups=new.ups,
        began_at=new.began_at,
        ended_at=new.ended_at,
        end=new.end.value if new.end is not None else None,
        outage_id=new.outage_id,
        test_id=new.test_id,
        battery_installed=new.battery_installed,
    )
    s.add(row)
    s.flush()
    assert row.id is not None  # given by the flush
    return replace(new, id=row.id)


def end(s: Session, number: int, at: datetime, how: DischargeEnd) -> None:
    """Says when (UTC) and how a discharge ended. Raises StoreError `not-found`."""
    row = s.get(DischargeRow, number)
    if row is None:
        raise not_found(f"discharge:{number}")
    row.ended_at, row.end = at, how.value
    s.flush()


def add_points(s: Session, points: Iterable[tuple[int, datetime, DischargePoint, RuntimeEstimate]]) -> None:
    """Appends readings: of which discharge, when (UTC), the reading, and the time left as it was told then."""
    rows = [
        {
            "discharge_id": number,
            "at_s": point.at_s,
            "at": at,
            "charge_percent": point.charge_percent,
            "load_percent": point.load_percent,
            "reported_s": point.reported_s,
            "voltage_v": point.voltage_v,
            "left_s": left.seconds,
            "basis": left.basis.value if left.basis is not None else None,
            "to_low_s": left.to_low_s,
            "at_least": left.at_least,
            "candidates": json.dumps([[one.basis.value, one.seconds, one.why_not] for one in left.candidates]),
        }
        for number, at, point, left in points
    ]
    if rows:
        s.connection().execute(table("discharge_points").insert().prefix_with("OR REPLACE"), rows)


def drop_point(s: Session, number: int, at_s: float) -> None:
    """Takes back a reading that a later one close by makes needless."""
    points = table("discharge_points").c
    mine = (points.discharge_id == number) & (points.at_s == at_s)
    s.connection().execute(table("discharge_points").delete().where(mine))


def of_outage(s: Session, outage_id: int) -> tuple[Discharge, ...]:
    """The stretches on battery of an outage with their points, in order."""
    query = select(DischargeRow).where(DischargeRow.outage_id == outage_id).order_by(col(DischargeRow.id))
    return tuple(_with_points(s, row) for row in s.exec(query))


def of_test(s: Session, test_id: int) -> Discharge | None:
    """The discharge of a discharge test with its points, or None."""
    row = s.exec(select(DischargeRow).where(DischargeRow.test_id == test_id)).first()
    return None if row is None else _with_points(s, row)


def of_battery(s: Session, ups: str, battery_installed: date | None, limit: int = KNOWN) -> tuple[Discharge, ...]:
    """The newest `limit` discharges of a battery that are over, oldest first, with their points.

    One of a test is among them from the signature on.
    """
    query = select(DischargeRow).where(*_over(ups, battery_installed), _vouched_for())
    rows = s.exec(query.order_by(col(DischargeRow.id).desc()).limit(limit)).all()
    return tuple(_with_points(s, row) for row in reversed(rows))


def proving(
    s: Session, ups: str, battery_installed: date | None, before: datetime | None = None
) -> tuple[Discharge, ...]:
    """The discharges of a battery that prove how long it lasts, oldest first, with their points.

    Those that went to the end, the longest ones and the newest: a night of short failures hides no discharge test. One
    of a test proves from the signature on. With `before` (UTC) they are those that were over and signed by then.
    """
    query = select(DischargeRow).where(*_over(ups, battery_installed), _vouched_for(before))
    if before is not None:
        query = query.where(col(DischargeRow.ended_at) < before)
    rows = list(s.exec(query.order_by(col(DischargeRow.id))))
    to_the_end = [row for row in rows if row.end in (DischargeEnd.LOW.value, DischargeEnd.EMPTY.value)]
    longest = sorted(rows, key=lambda row: row.ended_at - row.began_at if row.ended_at is not None else timedelta(0))
    chosen = {row.id for row in (*to_the_end[-PROVING:], *longest[-PROVING:], *rows[-PROVING:])}
    return tuple(_with_points(s, row) for row in rows if row.id in chosen)


def battery_before(s: Session, ups: str, before: datetime) -> date | None:
    """When the battery was installed that discharged last before that moment (UTC); None is not known."""
    query = select(DischargeRow).where(DischargeRow.ups == ups, DischargeRow.began_at < before)
    row = s.exec(query.order_by(col(DischargeRow.began_at).desc()).limit(1)).first()
    return row.battery_installed if row is not None else None


def proving_mark(s: Session) -> tuple[int, int]:
    """How many discharges prove something, and the number of the newest of them.

    While both stand, nothing was added.
    """
    query = select(func.count(), func.max(DischargeRow.id)).where(col(DischargeRow.ended_at).is_not(None))
    count, newest = s.exec(query.where(_vouched_for())).one()
    return count, newest or 0


def told_first(s: Session, outages: Iterable[int]) -> dict[int, RuntimeEstimate]:
    """By outage: the time left as it was told with its first reading on battery."""
    point, stretch = aliased(DischargePointRow), aliased(DischargeRow)
    first = select(func.min(stretch.id)).where(stretch.outage_id == DischargeRow.outage_id).scalar_subquery()
    earliest = (
        select(func.min(DischargePointRow.at_s))
        .where(DischargePointRow.discharge_id == DischargeRow.id)
        .scalar_subquery()
    )
    query = (
        select(DischargeRow.outage_id, point)
        .join(point, (col(point.discharge_id) == DischargeRow.id) & (col(point.at_s) == earliest))
        .where(col(DischargeRow.outage_id).in_({*outages}), DischargeRow.id == first)
    )
    return {outage: _estimate(one) for outage, one in s.exec(query) if outage is not None}


def told_last(s: Session, outages: Sequence[Outage]) -> dict[int, tuple[datetime, DischargePoint, RuntimeEstimate]]:
    """By outage: when (UTC) its newest reading on battery was, that reading, and the time left as it was told then."""
    point, stretch = aliased(DischargePointRow), aliased(DischargePointRow)
    newest = select(func.max(stretch.at_s)).where(stretch.discharge_id == DischargeRow.id).scalar_subquery()
    query = (
        select(DischargeRow.outage_id, point)
        .join(point, (col(point.discharge_id) == DischargeRow.id) & (col(point.at_s) == newest))
        .where(col(DischargeRow.outage_id).in_({one.id for one in outages}))
        .order_by(col(DischargeRow.id))
    )
    rows = s.exec(query)
    return {outage: (one.at, _point(one), _estimate(one)) for outage, one in rows if outage is not None}


def lowest_charges(s: Session, outages: Iterable[int]) -> dict[int, float | None]:
    """The lowest charge of each of these outages so far, in percent; None is not known."""
    lowest = (
        select(func.min(DischargePointRow.charge_percent))
        .where(DischargePointRow.discharge_id == DischargeRow.id)
        .scalar_subquery()
    )
    found: dict[int, float | None] = {}
    query = select(DischargeRow.outage_id, lowest).where(col(DischargeRow.outage_id).in_(set(outages)))
    for outage, charge in s.exec(query):
        assert outage is not None  # asked for by number
        known = [one for one in (found.get(outage), charge) if one is not None]
        found[outage] = min(known, default=None)
    return found


def extremes(s: Session, outage_id: int, before: datetime | None = None) -> tuple[float | None, float | None]:
    """The lowest charge and the mean load of an outage so far, or `before` a moment, in percent; None is not known."""
    query = (
        select(func.min(DischargePointRow.charge_percent), func.avg(DischargePointRow.load_percent))
        .join(DischargeRow, col(DischargeRow.id) == col(DischargePointRow.discharge_id))
        .where(DischargeRow.outage_id == outage_id)
    )
    if before is not None:
        query = query.where(DischargePointRow.at < before)
    lowest, load = s.exec(query).one()
    return lowest, load


def _over(ups: str, battery_installed: date | None) -> tuple[ColumnElement[bool], ...]:
    battery = col(DischargeRow.battery_installed)
    return (
        col(DischargeRow.ups) == ups,
        col(DischargeRow.ended_at).is_not(None),
        battery == battery_installed if battery_installed is not None else battery.is_(None),
    )


def _vouched_for(before: datetime | None = None) -> ColumnElement[bool]:
    """Of no test, or of one that was signed (`before` a moment)."""
    signed = select(DischargeTestRow.id).where(DischargeTestRow.state == TestState.SIGNED.value)
    if before is not None:
        signed = signed.where(col(DischargeTestRow.signed_at) < before)
    return col(DischargeRow.test_id).is_(None) | col(DischargeRow.test_id).in_(signed)


def _with_points(s: Session, row: DischargeRow) -> Discharge:
    query = select(DischargePointRow).where(DischargePointRow.discharge_id == row.id)
    return Discharge(
        ups=row.ups,
        began_at=row.began_at,
        ended_at=row.ended_at,
        end=DischargeEnd(row.end) if row.end is not None else None,
        outage_id=row.outage_id,
        test_id=row.test_id,
        battery_installed=row.battery_installed,
        points=tuple(_point(one) for one in s.exec(query.order_by(col(DischargePointRow.at_s)))),
        id=row.id or 0,
    )


def _point(row: DischargePointRow) -> DischargePoint:
    return DischargePoint(row.at_s, row.charge_percent, row.load_percent, row.reported_s, row.voltage_v)


def _estimate(row: DischargePointRow) -> RuntimeEstimate:
    return RuntimeEstimate(
        seconds=row.left_s,
        basis=RuntimeBasis(row.basis) if row.basis is not None else None,
        to_low_s=row.to_low_s,
        at_least=row.at_least,
        candidates=tuple(Candidate(RuntimeBasis(basis), left, why) for basis, left, why in json.loads(row.candidates)),
    )
