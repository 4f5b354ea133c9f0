"""What stands in the simulated room: names, sizes and how each device is asked. No library, no I/O.

Makers of the UPSes, communities, passwords and addresses are invented; sysObjectIDs follow the Huawei tree
(enterprise 2011) and net-snmp's (enterprise 8072), so that the real vendor tables are exercised.
"""

from __future__ import annotations

from dataclasses import dataclass

ZONE = "Asia/Shanghai"
DEFAULT_SPEED = 20.0

V3_USER = "duty"
V3_AUTH_PASSWORD = "demo-auth-password"
V3_PRIV_PASSWORD = "demo-priv-password"


@dataclass(frozen=True, slots=True)
class UpsSpec:
    """One UPS. `full_runtime_s` is what a full battery gives at `load_percent`; `cells` counts 12 V blocks."""

    name: str
    model: str
    serial: str
    rated_w: int
    load_percent: float
    full_runtime_s: float
    cells: int
    has_ambient: bool = False


@dataclass(frozen=True, slots=True)
class PortSpec:
    """One interface: ifIndex, ifName, ifType, bit/s, whether it is up, its alias and its mean octet rates."""

    index: int
    name: str
    type: int
    speed_bps: int
    admin_up: bool
    up: bool
    alias: str
    in_rate: float
    out_rate: float
    error_period_s: float | None = None
    flaps: bool = False


@dataclass(frozen=True, slots=True)
class DeviceSpec:
    """One network device. `community` is None for the SNMPv3 device. `uptime_s` is its age at t=0."""

    name: str
    kind: str
    sys_name: str
    sys_descr: str
    sys_object_id: str
    community: str | None
    uptime_s: float
    cpu_percent: float
    memory_percent: float
    temperature_c: float | None
    fans: int
    power_supplies: int
    ports: tuple[PortSpec, ...]

    @property
    def is_huawei(self) -> bool:
        """Whether the device answers Huawei's own tables (enterprise 2011)."""
        return self.sys_object_id.startswith("1.3.6.1.4.1.2011.")


@dataclass(frozen=True, slots=True)
class ServerSpec:
    """One server with two volumes; sizes in bytes, `data_percent` is how full /data is at t=0."""

    name: str
    sys_name: str
    sys_descr: str
    sys_object_id: str
    community: str
    uptime_s: float
    cores: int
    memory_bytes: int
    root_bytes: int
    data_bytes: int
    data_percent: float
    ports: tuple[PortSpec, ...]


_GIGABIT = 1_000_000_000
_ETHERNET = 6
_DAY_S = 86400.0

_CORE_ALIASES = {
    1: "his-db-1 eno1",
    2: "his-db-1 eno2",
    3: "his-app-1",
    4: "his-app-2",
    5: "lis-1",
    6: "pacs-1",
    7: "门诊楼 3F",
    8: "router-1 LAN",
    9: "fw-1 eth1",
    10: "access-1",
}


def _switch_ports(count: int, uplinks: int, up: int, uplinks_up: int, flaps: int | None = None) -> tuple[PortSpec, ...]:
    """GigabitEthernet0/0/1.. and XGigabitEthernet0/0/1.., numbered as a VRP switch does: ifIndex starts at 6."""
    ports = []
    for n in range(1, count + uplinks + 1):
        uplink = n > count
        number = n - count if uplink else n
        is_up = number <= (uplinks_up if uplink else up)
        ports.append(
            PortSpec(
                index=5 + n,
                name=f"{'XG' if uplink else 'G'}igabitEthernet0/0/{number}",
                type=_ETHERNET,
                speed_bps=_GIGABIT * (10 if uplink else 1),
                # The last two copper ports are shut, as an unused port should be.
                admin_up=uplink or number <= count - 2,
                up=is_up,
                alias="" if uplink or flaps is None else _CORE_ALIASES.get(number, ""),
                in_rate=(2.6e7 if uplink else 1.5e6 / number) if is_up else 0.0,
                out_rate=(3.1e7 if uplink else 2.1e6 / number) if is_up else 0.0,
                error_period_s=90000.0 if not uplink and number == 12 else None,
                flaps=not uplink and number == flaps,
            )
        )
    return tuple(ports)


def _routed_ports(first: int, names: tuple[str, ...], up: int, rate: float) -> tuple[PortSpec, ...]:
    return tuple(
        PortSpec(
            index=first + n,
            name=name,
            type=_ETHERNET,
            speed_bps=_GIGABIT,
            admin_up=True,
            up=n < up,
            alias="",
            in_rate=rate / (n + 1) if n < up else 0.0,
            out_rate=0.7 * rate / (n + 1) if n < up else 0.0,
        )
        for n, name in enumerate(names)
    )


UPSES = (
    UpsSpec("ups-a", "DP-8000", "DEMO-0001", 8000, 31.0, 7.5 * 3600, 16, has_ambient=True),
    UpsSpec("ups-b", "DP-6000", "DEMO-0002", 6000, 46.0, 110 * 60.0, 16),
)

FLAPPING_PORT = "GigabitEthernet0/0/7"

NETWORK = (
    DeviceSpec(
        name="core-1",
        kind="switch",
        sys_name="core-1",
        sys_descr="Simulated core switch\r\nVRP (R) software, Version 5.160 (demo)",
        sys_object_id="1.3.6.1.4.1.2011.2.23.276",
        community=None,
        # Past 497 days sysUpTime has wrapped and only snmpEngineTime tells the truth.
        uptime_s=612 * _DAY_S + 4711,
        cpu_percent=11,
        memory_percent=41,
        temperature_c=38,
        fans=2,
        power_supplies=2,
        ports=_switch_ports(48, 4, up=28, uplinks_up=2, flaps=7),
    ),
    DeviceSpec(
        name="access-1",
        kind="switch",
        sys_name="access-1",
        sys_descr="Simulated access switch\r\nVRP (R) software, Version 5.150 (demo)",
        sys_object_id="1.3.6.1.4.1.2011.2.23.275",
        community="demo-access-1",
        uptime_s=133 * _DAY_S + 815,
        cpu_percent=8,
        memory_percent=52,
        temperature_c=41,
        fans=1,
        power_supplies=1,
        ports=_switch_ports(24, 2, up=15, uplinks_up=1),
    ),
    DeviceSpec(
        name="router-1",
        kind="router",
        sys_name="router-1",
        sys_descr="Simulated router\r\nVRP (R) software, Version 5.130 (demo)",
        sys_object_id="1.3.6.1.4.1.2011.2.224.279",
        community="demo-router-1",
        uptime_s=210 * _DAY_S + 99,
        cpu_percent=14,
        memory_percent=37,
        temperature_c=44,
        fans=1,
        power_supplies=1,
        ports=_routed_ports(3, tuple(f"GigabitEthernet0/0/{n}" for n in range(6)), up=3, rate=3.2e6),
    ),
    DeviceSpec(
        name="fw-1",
        kind="firewall",
        sys_name="fw-1",
        sys_descr="Linux fw-1 5.10.0 (simulated firewall)",
        sys_object_id="1.3.6.1.4.1.8072.3.2.10",
        community="demo-fw-1",
        uptime_s=188 * _DAY_S + 1234,
        cpu_percent=22,
        memory_percent=58,
        temperature_c=None,
        fans=0,
        power_supplies=0,
        ports=_routed_ports(2, tuple(f"eth{n}" for n in range(8)), up=4, rate=2.4e6),
    ),
)

SERVERS = (
    ServerSpec(
        name="his-db-1",
        sys_name="his-db-1",
        sys_descr="Linux his-db-1 6.1.0 (simulated server)",
        sys_object_id="1.3.6.1.4.1.8072.3.2.10",
        community="demo-his-db-1",
        uptime_s=161 * _DAY_S + 6000,
        cores=8,
        memory_bytes=64 * 1024**3,
        root_bytes=100 * 1024**3,
        data_bytes=2 * 1024**4,
        data_percent=78.2,
        ports=_routed_ports(2, ("eno1", "eno2"), up=2, rate=4.1e6),
    ),
)
