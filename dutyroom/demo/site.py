"""The site file of the simulated room.

Names of people are plainly invented and telephones are 0000-0000: nothing in it can be taken for a real hospital's.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from dutyroom import clock
from dutyroom.demo.devices import (
    FLAPPING_PORT,
    NETWORK,
    SERVERS,
    UPSES,
    V3_AUTH_PASSWORD,
    V3_PRIV_PASSWORD,
    V3_USER,
    ZONE,
    DeviceSpec,
)
from dutyroom.demo.process import DemoPorts
from dutyroom.inert import inert

LOOPBACK = "127.0.0.1"

# Each in English and in Chinese.
_LABELS = {
    "hospital": ("Sample County Hospital (demo)", "示例县人民医院（演示）"),
    "room": ("HIS room (simulated)", "HIS 机房（模拟）"),
    "ups-a": ("UPS A main feed", "UPS A 主路"),
    "ups-b": ("UPS B second feed", "UPS B 备路"),
    "core-1": ("Core switch", "核心交换机"),
    "access-1": ("Access switch", "接入交换机"),
    "router-1": ("Outside router", "出口路由器"),
    "fw-1": ("Firewall", "防火墙"),
    "duty-pc": ("Duty computer", "值班电脑"),
    "his-db-1": ("HIS database server", "HIS 数据库服务器"),
    "ac-1": ("Precision air conditioner 1", "精密空调 1"),
    "ac-2": ("Precision air conditioner 2", "精密空调 2"),
    "his": ("HIS", "HIS 系统"),
    "lis": ("LIS", "LIS 系统"),
    "pacs": ("PACS", "PACS 系统"),
    "insurance": ("Insurance line", "医保专线"),
    "his-full": ("HIS full backup", "HIS 全备"),
    "pacs-store": ("PACS storage", "PACS 存储"),
    "test-host": ("Test host", "测试主机"),
    "network": ("Core and access network", "核心与接入网络"),
}
# Of what is on the network some is registered; the rest stands to be learnt.
_REGISTERED = {"10.20.0.21": "his-db-1", "10.20.0.22-10.20.0.25": "HIS servers", "10.20.0.101": "duty-pc"}
# Its ARP table tells which addresses are in use.
_GATEWAY = "core-1"
_HOLD_TIMES = {"ups-a": "6h", "ups-b": "3h"}
_BATTERIES = {"ups-a": "2025-05-06", "ups-b": "2020-03-10"}
_WATCHED = {
    "core-1": (
        *(f"GigabitEthernet0/0/{n}" for n in range(1, 7)),
        FLAPPING_PORT,
        *(f"GigabitEthernet0/0/{n}" for n in range(8, 11)),
        "XGigabitEthernet0/0/1",
        "XGigabitEthernet0/0/2",
    ),
    "access-1": ("GigabitEthernet0/0/1", "XGigabitEthernet0/0/1"),
    "router-1": ("GigabitEthernet0/0/0", "GigabitEthernet0/0/1"),
    "fw-1": ("eth0", "eth1"),
}
# name, feeding UPSes, watts, shedding group, order of restart, owner, how it is shut down
_LOADS = (
    ("test-host", ("ups-b",), 300, 1, 9, ("Duty desk", "值班室"), ("shut down the OS", "关闭操作系统")),
    (
        "pacs-store",
        ("ups-a",),
        650,
        2,
        4,
        ("PACS group", "PACS 组"),
        ("stop archiving, then the OS", "停归档，再关系统"),
    ),
    (
        "his-db-1",
        ("ups-a", "ups-b"),
        450,
        3,
        2,
        ("DBA", "DBA"),
        ("shut down the database, then the OS", "先停库，再关系统"),
    ),
    (
        "network",
        ("ups-a", "ups-b"),
        320,
        4,
        1,
        ("Network group", "网络组"),
        ("goes last: switch off", "最后关闭：断电"),
    ),
)
_CONTACTS = (
    ("commander", ("Example Zhang", "示例张某")),
    ("electrician", ("Example Li", "示例李某")),
    ("his-vendor", ("Example Wang", "示例王某")),
)

# It ran last night: a file written just now would pass for one that is still being written.
BACKUP_AGE_S = 6 * 3600.0
SECOND = "second-place"
"""Stands for another disk."""


def write_site(folder: Path, ports: DemoPorts, language: str, database: str = "dutyroom.db") -> Path:
    """Writes `site.toml` and its secret files (mode 600) into `folder`, over what was there; gives `site.toml`.

    `language` is `en` or `zh_CN`; `database` is the file name of the store in that folder. OSError when the folder
    cannot be written.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    chinese = language == "zh_CN"
    parts = [
        _head(folder, database, chinese),
        *_devices(ports, chinese),
        *_surroundings(ports, chinese),
    ]
    for name, text in _secrets():
        _write(folder / name, text + "\n")
    _write(folder / "site.toml", "\n".join(parts))
    (folder / SECOND).mkdir(exist_ok=True)
    backup = folder / "backup" / "his-full.dmp"
    backup.parent.mkdir(exist_ok=True)
    _write(backup, "This stands for last night's backup of the simulated room.\n")
    made = clock.now().timestamp() - BACKUP_AGE_S
    os.utime(backup, (made, made))
    return folder / "site.toml"


def _head(folder: Path, database: str, chinese: bool) -> str:
    top = {"language": "zh_CN" if chinese else "en", "timezone": ZONE}
    site = {
        "name": _label("hospital", chinese),
        "room": _label("room", chinese),
        "hold_time": "3h",
        "limit_profile": "gb50174",
        "zero_report_at": "15:00",
    }
    return "\n".join(
        (
            "# Written by `dutyroom demo`: a simulated room on loopback. Its ports hold for one run.",
            _pairs(top),
            _table("[site]", site),
            _table("[store]", {"url": f"sqlite:///{folder / database}", "second_folder": SECOND}),
            _table("[poll]", {"ups": "2s", "network": "10s", "server": "5s"}),
        )
    )


def _devices(ports: DemoPorts, chinese: bool) -> Iterable[str]:
    for ups in UPSES:
        keys: dict[str, object] = {
            "name": ups.name,
            "label": _label(ups.name, chinese),
            "server": f"{LOOPBACK}:{ports.nut}",
            "ups": ups.name,
            "hold_time": _HOLD_TIMES[ups.name],
            "rated_w": ups.rated_w,
        }
        # A TOML date stands without quotes.
        yield _table("[[ups]]", keys) + f"battery_installed = {_BATTERIES[ups.name]}\n"
    for device in NETWORK:
        keys = {
            "name": device.name,
            "label": _label(device.name, chinese),
            "address": LOOPBACK,
            "port": ports.of(device.name),
            "kind": device.kind,
            "watch_ports": list(_WATCHED[device.name]),
        }
        if device.name == _GATEWAY:
            keys["arp"] = True
        yield _table("[[network]]", keys) + f"snmp = {_snmp(device)}\n"
    yield _table("[[server]]", {"name": "duty-pc", "label": _label("duty-pc", chinese), "source": "local"})
    for server in SERVERS:
        keys = {
            "name": server.name,
            "label": _label(server.name, chinese),
            "source": "snmp",
            "address": LOOPBACK,
            "port": ports.of(server.name),
        }
        yield _table("[[server]]", keys) + f"snmp = {_v2c(server.name)}\n"


def _surroundings(ports: DemoPorts, chinese: bool) -> Iterable[str]:
    for name, fed_by, watts, group, order, owner, how in _LOADS:
        keys: dict[str, object] = {
            "name": name,
            "label": _label(name, chinese),
            "fed_by": list(fed_by),
            "needs": 1,
            "watts": watts,
            "shed_group": group,
            "restart_order": order,
            "owner": owner[chinese],
            "phone": "0000-0000",
            "how": how[chinese],
        }
        yield _table("[[load]]", keys)
    for section, names in (("[[ac]]", ("ac-1", "ac-2")), ("[[system]]", ("his", "lis", "pacs"))):
        for name in names:
            yield _table(section, {"name": name, "label": _label(name, chinese)})
    # The room has no second end of a line; its NUT server is what really answers there.
    line = {"name": "insurance", "label": _label("insurance", chinese), "check": f"tcp://{LOOPBACK}:{ports.nut}"}
    yield _table("[[line]]", line)
    backup = {"name": "his-full", "label": _label("his-full", chinese), "path": "backup/*.dmp", "max_age": "26h"}
    yield _table("[[backup]]", backup)
    yield _table("[live]", {"env.temp.cold": "ups-a:ambient.temperature", "env.rh": "ups-a:ambient.humidity"})
    for order, (role, person) in enumerate(_CONTACTS, start=1):
        yield _table("[[contact]]", {"role": role, "name": person[chinese], "phone": "0000-0000", "order": order})
    for ip, name in _REGISTERED.items():
        yield _table("[[register]]", {"ip": ip, "name": name})


def _label(name: str, chinese: bool) -> str:
    return _LABELS[name][chinese]


def _snmp(device: DeviceSpec) -> str:
    if device.community is not None:
        return _v2c(device.name)
    access = {
        "version": "3",
        "user": V3_USER,
        "auth": "SHA-256",
        "auth_password_file": f"{device.name}.auth",
        "priv": "AES-128",
        "priv_password_file": f"{device.name}.priv",
    }
    return _inline(access)


def _v2c(name: str) -> str:
    return _inline({"version": "2c", "community_file": f"{name}.community"})


def _secrets() -> Iterable[tuple[str, str]]:
    for spec in (*NETWORK, *SERVERS):
        if spec.community is not None:
            yield f"{spec.name}.community", spec.community
        else:
            yield f"{spec.name}.auth", V3_AUTH_PASSWORD
            yield f"{spec.name}.priv", V3_PRIV_PASSWORD


def _value(value: object) -> str:
    # A JSON text, number or list of texts is also a TOML one, once control characters are gone.
    return json.dumps(inert(value) if isinstance(value, str) else value, ensure_ascii=False)


def _pairs(keys: dict[str, str] | dict[str, object]) -> str:
    return "".join(f"{json.dumps(key) if '.' in key else key} = {_value(value)}\n" for key, value in keys.items())


def _table(head: str, keys: dict[str, str] | dict[str, object]) -> str:
    return f"{head}\n{_pairs(keys)}"


def _inline(keys: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{key} = {_value(value)}" for key, value in keys.items()) + " }"


def _write(path: Path, text: str) -> None:
    """Writes a file that nobody but its owner may read, from the first byte on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
