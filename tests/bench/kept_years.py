"""Years of a large room as they lie in the file: 80 sources, three rounds a day of 60 items, their ledger, roll-ups.

Rows go in past what people do with them: walking eleven thousand rounds would take hours. The chain of the ledger is a
real one; its lines name no rows, so `verify` is not for such a store.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dutyroom.checklists import parse
from dutyroom.model.checklist import Checklist
from dutyroom.model.devices import NetworkDevice, Secret, Server, SnmpAccess, Ups
from dutyroom.model.people import Operator, Role
from dutyroom.model.site import Language, LimitProfile, Site
from dutyroom.store import checklists, people
from dutyroom.store.canonical import sha256
from dutyroom.store.database import Session, Store
from dutyroom.store.ledger import GENESIS

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
UPSES, SWITCHES, SERVERS, NUMBERS, CHECKS = 4, 56, 20, 40, 20
WALKS = {"morning": "08:30", "noon": "14:00", "night": "20:00"}
SIGNING_MINUTES = 15
ABNORMAL_EACH = 37
"""One answer of so many is not normal."""
DOWN_EACH_S = 6 * 86400
"""Each source fails once in so many seconds, for ten minutes."""
QUANTITIES = ("ups.load", "battery.runtime", "battery.charge", "ambient.temperature", "ambient.humidity")
_HOURS = "WITH RECURSIVE hours(h) AS (SELECT :first UNION ALL SELECT h + 3600 FROM hours WHERE h + 3600 < :last) "


def room(database: Path) -> Site:
    """The room of 80 sources."""
    asked = SnmpAccess("2c", community=Secret("public"))
    return Site(
        language=Language.EN,
        timezone=ZONE,
        name="County Hospital",
        room="HIS room",
        hold_time_s=3 * 3600.0,
        limit_profile=LimitProfile.GB50174,
        zero_report_at=time(15, 0),
        store_url=f"sqlite:///{database}",
        fingerprint="f" * 64,
        ups=tuple(Ups(f"ups-{n}", f"UPS {n}", 3 * 3600.0, "127.0.0.1", 3493, f"ups-{n}") for n in range(UPSES)),
        network=tuple(NetworkDevice(f"switch-{n}", f"Switch {n}", "127.0.0.1", asked) for n in range(SWITCHES)),
        servers=tuple(Server(f"server-{n}", f"Server {n}", "snmp") for n in range(SERVERS)),
    )


def forms() -> tuple[Checklist, ...]:
    """The checklists of the day, each with the same 60 items."""
    return tuple(parse(_text(name), LimitProfile.GB50174, "bench") for name in WALKS)


def _text(name: str) -> str:
    head = f'name = "{name}"\nen = "{name.title()} round"\nzh = "{name} 巡检"\ncadence = "daily"\n'
    parts = [f'{head}due_at = "{WALKS[name]}"\n[[area]]\nid = "room"\nen = "Room"\nzh = "机房"\n']
    for item, kind in _items():
        more = 'unit = "V"\nnormal = [0, 90]\n' if kind == "number" else ""
        told = f'en = "What is read at place {item}"\nzh = "位置 {item} 的读数"\n'
        parts.append(f'[[item]]\nid = "{item}"\narea = "room"\n{told}kind = "{kind}"\n{more}')
    return "".join(parts)


def _items() -> list[tuple[str, str]]:
    return [(f"place.n{n:02}", "number" if n < NUMBERS else "check") for n in range(NUMBERS + CHECKS)]


def keep(database: Path, first: date, last: date) -> Site:
    """A store with every day from `first` to `last`; the site it is of."""
    site = room(database)
    store = Store.open(site.store_url)
    with store.write() as session:
        begun = datetime.combine(first, time(0), ZONE).astimezone(UTC)
        people.add_operator(session, Operator("zhang", "张伟", Role.TECHNICIAN, begun), "x")
        for form in forms():
            checklists.publish(session, form.version, form.name, _text(form.name), begun)
        _keep_rounds(session, first, last)
        ended = datetime.combine(last + DAY, time(0), ZONE).astimezone(UTC)
        _keep_polls(session, site, int(begun.timestamp()), int(ended.timestamp()))
    store.close()
    return site


def _keep_rounds(session: Session, first: date, last: date) -> None:
    run = session.connection().exec_driver_sql
    items = _items()
    ledger = _Ledger(session)
    versions = {form.name: form.version for form in forms()}
    number = 0
    for offset in range((last - first).days + 1):
        day = first + offset * DAY
        rounds, entries, acts = [], [], []
        for name, due in WALKS.items():
            number += 1
            at = datetime.combine(day, time.fromisoformat(due), ZONE).astimezone(UTC)
            rounds.append((number, name, versions[name], _stored(at), f"{day}", f"{day}", "open", len(items),
                           _stored(at), "zhang"))  # fmt: skip
            acts.append((at, "start-round", f"round:{number}"))
            for place, (item, kind) in enumerate(items):
                abnormal = (number + place) % ABNORMAL_EACH == 0
                value = float(90 + number % 7 if abnormal else 20 + (number * 7 + place) % 100 / 10)
                answer = (f"{value:.1f}", value, "V") if kind == "number" else ("abnormal" if abnormal else "normal",)
                answer = (*answer, None, "")[:3] if kind == "check" else answer
                told = "somebody looked at it and wrote down what was seen" if abnormal else ""
                verdict = "attention" if abnormal else "ok"
                entries.append((number, item, "", *answer, verdict, _stored(at), "zhang", "typed", told))
                acts.append((at, "answer", f"entry:{number}:{item}:"))
            acts.append((at + timedelta(minutes=SIGNING_MINUTES), "sign-round", f"round:{number}"))
        run(
            "INSERT INTO rounds (id, checklist, version, due_at, due_on, duty_day, state, items, started_at,"
            " started_by, marks, abnormal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0)",
            rounds,
        )
        run(
            "INSERT INTO entries (round_id, item, device, answer, value, unit, verdict, at, by, origin, note)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            entries,
        )
        ledger.add(acts)
    minutes = f"+{SIGNING_MINUTES} minutes"
    run(
        "UPDATE rounds SET state = 'signed', signed_by = 'zhang',"
        f" signed_at = strftime('%Y-%m-%d %H:%M:%S.000000', started_at, '{minutes}')"
    )


class _Ledger:
    """The chain of a store that has none yet."""

    def __init__(self, session: Session) -> None:
        self._run = session.connection().exec_driver_sql
        self._seq, self._previous = 0, GENESIS

    def add(self, acts: list[tuple[datetime, str, str]]) -> None:
        lines = []
        for at, act, subject in acts:
            self._seq += 1
            fields: dict[str, object] = {
                "seq": self._seq, "at": at, "actor": "zhang", "role": "technician", "terminal": "bench", "act": act,
                "subject": subject, "row_sha256": "0" * 64, "previous": self._previous,
            }  # fmt: skip
            digest = sha256(fields)
            lines.append((self._seq, _stored(at), "zhang", "technician", "bench", act, subject, "0" * 64,
                          self._previous, digest))  # fmt: skip
            self._previous = digest
        self._run("INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", lines)


def _keep_polls(session: Session, site: Site, first_s: int, last_s: int) -> None:
    """Counts by the hour and silences of every source, roll-ups of every UPS."""
    run: Any = session.connection().exec_driver_sql
    span = {"first": first_s, "last": last_s}
    for place, source in enumerate(_sources(site)):
        named = {**span, "source": source}
        run(_HOURS + "INSERT INTO hourly_polls SELECT :source, h, 358, 2, 0 FROM hours", named)
        run("INSERT INTO silences VALUES (:source, 0, 'before', 0, NULL, NULL, :first)", named)
        step = {**named, "down": first_s + 3600 + 900 * place, "each": DOWN_EACH_S}
        run(
            "WITH RECURSIVE times(t) AS (SELECT :down UNION ALL SELECT t + :each FROM times WHERE t + :each < :last)"
            " INSERT INTO silences SELECT :source, t, 'failed', 60, t + 10, t + 590, t + 600 FROM times",
            step,
        )
        run("INSERT INTO silences VALUES (:source, :last, 'not-polled', 0, NULL, NULL, NULL)", named)
    for number, (ups, quantity) in enumerate(((one.name, told) for one in site.ups for told in QUANTITIES), 1):
        run("INSERT INTO series VALUES (?, ?, ?)", (number, ups, quantity))
        run(
            _HOURS + "INSERT INTO hourly_readings SELECT :number, h, 360, 20, 360 * 22.5, 25 FROM hours",
            {**span, "number": number},
        )


def _sources(site: Site) -> Iterator[str]:
    for some in (site.ups, site.network, site.servers):
        yield from (one.name for one in some)


def _stored(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")
