"""How large the store of a full room grows in ten years: rows are written for a few days, measured and multiplied.

Run: python tests/bench/store_size.py
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from dutyroom.model.history import HourOfPolls, Reading
from dutyroom.store import readings
from dutyroom.store.database import Store
from dutyroom.store.headline import NETWORK, SERVER, UPS

YEARS = 10
ROOM = {"ups": (6, UPS), "network": (20, NETWORK), "server": (14, SERVER)}
LIMIT_GB = 3.0
RAW_DAYS = readings.KEEP_RAW.days
MEASURED_DAYS = 4


def fill(store: Store) -> dict[str, int]:
    """Writes the days and gives how many rows each table got."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    sources = [(f"{kind}-{n:02d}", names) for kind, (count, names) in ROOM.items() for n in range(count)]
    # Hour by hour over all sources, as in life: rows that come in key order would pack their pages better.
    for hour in range(MEASURED_DAYS * 24):
        at = start + timedelta(hours=hour)
        values = [
            Reading(source, quantity, at + timedelta(minutes=m), 20.0 + (m * 37 % 1000) / 7)
            for m in range(60)
            for source, quantities in sources
            for quantity in quantities
        ]
        with store.write() as s:
            readings.put_history(s, values, [HourOfPolls(source, at, 119, 1, 0) for source, _ in sources])
    with store.read() as s:
        names = ("readings", "hourly_readings", "hourly_polls")
        return {name: s.connection().exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in names}


def vacuumed(store: Store) -> int:
    """Bytes of the pages in use."""
    with store.read() as s:
        connection = s.connection()
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        free = connection.exec_driver_sql("PRAGMA freelist_count").scalar_one()
        return int((pages - free) * connection.exec_driver_sql("PRAGMA page_size").scalar_one())


def main() -> int:
    """Prints the estimate; 1 when it is over the limit."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/duty.db")
        rows = fill(store)
        sizes: dict[str, float] = {}
        for name in rows:
            before = vacuumed(store)
            with store.write() as s:
                s.connection().exec_driver_sql(f"DELETE FROM {name}")
            sizes[name] = (before - vacuumed(store)) / rows[name]
        store.close()
    days = {"readings": RAW_DAYS, "hourly_readings": YEARS * 365.25, "hourly_polls": YEARS * 365.25}
    total = 0.0
    for name, count in rows.items():
        grown = count / MEASURED_DAYS * days[name]
        megabytes = grown * sizes[name] / 1e6
        total += megabytes / 1e3
        print(f"{name:16} {sizes[name]:5.1f} bytes a row, {grown / 1e6:6.1f} million rows, {megabytes:6.0f} MB")
    sources = sum(count for count, _ in ROOM.values())
    print(f"{sources} sources, {YEARS} years: {total:.2f} GB (limit {LIMIT_GB} GB)")
    return int(total > LIMIT_GB)


if __name__ == "__main__":
    sys.exit(main())
