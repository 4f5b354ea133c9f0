"""What two sweeps tell in the room of the screens: a little of everything that can be wrong."""

from __future__ import annotations

from datetime import date, timedelta

from dutyroom.duty.addresses import record_sweep
from dutyroom.duty.desk import Desk
from dutyroom.model.addresses import AddressTables, ArpRow, FdbRow, Registration
from dutyroom.model.reading import State
from dutyroom.store import registrations
from tests.ui.room_samples import HOSTILE, NOW

PC, PRINTER, SERVER, PHONE, CAMERA, STRAY = (f"00:11:22:33:44:0{n}" for n in range(1, 7))
RANDOM = "da:a1:19:00:00:01"
REGISTERED = (
    Registration("10.0.0.7", "10.0.0.7", PC, "挂号窗口 1", owner="张伟", department="门诊", switch="access-1",
                 port="GigabitEthernet0/0/7"),
    Registration("10.0.0.8", "10.0.0.8", PRINTER, "Printer", department="Radiology", valid_until=date(2026, 10, 31)),
    Registration("10.0.0.9", "10.0.0.9", SERVER, "his-db-1", owner="DBA"),
    Registration("10.0.0.10", "10.0.0.10", "00:11:22:33:44:99", HOSTILE),
)  # fmt: skip
ARP = {"10.0.0.7": PC, "10.0.0.8": PRINTER, "10.0.0.9": SERVER, "10.0.0.10": CAMERA, "10.0.0.77": RANDOM,
       "10.0.0.78": STRAY, "2001:db8::7": PC}  # fmt: skip
FDB = {PC: "Gi0/0/8", PRINTER: "Gi0/0/3", RANDOM: "Gi0/0/9", STRAY: "Gi0/0/9", PHONE: "Gi0/0/9", CAMERA: "Gi0/0/4"}


def sweep_twice(desk: Desk, learning: bool = False) -> None:
    """The register, a first sweep nine days ago (or yesterday), and one now."""
    with desk.store.write() as session:
        if not registrations.in_force(session):
            registrations.add(session, REGISTERED, NOW - timedelta(days=90), "li")
    for at in (NOW - timedelta(days=1 if learning else 9), NOW):
        arp = tuple(ArpRow(ip, mac, "Vlanif10") for ip, mac in ARP.items())
        fdb = tuple(FdbRow(mac, port, 10) for mac, port in FDB.items())
        tables = [
            AddressTables("core-1", at, State.OK, arp=arp),
            AddressTables("access-1", at, State.OK, fdb=fdb),
            AddressTables("fw-1", at, State.TIMEOUT, "no answer: off, filtered, or wrong community"),
        ]
        record_sweep(desk.store, desk.site, tables, at)
