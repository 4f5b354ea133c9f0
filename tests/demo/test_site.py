"""The site file of the simulated room is one that dutyroom reads without a warning."""

from __future__ import annotations

import fnmatch
import tomllib
from pathlib import Path

import pytest

from dutyroom.config import check_site
from dutyroom.demo.devices import FLAPPING_PORT, NETWORK, SERVERS
from dutyroom.demo.process import DemoPorts
from dutyroom.demo.room import Room
from dutyroom.demo.site import write_site

AGENTS = [spec.name for spec in NETWORK] + [spec.name for spec in SERVERS]
PORTS = DemoPorts(40001, tuple((name, 40002 + place) for place, name in enumerate(AGENTS)))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_site_file_is_read_without_a_warning(tmp_path: Path, language: str) -> None:
    folder = tmp_path / "a folder" / "机房"
    path = write_site(folder, PORTS, language, "demo.db")
    site, warnings = check_site(path)
    assert warnings == ()
    assert site.language == language
    assert site.store_url == f"sqlite:///{folder / 'demo.db'}"
    assert [(ups.name, ups.hold_time_s, ups.server_port) for ups in site.ups] == [
        ("ups-a", 6 * 3600.0, 40001),
        ("ups-b", 3 * 3600.0, 40001),
    ]
    assert [(device.name, device.port) for device in site.network] == list(PORTS.snmp[:-1])
    assert [(server.name, server.source) for server in site.servers] == [("duty-pc", "local"), ("his-db-1", "snmp")]
    assert (site.poll.ups_s, site.poll.network_s, site.poll.server_s) == (2.0, 10.0, 5.0)
    assert dict(site.live) == {
        "env.temp.cold": ("ups-a", "ambient.temperature"),
        "env.rh": ("ups-a", "ambient.humidity"),
    }
    assert [system.name for system in site.systems] == ["his", "lis", "pacs"]
    assert (len(site.air_conditioners), len(site.lines), len(site.backups)) == (2, 1, 1)
    assert {contact.phone for contact in site.contacts} | {load.phone for load in site.loads} == {"0000-0000"}
    assert site.label_of("ups-a") == ("UPS A 主路" if language == "zh_CN" else "UPS A main feed")


def test_every_source_but_this_machine_is_in_the_room(tmp_path: Path) -> None:
    site, _ = check_site(write_site(tmp_path, PORTS, "en"))
    assert {device.name for device in site.devices()} == {*Room(1).sources, "duty-pc", "insurance", "his-full"}


def test_the_core_switch_is_asked_over_v3_and_its_flapping_port_is_watched(tmp_path: Path) -> None:
    site, _ = check_site(write_site(tmp_path, PORTS, "en"))
    core = site.network[0]
    assert (core.snmp.version, core.snmp.auth, core.snmp.priv) == ("3", "SHA-256", "AES-128")
    assert any(fnmatch.fnmatchcase(FLAPPING_PORT, pattern) for pattern in core.watch_ports)
    for spec, device in zip(NETWORK, site.network, strict=True):
        up = {port.name for port in spec.ports if port.up and port.admin_up}
        assert set(device.watch_ports) <= up


def test_secrets_lie_in_files_nobody_else_can_read_and_not_in_the_site_file(tmp_path: Path) -> None:
    write_site(tmp_path, PORTS, "en")
    path = write_site(tmp_path, PORTS, "en")
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert len([file for file in files if file.suffix in (".community", ".auth", ".priv")]) == 6
    assert "password" not in path.read_text().replace("password_file", "")
    assert "demo-" not in path.read_text()
    assert tomllib.loads(path.read_text())["timezone"] == "Asia/Shanghai"
