"""What a sweep of the address tables brings, and what does not agree with the register, told once when it begins and
once when it ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dutyroom import clock
from dutyroom.duty.uncollected import uncollected
from dutyroom.model.addresses import ADDRESSES, AddressFinding, AddressTables, AskedDevice, Mismatch, Registration, Seen
from dutyroom.model.events import Event
from dutyroom.model.history import Reading
from dutyroom.model.site import Site
from dutyroom.rules.addresses import Case, is_learning, judge
from dutyroom.rules.register import Register
from dutyroom.rules.sightings import changed, found_in, own_macs, uplinks_of
from dutyroom.store import addresses, events, readings, registrations
from dutyroom.store.database import Session, Store

# Of one kind at one time; of more the number is told, once.
MOST_EVENTS = 20
BEGAN, ENDED, MANY_BEGAN, MANY_ENDED = "address-began", "address-ended", "addresses-began", "addresses-ended"

Standing = Mapping[tuple[str, str], tuple[AddressFinding, bool]]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the store holds before something changes."""

    asked: tuple[AskedDevice, ...]
    seen: list[Seen]
    standing: Standing
    register: tuple[Registration, ...]
    first_sweep_at: datetime | None


@uncollected()
def record_sweep(store: Store, site: Site, tables: Sequence[AddressTables], now: datetime) -> None:
    """Stores what changed since the last sweep and what follows from it, in one transaction.

    A device that did not answer changes nothing but how asking it went. Raises StoreError.
    """
    known = _known(store)
    own = own_macs(tables, known.asked)
    before: dict[str, list[Seen]] = defaultdict(list)
    for row in known.seen:
        before[row.device].append(row)
    rows: list[Seen] = []
    asked: list[AskedDevice] = []
    for table in tables:
        last = next((one for one in known.asked if one.name == table.device), None)
        if not table.state.knows:
            asked.append(_failed(table, last))
            continue
        uplinks = uplinks_of(table, own, site.addresses.uplinks)
        asked.append(_answered(table, own.get(table.device, frozenset()), uplinks))
        answered = last.answered_at if last is not None else None
        answered_s = int((answered or table.at).timestamp())
        found = found_in(table, own, uplinks)
        rows += changed(table.device, before[table.device], found, answered_s, int(table.at.timestamp()))
    answers = any(table.state.knows for table in tables)
    seen = _merged(known.seen, rows, asked)
    first = known.first_sweep_at or (now if answers else None)
    judged = _judged(site, seen, known, first, now) if answers else None
    with store.write() as session:
        addresses.put_asked(session, asked)
        addresses.put_seen(session, rows)
        if judged is not None and first is not None:
            _write(session, site, known.standing, judged, first, now)
            addresses.end_sweep(session, now)
            counts = dict.fromkeys(Mismatch, 0)
            for one in judged:
                counts[one.code] += 1
            readings.put_history(session, [Reading(ADDRESSES, code.value, now, float(n)) for code, n in counts.items()])


@uncollected()
def rejudge(store: Store, site: Site, now: datetime) -> None:
    """Judges again what was seen, after the register changed; nothing before the first sweep. Raises StoreError."""
    known = _known(store)
    if known.first_sweep_at is None:
        return
    judged = _judged(site, known.seen, known, known.first_sweep_at, now)
    with store.write() as session:
        _write(session, site, known.standing, judged, known.first_sweep_at, now)


def _known(store: Store) -> _Known:
    with store.read() as session:
        return _Known(
            asked=addresses.asked(session),
            seen=addresses.seen(session),
            standing={one.key: (one, told) for one, told in addresses.findings(session)},
            register=registrations.in_force(session),
            first_sweep_at=addresses.first_sweep_at(session),
        )


def _failed(table: AddressTables, last: AskedDevice | None) -> AskedDevice:
    if last is None:
        return AskedDevice(table.device, table.at, None, table.state, table.detail)
    return replace(last, asked_at=table.at, state=table.state, detail=table.detail)


def _answered(table: AddressTables, own: frozenset[str], uplinks: frozenset[str]) -> AskedDevice:
    return AskedDevice(
        name=table.device,
        asked_at=table.at,
        answered_at=table.at,
        state=table.state,
        detail=table.detail,
        arp_rows=len(table.arp),
        fdb_rows=len(table.fdb),
        own=own,
        uplinks=uplinks,
    )


def _merged(before: Iterable[Seen], rows: Iterable[Seen], asked: Iterable[AskedDevice]) -> list[Seen]:
    """All sightings as they will stand: what is open was seen in this answer of its device."""
    at_s = {one.name: int(one.answered_at.timestamp()) for one in asked if one.answered_at is not None}
    seen = {row.key: row for row in before} | {row.key: row for row in rows}
    return [
        replace(row, last_s=max(row.last_s, at_s.get(row.device, 0))) if row.is_open else row for row in seen.values()
    ]


def _judged(
    site: Site, seen: Sequence[Seen], known: _Known, first: datetime | None, now: datetime
) -> tuple[AddressFinding, ...]:
    case = Case(
        seen=seen,
        register=Register((*site.register, *known.register)),
        rules=site.addresses,
        labels={device.name: device.label for device in site.network},
        standing={key: one.since for key, (one, _told) in known.standing.items()},
        first_s=int((first or now).timestamp()),
        now=now,
        today=clock.local_date(now, site.timezone),
    )
    return judge(case)


def _write(
    session: Session, site: Site, standing: Standing, judged: Sequence[AddressFinding], first: datetime, now: datetime
) -> None:
    """The findings that are new, changed or gone, and the events of those that are not told yet."""
    quiet = is_learning(first, site.addresses, now)
    put: list[tuple[AddressFinding, bool]] = []
    began: list[AddressFinding] = []
    for one in judged:
        before, told = standing.get(one.key, (None, False))
        if not told and not quiet:
            began.append(one)
        if before != one or told is not (told or not quiet):
            put.append((one, told or not quiet))
    keys = {one.key for one in judged}
    gone = {key: (one, told) for key, (one, told) in standing.items() if key not in keys}
    addresses.put_findings(session, put)
    addresses.drop_findings(session, gone)
    ended = [one for one, told in gone.values() if told]
    events.add(session, [*_told(began, BEGAN, MANY_BEGAN, now), *_told(ended, ENDED, MANY_ENDED, now)])


def _told(found: Iterable[AddressFinding], one_code: str, many_code: str, now: datetime) -> list[Event]:
    by_code: dict[Mismatch, list[AddressFinding]] = defaultdict(list)
    for one in found:
        by_code[one.code].append(one)
    made: list[Event] = []
    for code, some in by_code.items():
        if len(some) > MOST_EVENTS:
            params = (("what", code.value), ("count", str(len(some))))
            made.append(Event(now, ADDRESSES, many_code, params, clock.boot()))
            continue
        made += [Event(now, one.device or ADDRESSES, one_code, _params(one), clock.boot()) for one in some]
    return made


def _params(one: AddressFinding) -> tuple[tuple[str, str], ...]:
    told = (("what", one.code.value), ("subject", one.subject), ("ip", one.ip), ("mac", one.mac), ("port", one.port))
    return tuple((key, value) for key, value in (*told, *one.params) if value)
