"""Findings that arise from the watch: one per fault, found again and not twice, silenced and not hidden, no flood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.duty import finding_lists, findings, maintenance
from dutyroom.duty.desk import Desk
from dutyroom.duty.operators import add_operator
from dutyroom.errors import FindingRefused
from dutyroom.model.addresses import AddressFinding, AddressRules, Mismatch
from dutyroom.model.devices import BackupJob, System
from dutyroom.model.events import Boot
from dutyroom.model.facts import BackupFacts, BackupFile, CheckFacts, Line
from dutyroom.model.finding import Finding, FindingOrigin, FindingState, FindingStep, Severity
from dutyroom.model.people import Actor, Role
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.model.site import Credential
from dutyroom.rules.fault_memory import GONE_AFTER_S, SETTLE_S
from dutyroom.store import addresses, readings
from dutyroom.store.verify import verify
from dutyroom.watch.findings import FaultFinder
from tests.desks import ACTOR, ADMIN, NOW, PASSWORD, failed, opened_desk, server_sample, switch_sample, ups_sample

LEAD = Actor("li", Role.LEAD, "test")
DAY = timedelta(days=1)


@dataclass
class Room:
    """A desk whose sources say what the test lets them say, at the moment the test has come to."""

    desk: Desk
    finder: FaultFinder
    at: datetime = NOW
    boot_s: float = 1000.0

    def __post_init__(self) -> None:
        self.says: dict[str, Sample] = {}
        self.say(ups_sample("ups-a"), ups_sample("ups-b"), switch_sample(), server_sample())

    def say(self, *samples: Sample) -> None:
        """From now on these sources answer so."""
        self.says.update({sample.source: sample for sample in samples})

    def wait(self, seconds: float, every_s: float = 10.0) -> None:
        """Time goes by; the sources are asked and the room is looked at all the while."""
        end = self.boot_s + seconds
        while self.boot_s < end:
            step = min(every_s, end - self.boot_s)
            self.boot_s += step
            self.at += timedelta(seconds=step)
            self.look()

    def look(self) -> None:
        """The sources are asked, and one look."""
        with self.desk.store.write() as session:
            answers = [replace(sample, at=self.at, boot=self.boot()) for sample in self.says.values()]
            readings.put_samples(session, answers, {})
        self.finder.look()

    def boot(self) -> Boot:
        return Boot("b", self.boot_s)

    def listed(self, *, every: bool = False) -> tuple[Finding, ...]:
        """Its findings that are not over."""
        return finding_lists.listed(self.desk, self.at, every=every)

    def one(self) -> Finding:
        """The only finding there is."""
        (found,) = self.listed()
        return found

    def steps(self, number: int) -> list[str]:
        """The history of a finding."""
        return [step.step.value for step in finding_lists.history(self.desk, number).steps]


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    with opened_desk(tmp_path) as desk:
        add_operator(desk.store, ADMIN, "li", "Li Na", Role.LEAD, PASSWORD, NOW - DAY)
        made = Room(desk, FaultFinder(desk.site, desk.store))
        monkeypatch.setattr(clock, "now", lambda: made.at)
        monkeypatch.setattr(clock, "boot", made.boot)
        yield made
        with desk.store.read() as session:
            assert verify(session).faults == ()


def with_site(room: Room, **changes: object) -> None:
    """The same room with another site file."""
    room.finder.site = replace(room.finder.site, **changes)  # type: ignore[arg-type]


def test_a_room_that_is_well_has_no_finding(room: Room) -> None:
    room.wait(3600, every_s=60)
    assert room.listed(every=True) == ()


@pytest.mark.parametrize(
    ("sample", "device", "code", "severity"),
    [
        (switch_sample(down=(2,)), "core-1", "port-down", Severity.OTHER),
        (ups_sample("ups-a", status=("OL", "RB")), "ups-a", "ups-fault", Severity.CRITICAL),
        (ups_sample("ups-a", status=("OL", "BYPASS")), "ups-a", "ups-fault", Severity.CRITICAL),
    ],
    ids=["port", "battery", "bypass"],
)
def test_a_fault_becomes_one_finding_after_it_has_lasted_a_minute(
    room: Room, sample: Sample, device: str, code: str, severity: Severity
) -> None:
    room.say(sample)
    room.look()
    began = room.at
    room.wait(SETTLE_S - 10)
    assert room.listed() == ()
    room.wait(3600, every_s=30)
    found = room.one()
    assert (found.origin, found.device, found.code, found.severity) == (FindingOrigin.WATCH, device, code, severity)
    assert (found.found_by, found.found_at, found.times) == (None, began, 1)
    assert room.steps(found.id) == ["found"]


def test_a_device_that_answers_no_more_is_one_finding_and_its_ports_are_not_looked_for(room: Room) -> None:
    room.say(switch_sample(down=(2,)))
    room.wait(SETTLE_S + 20)
    port = room.one()
    with room.desk.store.write() as session:
        readings.put_samples(session, [replace(switch_sample(down=(2,)), at=room.at, boot=room.boot())], {})
    room.say(failed(switch_sample()))
    room.wait(2 * 3600, every_s=30)
    assert [one.code for one in room.listed()] == ["device-down", "port-down"]
    assert room.steps(port.id) == ["found"], "nobody knows whether the port is up"


def test_a_system_and_a_backup_that_are_not_there_are_findings(room: Room) -> None:
    with_site(
        room,
        systems=(System("his", "HIS", "tcp://127.0.0.1:1"),),
        backups=(BackupJob("his-full", "HIS full", "/b/*", 3600.0),),
    )
    refused = CheckFacts("tcp://127.0.0.1:1", answered=False, error="refused")
    old = BackupFile("/b/1", room.at - DAY, 10)
    room.say(
        Sample("his", Kind.SYSTEM, NOW, State.OK, check=refused),
        Sample("his-full", Kind.BACKUP, NOW, State.OK, backup=BackupFacts("/b/*", 1, old)),
    )
    room.look()
    assert [(one.code, one.device) for one in room.listed()] == [("backup-missing", "his-full")]
    room.wait(SETTLE_S + 10)
    assert {(one.code, one.device) for one in room.listed()} == {("backup-missing", "his-full"), ("device-down", "his")}


def test_a_password_nobody_changed_in_time_is_a_finding_from_the_day_after(room: Room) -> None:
    due = date(2026, 11, 24)
    with_site(room, credentials=(Credential("his-db", "HIS database", due - timedelta(days=180), 180 * 86400.0),))
    room.look()
    assert room.listed() == ()
    room.wait(86400, every_s=3600)
    assert (room.one().code, dict(room.one().params)["due"]) == ("password-overdue", "2026-11-24")
    with_site(room, credentials=(Credential("his-db", "HIS database", date(2026, 11, 25), 180 * 86400.0),))
    room.wait(GONE_AFTER_S + 60, every_s=30)
    assert room.one().gone_at is not None


def unregistered(room: Room, *subjects: str) -> None:
    found = [(AddressFinding(Mismatch.IP_UNREGISTERED, ip, room.at, ip=ip), False) for ip in subjects]
    with room.desk.store.write() as session:
        addresses.drop_findings(session, [one.key for one, _told in addresses.findings(session)])
        addresses.put_findings(session, found)
        addresses.end_sweep(session, room.at)


def test_an_address_nobody_registered_is_a_finding_once_the_learning_is_over(room: Room) -> None:
    unregistered(room, "10.0.0.99")
    room.wait(SETTLE_S + 10)
    assert room.listed() == ()
    with_site(room, addresses=AddressRules(learn_s=0.0))
    room.wait(SETTLE_S + 10)
    assert (room.one().code, room.one().item, dict(room.one().params)["ip"]) == (
        *("address-unregistered", "net.unknown", "10.0.0.99"),
    )
    unregistered(room)
    room.wait(GONE_AFTER_S + 60)
    assert room.one().gone_at is not None


def test_many_at_once_are_one_finding(room: Room) -> None:
    with_site(room, addresses=AddressRules(learn_s=0.0))
    unregistered(room, *(f"10.0.1.{n}" for n in range(200)))
    room.wait(600)
    found = room.one()
    assert (found.code, dict(found.params)["n"]) == ("addresses-unregistered", "200")
    unregistered(room, *(f"10.0.1.{n}" for n in range(190, 250)))
    room.wait(600)
    assert room.one().id == found.id, "more of them join the one that stands"
    unregistered(room)
    room.wait(GONE_AFTER_S + 60)
    assert room.one().gone_at is not None


def test_what_comes_back_before_it_is_over_is_the_same_finding(room: Room) -> None:
    room.say(switch_sample(down=(2,)))
    room.wait(SETTLE_S + 10)
    room.say(switch_sample())
    room.wait(GONE_AFTER_S + 30)
    gone = room.one()
    assert gone.gone_at is not None
    assert gone.state is FindingState.OPEN, "somebody still has to say what it was"
    room.say(switch_sample(down=(2,)))
    room.wait(SETTLE_S + 30)
    assert (room.one().id, room.one().times, room.one().gone_at) == (gone.id, 2, None)
    assert room.steps(gone.id) == ["found", "gone", "seen-again"]


@pytest.mark.parametrize("period_s", [20, 70, 200, 1000, 2000])
def test_a_fault_that_comes_and_goes_for_a_day_floods_nothing(room: Room, period_s: int) -> None:
    down = False
    for _n in range(86400 // period_s):
        down = not down
        room.say(switch_sample(down=(2,) if down else ()))
        room.wait(period_s, every_s=min(period_s, 60))
    found = [one for one in room.listed(every=True) if one.code == "port-down"]
    assert len(found) <= 1
    assert sum(len(room.steps(one.id)) for one in found) <= 16


def test_what_is_done_is_verified_by_another_and_the_watch_has_to_see_it_too(room: Room) -> None:
    room.say(switch_sample(down=(2,)))
    room.wait(SETTLE_S + 10)
    number = room.one().id
    findings.done(room.desk, ACTOR, number, "cable changed", room.at)
    with pytest.raises(FindingRefused) as refused:
        findings.verify(room.desk, LEAD, number, room.at)
    assert refused.value.code == "still-there"
    room.say(switch_sample())
    room.wait(90)
    assert findings.verify(room.desk, LEAD, number, room.at).is_over
    assert room.steps(number) == ["found", "done", "gone", "verified"]


def test_what_is_said_to_be_done_and_is_still_seen_goes_back_to_work(room: Room) -> None:
    room.say(switch_sample(down=(2,)))
    room.wait(SETTLE_S + 10)
    number = room.one().id
    findings.done(room.desk, ACTOR, number, "cable changed", room.at)
    room.wait(29 * 60, every_s=30)
    assert room.one().state is FindingState.DONE
    room.wait(120)
    assert (room.one().state, room.steps(number)) == (FindingState.RETURNED, ["found", "done", "reopened"])


def test_what_was_verified_although_it_is_seen_is_not_found_again_while_it_lasts(room: Room) -> None:
    room.say(switch_sample(down=(2,)))
    room.wait(SETTLE_S + 10)
    number = room.one().id
    findings.done(room.desk, ACTOR, number, "port is spare now", room.at)
    findings.verify(room.desk, LEAD, number, room.at, "spare, the site file will follow")
    room.wait(86400, every_s=600)
    assert room.listed() == ()
    room.say(switch_sample())
    room.wait(60)
    room.say(switch_sample(down=(2,)))
    room.wait(SETTLE_S + 10)
    assert room.one().id != number, "a port that came up and went down again is another fault"
    assert dict(finding_lists.history(room.desk, room.one().id).steps[0].params) == {"before": str(number)}


def planned(room: Room, hours: float, devices: Sequence[str] = ("core-1",)) -> int:
    begins = room.at + timedelta(seconds=1)
    window = maintenance.plan(
        room.desk, ACTOR, begins, begins + timedelta(hours=hours), devices, "new firmware", room.at
    )
    room.wait(2)
    return window.id


def test_a_planned_window_silences_and_does_not_hide(room: Room) -> None:
    window = planned(room, 1)
    room.say(switch_sample(down=(2,)))
    room.wait(SETTLE_S + 10)
    found = room.one()
    assert found.silenced_by == window
    with room.desk.store.read() as session:
        counts = finding_lists.findings_now(session, room.at)
    assert (counts.open, counts.silenced, counts.worst) == (0, 1, None)
    room.say(switch_sample())
    room.wait(GONE_AFTER_S + 60)
    assert room.listed() == ()
    (kept,) = room.listed(every=True)
    assert (kept.id, kept.state, room.steps(kept.id)) == (found.id, FindingState.WITHDRAWN, ["found", "withdrawn"])


def test_what_is_still_wrong_after_the_window_is_a_finding_like_any_other(room: Room) -> None:
    planned(room, 1)
    room.say(switch_sample(down=(2,)))
    room.wait(SETTLE_S + 10)
    found = room.one()
    room.wait(3600, every_s=30)
    heard = room.one()
    assert (heard.id, heard.silenced_by, heard.times) == (found.id, None, 2)
    assert heard.deadline > NOW + timedelta(days=7, hours=1)
    room.wait(3600, every_s=60)
    assert room.one() == heard


def test_a_window_silences_only_its_devices_and_only_what_begins_in_it(room: Room) -> None:
    room.say(ups_sample("ups-a", status=("OL", "RB")))
    room.wait(SETTLE_S + 10)
    planned(room, 1, ("core-1", "ups-a"))
    room.say(ups_sample("ups-b", status=("OL", "RB")))
    room.wait(SETTLE_S + 10)
    assert [one.silenced_by for one in room.listed()] == [None, None]


def test_an_outage_is_no_finding_of_the_watch(room: Room) -> None:
    room.say(ups_sample("ups-a", status=("OB", "LB"), line=Line.BATTERY, charge_percent=12.0, runtime_s=300.0))
    room.wait(3600, every_s=30)
    assert room.listed(every=True) == ()


@pytest.mark.parametrize("step_s", [-86400.0 * 400, -3600.0, 3600.0, 86400.0 * 400])
def test_a_clock_that_is_set_finds_nothing_and_lets_nothing_go(room: Room, step_s: float) -> None:
    room.say(switch_sample(down=(2,)))
    room.wait(SETTLE_S + 10)
    found = room.one()
    room.say(switch_sample())
    room.wait(60)
    room.at += timedelta(seconds=step_s)
    room.wait(60)
    assert room.one() == found, "one minute of quiet is one minute, whatever the clock says"
    room.say(ups_sample("ups-a", status=("OL", "RB")))
    room.wait(10)
    room.at -= timedelta(seconds=step_s)
    room.wait(SETTLE_S - 20)
    assert len(room.listed()) == 1
    room.wait(30)
    assert len(room.listed()) == 2


def test_a_person_at_work_is_not_overwritten_by_the_watch(room: Room) -> None:
    room.say(switch_sample(down=(2,)))
    room.wait(SETTLE_S + 10)
    number = room.one().id
    findings.take(room.desk, ACTOR, number, room.at)
    room.say(switch_sample())
    room.wait(GONE_AFTER_S + 60)
    assert (room.one().state, room.one().assignee) == (FindingState.IN_WORK, "zhang")
    assert [step.by for step in finding_lists.history(room.desk, number).steps] == [None, "zhang", None]
    assert room.steps(number)[-1] == FindingStep.GONE.value
