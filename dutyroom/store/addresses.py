"""What the sweeps found: sightings, how asking went, and what does not agree with the register.

Everything goes through SQLAlchemy Core: a core switch has tens of thousands of rows, and only those that changed are
written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session

from dutyroom.model.addresses import AddressesNow, AddressFinding, AskedDevice, Mismatch, Seen
from dutyroom.model.reading import State
from dutyroom.store.address_tables import AddressSweepRow
from dutyroom.store.tables import table

# So many sightings are kept; of more, those that were not seen for the longest time go.
MOST_SEEN = 200_000
# So many findings are read for the board; all are counted.
SHOWN = 200

_PUT_SEEN = text("""
    INSERT INTO addresses_seen (device, mac, ip, place, vlan, first_s, last_s, is_open)
    VALUES (:device, :mac, :ip, :place, :vlan, :first_s, :last_s, :is_open)
    ON CONFLICT (device, mac, ip, place) DO UPDATE SET vlan = excluded.vlan, last_s = excluded.last_s,
        is_open = excluded.is_open""")
_TRIM = text("""
    DELETE FROM addresses_seen WHERE (device, mac, ip, place) IN (
        SELECT device, mac, ip, place FROM addresses_seen WHERE NOT is_open ORDER BY last_s LIMIT :over)""")
_COUNT = text("SELECT count(*) FROM addresses_seen")


def _many(s: Session, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        s.connection().execute(statement, rows)


def asked(s: Session) -> tuple[AskedDevice, ...]:
    """Every device that was ever asked, by name."""
    devices = table("address_devices")
    return tuple(
        AskedDevice(
            name=row["name"],
            asked_at=row["asked_at"],
            answered_at=row["answered_at"],
            state=State(row["state"]),
            detail=row["detail"],
            arp_rows=row["arp_rows"],
            fdb_rows=row["fdb_rows"],
            own=frozenset(json.loads(row["own"])),
            uplinks=frozenset(json.loads(row["uplinks"])),
        )
        for row in s.connection().execute(select(devices).order_by(devices.c.name)).mappings()
    )


def put_asked(s: Session, devices: Iterable[AskedDevice]) -> None:
    """Replaces how asking each of these went."""
    devices_table = table("address_devices")
    new = insert(devices_table)
    changes = {column.name: new.excluded[column.name] for column in devices_table.columns if column.name != "name"}
    rows = [
        {
            "name": one.name,
            "asked_at": one.asked_at,
            "answered_at": one.answered_at,
            "state": one.state.value,
            "detail": one.detail,
            "arp_rows": one.arp_rows,
            "fdb_rows": one.fdb_rows,
            "own": json.dumps(sorted(one.own)),
            "uplinks": json.dumps(sorted(one.uplinks), ensure_ascii=False),
        }
        for one in devices
    ]
    _many(s, new.on_conflict_do_update(index_elements=["name"], set_=changes), rows)


def seen(s: Session) -> list[Seen]:
    """Every sighting; an open one was last seen when its device answered last."""
    answered = {one.name: int(one.answered_at.timestamp()) for one in asked(s) if one.answered_at is not None}
    t = table("addresses_seen")
    query = select(t.c.device, t.c.ip, t.c.mac, t.c.place, t.c.vlan, t.c.first_s, t.c.last_s, t.c.is_open)
    return [
        Seen(
            device, ip, mac, place, vlan, first_s, max(last_s, answered.get(device, 0)) if is_open else last_s, is_open
        )
        for device, ip, mac, place, vlan, first_s, last_s, is_open in s.connection().execute(query)
    ]


def put_seen(s: Session, rows: Iterable[Seen]) -> None:
    """Stores sightings that are new or changed."""
    _many(
        s,
        _PUT_SEEN,
        [
            {
                "device": row.device,
                "mac": row.mac,
                "ip": row.ip,
                "place": row.place,
                "vlan": row.vlan,
                "first_s": row.first_s,
                "last_s": row.last_s,
                "is_open": row.is_open,
            }
            for row in rows
        ],
    )


def end_sweep(s: Session, at: datetime) -> None:
    """Notes that a sweep ended at `at`, and lets the oldest sightings go when there are too many."""
    count = int(s.connection().execute(_COUNT).scalar_one())
    if count > MOST_SEEN:
        count -= s.connection().execute(_TRIM, {"over": count - MOST_SEEN}).rowcount
    row = s.get(AddressSweepRow, 1)
    if row is None:
        s.add(AddressSweepRow(id=1, first_at=at, last_at=at, seen=count))
    else:
        row.last_at, row.seen = at, count
    s.flush()


def first_sweep_at(s: Session) -> datetime | None:
    """When the first sweep ended (UTC), or None before it."""
    row = s.get(AddressSweepRow, 1)
    return None if row is None else row.first_at


def findings(s: Session, limit: int | None = None) -> tuple[tuple[AddressFinding, bool], ...]:
    """What does not agree, the worst kind first, each with whether an event told of it."""
    found: list[tuple[AddressFinding, bool]] = []
    t = table("address_findings")
    for code in Mismatch:
        # In the order of the primary key: the board reads the first few of tens of thousands without sorting them.
        left = None if limit is None else limit - len(found)
        query = select(t).where(t.c.code == code.value).order_by(t.c.subject).limit(left)
        found += [(_finding(row), row["told"]) for row in s.connection().execute(query).mappings()]
    return tuple(found)


def _finding(row: Mapping[Any, Any]) -> AddressFinding:
    return AddressFinding(
        code=Mismatch(row["code"]),
        subject=row["subject"],
        since=row["since"],
        ip=row["ip"],
        mac=row["mac"],
        device=row["device"],
        port=row["port"],
        params=tuple((str(key), str(value)) for key, value in json.loads(row["params"]).items()),
    )


def put_findings(s: Session, found: Iterable[tuple[AddressFinding, bool]]) -> None:
    """Stores findings that are new or changed, each with whether an event told of it."""
    t = table("address_findings")
    new = insert(t)
    changes = {column.name: new.excluded[column.name] for column in t.columns if column.name not in ("code", "subject")}
    rows = [
        {
            "code": one.code.value,
            "subject": one.subject,
            "since": one.since,
            "ip": one.ip,
            "mac": one.mac,
            "device": one.device,
            "port": one.port,
            "params": json.dumps(dict(one.params), ensure_ascii=False),
            "told": told,
        }
        for one, told in found
    ]
    _many(s, new.on_conflict_do_update(index_elements=["code", "subject"], set_=changes), rows)


def drop_findings(s: Session, keys: Iterable[tuple[str, str]]) -> None:
    """Forgets findings that ended."""
    t = table("address_findings")
    for code, subject in keys:
        s.connection().execute(delete(t).where(t.c.code == code, t.c.subject == subject))


def now(s: Session) -> AddressesNow:
    """The short of it, for the board: counts, the worst findings, and how asking went."""
    row = s.get(AddressSweepRow, 1)
    if row is None:
        return AddressesNow()
    t = table("address_findings")
    counts = {
        Mismatch(code): n for code, n in s.connection().execute(select(t.c.code, func.count()).group_by(t.c.code))
    }
    return AddressesNow(
        first_sweep_at=row.first_at,
        last_sweep_at=row.last_at,
        counts=tuple((code, counts[code]) for code in Mismatch if code in counts),
        findings=tuple(one for one, _told in findings(s, SHOWN)),
        asked=asked(s),
        seen=row.seen,
    )
