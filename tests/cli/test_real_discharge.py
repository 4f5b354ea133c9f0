"""A discharge test with a real upsd: the service is killed in the middle, and the test goes on by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.duty.desk import Desk
from dutyroom.duty.discharge_tests import one
from dutyroom.model.discharge_test import StopSign, TestNow, TestPhase
from dutyroom.store import outages
from tests.cli.rooms import RoomFolder
from tests.cli.services import Served
from tests.cli.test_real_outage import MAXAGE_S, ON_MAINS, SITE, falling
from tests.peers import RealUpsd

pytestmark = pytest.mark.peer("upsd", "dummy-ups", "upsc")


@pytest.fixture
def upsd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealUpsd]:
    with RealUpsd(tmp_path_factory.mktemp("nut"), {"hall-a": ON_MAINS}, MAXAGE_S) as running:
        yield running


@pytest.fixture
def desk(room: RoomFolder, upsd: RealUpsd) -> Iterator[Desk]:
    room.write(*SITE, nut=upsd.port)
    room.enrol()
    opened = room.desk()
    yield opened
    opened.store.close()


def standing(desk: Desk) -> TestNow:
    return one(desk, 1, clock.now())


def test_a_discharge_test_by_a_real_upsd_opens_no_outage(
    room: RoomFolder, upsd: RealUpsd, desk: Desk, tmp_path: Path
) -> None:
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
    signed = ("--as", "zhang", "--password-file", room.password_file())
    vouched = ("--confirm", "feeds", "--confirm", "person", "--confirm", "agreed")
    with Served(room.config, tmp_path / "first") as served:
        served.until(lambda: "STATUS=1 of 1 sources answered" in served.told)
        served.until(lambda: room.run("discharge", "check", "hall-a").code == 0)
        begun = room.run("discharge", "start", "hall-a", "--stop-charge", "40", *vouched, *signed)
        assert begun.code == 0, begun.err
        upsd.set("hall-a", **falling(100))
        served.until(lambda: standing(desk).phase is TestPhase.DISCHARGING)
        upsd.set("hall-a", **falling(70))
        served.until(lambda: standing(desk).charge_percent == 70)
    with Served(room.config, tmp_path / "second") as served:
        upsd.set("hall-a", **falling(39))
        served.until(lambda: standing(desk).met == (StopSign.CHARGE,))
        assert "Stop now" in room.run("discharge", "show", "1").out
        upsd.set("hall-a", **(ON_MAINS | {"battery.charge": "39", "ups.status": "OL CHRG"}))
        served.until(lambda: standing(desk).phase is TestPhase.OVER)
    assert room.run("discharge", "sign", "1", *signed).code == 0
    [kept] = room.run("discharge", "list", "--json").document["discharge_tests"]
    assert (kept["state"], kept["stopped_why"]) == ("signed", "charge")
    assert (kept["charge_from_percent"], kept["charge_to_percent"]) == (100.0, 39.0)
    assert kept["load_percent"] == pytest.approx(31.0)
    # upsd asks its driver once a second, and so do we.
    assert 2.0 <= kept["held_s"] <= 60.0
    with desk.store.read() as session:
        assert outages.every(session) == ()
    assert room.run("verify").code == 0
