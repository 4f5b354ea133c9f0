"""A month on record for the charts: a UPS whose load follows the day, with an outage of its polls and of the watch."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import pi, sin

from dutyroom.model.events import CLOCK, Event
from dutyroom.model.history import Gap, GapReason, HourOfPolls, Reading
from dutyroom.store import events, readings
from tests.ui.room_samples import NOW
from tests.ui.rooms import Room

SOURCE = "ups-a"
DAYS = 12
# Before now: a driver that died for two hours and a half, a watch that did not run for three hours, later a blip.
FAILED = (NOW - timedelta(hours=14), NOW - timedelta(hours=11, minutes=30))
PAUSED = (NOW - timedelta(hours=8), NOW - timedelta(hours=5))
BLIP = (NOW - timedelta(minutes=21), NOW - timedelta(minutes=14))
STEPPED = NOW - timedelta(hours=3)


def load_at(at: datetime) -> float:
    """Percent, highest before noon."""
    hours = (at - NOW).total_seconds() / 3600 % 24
    return round(38 + 9 * sin(2 * pi * hours / 24) + 2 * sin(hours * 3), 1)


def is_missing(at: datetime) -> bool:
    """True while there are no values."""
    return any(began < at < ended for began, ended in (FAILED, PAUSED, BLIP))


def fill(room: Room) -> None:
    """Puts it on record."""
    begin = (NOW - timedelta(days=DAYS)).replace(minute=0, second=0)
    moments = [begin + timedelta(minutes=n) for n in range(int((NOW - begin) / timedelta(minutes=1)) + 1)]
    recent = NOW - timedelta(days=1, hours=6)
    found = [
        Reading(SOURCE, quantity, at, value)
        for n, at in enumerate(moments)
        if not is_missing(at) and (at > recent or n % 20 == 0)
        for quantity, value in (("load_percent", load_at(at)), ("charge_percent", 100.0))
    ]
    polls = [_hour(begin + timedelta(hours=n)) for n in range(int((NOW - begin) / timedelta(hours=1)) + 1)]
    gaps = [
        Gap(*FAILED, GapReason.FAILED, "no-driver"),
        Gap(*PAUSED, GapReason.NOT_POLLED),
        Gap(*BLIP, GapReason.FAILED, "timeout"),
    ]
    with room.store.write() as session:
        readings.put_history(session, found, polls, {SOURCE: gaps})
        events.add(session, [Event(STEPPED, CLOCK, "clock-step", (("by", "-90.0"),))])


def _hour(hour: datetime) -> HourOfPolls:
    middle = hour + timedelta(minutes=30)
    failed, paused = FAILED[0] < middle < FAILED[1], PAUSED[0] < middle < PAUSED[1]
    return HourOfPolls(SOURCE, hour, 0 if failed or paused else 720, 720 if failed else 0, 720 if paused else 0)
