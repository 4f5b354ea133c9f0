"""A room for the screens: a real store with samples made by hand, a watch that does nothing, a frozen clock."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from textual.app import App
from textual.pilot import Pilot

from dutyroom import clock
from dutyroom.checklists import shipped, text_of
from dutyroom.duty.desk import Desk
from dutyroom.duty.operators import add_operator
from dutyroom.duty.signin import SignedIn
from dutyroom.model.backup import Backup, BackupReason
from dutyroom.model.devices import NetworkDevice, Secret, Server, SnmpAccess, Ups
from dutyroom.model.events import Event, Heartbeat
from dutyroom.model.people import Actor, LastSignIn, Operator, Role
from dutyroom.model.reading import Latest, Sample
from dutyroom.model.site import Language, LimitProfile, Site
from dutyroom.rules.sources import interval_of
from dutyroom.store import backups, events, readings
from dutyroom.store.database import Store
from dutyroom.words import _
from screens.app import DutyroomApp
from screens.desk import OpenedRoom
from tests.ui.room_samples import HOSTILE as HOSTILE
from tests.ui.room_samples import NOW as NOW
from tests.ui.room_samples import samples

NAME, PASSWORD = "zhang", "duty-pass-1"
GOLDEN = Path(__file__).parent / "golden"

_ACCESS = SnmpAccess(version="2c", community=Secret("hidden-community"))
_LABELS = {
    "ups-a": ("UPS A main feed", "UPS A 主路"),
    "ups-b": ("UPS B second feed", "UPS B 备路"),
    "core-1": ("Core switch", "核心交换机"),
    "access-1": ("Access switch", "接入交换机"),
    "fw-1": ("Firewall", "边界防火墙"),
    "duty-pc": ("Duty computer", "值班电脑"),
    "pacs-1": ("PACS server", "PACS 影像服务器"),
    "lis-1": ("LIS server", "LIS 检验服务器"),
}


class IdleWatch:
    """A watch that asks nobody."""

    holds_lock = True
    trouble = ""

    def __init__(self) -> None:
        self.latest: dict[str, Latest] = {}

    def beat(self) -> Heartbeat:
        """Alive."""
        return Heartbeat("duty-pc", 4711, NOW - timedelta(hours=5), clock.now(), "f" * 64, clock.boot())

    def stop(self) -> None:
        """Nothing to end."""


@dataclass(slots=True)
class PlayedDemo:
    """Demo controls that remember what they were asked."""

    operator: str = NAME
    password: str = PASSWORD
    asked: tuple[bool, ...] = ()

    def outage(self, on: bool) -> None:
        """Remembers it."""
        self.asked = (*self.asked, on)


@dataclass(slots=True)
class Room:
    """A site with its open store."""

    site: Site
    store: Store
    desk: Desk

    def open(self) -> OpenedRoom:
        """What the composition root would give the application."""
        return OpenedRoom(self.desk, IdleWatch(), self.store.close)

    def put(self, *samples: Sample) -> None:
        """Stores samples as the watch would."""
        with self.store.write() as session:
            intervals = {sample.source: interval_of(self.site, sample.source) for sample in samples}
            readings.put_samples(session, samples, intervals)

    def app(self, demo: PlayedDemo | None = None) -> DutyroomApp:
        """The application over this room."""
        return DutyroomApp(self.open, demo)


def label(name: str, language: str) -> str:
    """What people call a device."""
    return _LABELS[name][language == "zh_CN"]


def make_site(folder: Path, language: str = "en") -> Site:
    """Two UPSes, three network devices, three servers."""
    return Site(
        language=Language(language),
        timezone=ZoneInfo("Asia/Shanghai"),
        name="County Hospital" if language == "en" else "县人民医院",
        room="HIS room" if language == "en" else "HIS 机房",
        hold_time_s=10800.0,
        limit_profile=LimitProfile.GB50174,
        zero_report_at=time(15, 0),
        store_url=f"sqlite:///{folder}/store/duty.db",
        fingerprint="f" * 64,
        ups=(
            Ups("ups-a", label("ups-a", language), 21600.0, "127.0.0.1", 3493, "ups-a", rated_w=8000.0,
                battery_installed=date(2024, 5, 1)),
            Ups("ups-b", label("ups-b", language), 10800.0, "127.0.0.1", 3493, "ups-b"),
        ),
        network=(
            NetworkDevice("core-1", label("core-1", language), "127.0.0.1", _ACCESS,
                          watch_ports=tuple(f"GigabitEthernet0/0/{n}" for n in range(1, 9))),
            NetworkDevice("access-1", label("access-1", language), "127.0.0.1", _ACCESS),
            NetworkDevice("fw-1", label("fw-1", language), "127.0.0.1", _ACCESS, kind="firewall"),
        ),
        servers=(
            Server("duty-pc", label("duty-pc", language), "local"),
            Server("pacs-1", label("pacs-1", language), "snmp", "127.0.0.1"),
            Server("lis-1", label("lis-1", language), "snmp", "127.0.0.1"),
        ),
    )  # fmt: skip


def make_room(folder: Path, language: str = "en", *, site: Site | None = None, filled: bool = True) -> Room:
    """The room with a sample of everything: one UPS short, one silent; a port down; a volume nearly full."""
    site = site or make_site(folder, language)
    path = folder / "store" / "duty.db"
    path.parent.mkdir(mode=0o700)
    path.write_bytes(_store_with_operator("Zhang Wei" if language == "en" else "张伟"))
    path.chmod(0o600)
    store = Store.open(site.store_url)
    desk = Desk(store, site, shipped("daily", site.limit_profile), text_of("daily"))
    room = Room(site, store, desk)
    with store.write() as session:
        events.beat(session, Heartbeat("duty-pc", 4711, NOW - timedelta(hours=5), NOW, site.fingerprint))
        backups.add(session, Backup(NOW - timedelta(hours=6), BackupReason.DAILY, "/backups/b.db", sha256="b" * 64))
    if filled:
        room.put(*samples())
        with store.write() as session:
            happened = Event(NOW - timedelta(hours=5, minutes=29), "core-1", "port-down",
                             (("port", "GigabitEthernet0/0/7"),))  # fmt: skip
            events.add(session, [happened, Event(NOW - timedelta(minutes=4), "fw-1", "state-changed",
                                                 (("was", "ok"), ("now", "timeout")))])  # fmt: skip
    return room


@cache
def _store_with_operator(label: str) -> bytes:
    """The file of a new store with one operator; made once, because making the tables takes most of a test's time."""
    with TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/duty.db")
        add_operator(store, None, NAME, label, Role.ADMIN, PASSWORD, NOW)
        store.close()
        return Path(folder, "duty.db").read_bytes()


def hostile_site(folder: Path) -> Site:
    """A site whose labels are markup and escape sequences."""
    site = make_site(folder)
    return replace(
        site,
        ups=tuple(replace(ups, label=HOSTILE) for ups in site.ups),
        network=tuple(replace(device, label=HOSTILE) for device in site.network),
        servers=tuple(replace(server, label=HOSTILE) for server in site.servers),
    )


@asynccontextmanager
async def running(app: DutyroomApp, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
    """The application in a terminal of that size, with the room open and on the screen."""
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        # The board is read before its header is drawn anew.
        await until(pilot, lambda: app.board is not None and _("opening the records …") not in screen_text(app))
        await pilot.pause()
        yield pilot


def sit_down(app: DutyroomApp, actor: Actor) -> None:
    """Somebody is signed in, without the dialog."""
    assert isinstance(actor.role, Role)
    operator = Operator(actor.name, actor.name, actor.role, NOW)
    app.session.begin(SignedIn(operator, actor, LastSignIn(), None))


async def until(pilot: Pilot[None], is_so: Callable[[], bool]) -> None:
    """Waits for a condition; a test whose condition never comes is ended by the deadline and fails."""
    end = clock.monotonic() + 20
    while not is_so():
        if clock.monotonic() > end:
            raise AssertionError("the condition did not come")
        await asyncio.sleep(0.01)
        await pilot.pause()


async def resized(pilot: Pilot[None], columns: int, rows: int) -> None:
    """Makes the terminal another size and waits until the screen is drawn in it."""
    await pilot.resize_terminal(columns, rows)
    app = pilot.app

    def is_drawn() -> bool:
        strips = app.screen._compositor.render_strips()
        return len(strips) == rows and all(strip.cell_length == columns for strip in strips)

    await until(pilot, is_drawn)
    await pilot.pause()


def screen_text(app: App[None]) -> str:
    """What stands in the terminal, as text without trailing blanks."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


def assert_fits(app: App[None]) -> None:
    """Every row has exactly the terminal's width in cells, so nothing hangs over and nothing is pushed aside."""
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        row = "".join(segment.text for segment in strip)
        assert cell_len(row) == app.size.width, f"row {y}: {row!r}"


def assert_golden(app: App[None], name: str) -> None:
    """The screen is the one kept in `golden/`; DUTYROOM_UPDATE_GOLDEN=1 keeps it as it is now."""
    assert_fits(app)
    path, shown = GOLDEN / f"{name}.txt", screen_text(app) + "\n"
    if os.environ.get("DUTYROOM_UPDATE_GOLDEN") == "1":
        path.write_text(shown, "utf-8")
    assert path.is_file(), f"{path.name} is missing: look at the screen, then keep it with DUTYROOM_UPDATE_GOLDEN=1"
    assert shown == path.read_text("utf-8")
