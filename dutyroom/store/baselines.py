"""Baselines of ports, and the ports as they stood when rounds were signed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache

from pydantic import TypeAdapter
from sqlalchemy import func, insert, text
from sqlmodel import Session, col, select

from dutyroom.model.ports import Baseline, BaselinePort, MarkedPort, PortMarks, PortsKnown
from dutyroom.model.reading import Latest, Sample
from dutyroom.store.port_tables import BaselineRow, PortMarksRow
from dutyroom.store.tables import table

_FLAPS = text("""
    SELECT source, json_extract(params, '$.port') AS port, count(*) AS n FROM events
    WHERE code IN ('port-down', 'port-up') AND at >= :since GROUP BY source, port""")


@cache
def _accepted() -> TypeAdapter[tuple[BaselinePort, ...]]:
    return TypeAdapter(tuple[BaselinePort, ...])


@cache
def _marked() -> TypeAdapter[tuple[MarkedPort, ...]]:
    return TypeAdapter(tuple[MarkedPort, ...])


# A chassis has thousands of ports, and the board is made anew twice a second from the same rows.
@lru_cache(maxsize=256)
def _accepted_of(json: str) -> tuple[BaselinePort, ...]:
    return _accepted().validate_json(json)


@lru_cache(maxsize=256)
def _marked_of(json: str) -> tuple[MarkedPort, ...]:
    return _marked().validate_json(json)


def _baseline(row: BaselineRow) -> Baseline:
    return Baseline(row.source, row.version, row.at, row.by, row.seen_at, _accepted_of(row.ports), row.id or 0)


def add(s: Session, baseline: Baseline) -> Baseline:
    """Stores a baseline as the next version of its device, and gives it back with its version and id."""
    newest = s.exec(select(func.max(BaselineRow.version)).where(BaselineRow.source == baseline.source)).one()
    row = BaselineRow(
        source=baseline.source,
        version=(newest or 0) + 1,
        at=baseline.at,
        by=baseline.by,
        seen_at=baseline.seen_at,
        ports=_accepted().dump_json(baseline.ports).decode(),
    )
    s.add(row)
    s.flush()
    return replace(baseline, version=row.version, id=row.id or 0)


def baselines(s: Session, source: str) -> tuple[Baseline, ...]:
    """Every baseline of a device, newest first."""
    query = select(BaselineRow).where(BaselineRow.source == source).order_by(col(BaselineRow.version).desc())
    return tuple(_baseline(row) for row in s.exec(query))


def one(s: Session, number: int) -> Baseline | None:
    """The baseline of that number, or None."""
    row = s.get(BaselineRow, number)
    return None if row is None else _baseline(row)


def stamp(s: Session) -> tuple[int, int]:
    """Two numbers that change when there is a new baseline or a newly signed round."""
    newest = s.exec(select(func.coalesce(func.max(BaselineRow.id), 0))).one()
    return newest or 0, s.exec(select(func.coalesce(func.max(PortMarksRow.round_id), 0))).one()


def mark(s: Session, round_id: int, samples: Sequence[Sample]) -> None:
    """Keeps the ports of the devices in these samples as those of a round that is being signed."""
    rows = [
        {
            "source": sample.source,
            "round_id": round_id,
            "at": sample.at,
            "uptime_s": sample.device.uptime_s,
            "ports": _marked()
            .dump_json(
                tuple(
                    MarkedPort(
                        port.index,
                        port.name,
                        port.descr,
                        port.alias,
                        port.is_up,
                        port.speed_bps,
                        port.in_errors,
                        port.out_errors,
                        port.in_discards,
                        port.out_discards,
                    )
                    for port in sample.device.interfaces
                )
            )
            .decode(),
        }
        for sample in samples
        if sample.device is not None and sample.device.interfaces
    ]
    if rows:
        s.connection().execute(insert(table("port_marks")), rows)


def known(s: Session, since: datetime | None) -> dict[str, PortsKnown]:
    """By device: the newest baseline, the newest marks, and the ups and downs of each port since `since` (UTC)."""
    newest = select(func.max(BaselineRow.id)).group_by(col(BaselineRow.source))
    accepted = {
        row.source: _baseline(row) for row in s.exec(select(BaselineRow).where(col(BaselineRow.id).in_(newest)))
    }
    marks = _newest_marks(s)
    flaps: dict[str, dict[str, int]] = defaultdict(dict)
    if since is not None:
        moment = since.replace(tzinfo=None).isoformat(" ", "microseconds")
        for source, port, count in s.connection().execute(_FLAPS, {"since": moment}):
            flaps[source][port] = count
    return {
        source: PortsKnown(accepted.get(source), marks.get(source), flaps.get(source, {}))
        for source in {*accepted, *marks, *flaps}
    }


def _newest_marks(s: Session) -> dict[str, PortMarks]:
    rounds = select(PortMarksRow.source, func.max(PortMarksRow.round_id)).group_by(col(PortMarksRow.source))
    found: dict[str, PortMarks] = {}
    for source, round_id in s.exec(rounds).all():
        row = s.get(PortMarksRow, (source, round_id))
        if row is not None:
            found[source] = PortMarks(source, row.at, row.uptime_s, _marked_of(row.ports))
    return found


def with_ports(latest: Mapping[str, Latest], ports: Mapping[str, PortsKnown]) -> dict[str, Latest]:
    """The latest samples, each beside what its ports are compared with."""
    return {source: replace(one, ports=ports.get(source)) for source, one in latest.items()}
