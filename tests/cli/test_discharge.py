"""`dutyroom discharge`: the checklist, a test from its start to its signature, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dutyroom import clock
from dutyroom.model.events import Heartbeat
from dutyroom.model.facts import Line
from dutyroom.model.reading import Sample
from dutyroom.store import events, readings
from dutyroom.watch.discharge_tests import TestKeeper
from tests.cli.rooms import UPSES, RoomFolder
from tests.desks import ups_sample

CONFIRMED = ("--confirm", "feeds", "--confirm", "person", "--confirm", "agreed")
LISTED = {
    *("id", "ups", "state", "started_at", "started_by", "stop_charge_percent", "stop_after_s", "began_at", "ended_at"),
    *("stopped_why", "held_s", "charge_from_percent", "charge_to_percent", "load_percent", "battery_installed", "note"),
    *("signed_at", "signed_by"),
}


def watched(room: RoomFolder, *samples: Sample) -> None:
    """What the recorder of a watch does with these samples."""
    desk, now = room.desk(), clock.now()
    keeper = TestKeeper(desk.site)
    with desk.store.write() as session:
        readings.put_samples(session, samples, {})
        events.beat(session, Heartbeat("test", 1, now, now, desk.site.fingerprint))
        events.add(session, keeper.take(session, samples))
    desk.store.close()


@pytest.fixture
def ready(room: RoomFolder) -> RoomFolder:
    """A room with two UPSes on mains, a watch and a technician."""
    room.write(UPSES)
    room.enrol()
    watched(room, ups_sample("ups-a", clock.now()), ups_sample("ups-b", clock.now()))
    return room


def signed_as(room: RoomFolder) -> tuple[str, ...]:
    """Who does it."""
    return ("--as", "zhang", "--password-file", room.password_file())


def test_a_test_from_its_start_to_its_signature(ready: RoomFolder) -> None:
    assert "No battery was tested yet." in ready.run("discharge", "list").out
    begun = ready.run(
        "discharge", "start", "ups-a", "--stop-charge", "40", "--stop-after", "2h", *CONFIRMED, *signed_as(ready)
    )
    assert begun.code == 0, begun.err
    assert "dutyroom switches nothing" in begun.out
    assert "at 40 % or after 2 h 00 m" in begun.out
    assert ready.run("discharge", "show", "1", "--json").document["now"]["phase"] == "waiting"
    at, battery = clock.now(), {"status": ("OB", "DISCHRG"), "line": Line.BATTERY}
    watched(
        ready,
        *(
            ups_sample("ups-a", at + timedelta(seconds=10 * n), charge_percent=100.0 - 2 * n, **battery)
            for n in range(31)
        ),
    )
    running = ready.run("discharge", "show", "1")
    assert running.code == 1
    assert "Stop now: switch the UPS back to mains (the stop charge is reached)." in running.out
    watched(ready, ups_sample("ups-a", at + timedelta(seconds=305), charge_percent=41.0))
    signed = ready.run("discharge", "sign", "1", "--note", "一切正常", *signed_as(ready))
    assert signed.code == 0, signed.err
    assert "5 m" in signed.out
    (one,) = ready.run("discharge", "list", "--json").document["discharge_tests"]
    assert set(one) == LISTED
    assert (one["state"], one["held_s"], one["stopped_why"], one["note"]) == ("signed", 300.0, "charge", "一切正常")
    shown = ready.run("discharge", "show", "1", "--json").document
    assert [point["at_s"] for point in shown["readings"]] == [10.0 * n for n in range(31)]
    assert "the stop charge is reached" in ready.run("discharge", "show", "1").out
    again = ready.run("discharge", "sign", "1", *signed_as(ready))
    assert (again.code, "was signed before" in again.err) == (1, True)
    assert ready.run("verify").code == 0


def test_the_checklist_says_what_speaks_against_it(ready: RoomFolder) -> None:
    assert ready.run("discharge", "check", "ups-a").code == 0
    watched(ready, ups_sample("ups-a", clock.now(), charge_percent=80.0))
    ended = ready.run("discharge", "check", "ups-a", "--json")
    assert ended.code == 1
    found = {one["item"]: one for one in ended.document["checklist"]}
    assert found["full"] == {"item": "full", "state": "refused", "why": "", "value": "80 %"}
    assert found["person"]["state"] == "asked"
    refused = ready.run("discharge", "start", "ups-a", "--stop-charge", "40", *CONFIRMED, *signed_as(ready))
    assert refused.code == 1
    assert "The battery is not full: 80 %" in refused.err


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (("start", "ups-a", "--stop-charge", "40"), 1, "person: Somebody stands at the UPS"),
        (("start", "ups-a", "--stop-charge", "40", "--stop-after", "a while"), 2, "a while"),
        (("start", "ups-a", "--stop-charge", "40", "--confirm", "luck"), 2, "choose one of"),
        (("start", "ups-z", "--stop-charge", "40"), 1, "no UPS ups-z"),
        (("sign", "7"), 1, "no discharge test 7"),
        (("abandon", "7", "--reason", "x"), 1, "no discharge test 7"),
    ],
)
def test_what_cannot_be_done_is_said(ready: RoomFolder, given: tuple[str, ...], code: int, said: str) -> None:
    ended = ready.run("discharge", *given, *signed_as(ready))
    assert ended.code == code
    assert said in ended.err


def test_a_test_given_up_says_that_it_proves_nothing(ready: RoomFolder) -> None:
    assert ready.run("discharge", "start", "ups-a", "--stop-charge", "40", *CONFIRMED, *signed_as(ready)).code == 0
    over = ready.run("discharge", "abandon", "1", "--reason", "breaker stuck", *signed_as(ready))
    assert over.code == 0, over.err
    assert "given up, proves nothing" in over.out
    assert "breaker stuck" in ready.run("discharge", "show", "1").out
