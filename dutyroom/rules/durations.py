"""How long something lasted, from a clock that does not step wherever both its ends were seen in one boot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dutyroom.model.events import Boot, Event
from dutyroom.model.outage_records import EventRecords
from dutyroom.model.reading import Latest, Sample
from dutyroom.model.room import RoomRecords
from dutyroom.rules.clock import step_between


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Seconds between two moments; `steady` is False where only the wall clock could tell."""

    seconds: float
    steady: bool


def between(was: datetime, boot_was: Boot | None, now: datetime, boot_now: Boot | None) -> Elapsed:
    """The time from one moment to another; the wall clock's difference when they are not known to be of one boot."""
    if boot_was is not None and boot_now is not None and boot_was.id == boot_now.id:
        return Elapsed(boot_now.seconds - boot_was.seconds, steady=True)
    return Elapsed((now - was).total_seconds(), steady=False)


def elapsed(event: Event, now: datetime, boot_now: Boot | None) -> Elapsed:
    """How long ago an event was."""
    return between(event.at, event.boot, now, boot_now)


def on_this_clock(at: datetime, boot: Boot | None, now: datetime, boot_now: Boot | None) -> datetime:
    """When a moment was, told by the clock as it is set now. Without a step between, the moment itself."""
    if boot is None or boot_now is None or boot.id != boot_now.id:
        return at
    if step_between((at, boot), (now, boot_now)) == 0.0:
        return at
    return now - timedelta(seconds=boot_now.seconds - boot.seconds)


def sample_now(sample: Sample, now: datetime, boot_now: Boot | None) -> Sample:
    """The sample with its time told by the clock as it is set now, so that its age is true after a step."""
    at = on_this_clock(sample.at, sample.boot, now, boot_now)
    if at is sample.at:
        return sample
    check, step = sample.check, at - sample.at
    if check is not None and check.since is not None:
        check = replace(check, since=check.since + step)
    return replace(sample, at=at, check=check)


def latest_now(latest: Latest, now: datetime, boot_now: Boot | None) -> Latest:
    """The newest sample and the newest good one, both told by the clock as it is set now."""
    sample = sample_now(latest.sample, now, boot_now)
    good = sample_now(latest.good, now, boot_now) if latest.good is not None else None
    if sample is latest.sample and good is latest.good:
        return latest
    return replace(latest, sample=sample, good=good)


def records_now(records: RoomRecords, now: datetime, boot_now: Boot | None) -> RoomRecords:
    """The records with every age true after a step: samples, heartbeat, and since when a UPS is on battery."""
    if boot_now is None:
        return records
    beat = records.heartbeat
    if beat is not None:
        beat = replace(beat, last_cycle_at=on_this_clock(beat.last_cycle_at, beat.boot, now, boot_now))
    latest = {name: latest_now(one, now, boot_now) for name, one in records.latest.items()}
    return replace(
        records,
        latest=latest,
        power=_power_now(records, latest),
        heartbeat=beat,
        on_battery_since={
            name: replace(event, at=now - timedelta(seconds=elapsed(event, now, boot_now).seconds))
            for name, event in records.on_battery_since.items()
        },
    )


def _power_now(records: RoomRecords, latest: Mapping[str, Latest]) -> EventRecords | None:
    """The power event; when it was last read is told by the clock as it is set now, as its samples are."""
    power = records.power
    if power is None:
        return None
    told = dict(power.told)
    for outage in power.outages:
        was, now = records.latest.get(outage.ups), latest.get(outage.ups)
        if outage.id in told and was is not None and now is not None and was.good is not None and now.good is not None:
            one = told[outage.id]
            told[outage.id] = replace(one, at=one.at + (now.good.at - was.good.at))
    return replace(power, told=told)
