"""One poll is one unit: ask one source, judge the answer, say what changed."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dutyroom import clock
from dutyroom.model.devices import Device
from dutyroom.model.events import Event
from dutyroom.model.facts import Line
from dutyroom.model.ports import PortsKnown
from dutyroom.model.reading import Latest, Sample, State
from dutyroom.model.runtime import Discharge
from dutyroom.model.site import Site
from dutyroom.rules.backoff import has_failed
from dutyroom.rules.changes import changes, verdict_change
from dutyroom.rules.checks import carried
from dutyroom.rules.durations import latest_now
from dutyroom.rules.ports import newly_up
from dutyroom.rules.severity import Judgement, judge
from dutyroom.rules.sources import interval_of
from dutyroom.sources.base import Source

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What one poll brought: the sample and the events it makes."""

    sample: Sample
    events: tuple[Event, ...]


class Poller:
    """Asks one source and remembers what it last said, so that a change is told once."""

    def __init__(
        self, source: Source, device: Device, site: Site, latest: Latest | None, proven: Sequence[Discharge] = ()
    ) -> None:
        self.source = source
        self.device = device
        self.interval_s = interval_of(site, device.name)
        self.latest = latest
        # Failures in a row, as `rules.backoff` counts them.
        self.failures = 0
        self._raises = False
        self._ports = latest.ports if latest is not None else None
        self._proven, self._hold = tuple(proven), site.hold
        self._judged: Judgement | None = self._judge(latest, latest.sample.at) if latest is not None else None

        good = latest.good if latest is not None else None
        self._line = good.ups.line if good is not None and good.ups is not None else Line.UNKNOWN

    @property
    def on_battery(self) -> bool:
        """True while the UPS was last seen on battery."""
        return self._line is Line.BATTERY

    def keep_time_of(self, site: Site) -> None:
        """Goes on in the rhythm of another site, in which the device is configured as before."""
        self.interval_s, self._hold = interval_of(site, self.device.name), site.hold

    def compare_with(self, ports: PortsKnown | None) -> None:
        """Goes on with another baseline, or with the marks of a round that was signed meanwhile."""
        self._ports = ports

    def prove_with(self, proven: Sequence[Discharge]) -> None:
        """Goes on with what is on record of the battery of a UPS."""
        self._proven = tuple(proven)

    def _judge(self, latest: Latest, at: datetime) -> Judgement:
        return judge(self.device, latest, self.interval_s, at, proven=self._proven, hold_rules=self._hold)

    async def poll(self) -> Found:
        """One poll. A bug in a source is told as a failed sample and logged: it must not end the watch."""
        now = clock.now()
        try:
            sample = await self.source.sample(now)
        except Exception as error:
            if not self._raises:
                log.exception("source %s failed; told once until it answers", self.source.name)
            self._raises = True
            detail = f"{type(error).__name__}: {error}"[:200]
            sample = Sample(self.source.name, self.source.kind, now, State.PROTOCOL, detail)
        else:
            self._raises = False
        return self.take(replace(sample, boot=clock.boot()))

    def take(self, sample: Sample) -> Found:
        """The events a new sample makes, seen against what was known; it is known from now on."""
        # What was known is told by the clock as it is now: a clock that was set must not look like a silent source.
        was = latest_now(self.latest, sample.at, sample.boot) if self.latest is not None else None
        sample = carried(was, sample)
        events = list(changes(was, sample, self._line))
        if sample.ups is not None and sample.ups.line is not Line.UNKNOWN:
            self._line = sample.ups.line
        self.failures = self.failures + 1 if has_failed(sample.state) else 0
        good = sample if sample.state.knows else (was.good if was is not None else None)
        ever_up = set(was.ever_up) if was is not None else set()
        if sample.device is not None:
            ever_up |= newly_up(sample.device)
        self.latest = Latest(sample, good, tuple(sorted(ever_up)), self._ports)
        judged = self._judge(self.latest, sample.at)
        events += verdict_change(self.device.name, self._judged, judged, sample)
        self._judged = judged
        return Found(sample, tuple(replace(event, boot=sample.boot) for event in events))


def pollers(
    site: Site,
    sources: Sequence[Source],
    latest: dict[str, Latest],
    proven: Mapping[str, Sequence[Discharge]] | None = None,
) -> list[Poller]:
    """A poller for every device of the site that has a source; `proven` are the discharges on record by UPS."""
    by_name = {source.name: source for source in sources}
    return [
        Poller(by_name[device.name], device, site, latest.get(device.name), (proven or {}).get(device.name, ()))
        for device in site.devices()
        if device.name in by_name
    ]
