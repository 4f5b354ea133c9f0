"""A small real desk for tests: a site by hand, a store in a temporary folder, operators, and samples."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from dutyroom.checklists import shipped, text_of
from dutyroom.duty.answer_findings import link_new
from dutyroom.duty.desk import Desk
from dutyroom.duty.operators import add_operator
from dutyroom.duty.walks import load_walk
from dutyroom.model.devices import NetworkDevice, Secret, Server, SnmpAccess, Ups
from dutyroom.model.facts import DeviceFacts, Interface, Line, RuntimeBasis, ServerFacts, UpsFacts, Volume
from dutyroom.model.people import Actor, Role
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.model.site import Language, LimitProfile, Site
from dutyroom.rules.finding_life import unresolved
from dutyroom.store.database import Store

ZONE = ZoneInfo("Asia/Shanghai")
# Tuesday 24 November 2026, 08:41 in the room.
NOW = datetime(2026, 11, 24, 0, 41, tzinfo=UTC)
PASSWORD = "walk the room 1"
ACTOR = Actor("zhang", Role.TECHNICIAN, "test")
ADMIN = Actor("admin", Role.ADMIN, "test")


def make_site(database: Path | str = "x.db", language: str = "en") -> Site:
    """Two UPSes (one must hold 6 h, one 3 h), a switch and this machine."""
    v2c = SnmpAccess("2c", community=Secret("public"))
    return Site(
        language=Language(language),
        timezone=ZONE,
        name="County Hospital",
        room="HIS room",
        hold_time_s=3 * 3600.0,
        limit_profile=LimitProfile.GB50174,
        zero_report_at=time(15, 0),
        store_url=f"sqlite:///{database}",
        fingerprint="f" * 64,
        ups=(
            Ups("ups-a", "UPS A", 6 * 3600.0, "127.0.0.1", 3493, "ups-a"),
            Ups("ups-b", "UPS B", 3 * 3600.0, "127.0.0.1", 3493, "ups-b"),
        ),
        network=(NetworkDevice("core-1", "Core switch", "127.0.0.1", v2c, watch_ports=("Gi0/0/1", "Gi0/0/2")),),
        servers=(Server("duty-pc", "Duty PC", "local"),),
        live=(
            ("env.temp.cold", ("ups-a", "ambient.temperature")),
            ("env.rh", ("ups-a", "ambient.humidity")),
        ),
    )


def ups_sample(name: str = "ups-a", at: datetime = NOW, **facts: object) -> Sample:
    """A UPS on mains with a full battery and seven hours."""
    known: dict[str, object] = {
        "status": ("OL",),
        "line": Line.MAINS,
        "charge_percent": 100.0,
        "runtime_s": 7 * 3600.0,
        "runtime_basis": RuntimeBasis.REPORTED,
        "load_percent": 31.0,
        "input_voltage_v": 229.0,
        "output_voltage_v": 230.0,
        "battery_voltage_v": 54.1,
        "variables": (("ambient.humidity", "52"), ("ambient.temperature", "23.4"), ("ups.status", "OL")),
    }
    return Sample(name, Kind.UPS, at, State.OK, ups=UpsFacts(**{**known, **facts}))  # type: ignore[arg-type]


def switch_sample(at: datetime = NOW, down: tuple[int, ...] = ()) -> Sample:
    """A switch with four ports, up but for those named."""
    ports = tuple(
        Interface(n, f"Gi0/0/{n}", f"GigabitEthernet0/0/{n}", "", 6, "up", "down" if n in down else "up", 10**9)
        for n in range(1, 5)
    )
    facts = DeviceFacts(sys_name="core-1", sys_descr="a switch", uptime_s=86400.0, interfaces=ports)
    return Sample("core-1", Kind.NETWORK, at, State.OK, device=facts)


def server_sample(at: datetime = NOW, **facts: object) -> Sample:
    """A server with nothing wrong."""
    known: dict[str, object] = {
        "cpu_percent": 12.0,
        "memory_percent": 48.0,
        "load_1m": 0.4,
        "uptime_s": 864000.0,
        "boot_time": at - timedelta(days=10),
        "volumes": (Volume("/", 61.0),),
    }
    return Sample("duty-pc", Kind.SERVER, at, State.OK, server=ServerFacts(**{**known, **facts}))  # type: ignore[arg-type]


def failed(sample: Sample, state: State = State.TIMEOUT, later_s: float = 0.0) -> Sample:
    """The same source not answering."""
    at = sample.at + timedelta(seconds=later_s)
    return replace(sample, at=at, state=state, ups=None, device=None, server=None, check=None, backup=None)


def all_samples(at: datetime = NOW) -> list[Sample]:
    """One good sample of every source of `make_site`."""
    return [ups_sample("ups-a", at), ups_sample("ups-b", at), switch_sample(at), server_sample(at)]


def stand_for_findings(desk: Desk, round_id: int, at: datetime = NOW, actor: Actor = ACTOR) -> None:
    """Every answer of the round that is not normal stands for a finding with its defaults."""
    for entry in unresolved(load_walk(desk, round_id).entries.values()):
        link_new(desk, actor, entry, at)


@contextmanager
def opened_desk(folder: Path, language: str = "en", *, anew: bool = False) -> Iterator[Desk]:
    """A desk over a real store in the folder, with operator `zhang` and admin `admin`.

    All are copies of one store, so to the product they are the same; `anew` makes another.
    """
    database = folder / "dutyroom.db"
    site = make_site(database, language)
    database.write_bytes(_store_with_operators.__wrapped__() if anew else _store_with_operators())
    database.chmod(0o600)
    store = Store.open(site.store_url)
    try:
        yield Desk(store, site, shipped("daily", site.limit_profile), text_of("daily"))
    finally:
        store.close()


@cache
def _store_with_operators() -> bytes:
    """The file of such a store; made once, because making the tables takes most of a test's time."""
    began = NOW - timedelta(days=60)
    with TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/dutyroom.db")
        add_operator(store, None, "admin", "Admin", Role.ADMIN, PASSWORD, began)
        add_operator(store, ADMIN, "zhang", "Zhang Wei", Role.TECHNICIAN, PASSWORD, began)
        store.close()
        return Path(folder, "dutyroom.db").read_bytes()
