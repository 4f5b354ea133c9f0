"""A mains failure played by a real upsd, with the service killed, and then the driver: one outage, still counting."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.duty.desk import Desk
from dutyroom.duty.records import read_room
from dutyroom.outage_board import OutageBoard, Standing, make_outage_board
from dutyroom.store import outages
from tests.cli.rooms import RoomFolder
from tests.cli.services import Served
from tests.peers import RealUpsd

pytestmark = pytest.mark.peer("upsd", "dummy-ups", "upsc")

MAXAGE_S = 3
ON_MAINS = {
    "battery.charge": "100",
    "battery.charge.low": "20",
    "battery.runtime": "1200",
    "battery.runtime.low": "120",
    "input.voltage": "230.4",
    "ups.load": "31",
    "ups.status": "OL",
}
SITE = (
    '[[ups]]\nname = "hall-a"\nserver = "127.0.0.1:{nut}"\nups = "hall-a"\nhold_time = "3h"\n',
    '[poll]\nups = "1s"\nups_on_battery = "1s"\n',
)


def falling(charge: int, status: str = "OB DISCHRG") -> dict[str, str]:
    """On battery with a dead input, so much charge left, and twelve seconds for a percent."""
    told = {"ups.status": status, "input.voltage": "0.0", "battery.charge": str(charge)}
    return told | {"battery.runtime": str(charge * 12)}


@pytest.fixture
def upsd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealUpsd]:
    with RealUpsd(tmp_path_factory.mktemp("nut"), {"hall-a": ON_MAINS}, MAXAGE_S) as running:
        yield running


@pytest.fixture
def desk(room: RoomFolder, upsd: RealUpsd) -> Iterator[Desk]:
    room.write(*SITE, nut=upsd.port)
    opened = room.desk()
    yield opened
    opened.store.close()


def standing(desk: Desk) -> OutageBoard | None:
    now = clock.now()
    return make_outage_board(desk.site, read_room(desk, now), now, clock.boot())


def test_one_outage_whatever_is_killed_meanwhile(room: RoomFolder, upsd: RealUpsd, desk: Desk, tmp_path: Path) -> None:
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
    with Served(room.config, tmp_path / "first") as served:
        served.until(lambda: "STATUS=1 of 1 sources answered" in served.told)
        failed_at = time.time()
        upsd.set("hall-a", **falling(100))
        served.until(lambda: standing(desk) is not None)
        opened_at = time.time()
        upsd.set("hall-a", **falling(91))
        served.until(lambda: _charge(desk) == 91)
    with Served(room.config, tmp_path / "second") as served:
        upsd.set("hall-a", **falling(55))
        served.until(lambda: _charge(desk) == 55)
        upsd.stop_driver("hall-a")
        served.until(lambda: _standing(desk) is Standing.LOST)
        lost = standing(desk)
        assert lost is not None
        time.sleep(1.2)
        later = standing(desk)
        assert later is not None
        assert later.upses[0].left.seconds is not None
        assert lost.upses[0].left.seconds is not None
        assert later.upses[0].left.seconds < lost.upses[0].left.seconds
        upsd.set("hall-a", **falling(19, "OB DISCHRG LB"))
        upsd.start_driver("hall-a")
        served.until(lambda: _standing(desk) is Standing.LOW)
        upsd.set("hall-a", **(ON_MAINS | {"ups.status": "OL CHRG"}))
        served.until(lambda: _standing(desk) is Standing.RESTORED)
    with desk.store.read() as session:
        [outage] = outages.every(session)
        phases = [one.phase.value for one in outages.phases(session, [1])[1]]
    assert phases == ["on battery", "lost contact", "contact again", "low", "restored"]
    # upsd asks its driver once a second, and so do we.
    assert failed_at - 1 <= outage.began_at.timestamp() <= failed_at + 4
    assert opened_at - outage.began_at.timestamp() < 3
    assert (outage.charge_at_start_percent, outage.estimate_at_start_s) == (100.0, 1200.0)
    now_board = standing(desk)
    assert now_board is not None
    assert now_board.upses[0].lowest_charge_percent == 19.0


def _charge(desk: Desk) -> float | None:
    board = standing(desk)
    return board.upses[0].charge_percent if board is not None else None


def _standing(desk: Desk) -> Standing | None:
    board = standing(desk)
    return board.upses[0].standing if board is not None else None
