"""What checks of systems, lines and backups said, made by hand, and how they stand in a site file."""

from __future__ import annotations

from datetime import datetime, timedelta

from dutyroom.model.facts import BackupFacts, BackupFile, CheckFacts
from dutyroom.model.reading import Kind, Sample, State

CHECKS = """
[[system]]
name = "his"
label = "HIS"
check = "tcp://192.0.2.21:1521"
[[line]]
name = "yibao"
label = "医保专线"
check = "ping://192.0.2.129"
[[backup]]
name = "his-full"
label = "HIS full backup"
path = "/backup/his/*.dmp"
max_age = "26h"
"""


def system_sample(at: datetime, name: str = "his", **facts: object) -> Sample:
    """A system that has answered for a day."""
    known: dict[str, object] = {
        "target": "tcp://192.0.2.21:1521",
        "answered": True,
        "address": "192.0.2.21",
        "latency_ms": 0.42,
        "since": at - timedelta(days=1),
    }
    return Sample(name, Kind.SYSTEM, at, State.OK, check=CheckFacts(**{**known, **facts}))  # type: ignore[arg-type]


def line_sample(at: datetime, name: str = "yibao", **facts: object) -> Sample:
    """A line whose three pings came back."""
    known: dict[str, object] = {
        "target": "ping://192.0.2.129",
        "answered": True,
        "address": "192.0.2.129",
        "latency_ms": 11.3,
        "loss_percent": 0.0,
        "since": at - timedelta(days=3),
    }
    return Sample(name, Kind.LINE, at, State.OK, check=CheckFacts(**{**known, **facts}))  # type: ignore[arg-type]


def backup_sample(
    at: datetime, name: str = "his-full", *, age_h: float = 6.0, size: int = 4_600_000_000, writing: bool = False
) -> Sample:
    """Last night's backup, and those of the week before."""
    made = at - timedelta(hours=age_h)
    recent = tuple((made - timedelta(days=7 - day), 4_500_000_000 + day * 10_000_000) for day in range(7))
    facts = BackupFacts(
        "/backup/his/*.dmp",
        8 + writing,
        BackupFile("/backup/his/his-1124.dmp", made, size),
        BackupFile("/backup/his/his-1125.dmp", at - timedelta(seconds=3), 12_000_000) if writing else None,
        recent,
    )
    return Sample(name, Kind.BACKUP, at, State.OK, backup=facts)
