"""The watch asks every source in its own rhythm, records what it finds, and is one at a time."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.duty.desk import Desk
from dutyroom.duty.finding_lists import listed
from dutyroom.duty.records import read_room
from dutyroom.duty.refresh import request_poll
from dutyroom.model.reading import Kind, Latest, Sample, State, Verdict
from dutyroom.model.runtime import Discharge, DischargeEnd, DischargePoint
from dutyroom.model.site import PollIntervals
from dutyroom.rules.severity import judge
from dutyroom.sources.base import Source
from dutyroom.store.verify import verify
from dutyroom.watch.lock import WatchLock
from dutyroom.watch.loop import Watch
from dutyroom.watch.poller import Poller
from tests.desks import NOW, failed, make_site, opened_desk, server_sample, switch_sample, ups_sample

FAST = PollIntervals(ups_s=0.05, ups_on_battery_s=0.02, network_s=0.05, server_s=0.05)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        yield replace(opened, site=replace(opened.site, poll=FAST))


class Answering(Source):
    """A source that answers what it is told, now, and counts."""

    def __init__(self, sample: Sample, *, delay_s: float = 0.0, raises: Exception | None = None) -> None:
        self.name, self.kind = sample.source, sample.kind
        self.answer, self.delay_s, self.raises = sample, delay_s, raises
        self.asked, self.asking, self.most_at_once, self.closed = 0, 0, 0, False

    async def sample(self, now: datetime) -> Sample:
        self.asked += 1
        self.asking += 1
        self.most_at_once = max(self.most_at_once, self.asking)
        try:
            await asyncio.sleep(self.delay_s)
            if self.raises is not None:
                raise self.raises
            return replace(self.answer, at=clock.now())
        finally:
            self.asking -= 1

    async def aclose(self) -> None:
        self.closed = True


def wait_until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.02)


def sources() -> dict[str, Answering]:
    made = [ups_sample("ups-a"), ups_sample("ups-b"), switch_sample(), server_sample()]
    return {sample.source: Answering(sample) for sample in made}


def run(desk: Desk, asked: dict[str, Answering]) -> Watch:
    watch = Watch(desk.site, desk.store, lambda: list(asked.values()))
    watch.start()
    return watch


def test_every_source_is_asked_again_and_again_and_what_it_says_is_stored(desk: Desk) -> None:
    asked = sources()
    watch = run(desk, asked)
    try:
        wait_until(lambda: all(source.asked >= 5 for source in asked.values()))
    finally:
        watch.stop()
    records = read_room(desk, clock.now())
    assert set(records.latest) == set(asked)
    assert records.latest["ups-a"].sample.ups == asked["ups-a"].answer.ups
    assert all(source.closed for source in asked.values())


def test_a_hanging_source_delays_no_other_and_is_never_asked_twice_at_once(desk: Desk) -> None:
    asked = sources()
    asked["core-1"].delay_s = 60.0
    watch = run(desk, asked)
    try:
        wait_until(lambda: asked["ups-a"].asked >= 20)
        assert asked["core-1"].asked == 1
    finally:
        watch.stop()
    assert max(source.most_at_once for source in asked.values()) == 1


def test_a_defect_in_a_source_is_a_failed_sample_and_the_watch_goes_on(desk: Desk) -> None:
    asked = sources()
    asked["duty-pc"].raises = ZeroDivisionError("a defect")
    watch = run(desk, asked)
    try:
        wait_until(lambda: asked["duty-pc"].asked >= 3 and asked["ups-a"].asked >= 3)
    finally:
        watch.stop()
    sample = read_room(desk, clock.now()).latest["duty-pc"].sample
    assert (sample.state, sample.server) == (State.PROTOCOL, None)
    assert "a defect" in sample.detail


def test_a_failure_keeps_the_last_good_values_beside_it(desk: Desk) -> None:
    asked = sources()
    watch = run(desk, asked)
    try:
        wait_until(lambda: asked["ups-a"].asked >= 2)
        asked["ups-a"].answer = failed(ups_sample("ups-a"))
        count = asked["ups-a"].asked
        wait_until(lambda: asked["ups-a"].asked >= count + 3)
    finally:
        watch.stop()
    latest = read_room(desk, clock.now()).latest["ups-a"]
    assert (latest.sample.state, latest.sample.ups) == (State.TIMEOUT, None)
    assert latest.good is not None
    assert latest.good.ups == ups_sample("ups-a").ups


def test_every_change_of_state_is_one_event_with_its_time(desk: Desk) -> None:
    asked = sources()
    watch = run(desk, asked)
    try:
        wait_until(lambda: asked["core-1"].asked >= 2)
        asked["core-1"].answer = switch_sample(down=(2,))
        count = asked["core-1"].asked
        wait_until(lambda: asked["core-1"].asked >= count + 3)
    finally:
        watch.stop()
    found = [event for event in read_room(desk, clock.now()).events if event.code == "port-down"]
    assert [(event.source, event.param("port")) for event in found] == [("core-1", "Gi0/0/2")]


def test_a_port_that_was_up_once_is_watched_after_the_watcher_was_replaced(desk: Desk) -> None:
    asked = sources()
    for down in ((), (3,)):
        asked["core-1"] = Answering(switch_sample(down=down))
        watch = run(desk, asked)
        try:
            wait_until(lambda: asked["core-1"].asked >= 2)
        finally:
            watch.stop()
    latest = read_room(desk, clock.now()).latest["core-1"]
    assert "Gi0/0/3" in latest.ever_up


def test_a_poll_request_wakes_a_source_before_its_time(desk: Desk) -> None:
    slow = replace(desk, site=replace(desk.site, poll=PollIntervals(600, 600, 600, 600)))
    asked = sources()
    watch = run(slow, asked)
    try:
        wait_until(lambda: all(source.asked == 1 for source in asked.values()))
        request_poll(slow, clock.now() + timedelta(seconds=1))
        wait_until(lambda: all(source.asked == 2 for source in asked.values()))
    finally:
        watch.stop()


def test_the_second_watch_waits_and_takes_over_when_the_first_ends(desk: Desk) -> None:
    first, second = run(desk, sources()), run(desk, sources())
    try:
        wait_until(lambda: first.holds_lock or second.holds_lock)
        holder, waiter = (first, second) if first.holds_lock else (second, first)
        assert not waiter.holds_lock
        holder.stop()
        wait_until(lambda: waiter.holds_lock)
    finally:
        first.stop()
        second.stop()


def _hold(path: str, held: multiprocessing.synchronize.Event) -> None:
    WatchLock(Path(path)).acquire()
    held.set()
    signal.pause()


def test_a_killed_watchers_lock_is_free_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    held = context.Event()
    child = context.Process(target=_hold, args=(str(tmp_path / "x.db"), held))
    child.start()
    assert held.wait(20)
    lock = WatchLock(tmp_path / "x.db")
    assert not lock.acquire()
    os.kill(child.pid or 0, signal.SIGKILL)
    child.join()
    assert lock.acquire()
    lock.release()


def test_no_thread_is_left_behind(desk: Desk) -> None:
    before = set(threading.enumerate())
    watch = run(desk, sources())
    wait_until(lambda: watch.holds_lock)
    watch.stop()
    assert {thread for thread in threading.enumerate() if thread.name in ("watch", "recorder")} <= before


def test_a_source_never_asked_is_unknown_and_not_ok() -> None:
    site = make_site()
    judged = judge(site.ups[0], None, 5.0, NOW)
    assert (judged.state, judged.verdict) == (State.NEVER, Verdict.UNKNOWN)


def test_the_silence_of_the_watcher_makes_a_good_sample_stale() -> None:
    site = make_site()
    latest = Latest(ups_sample(), ups_sample())
    judged = judge(site.ups[0], latest, 5.0, NOW + timedelta(minutes=2))
    assert (judged.state, judged.verdict, judged.watcher_silent) == (State.STALE, Verdict.UNKNOWN, True)


def test_a_ups_lost_on_battery_is_a_fault_and_not_grey() -> None:
    from dutyroom.model.facts import Line

    site = make_site()
    good = ups_sample(line=Line.BATTERY, status=("OB", "DISCHRG"))
    poller = Poller(Answering(good), site.ups[0], site, None)
    poller.take(good)
    found = poller.take(failed(good, later_s=5))
    assert [event.code for event in found.events] == ["state-changed"]
    assert poller.latest is not None
    judged = judge(site.ups[0], poller.latest, 5.0, good.at + timedelta(seconds=6))
    assert (judged.verdict, judged.reasons[0].code) == (Verdict.FAULT, "lost-on-battery")


def test_the_first_sample_makes_no_event() -> None:
    site = make_site()
    poller = Poller(Answering(ups_sample()), site.ups[0], site, None)
    assert poller.take(ups_sample()).events == ()
    assert poller.source.kind is Kind.UPS


def test_what_is_on_record_of_a_battery_counts_for_what_the_watch_tells_too() -> None:
    site, silent = make_site(), {"runtime_s": None, "runtime_basis": None}
    points = tuple(DischargePoint(600.0 * n, 100.0 - n, 31.0) for n in range(43))
    began = NOW - timedelta(days=1)
    held = Discharge("ups-a", began, began + timedelta(hours=8), DischargeEnd.LOW, outage_id=1, points=points, id=1)
    later = ups_sample(at=NOW + timedelta(seconds=5), **silent)  # type: ignore[arg-type]
    for proven, codes in (((), ["verdict-changed"]), ((held,), [])):
        poller = Poller(Answering(later), site.ups[0], site, None, proven)
        poller.take(ups_sample())
        assert [event.code for event in poller.take(later).events] == codes


def test_the_running_watch_makes_a_finding_of_a_port_that_stays_down(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FIRST_AFTER_S", "LOOK_EVERY_S"):
        monkeypatch.setattr(f"dutyroom.watch.findings.{name}", 0.05)
    monkeypatch.setattr("dutyroom.rules.fault_memory.SETTLE_S", 0.3)
    asked = sources()
    watch = run(desk, asked)
    try:
        wait_until(lambda: asked["core-1"].asked >= 3)
        asked["core-1"].answer = switch_sample(down=(2,))
        wait_until(lambda: bool(listed(desk, clock.now())))
    finally:
        watch.stop()
    (found,) = listed(desk, clock.now())
    assert (found.device, found.code, found.found_by) == ("core-1", "port-down", None)
    with desk.store.read() as session:
        assert verify(session).faults == ()
