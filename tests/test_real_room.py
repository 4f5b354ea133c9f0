"""`dutyroom status --fresh --json` on a room of real programs, value by value beside the reference clients.

A real upsd with dummy-ups drivers and a real snmpd, the latter configured by SNMPv2c, by SNMPv3 and as a server, stand
in one site file; upsc, snmpget and snmpbulkwalk say what is true.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.peers import RealUpsd, free_port
from tests.snmp_peers import AUTH_PASSWORD, COMMUNITY, PRIV_PASSWORD, USER, Snmpd, free_udp_port, running_snmpd

pytestmark = pytest.mark.peer("upsd", "dummy-ups", "upsc", "snmpd", "snmpget", "snmpbulkwalk")

ROOT = Path(__file__).resolve().parents[1]
DUMPS = {
    "hall-a": {
        "battery.charge": "100",
        "battery.charge.low": "20",
        "battery.runtime": "25320",
        "battery.voltage": "217.4",
        "input.voltage": "231.6",
        "output.voltage": "230.1",
        "ups.load": "23.5",
        "ups.mfr": "Example",
        "ups.model": 'Hall "8000" C:\\UPS',
        "ups.status": "OL CHRG",
        "ups.temperature": "31.2",
    },
    "rack-b": {
        "battery.charge": "41",
        "battery.runtime": "1260",
        "battery.voltage": "48.9",
        "input.voltage": "0.0",
        "output.voltage": "229.7",
        "ups.alarm": "Replace battery! No mains",
        "ups.load": "088",
        "ups.model": "Rack 3000",
        "ups.status": "OB DISCHRG LB RB",
    },
    "spare-c": {"battery.charge": "77", "battery.runtime": "3600", "ups.load": "4", "ups.status": "OL"},
}
# The names of the document beside NUT's own (docs/nut-names.txt).
NUT_NUMBERS = {
    "charge_percent": "battery.charge",
    "runtime_s": "battery.runtime",
    "load_percent": "ups.load",
    "input_voltage_v": "input.voltage",
    "output_voltage_v": "output.voltage",
    "battery_voltage_v": "battery.voltage",
    "temperature_c": "ups.temperature",
}
# IF-MIB, RFC 2863.
IF, IFX = "1.3.6.1.2.1.2.2.1.", "1.3.6.1.2.1.31.1.1.1."
ADMIN = {"1": "up", "2": "down", "3": "testing"}
OPER = ADMIN | {"4": "unknown", "5": "dormant", "6": "notPresent", "7": "lowerLayerDown"}
COUNTERS = {
    "in_octets": IFX + "6",
    "out_octets": IFX + "10",
    "in_errors": IF + "14",
    "out_errors": IF + "20",
    "in_discards": IF + "13",
    "out_discards": IF + "19",
}
SPEED_MAX = 2**32 - 1
UPS = '[[ups]]\nname = "{name}"\nserver = "127.0.0.1:{port}"\nups = "{name}"\n'
V2C = '{{ version = "2c", community_file = "{community}" }}'
V3 = (
    '{{ version = "3", user = "{user}", auth = "SHA-256", auth_password_file = "auth", '
    'priv = "AES-128", priv_password_file = "priv" }}'
)
NETWORK = '[[network]]\nname = "{name}"\naddress = "127.0.0.1"\nport = {port}\nsnmp = {snmp}\n'
SNMP_SERVER = (
    '[[server]]\nname = "snmp-host"\nsource = "snmp"\naddress = "127.0.0.1"\nport = {port}\n'
    'snmp = {{ version = "2c", community_file = "community" }}\n'
)
LOCAL = '[[server]]\nname = "duty-pc"\nsource = "local"\n'


@dataclass(frozen=True, slots=True)
class Outcome:
    """How `status --fresh --json` ended."""

    code: int
    text: str

    @property
    def document(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.text)

    def source(self, name: str) -> Any:
        """One source of the document."""
        return next(one for one in self.document["sources"] if one["name"] == name)


@dataclass(frozen=True, slots=True)
class RealRoom:
    """A folder with secrets and site files, the peers, and a home that nothing may be written to."""

    folder: Path
    upsd: RealUpsd
    snmpd: Snmpd

    def ups(self, name: str) -> str:
        """A UPS of the real upsd."""
        return UPS.format(name=name, port=self.upsd.port)

    def network(self, name: str, access: str = V2C, community: str = "community", port: int = 0) -> str:
        """The real snmpd as a network device."""
        snmp = access.format(community=community, user=USER)
        return NETWORK.format(name=name, port=port or self.snmpd.port, snmp=snmp)

    def everything(self) -> str:
        """The whole room: two UPSes, one device asked in two ways, two servers."""
        switches = self.network("sw-v2c"), self.network("sw-v3", V3)
        servers = SNMP_SERVER.format(port=self.snmpd.port), LOCAL
        return "".join((self.ups("hall-a"), self.ups("rack-b"), *switches, *servers))

    def status(self, devices: str) -> Outcome:
        """Asks a room of these devices, as a program of its own."""
        head = f'language = "en"\ntimezone = "Asia/Shanghai"\n[site]\nname = "县人民医院"\nhold_time = "3h"\n{devices}'
        (self.folder / "site.toml").write_text(
            f'{head}[store]\nurl = "sqlite:///{self.folder}/store/duty.db"\n', encoding="utf-8"
        )
        before = self.files()
        done = subprocess.run(
            [sys.executable, "-m", "dutyroom", "status", "--fresh", "--json", "--config", "site.toml"],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.stderr == ""
        assert self.files() == before, "asking afresh must store nothing"
        assert not any(secret in done.stdout for secret in (COMMUNITY, AUTH_PASSWORD, PRIV_PASSWORD))
        return Outcome(done.returncode, done.stdout)

    def files(self) -> set[Path]:
        """Every file of the room's folder and of the home, outside the peers' own."""
        home = Path(os.environ["HOME"])
        return {path for place in (self.folder, home) for path in place.rglob("*")}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealRoom]:
    folder = tmp_path_factory.mktemp("room")
    for name, secret in (
        ("community", COMMUNITY),
        ("wrong", "not-the-community"),
        ("auth", AUTH_PASSWORD),
        ("priv", PRIV_PASSWORD),
    ):
        (folder / name).write_text(secret + "\n")
        (folder / name).chmod(0o600)
    with (
        RealUpsd(tmp_path_factory.mktemp("nut"), DUMPS, maxage_s=10) as upsd,
        running_snmpd(tmp_path_factory.mktemp("snmpd") / "agent") as snmpd,
    ):
        yield RealRoom(folder, upsd, snmpd)


def columns(snmpd: Snmpd, names: dict[str, str]) -> dict[str, dict[int, int]]:
    """Numeric columns as snmpbulkwalk reads them, by their name here and the row's index."""
    return {name: {index: int(value) for index, value in snmpd.walk(oid).items()} for name, oid in names.items()}


def shape(value: Any) -> Any:
    """The keys of a document at every depth, without what is in its lists."""
    return {key: shape(inner) for key, inner in value.items()} if isinstance(value, dict) else None


def test_every_value_of_a_real_ups_is_what_upsc_prints(room: RealRoom) -> None:
    ended = room.status(room.everything())
    for name in ("hall-a", "rack-b"):
        told, ups = room.upsd.upsc(name), ended.source(name)["ups"]
        for ours, theirs in NUT_NUMBERS.items():
            assert ups[ours] == (float(told[theirs]) if theirs in told else None), (name, ours)
        assert ups["status"] == told["ups.status"].split()
        assert ups["model"] == told["ups.model"]
        assert ups["alarm"] == told.get("ups.alarm")
        assert ups["implausible"] == []
        assert ended.source(name)["state"] == "ok"
    hall, rack = ended.source("hall-a"), ended.source("rack-b")
    assert (hall["ups"]["line"], rack["ups"]["line"]) == ("mains", "battery")
    assert (hall["verdict"], hall["ups"]["hold_verdict"], hall["ups"]["hold_time_s"]) == ("ok", "met", 10800)
    assert rack["verdict"] == "fault"
    assert ended.code == 1


def test_every_column_of_a_real_agent_is_what_snmpbulkwalk_prints_over_v2c_and_v3(room: RealRoom) -> None:
    agent = room.snmpd
    before, started = columns(agent, COUNTERS), int(agent.get("1.3.6.1.2.1.1.3.0"))
    ended = room.status(room.everything())
    after, stopped = columns(agent, COUNTERS), int(agent.get("1.3.6.1.2.1.1.3.0"))
    names, types = agent.walk(IFX + "1"), agent.walk(IF + "3")
    admin, oper = agent.walk(IF + "7"), agent.walk(IF + "8")
    speeds = columns(agent, {"low": IF + "5", "high": IFX + "15"})
    for name in ("sw-v2c", "sw-v3"):
        source = ended.source(name)
        device = source["device"]
        assert (source["state"], source["detail"]) == ("ok", "")
        assert device["sys_name"] == agent.get("1.3.6.1.2.1.1.5.0") == "lab-host"
        assert device["sys_descr"] == agent.get("1.3.6.1.2.1.1.1.0")
        assert "." + device["sys_object_id"] == agent.get("1.3.6.1.2.1.1.2.0")
        assert device["vendor"] == "net-snmp"
        assert started <= device["uptime_s"] * 100 <= stopped
        rows = {row["index"]: row for row in device["interfaces"]}
        assert len(rows) == len(device["interfaces"])
        assert {index: str(index) for index in rows} == agent.walk(IF + "1")
        assert {index: row["name"] for index, row in rows.items()} == names
        assert {index: row["alias"] for index, row in rows.items()} == agent.walk(IFX + "18")
        assert {index: str(row["type"]) for index, row in rows.items()} == types
        assert {index: row["admin"] for index, row in rows.items()} == {i: ADMIN[v] for i, v in admin.items()}
        assert {index: row["oper"] for index, row in rows.items()} == {i: OPER[v] for i, v in oper.items()}
        for index, row in rows.items():
            low, high = speeds["low"][index], speeds["high"][index]
            assert row["speed_bps"] == (high * 10**6 if low == SPEED_MAX or (low == 0 and high) else low)
            for counter in COUNTERS:
                assert before[counter][index] <= row[counter] <= after[counter][index], (name, index, counter)


def test_the_counts_of_a_real_agent_are_those_of_its_walk(room: RealRoom) -> None:
    ended = room.status(room.network("sw-v2c") + room.network("sw-v3", V3))
    admin, oper = room.snmpd.walk(IF + "7"), room.snmpd.walk(IF + "8")
    states = [(ADMIN[admin[index]], OPER[oper[index]]) for index in admin]
    up = sum(pair == ("up", "up") for pair in states)
    down = sum(pair in (("up", "down"), ("up", "lowerLayerDown")) for pair in states)
    off = sum(pair[0] == "down" for pair in states)
    counted = {"total": len(states), "up": up, "down": down, "admin_down": off, "other": len(states) - up - down - off}
    assert up > 0
    assert [ended.source(name)["device"]["counts"] for name in ("sw-v2c", "sw-v3")] == [counted, counted]


def test_a_real_server_over_snmp_has_the_disks_and_clock_of_its_tables(room: RealRoom) -> None:
    agent = room.snmpd
    uptime, table = "1.3.6.1.2.1.25.1.1.0", "1.3.6.1.2.1.25.2.3.1."

    def disks() -> dict[str, float]:
        names, used, size = (agent.walk(table + column) for column in ("3", "6", "5"))
        return {names[i]: 100 * int(used[i]) / int(size[i]) for i in names if int(size.get(i, "0")) > 0}

    before, started = disks(), int(agent.get(uptime))
    server = room.status(SNMP_SERVER.format(port=agent.port)).source("snmp-host")["server"]
    after, stopped = disks(), int(agent.get(uptime))
    assert started <= server["uptime_s"] * 100 <= stopped
    volumes = {volume["mount"]: volume["used_percent"] for volume in server["volumes"]}
    assert "/" in volumes
    for mount, percent in volumes.items():
        low, high = sorted((before[mount], after[mount]))
        assert low - 0.051 <= percent <= high + 0.051, mount
    links = {link["name"] for link in server["network"]}
    loopbacks = {name for index, name in agent.walk(IFX + "1").items() if agent.walk(IF + "3")[index] == "24"}
    assert links == set(agent.walk(IFX + "1").values()) - loopbacks


def test_a_healthy_room_ends_with_zero_and_a_room_nobody_answers_in_with_four(room: RealRoom) -> None:
    healthy = room.status(room.ups("hall-a"))
    assert (healthy.code, healthy.document["verdict"]) == (0, "ok")
    gone = UPS.format(name="hall-a", port=free_port()) + room.network("sw-v2c", port=free_udp_port())
    silent = room.status(gone)
    assert silent.code == 4
    assert silent.source("hall-a")["state"] == "unreachable"
    assert {one["state"] for one in silent.document["sources"]} <= {"unreachable", "timeout"}
    assert {one["verdict"] for one in silent.document["sources"]} == {"unknown"}
    some = room.status(room.ups("hall-a") + room.network("sw-v2c", port=free_udp_port()))
    assert (some.code, some.source("hall-a")["verdict"]) == (1, "ok")


def test_a_killed_driver_is_told_in_the_same_document_without_a_value(room: RealRoom) -> None:
    devices = room.ups("hall-a") + room.ups("spare-c")
    before = room.status(devices).source("spare-c")
    assert (before["state"], before["ups"]["charge_percent"]) == ("ok", 77.0)
    room.upsd.stop_driver("spare-c")
    try:
        until = time.monotonic() + 20
        ended = room.status(devices)
        # upsd needs a moment to notice that the driver's socket is gone.
        while ended.source("spare-c")["state"] == "ok" and time.monotonic() < until:
            ended = room.status(devices)
        with pytest.raises(subprocess.CalledProcessError):
            room.upsd.upsc("spare-c")
    finally:
        room.upsd.start_driver("spare-c")
    lost = ended.source("spare-c")
    assert (lost["state"], lost["verdict"], ended.code) == ("no-driver", "unknown", 1)
    assert ended.source("hall-a")["state"] == "ok"
    assert shape(lost) == shape(before)
    values = {name: lost["ups"][name] for name in (*NUT_NUMBERS, "model", "alarm")}
    assert values == dict.fromkeys(values)
    assert (lost["ups"]["status"], lost["ups"]["line"]) == ([], "unknown")


def test_a_wrong_community_is_a_timeout_in_the_same_document_without_a_value(room: RealRoom) -> None:
    right = room.status(room.network("sw-v2c")).source("sw-v2c")
    ended = room.status(room.network("sw-v2c", community="wrong") + room.ups("hall-a"))
    source = ended.source("sw-v2c")
    assert (source["state"], source["verdict"], ended.code) == ("timeout", "unknown", 1)
    assert source["detail"] != ""
    assert source.keys() == right.keys()
    assert source["device"].keys() == right["device"].keys()
    known = {name: value for name, value in source["device"].items() if value not in (None, [], {})}
    assert known == {}
