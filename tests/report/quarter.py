"""A quarter of the demo's history with one of nearly everything in it: filled once for every test that counts it again.

Fixed clock and seed: the same records each time. What the demo's people never do (a roster, a critical period, a probe
in a hot room, a window that was cancelled) is put into the file beside it.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from dutyroom.cli.compose import open_desk
from dutyroom.config import load_site
from dutyroom.demo.history import Simulation, fill_days
from dutyroom.demo.process import DemoPorts
from dutyroom.demo.room import Room
from dutyroom.demo.site import write_site
from dutyroom.duty.desk import Desk
from dutyroom.duty.operators import add_operator
from dutyroom.duty.passwords import hashed_lightly
from dutyroom.model.people import Actor, Role

NOW = datetime(2027, 1, 5, 0, 41, tzinfo=UTC)
"""Tuesday, 08:41 in the room: the quarter is over, and the week that runs has an open end."""
DAYS = 97
"""From the last day of September on."""
SEED, PASSWORD = 7, "walk the room 1"
ADMIN = Actor("admin", Role.ADMIN, "test")
PEOPLE = (("admin", "Admin", Role.ADMIN), ("lead", "Li Xiuying", Role.LEAD), ("zhang", "Zhang Wei", Role.TECHNICIAN))
AGENTS = ("core-1", "access-1", "router-1", "fw-1", "his-db-1")
PROBED = (date(2026, 10, 19), date(2026, 10, 20), date(2026, 12, 31))
CREDENTIALS = """
[[credential]]
name = "root"
rotated = 2026-09-01
every = "180d"

[[credential]]
name = "firewall"
rotated = 2026-07-15
every = "90d"
"""

HERE, ELSEWHERE = "site.toml", "elsewhere.toml"
OTHER_RULES = """
[[shift]]
name = "duty"
begins = "08:00"
ends = "20:00"

[[shift]]
name = "night"
begins = "20:00"
ends = "08:00"

[hold]
old_after = "10d"
derate_per_year = 0.5
"""
"""The other site file is of a room where clocks are changed, with two shifts and stricter rules of evidence."""


def at(text: str) -> str:
    """A local time of the room as the file keeps it: UTC."""
    moment = datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


@contextmanager
def quarter(shared: Path) -> Iterator[Path]:
    """The folder with `site.toml` and `dutyroom.db`, below `shared`: filled by whichever process comes first.

    Nobody may write there. Raises DutyroomError.
    """
    folder, done = shared / "quarter", shared / "quarter-is-filled"
    with (shared / "quarter.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            fill(folder)
            done.touch()
    yield folder


@contextmanager
def opened(folder: Path, site: str = HERE) -> Iterator[Desk]:
    """The desk over the filled store, for reading, with one of the two site files."""
    desk = open_desk(load_site(folder / site), read_only=True)
    try:
        yield desk
    finally:
        desk.store.close()


def fill(folder: Path) -> None:
    """Makes the site file and the store in a folder. Raises DutyroomError."""
    folder.mkdir()
    ports = DemoPorts(3493, tuple((name, 16100 + number) for number, name in enumerate(AGENTS)))
    site_file = write_site(folder, ports, "en")
    told = site_file.read_text(encoding="utf-8") + CREDENTIALS
    site_file.write_text(told, encoding="utf-8")
    (folder / ELSEWHERE).write_text(told.replace("Asia/Shanghai", "Europe/Berlin") + OTHER_RULES, encoding="utf-8")
    desk = open_desk(load_site(site_file))
    try:
        began = NOW - timedelta(days=DAYS + 2)
        for name, label, role in PEOPLE:
            by = None if name == "admin" else ADMIN
            add_operator(desk.store, by, name, label, role, PASSWORD, began, hash_of=hashed_lightly)
        people = tuple((name, PASSWORD) for name in ("lead", "zhang"))
        fill_days(replace(desk, others=()), Simulation(Room(SEED), NOW), people, DAYS, SEED, NOW)
    finally:
        desk.store.close()
    with closing(sqlite3.connect(folder / "dutyroom.db")) as file:
        _put_beside(file, desk)
        file.commit()


def _put_beside(file: sqlite3.Connection, desk: Desk) -> None:
    for one in desk.published():
        told = (one.checklist.version, one.checklist.name, one.text, at("2026-10-12 10:00"))
        file.execute("INSERT OR IGNORE INTO checklists VALUES (?, ?, ?, ?)", told)
    _insert(file, "roster", _roster())
    _insert(file, "periods", _periods())
    _insert(file, "registrations", _registrations())
    _insert(file, "maintenance", _windows())
    _insert(file, "self_check_answers", _answers())
    # A major event that was told to nobody, and one that was told too late.
    first, second = (
        number
        for (number,) in file.execute(
            "SELECT e.id FROM power_events e JOIN outages o ON o.event_id = e.id AND o.state = 'closed'"
            " WHERE e.began_at BETWEEN ? AND ? GROUP BY e.id ORDER BY e.id LIMIT 2",
            (at("2026-10-18 00:00"), at("2026-11-15 00:00")),
        )
    )
    with _unsealed(file):
        file.execute("UPDATE power_events SET is_major = 1 WHERE id = ?", (first,))
        file.execute(
            "UPDATE power_events SET is_major = 1, authority_at = datetime(began_at, '+5 hours') || '.000000',"
            " authority_by = 'lead' WHERE id = ?",
            (second,),
        )
    _last_over_the_end_of_october(file)
    with _unsealed(file):
        file.execute("UPDATE findings SET severity = 'major' WHERE id = 13")
        file.execute("UPDATE findings SET silenced_by = 1 WHERE id = 12")
        # Contained after 8 minutes; all others within 3, or not at all.
        file.execute("UPDATE findings SET contained_at = datetime(found_at, '+8 minutes') || '.000000' WHERE id = 15")
        file.execute(
            "UPDATE finding_steps SET at = (SELECT contained_at FROM findings WHERE id = finding_id)"
            " WHERE finding_id = 15 AND step = 'contained'"
        )
    file.execute(
        "INSERT INTO operators (name, label, role, created_at, disabled_at, password_hash) VALUES (?, ?, ?, ?, ?, ?)",
        ("guest", "Guest", "technician", at("2026-10-20 09:00"), at("2026-11-20 09:00"), "x"),
    )
    for source in ("ups-a", "ups-b"):
        _probe(file, source)


def _last_over_the_end_of_october(file: sqlite3.Connection) -> None:
    """The outage of the last day of the month ends in the next: October closes while it runs."""
    ended = at("2026-11-01 01:00")
    (event,) = file.execute(
        "SELECT event_id FROM outages WHERE state = 'closed' AND began_at BETWEEN ? AND ?",
        (at("2026-10-31 00:00"), at("2026-11-01 00:00")),
    ).fetchone()
    own = "SELECT id FROM outages WHERE event_id = ?"
    with _unsealed(file):
        for change in (
            f"UPDATE outage_phases SET at = ? WHERE phase = 'restored' AND outage_id IN ({own})",
            f"UPDATE discharges SET ended_at = ? WHERE outage_id IN ({own})",
            "UPDATE outages SET ended_at = ? WHERE event_id = ?",
            "UPDATE power_events SET restored_at = ? WHERE id = ?",
        ):
            file.execute(change, (ended, event))
        file.execute(
            "UPDATE outages SET on_battery_s = unixepoch(ended_at) - unixepoch(began_at) WHERE event_id = ?", (event,)
        )


@contextmanager
def _unsealed(file: sqlite3.Connection) -> Iterator[None]:
    """Without the triggers that guard the records."""
    kept = file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _sql in kept:
        file.execute(f'DROP TRIGGER "{name}"')
    yield
    for _name, sql in kept:
        file.execute(sql)


def _insert(file: sqlite3.Connection, table: str, rows: Iterable[dict[str, object]]) -> None:
    for row in rows:
        names, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
        file.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))


def _roster() -> Iterator[dict[str, object]]:
    """Two people in turn, one day of nobody, a sheet that was replaced within the quarter, and a stranger."""
    for number in range(95):
        day = date(2026, 9, 30) + timedelta(days=number)
        if day == date(2026, 11, 7):
            continue
        person = ("lead", "zhang", "Wang from the agency")[number % 3 if number % 7 == 6 else number % 2]
        row: dict[str, object] = {
            "day": str(day),
            "shift": "duty",
            "person": person,
            "imported_at": at("2026-09-29 18:00"),
            "imported_by": "lead",
        }
        if day.month == 12:
            yield {**row, "replaced_at": at("2026-12-03 09:00"), "replaced_by": "lead"}
            row |= {"person": "zhang", "imported_at": at("2026-12-03 09:00")}
        yield row


def _periods() -> Iterator[dict[str, object]]:
    """One that was closed early, and one that is closed only after the quarter was over."""
    period: dict[str, object] = {
        "kind": "event",
        "name": "network change",
        "checklist": "critical",
        "starts_at": at("2026-10-20 20:00"),
        "ends_at": at("2026-10-21 20:00"),
        "every_s": 14400.0,
        "opened_at": at("2026-10-20 19:00"),
        "opened_by": "lead",
        "closed_at": at("2026-10-21 09:00"),
        "closed_by": "lead",
    }
    yield period
    yield {
        **period,
        "kind": "holiday",
        "starts_at": at("2026-12-31 08:00"),
        "ends_at": at("2027-01-03 08:00"),
        "closed_at": at("2027-01-01 10:00"),
    }


def _registrations() -> Iterator[dict[str, object]]:
    for number, (added, removed) in enumerate(
        (
            ("2026-10-02 09:00", None),
            ("2026-10-02 09:00", "2026-10-25 09:00"),
            ("2026-11-20 09:00", "2027-01-02 09:00"),
            ("2027-01-02 09:00", None),
        )
    ):
        told = ("last_ip", "mac", "owner", "user", "department", "location", "switch", "port", "note", "removed_by")
        yield {
            **dict.fromkeys(told, ""),
            "first_ip": f"10.20.0.{number + 30}",
            "name": f"host-{number}",
            "added_at": at(added),
            "added_by": "lead",
            "removed_at": at(removed) if removed else None,
        }


def _windows() -> Iterator[dict[str, object]]:
    """One over a whole day, one that was cancelled, one entered when it had begun (that plans nothing), one for all."""
    agents = " ".join(AGENTS)
    for begins, ends, entered, cancelled, devices in (
        ("2026-10-21 00:00", "2026-10-22 00:00", "2026-10-20 09:00", None, agents),
        ("2026-11-10 00:00", "2026-11-14 00:00", "2026-11-09 09:00", "2026-11-12 12:00", agents),
        ("2026-12-01 00:00", "2026-12-09 00:00", "2026-12-01 00:05", None, agents),
        ("2026-12-18 00:00", "2026-12-20 00:00", "2026-12-17 09:00", None, ""),
    ):
        yield {
            "starts_at": at(begins),
            "ends_at": at(ends),
            "devices": devices,
            "reason": "works in the room",
            "entered_at": at(entered),
            "entered_by": "lead",
            "cancelled_at": at(cancelled) if cancelled else None,
            "cancelled_by": "lead" if cancelled else "",
        }


def _answers() -> Iterator[dict[str, object]]:
    for row, result, when in (
        ("room.static", "partly", "2026-10-15 10:00"),
        ("room.static", "met", "2026-12-15 10:00"),
        ("room.static", "not-met", "2027-01-02 10:00"),
        ("duty.rounds", "not-applicable", "2026-12-20 10:00"),
    ):
        yield {"row": row, "result": result, "text": "seen", "plan": "", "set_at": at(when), "set_by": "lead"}


def _probe(file: sqlite3.Connection, source: str) -> None:
    """Three days of a probe, each hour a little warmer and damper than the hour before; one hour has only the first."""
    for quantity, first, step in (("ambient_temperature_c", 20.0, 0.5), ("ambient_humidity_percent", 45.0, 0.9)):
        file.execute("INSERT OR IGNORE INTO series (source, quantity) VALUES (?, ?)", (source, quantity))
        (number,) = file.execute(
            "SELECT id FROM series WHERE source = ? AND quantity = ?", (source, quantity)
        ).fetchone()
        for day in PROBED:
            begin = datetime.fromisoformat(f"{day}T00:00:00+08:00").timestamp()
            for hour in range(24):
                if hour == 5 and first == 45.0:
                    told_at = int(begin) + 3600 * hour
                    file.execute("DELETE FROM hourly_readings WHERE series_id = ? AND hour_s = ?", (number, told_at))
                    continue
                mean, count = first + step * hour, 10 + hour % 3
                low, high = mean - 1.2, mean + 0.7
                told = (number, int(begin) + 3600 * hour, count, low, mean * count, high)
                file.execute("INSERT OR REPLACE INTO hourly_readings VALUES (?, ?, ?, ?, ?, ?)", told)
