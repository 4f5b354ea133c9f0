"""This machine as a source."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, NoReturn

import psutil
import pytest

from dutyroom import clock
from dutyroom.model.reading import Kind, State
from dutyroom.sources import host
from dutyroom.sources.host import HostSource

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def part(device: str, mount: str, kind: str) -> Any:
    return SimpleNamespace(device=device, mountpoint=mount, fstype=kind, opts="rw")


async def test_this_machine_tells_its_load_memory_uptime_and_root_disk() -> None:
    source = HostSource("duty-pc")
    now = clock.now()
    sample = await source.sample(now)
    await source.aclose()
    assert (sample.source, sample.kind, sample.state, sample.detail) == ("duty-pc", Kind.SERVER, State.OK, "")
    assert sample.at >= now
    facts = sample.server
    assert facts is not None
    assert facts.cpu_percent is not None
    assert 0 <= facts.cpu_percent <= 100
    assert facts.memory_percent is not None
    assert 0 < facts.memory_percent < 100
    assert facts.load_1m is not None
    assert facts.uptime_s is not None
    assert facts.boot_time is not None
    assert abs((now - facts.boot_time).total_seconds() - facts.uptime_s) < 60
    assert "/" in [volume.mount for volume in facts.volumes]
    assert "lo" not in [link.name for link in facts.network]


async def test_a_quantity_that_cannot_be_read_is_none_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> NoReturn:
        raise OSError("no such counter")

    monkeypatch.setattr(psutil, "virtual_memory", broken)
    monkeypatch.setattr(psutil, "boot_time", broken)
    source = HostSource("duty-pc")
    sample = await source.sample(NOW)
    await source.aclose()
    assert sample.state is State.PARTIAL
    assert sample.detail == "boot time: no such counter; memory: no such counter"
    assert sample.server is not None
    assert sample.server.memory_percent is None
    assert sample.server.uptime_s is None
    assert sample.server.boot_time is None
    assert sample.server.volumes


async def test_only_local_disks_count_once_and_an_unreadable_mount_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    for name in ("data", "data/bind", "share", "locked", "image"):
        (tmp_path / name).mkdir()
    parts = [
        part("/dev/sda1", "/", "ext4"),
        part("/dev/sdb1", f"{tmp_path}/data/bind", "xfs"),
        part("/dev/sdb1", f"{tmp_path}/data", "xfs"),
        part("nas:/share", f"{tmp_path}/share", "nfs4"),
        part("/dev/sdc1", f"{tmp_path}/locked", "ext4"),
        part("/dev/loop0", f"{tmp_path}/image", "squashfs"),
    ]
    asked: list[str] = []

    def usage(mount: str) -> Any:
        asked.append(mount)
        if mount.endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return SimpleNamespace(percent=61.0)

    monkeypatch.setattr(psutil, "disk_partitions", lambda all=False: parts)
    monkeypatch.setattr(psutil, "disk_usage", usage)
    source = HostSource("duty-pc")
    sample = await source.sample(NOW)
    await source.aclose()
    assert sample.state is State.PARTIAL
    assert "locked" in sample.detail
    assert sample.server is not None
    assert [volume.mount for volume in sample.server.volumes] == ["/", f"{tmp_path}/data"]
    assert not any("share" in mount or "image" in mount for mount in asked)


async def test_a_sensor_without_a_probe_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def sensors() -> dict[str, list[Any]]:
        return {
            "coretemp": [SimpleNamespace(label="Package", current=41.0), SimpleNamespace(label="", current=40.0)],
            "nct": [SimpleNamespace(label="AUX", current=-62.0), SimpleNamespace(label="x", current=None)],
        }

    monkeypatch.setattr(psutil, "sensors_temperatures", sensors, raising=False)
    source = HostSource("duty-pc")
    sample = await source.sample(NOW)
    await source.aclose()
    assert sample.server is not None
    assert [(sensor.name, sensor.celsius) for sensor in sample.server.temperatures] == [
        ("coretemp Package", 41.0),
        ("coretemp 2", 40.0),
    ]


async def test_a_reading_that_hangs_is_a_timeout_and_is_not_piled_up(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    calls: list[int] = []

    def hang() -> float:
        calls.append(1)
        release.wait(10)
        return 0.0

    monkeypatch.setattr(psutil, "boot_time", hang)
    monkeypatch.setattr(host, "DEADLINE_S", 0.05)
    source = HostSource("duty-pc")
    for _ in range(3):
        sample = await source.sample(NOW)
        assert (sample.state, sample.server) == (State.TIMEOUT, None)
    assert len(calls) == 1
    release.set()
    monkeypatch.setattr(host, "DEADLINE_S", 10.0)
    assert (await source.sample(NOW)).server is not None
    await source.aclose()
