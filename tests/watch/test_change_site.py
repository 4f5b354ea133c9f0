"""A running watch goes on with another site: what is configured as before keeps its source and what it learnt."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.duty.desk import Desk
from dutyroom.duty.records import read_room
from dutyroom.model.site import PollIntervals, Site
from dutyroom.sources.base import Source
from dutyroom.watch.asking import Change
from dutyroom.watch.loop import Watch
from tests.desks import failed, opened_desk, ups_sample
from tests.watch.test_watch import FAST, Answering, run, sources, wait_until


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        yield replace(opened, site=replace(opened.site, poll=FAST))


class Builds:
    """Makes a new source for every name it is asked for, and remembers them."""

    def __init__(self) -> None:
        self.made: dict[str, Answering] = {}

    def __call__(self, names: Collection[str]) -> list[Source]:
        new = {name: source for name, source in sources().items() if name in names}
        self.made |= new
        return list(new.values())


def moved(site: Site, name: str, address: str) -> Site:
    """The site with another address for one network device."""
    network = tuple(replace(one, address=address) if one.name == name else one for one in site.network)
    return replace(site, network=network, fingerprint="another")


def watched(desk: Desk) -> tuple[Watch, dict[str, Answering]]:
    """A running watch that has asked everything twice."""
    asked = sources()
    watch = run(desk, asked)
    wait_until(lambda: all(source.asked >= 2 for source in asked.values()))
    return watch, asked


def test_only_the_source_of_a_changed_device_is_made_anew(desk: Desk) -> None:
    watch, asked = watched(desk)
    try:
        builds = Builds()
        watch.change_site(Change(moved(desk.site, "core-1", "10.9.9.9"), builds))
        wait_until(lambda: "core-1" in builds.made and builds.made["core-1"].asked >= 2)
        assert set(builds.made) == {"core-1"}
        assert [name for name, source in asked.items() if source.closed] == ["core-1"]
        counted = asked["ups-a"].asked
        wait_until(lambda: asked["ups-a"].asked > counted)
        wait_until(lambda: _fingerprint(desk) == "another")
    finally:
        watch.stop()
    assert all(source.closed for source in (*asked.values(), *builds.made.values()))


def test_a_device_that_is_gone_is_asked_no_more_and_its_hanging_poll_holds_up_nothing(desk: Desk) -> None:
    watch, asked = watched(desk)
    try:
        asked["ups-b"].delay_s = 60.0
        wait_until(lambda: asked["ups-b"].asking == 1)
        less = replace(desk.site, ups=tuple(ups for ups in desk.site.ups if ups.name != "ups-b"))
        watch.change_site(Change(less, Builds()))
        wait_until(lambda: asked["ups-b"].closed)
        assert "ups-b" not in watch.latest
        assert asked["ups-b"].asking == 0
    finally:
        watch.stop()


def test_a_device_that_comes_back_is_compared_with_what_was_known_of_it(desk: Desk) -> None:
    watch, asked = watched(desk)
    try:
        less = replace(desk.site, ups=tuple(ups for ups in desk.site.ups if ups.name != "ups-b"))
        watch.change_site(Change(less, Builds()))
        wait_until(lambda: asked["ups-b"].closed and "ups-b" in read_room(desk, clock.now()).latest)
        back = Answering(failed(ups_sample("ups-b")))
        watch.change_site(Change(desk.site, lambda names: [back] if "ups-b" in names else []))
        wait_until(lambda: back.asked >= 3)
    finally:
        watch.stop()
    told = [event for event in read_room(desk, clock.now()).events if event.source == "ups-b"]
    assert ("state-changed", "timeout") in [(event.code, event.param("now")) for event in told]


def test_another_rhythm_is_taken_by_the_sources_that_stay(desk: Desk) -> None:
    slow = replace(desk, site=replace(desk.site, poll=PollIntervals(600, 600, 600, 600)))
    asked = sources()
    watch = run(slow, asked)
    try:
        wait_until(lambda: all(source.asked == 1 for source in asked.values()))
        watch.change_site(Change(replace(slow.site, poll=FAST), Builds()))
        wait_until(lambda: all(source.asked >= 4 for source in asked.values()))
    finally:
        watch.stop()


def test_a_site_taken_while_another_watcher_holds_the_room_is_the_one_that_is_watched_later(desk: Desk) -> None:
    first, _asked = watched(desk)
    second = Watch(desk.site, desk.store, list)
    try:
        second.start()
        builds = Builds()
        second.change_site(Change(moved(desk.site, "core-1", "10.9.9.9"), builds))
        first.stop()
        wait_until(lambda: len(builds.made) == 4 and all(source.asked for source in builds.made.values()))
        wait_until(lambda: _fingerprint(desk) == "another")
    finally:
        first.stop()
        second.stop()


def _fingerprint(desk: Desk) -> str:
    beat = read_room(desk, clock.now()).heartbeat
    return beat.fingerprint if beat is not None else ""
