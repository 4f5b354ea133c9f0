"""What the sources of the test room said, made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dutyroom.model.facts import DeviceFacts, Interface, Link, Neighbour, Part, ServerFacts, Temperature, Volume
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.rules.plausibility import ups_facts

# 08:41:10 in Shanghai.
NOW = datetime(2026, 11, 24, 0, 41, 10, tzinfo=UTC)
HOSTILE = "[@click=app.quit]x[/]\x1b]0;owned\x07[/][link=http://x]y"


def samples() -> list[Sample]:
    """What the sources said, in the order they said it."""
    earlier = NOW - timedelta(hours=6)
    return [
        ups_sample("ups-a", NOW - timedelta(seconds=4), {"battery.runtime": "18720"}),
        ups_sample("ups-b", NOW - timedelta(minutes=4), {"battery.runtime": "13200", "ups.load": "28"}),
        Sample("ups-b", Kind.UPS, NOW - timedelta(seconds=3), State.NO_DRIVER, "ERR DRIVER-NOT-CONNECTED"),
        network_sample("core-1", earlier, switch_ports(28)),
        network_sample("core-1", NOW - timedelta(seconds=9), switch_ports(28, down=(7,))),
        network_sample("access-1", NOW - timedelta(seconds=11), switch_ports(15, copper=24)),
        network_sample("fw-1", NOW - timedelta(minutes=4), switch_ports(4, copper=8, prefix="eth")),
        Sample("fw-1", Kind.NETWORK, NOW - timedelta(seconds=5), State.TIMEOUT, "no answer within 2 s, asked 3 times"),
        server_sample("duty-pc", NOW - timedelta(seconds=2), 61.0),
        server_sample("pacs-1", NOW - timedelta(seconds=6), 91.0),
    ]


def ups_sample(name: str, at: datetime, changed: dict[str, str]) -> Sample:
    """A UPS on mains with a full battery, but for what is changed."""
    variables = {
        "battery.charge": "100",
        "battery.runtime": "18720",
        "battery.voltage": "54.1",
        "device.model": "DP-8000",
        "input.voltage": "229.4",
        "output.voltage": "230.0",
        "ups.load": "31",
        "ups.mfr": "Sample Power",
        "ups.model": "DP-8000",
        "ups.status": "OL CHRG",
        "ups.temperature": "26.5",
        **changed,
    }
    return Sample(name, Kind.UPS, at, State.OK, ups=ups_facts(variables))


def switch_ports(
    up: int, *, copper: int = 48, down: tuple[int, ...] = (), prefix: str = "GigabitEthernet0/0/"
) -> tuple[Interface, ...]:
    """Copper ports of which the first `up` are up but for `down`, the last two shut; one VLAN interface."""
    ports = [
        Interface(
            index=5 + n,
            name=f"{prefix}{n}",
            alias={1: "his-db-1 eno1", 7: "门诊楼 3F 楼层交换机"}.get(n, ""),
            type=6,
            admin="down" if n > copper - 2 else "up",
            oper="up" if n <= up and n not in down else "down",
            speed_bps=10**9 if n % 5 else 10**8,
            in_errors=0 if n != 12 else 17,
            out_errors=0,
            in_discards=None,
            out_discards=36 if n == 1 else None,
        )
        for n in range(1, copper + 1)
    ]
    vlan = Interface(index=90, name="Vlanif10", type=53, admin="up", oper="lowerLayerDown", speed_bps=0)
    return (*ports, vlan)


def network_sample(name: str, at: datetime, ports: tuple[Interface, ...]) -> Sample:
    """A switch of a well-known maker; one of its power supplies is broken."""
    facts = DeviceFacts(
        sys_name=name,
        sys_descr="S5735-L48T4X-A Huawei Versatile Routing Platform Software VRP (R) software, Version 5.170",
        sys_object_id="1.3.6.1.4.1.2011.2.23.276",
        vendor="Huawei",
        uptime_s=52881111.0,
        cpu_percent=11.0,
        memory_percent=41.0,
        temperature_c=38.0,
        fans=(Part("FAN1", "ok"), Part("FAN2", "ok")),
        power_supplies=(Part("PWR1", "ok"), Part("PWR2", "fault")),
        interfaces=ports,
        neighbours=(Neighbour("GigabitEthernet0/0/1", "access-1", "GigabitEthernet0/0/24", "lldp"),),
        cpu_basis="5m",
        origins=(
            ("cpu_percent", "1.3.6.1.4.1.2011.6.3.4.1.4.0.0.0"),
            ("memory_percent", "1.3.6.1.4.1.2011.5.25.31.1.1.1.1.7.67108873"),
            ("temperature_c", "1.3.6.1.4.1.2011.5.25.31.1.1.1.1.11.67108873"),
            ("fans", "1.3.6.1.4.1.2011.5.25.31.1.1.10.1.7"),
            ("power_supplies", "1.3.6.1.4.1.2011.5.25.31.1.1.18.1.6"),
        ),
    )
    return Sample(name, Kind.NETWORK, at, State.OK, device=facts)


def server_sample(name: str, at: datetime, disk_percent: float) -> Sample:
    """A server with two volumes."""
    facts = ServerFacts(
        cpu_percent=12.0,
        memory_percent=48.3,
        load_1m=0.42,
        uptime_s=5270400.0,
        boot_time=NOW - timedelta(days=61),
        temperatures=(Temperature("Package id 0", 41.0),),
        network=(Link("eno1", True, 0), Link("eno2", False, None)),
        volumes=(Volume("/", 38.0), Volume("/data", disk_percent)),
    )
    return Sample(name, Kind.SERVER, at, State.OK, server=facts)


def hostile_samples() -> list[Sample]:
    """Every text a device can give is markup and escape sequences."""
    at = NOW - timedelta(seconds=1)
    port = Interface(6, HOSTILE, HOSTILE, HOSTILE, 6, "up", HOSTILE)
    facts = DeviceFacts(sys_name=HOSTILE, sys_descr=HOSTILE, vendor=HOSTILE, fans=(Part(HOSTILE, HOSTILE),),
                        interfaces=(port,))  # fmt: skip
    server = ServerFacts(cpu_percent=1.0, temperatures=(Temperature(HOSTILE, 1.0),), network=(Link(HOSTILE, True),),
                         volumes=(Volume(HOSTILE, 99.0),))  # fmt: skip
    return [
        ups_sample("ups-a", at, {"ups.alarm": HOSTILE, "ups.model": HOSTILE, "battery.runtime": HOSTILE,
                                 HOSTILE: HOSTILE}),
        Sample("ups-b", Kind.UPS, at, State.PROTOCOL, HOSTILE),
        Sample("core-1", Kind.NETWORK, at, State.OK, device=facts),
        Sample("duty-pc", Kind.SERVER, at, State.OK, server=server),
    ]  # fmt: skip
