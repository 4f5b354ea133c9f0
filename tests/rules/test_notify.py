"""Who is told of what, and when the first message, a repeat, a retry and the end are due."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dutyroom.model.devices import Server
from dutyroom.model.events import WATCH, Boot, Event, Heartbeat
from dutyroom.model.finding import Finding, FindingOrigin, FindingState, Severity
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.notification import (
    Attempt,
    AttemptState,
    Cause,
    MessageKind,
    Notification,
    NotifyRules,
    Recipient,
    Topic,
)
from dutyroom.model.outage import Outage, Phase, PhaseChange
from dutyroom.model.reading import Latest
from dutyroom.rules.notify import GIVE_UP, RETRY_S, Due, counts, due, meet
from dutyroom.rules.notify_causes import Seen, blind_since, causes
from tests.desks import NOW, failed, make_site, server_sample, switch_sample, ups_sample

RULES = NotifyRules(settle_s=10, quiet_s=120, blind_after_s=300)
POWER = Cause("on-battery:ups-a", Topic.POWER, Severity.MAJOR, NOW, "on-battery", "ups-a")
FAULT = Cause("fault:core-1", Topic.FAULT, Severity.CRITICAL, NOW, "no-answer", "core-1")
DESK = Recipient("desk", command=("tell",), repeat_s=1800)
HEAD = Recipient("head", command=("tell",), severity=Severity.MAJOR, after_s=600)
ONE = Notification(POWER, NOW, id=7)
SITE = make_site()
BOOT = Boot("b", 5000.0)
SENT, FAILED, KILLED = AttemptState.SENT, AttemptState.FAILED, AttemptState.INTERRUPTED


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def tried(
    at_s: float, state: AttemptState = SENT, message: MessageKind = MessageKind.TOLD, to: str = "desk"
) -> Attempt:
    at = after(at_s)
    ended = None if state is AttemptState.SENDING else at
    return Attempt(7, to, message, "b", 1, at, at, state, ended)


def messages(one: Notification, tries: list[Attempt], at_s: float, *to: Recipient) -> list[tuple[str, str, int]]:
    found = due(RULES, to or (DESK,), one, tries, after(at_s))
    return [(each.recipient.name, each.message.value, each.number) for each in found]


def test_a_cause_is_told_when_it_has_lasted_and_a_blip_never() -> None:
    assert not meet([POWER], [], {POWER.key: 9.9}, RULES, after(9.9))
    assert meet([POWER], [], {POWER.key: 10.0}, RULES, after(10)).new == (POWER,)
    assert not meet([], [], {}, RULES, after(12))


def test_what_stands_is_over_when_it_is_gone_and_the_same_when_it_comes_back_at_once() -> None:
    (over,) = meet([], [ONE], {}, RULES, after(60)).over
    assert (over.over_at, over.times) == (after(60), 1)
    (again,) = meet([POWER], [over], {}, RULES, after(60 + 119)).again
    assert (again.over_at, again.times) == (None, 2)
    changes = meet([POWER], [over], {POWER.key: 99.0}, RULES, after(60 + 120))
    assert (changes.new, changes.again) == ((POWER,), ())


def test_a_gap_is_told_once_although_it_is_over() -> None:
    gap = Cause("gap:1", Topic.WATCH, Severity.CRITICAL, after(-900), "watch-gap", over_at=NOW)
    assert meet([gap], [], {}, RULES, NOW).new == (gap,)
    noticed = Notification(gap, after(5), over_at=NOW, id=7)
    assert not meet([gap], [noticed], {}, RULES, after(60))
    assert messages(noticed, [], 5) == [("desk", "told", 1)]
    assert messages(noticed, [tried(5)], 9000) == []
    later = replace(DESK, after_s=600)
    assert messages(noticed, [], 700, later) == []
    assert counts(noticed, after(60))
    assert not counts(noticed, NOW + GIVE_UP + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("recipient", "cause", "hears"),
    [
        (DESK, POWER, True),
        (DESK, FAULT, True),
        (HEAD, FAULT, False),
        (replace(DESK, topics=(Topic.FAULT,)), POWER, False),
        (DESK, replace(FAULT, severity=Severity.OTHER), False),
    ],
)
def test_a_recipient_is_told_of_its_events_from_its_severity_on(
    recipient: Recipient, cause: Cause, hears: bool
) -> None:
    assert bool(messages(replace(ONE, cause=cause), [], 3600, recipient)) is hears


def test_the_ladder_climbs_until_somebody_acknowledges() -> None:
    assert messages(ONE, [], 0, DESK, HEAD) == [("desk", "told", 1)]
    assert messages(ONE, [tried(0)], 599, DESK, HEAD) == []
    assert messages(ONE, [tried(0)], 600, DESK, HEAD) == [("head", "told", 1)]
    known = replace(ONE, acknowledged_at=after(300), acknowledged_by="zhang")
    assert messages(known, [tried(0)], 600, DESK, HEAD) == []
    assert messages(known, [tried(0)], 9000, DESK, HEAD) == []
    over = replace(ONE, over_at=after(300))
    assert messages(over, [tried(0)], 700, DESK, HEAD) == [("desk", "over", 1)], "the head was never told"


def test_it_is_repeated_until_acknowledged_or_over() -> None:
    told = [tried(0)]
    assert messages(ONE, told, 1799) == []
    assert messages(ONE, told, 1800) == [("desk", "repeat", 1)]
    told.append(tried(1800, message=MessageKind.REPEAT))
    assert messages(ONE, told, 3599) == []
    assert messages(ONE, told, 3600) == [("desk", "repeat", 1)]
    assert messages(ONE, told, 99999, replace(DESK, repeat_s=None)) == []


def test_that_it_is_over_is_told_once_after_the_quiet_time_and_only_to_who_was_told() -> None:
    over = replace(ONE, over_at=after(300))
    assert messages(over, [tried(0)], 419) == []
    assert messages(over, [tried(0)], 420) == [("desk", "over", 1)]
    assert messages(over, [tried(0), tried(420, message=MessageKind.OVER)], 99999) == []
    known = replace(over, acknowledged_at=after(100), acknowledged_by="zhang")
    assert messages(known, [tried(0)], 420) == [("desk", "over", 1)]


def test_a_message_that_does_not_arrive_is_tried_again_ever_more_seldom() -> None:
    tries: list[Attempt] = []
    at = 0.0
    for number, pause in enumerate((*RETRY_S, RETRY_S[-1], RETRY_S[-1]), start=1):
        assert messages(ONE, tries, at) == [("desk", "told", number)]
        tries.append(tried(at, FAILED))
        assert messages(ONE, tries, at + pause - 1) == []
        at += pause
    assert messages(ONE, tries, GIVE_UP.total_seconds() + 1) == []


def test_when_the_network_is_there_again_what_failed_is_tried_at_once() -> None:
    tries = [tried(0, FAILED), tried(10, FAILED), tried(40, FAILED), tried(100, FAILED), tried(220, FAILED)]
    assert due(RULES, [DESK], ONE, tries, after(230), {"desk": after(90)}) == ()
    assert due(RULES, [DESK], ONE, tries, after(230), {"desk": after(225)}) == (Due(ONE, DESK, MessageKind.TOLD, 6),)


def test_what_was_interrupted_is_tried_again_and_what_is_on_its_way_is_not() -> None:
    assert messages(ONE, [tried(0, AttemptState.SENDING)], 9000) == []
    assert messages(ONE, [tried(0, KILLED)], 9) == []
    assert messages(ONE, [tried(0, KILLED)], 10) == [("desk", "told", 2)]


def test_what_was_over_before_the_network_came_back_is_told_all_the_same() -> None:
    over = replace(ONE, over_at=after(300))
    assert messages(over, [tried(0, FAILED)], 600) == [("desk", "told", 2)]
    assert messages(over, [tried(0, FAILED), tried(600)], 720) == [("desk", "over", 1)]
    never_tried = messages(over, [], 600, HEAD)
    assert never_tried == [], "it was over before this step of the ladder"


def test_a_clock_that_was_set_back_holds_no_message_up() -> None:
    assert messages(ONE, [tried(9000, FAILED)], 100) == [("desk", "told", 2)]


def event(source: str, code: str, at_s: float = 0.0, **params: str) -> Event:
    return Event(after(at_s), source, code, tuple(params.items()))


def keys(seen: Seen, at_s: float = 60.0) -> list[str]:
    return [cause.key for cause in causes(replace(SITE, notify=RULES), seen, after(at_s), BOOT)]


def beating(at_s: float = 60.0, started_s: float = -9000.0) -> Heartbeat:
    return Heartbeat("h", 1, after(started_s), after(at_s), "f")


def outage(*phases: Phase, ups: str = "ups-a") -> Seen:
    changes = [PhaseChange(1, after(at), phase) for at, phase in enumerate((Phase.ON_BATTERY, *phases))]
    return Seen(outages=[Outage(ups, 1, NOW, id=1)], phases={1: changes})


def test_an_outage_is_one_cause_and_what_it_comes_to_are_others() -> None:
    low, lost, found, restored, again = Phase.LOW, Phase.LOST, Phase.FOUND, Phase.RESTORED, Phase.ON_BATTERY
    assert keys(outage()) == ["on-battery:ups-a"]
    assert keys(outage(low)) == ["on-battery:ups-a", "battery-low:ups-a"]
    assert keys(outage(low, lost)) == ["on-battery:ups-a", "battery-low:ups-a", "lost-on-battery:ups-a"]
    assert keys(outage(lost, found)) == ["on-battery:ups-a"]
    assert keys(outage(Phase.SHUTDOWN)) == ["on-battery:ups-a", "forced-shutdown:ups-a"]
    assert keys(outage(low, restored)) == []
    assert keys(outage(low, restored, again)) == ["on-battery:ups-a"]
    assert keys(outage(ups="sold")) == []


def test_a_ups_on_battery_without_an_outage_is_a_blip_or_a_test_and_is_not_told() -> None:
    verdict = {"ups-a": event("ups-a", "verdict-changed", now="fault", reason="on-battery")}
    assert keys(Seen(verdict=verdict)) == []


def test_a_fault_is_told_and_what_planned_maintenance_expects_is_not() -> None:
    verdict = {"core-1": event("core-1", "verdict-changed", now="fault", reason="no-answer")}
    both = replace(outage(), verdict=verdict)
    assert keys(both) == ["on-battery:ups-a", "fault:core-1"]
    well = {"core-1": event("core-1", "verdict-changed", now="attention", reason="port-down")}
    gone = {"sold": event("sold", "verdict-changed", now="fault", reason="no-answer")}
    assert keys(Seen(verdict=well)) == keys(Seen(verdict=gone)) == []
    window = MaintenanceWindow(NOW, after(3600), ("core-1", "ups-a"), "work", NOW, "li", id=1)
    assert keys(replace(both, windows=[window])) == []
    assert keys(replace(both, windows=[window]), 3601) == ["on-battery:ups-a", "fault:core-1"]


def test_findings_that_wait_are_told_and_the_watch_does_not_tell_a_device_twice() -> None:
    one = Finding(FindingOrigin.WATCH, "k", Severity.CRITICAL, NOW, None, after(86400), device="core-1", id=3)
    assert keys(Seen(findings=[one])) == ["finding:3"]
    verdict = {"core-1": event("core-1", "verdict-changed", now="fault", reason="no-answer")}
    assert keys(Seen(verdict=verdict, findings=[one])) == ["fault:core-1"]
    assert keys(Seen(verdict=verdict, findings=[replace(one, origin=FindingOrigin.PERSON)])) == [
        "fault:core-1",
        "finding:3",
    ]
    for changed in (
        replace(one, severity=Severity.OTHER),
        replace(one, state=FindingState.DONE),
        replace(one, state=FindingState.VERIFIED),
        replace(one, silenced_by=1),
        replace(one, known_until=after(9000)),
        replace(one, gone_at=after(1)),
    ):
        assert keys(Seen(findings=[changed])) == []


def test_a_gap_counts_when_it_was_long_and_is_news() -> None:
    long, short = event(WATCH, "watch-gap", by="301"), event(WATCH, "watch-gap", by="299")
    assert [key.partition(":")[0] for key in keys(Seen(gap=long))] == ["gap"]
    assert keys(Seen(gap=short)) == keys(Seen(gap=long), 3700) == []


def test_a_watch_without_a_sign_of_life_is_told() -> None:
    assert keys(Seen(heartbeat=beating(0)), 299) == []
    assert keys(Seen(heartbeat=beating(0)), 300) == ["watch-silent"]
    assert keys(Seen(heartbeat=None), 9000) == []


def test_a_watch_is_blind_when_no_device_answers_and_this_machine_says_nothing_about_it() -> None:
    samples = [failed(ups_sample()), failed(ups_sample("ups-b")), failed(switch_sample())]
    latest = {one.source: Latest(one, good=ups_sample(at=after(-50))) for one in samples}
    latest["duty-pc"] = Latest(server_sample(after(9000)))
    assert blind_since(SITE, latest, beating()) == after(-50)
    assert keys(Seen(latest=latest, heartbeat=beating(249)), 249) == []
    assert keys(Seen(latest=latest, heartbeat=beating(251)), 251) == ["watch-blind"]
    assert blind_since(SITE, latest, beating(started_s=40)) == after(40), "it has only just begun"
    latest["core-1"] = Latest(switch_sample())
    assert blind_since(SITE, latest, beating()) is None
    alone = replace(SITE, ups=(), network=(), servers=(Server("duty-pc", "Duty PC", "local"),))
    assert blind_since(alone, {}, beating()) is None
