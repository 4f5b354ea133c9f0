"""A full room that answers for real: UPSes of a real upsd, switches and servers over SNMP, and its site file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from dutyroom.sources.snmp import mib
from tests.bench.switches import Tree, running
from tests.peers import RealUpsd
from tests.snmp_fakes import integer, octets, oid_value, switch

UPS = {
    "battery.charge": "100",
    "battery.runtime": "25200",
    "battery.voltage": "54.1",
    "input.voltage": "229.0",
    "output.voltage": "230.0",
    "ups.load": "31",
    "ups.model": "Example 8000",
    "ups.status": "OL",
    **{f"outlet.{n}.status": "on" for n in range(1, 31)},
}
COUNTER_S = 100_000


def server_tree(volumes: int = 4, cores: int = 8) -> Tree:
    """A server with HOST-RESOURCES-MIB, UCD-SNMP-MIB and four interfaces."""
    tree = switch(4)
    for oid, value in (
        (mib.HR_SYSTEM_UPTIME, integer(86400 * COUNTER_S, 0x43)),
        (mib.UCD_CPU_IDLE, integer(88)),
        (mib.UCD_MEM_TOTAL_REAL, integer(64_000_000)),
        (mib.UCD_MEM_AVAIL_REAL, integer(20_000_000)),
        (mib.UCD_MEM_BUFFER, integer(1_000_000)),
        (mib.UCD_MEM_CACHED, integer(12_000_000)),
        (mib.UCD_LOAD_1M, octets("0.40")),
    ):
        tree[oid] = value
    for core in range(1, cores + 1):
        tree[(*mib.HR_PROCESSOR_LOAD, core)] = integer(12)
    for volume in range(1, volumes + 1):
        tree |= {
            (*mib.HR_STORAGE_TYPE, volume): oid_value((1, 3, 6, 1, 2, 1, 25, 2, 1, 4)),
            (*mib.HR_STORAGE_DESCR, volume): octets(f"/data{volume}"),
            (*mib.HR_STORAGE_UNITS, volume): integer(4096),
            (*mib.HR_STORAGE_SIZE, volume): integer(10_000_000),
            (*mib.HR_STORAGE_USED, volume): integer(6_100_000),
        }
    return tree


@contextmanager
def full_room(ups: int, switches: int, servers: int, extra: str = "", poll: str = "") -> Iterator[Path]:
    """The site file of that room, in a folder of its own, while everything in it answers.

    `extra` goes behind the devices, `poll` into `[poll]`; without it the default intervals hold.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="room-")))
        (folder / "nut").mkdir()
        upsd = stack.enter_context(RealUpsd(folder / "nut", {f"ups-{n}": UPS for n in range(ups)})) if ups else None
        parts = [
            f'language = "en"\ntimezone = "Asia/Shanghai"\n[site]\nname = "Hospital"\nroom = "Room"\n[poll]\n{poll}\n',
            f'[store]\nurl = "sqlite:///{folder / "dutyroom.db"}"\n',
        ]
        if upsd is not None:
            parts += [
                f'[[ups]]\nname = "ups-{n}"\nserver = "127.0.0.1:{upsd.port}"\nups = "ups-{n}"\n' for n in range(ups)
            ]
        asked = 'address = "127.0.0.1"\nsnmp = { version = "2c", community = "plain" }\n'
        if switches:
            agents = stack.enter_context(running(switches))
            for n, port in enumerate(agents.ports):
                parts.append(f'[[network]]\nname = "switch-{n}"\nport = {port}\n{asked}')
        if servers:
            agents = stack.enter_context(running(servers, tree=server_tree()))
            for n, port in enumerate(agents.ports):
                parts.append(f'[[server]]\nname = "server-{n}"\nsource = "snmp"\nport = {port}\n{asked}')
        site = folder / "site.toml"
        site.write_text("".join(parts) + extra, "utf-8")
        yield site
