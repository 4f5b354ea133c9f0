"""A recorded morning, made by hand: two hours of `make_site`, with an outage and a time nobody watched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.model.facts import Line
from dutyroom.model.reading import Sample
from dutyroom.watch.recording import Recording
from tests.desks import NOW, make_site, server_sample, switch_sample, ups_sample

EVERY_S = 30
BATTERY_FROM, BATTERY_UNTIL = NOW + timedelta(minutes=30), NOW + timedelta(minutes=40)
GAP_FROM, GAP_UNTIL = NOW + timedelta(minutes=60), NOW + timedelta(minutes=70)
ENDED = NOW + timedelta(minutes=120)


def moments() -> Iterator[datetime]:
    """When everything was asked."""
    for n in range(int((ENDED - NOW).total_seconds()) // EVERY_S + 1):
        at = NOW + timedelta(seconds=n * EVERY_S)
        if not GAP_FROM < at < GAP_UNTIL:
            yield at


def samples(at: datetime) -> list[Sample]:
    """What everything said then."""
    on_battery = BATTERY_FROM <= at < BATTERY_UNTIL
    line, status = (Line.BATTERY, ("OB", "DISCHRG")) if on_battery else (Line.MAINS, ("OL",))
    load = 31.0 + (at - NOW).total_seconds() / 600
    ups_a = ups_sample("ups-a", at, line=line, status=status, load_percent=load)
    return [replace(one, boot=None) for one in (ups_a, ups_sample("ups-b", at), switch_sample(at), server_sample(at))]


def recorded(path: Path, monkeypatch: pytest.MonkeyPatch, language: str = "en") -> Path:
    """The morning in a file."""
    site = make_site("nowhere.db", language)
    poll = replace(site.poll, ups_s=float(EVERY_S), network_s=float(EVERY_S), server_s=float(EVERY_S))
    with monkeypatch.context() as then:
        then.setattr(clock, "now", lambda: NOW)
        recording = Recording(path, replace(site, poll=poll))
    for at in moments():
        recording.put(samples(at))
    recording.close()
    return path
