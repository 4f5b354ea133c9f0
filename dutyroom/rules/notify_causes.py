"""What stands in the room now that somebody may have to be told of?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dutyroom.model.devices import BackupJob, Device, Server
from dutyroom.model.events import WATCH, Boot, Event, Heartbeat
from dutyroom.model.facts import Line
from dutyroom.model.finding import Finding, FindingOrigin, FindingState, Severity
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.notification import Cause, NotifyRules, Topic
from dutyroom.model.reading import Latest, Sample
from dutyroom.model.site import Site
from dutyroom.rules.checks import reached
from dutyroom.rules.durations import between
from dutyroom.rules.maintenance import running
from dutyroom.rules.plausibility import flags

SILENT, BLIND = "watch-silent", "watch-blind"
LINE_CODES = ("on-battery", "on-mains")
FOLLOWED = (*LINE_CODES, "verdict-changed", "watch-gap")
"""The events that make or end a cause."""
# A gap that lies so long back is known by now.
_GAP_NEWS = timedelta(hours=1)
_TOLD = (Severity.MAJOR, Severity.CRITICAL)
# What the verdict of a UPS says of an outage, which is told by itself.
_OUTAGE = ("on-battery", "battery-low", "lost-on-battery")


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look read. `line` and `verdict` hold of each source its newest event, `gaps` the newest `watch-gap`.

    `latest` is None where it was not read in this look.
    """

    line: Mapping[str, Event] = field(default_factory=dict)
    verdict: Mapping[str, Event] = field(default_factory=dict)
    gap: Event | None = None
    findings: Sequence[Finding] = ()
    windows: Sequence[MaintenanceWindow] = ()
    latest: Mapping[str, Latest] = field(default_factory=dict)
    heartbeat: Heartbeat | None = None


def causes(site: Site, seen: Seen, now: datetime, boot: Boot | None) -> tuple[Cause, ...]:
    """Everything that stands now; what planned maintenance expects is left out."""
    expected = {device.name for device in site.devices() if running(seen.windows, device.name, now) is not None}
    found = [*_power(site, seen, expected), *_faults(site, seen, expected)]
    troubled = {cause.device for cause in found}
    found += [_finding(one) for one in seen.findings if _is_told(one, troubled, now)]
    if (gap := _gap(site.notify, seen.gap, now)) is not None:
        found.append(gap)
    if silent := silence(site.notify, seen.heartbeat, now, boot):
        return (*found, *silent)
    since = blind_since(site, seen.latest, seen.heartbeat)
    if since is not None and (now - since).total_seconds() >= site.notify.blind_after_s:
        found.append(Cause(BLIND, Topic.WATCH, Severity.MAJOR, since, BLIND))
    return tuple(found)


def silence(rules: NotifyRules, heartbeat: Heartbeat | None, now: datetime, boot: Boot | None) -> tuple[Cause, ...]:
    """The cause of a watch that has given no sign of life for so long; nothing when there never was one."""
    if heartbeat is None:
        return ()
    silent_s = between(heartbeat.last_cycle_at, heartbeat.boot, now, boot).seconds
    if silent_s < rules.blind_after_s:
        return ()
    return (Cause(SILENT, Topic.WATCH, Severity.MAJOR, now - timedelta(seconds=silent_s), SILENT),)


def blind_since(site: Site, latest: Mapping[str, Latest], heartbeat: Heartbeat | None) -> datetime | None:
    """Since when no device at all answers the watch, or None.

    This machine and folders of files always answer: they say nothing about what is seen of the room. A watch that has
    just begun is blind from its start, at most.
    """
    names = [device.name for device in site.devices() if not _is_here(device)]
    if not names or heartbeat is None:
        return None
    samples = [sample for name in names if name in latest for sample in (latest[name].sample, latest[name].good)]
    if not samples or any(_answers(latest[name].sample) for name in names if name in latest):
        return None
    ends = [sample.at for sample in samples if sample is not None and _answers(sample)]
    return max([heartbeat.started_at, *ends])


def _is_here(device: Device) -> bool:
    return isinstance(device, BackupJob) or (isinstance(device, Server) and device.source == "local")


def _answers(sample: Sample) -> bool:
    return sample.state.knows and reached(sample)


def _power(site: Site, seen: Seen, expected: set[str]) -> list[Cause]:
    found: list[Cause] = []
    for ups in site.ups:
        event, latest = seen.line.get(ups.name), seen.latest.get(ups.name)
        if ups.name in expected or event is None or event.code != "on-battery":
            continue
        found.append(_outage(ups.name, "on-battery", event.at))
        good = latest.good if latest is not None else None
        if latest is None or good is None or good.ups is None or good.ups.line is not Line.BATTERY:
            continue
        if "LB" in flags(good.ups.status):
            found.append(_outage(ups.name, "battery-low", good.at))
        if not latest.sample.state.knows:
            found.append(_outage(ups.name, "lost-on-battery", good.at))
    return found


def _outage(device: str, code: str, since: datetime) -> Cause:
    return Cause(f"{code}:{device}", Topic.POWER, Severity.MAJOR, since, code, device)


def _faults(site: Site, seen: Seen, expected: set[str]) -> list[Cause]:
    on_battery = {name for name, event in seen.line.items() if event.code == "on-battery"}
    found: list[Cause] = []
    for device in site.devices():
        event = seen.verdict.get(device.name)
        if device.name in expected or event is None or event.param("now") != "fault":
            continue
        reason = event.param("reason")
        if reason in _OUTAGE and device.name in on_battery:
            continue
        found.append(Cause(f"fault:{device.name}", Topic.FAULT, Severity.CRITICAL, event.at, reason, device.name))
    return found


def _is_told(one: Finding, troubled: Iterable[str], now: datetime) -> bool:
    """A finding that waits for somebody. What the watch found at a device that is told of already is the same."""
    if one.severity not in _TOLD or one.is_over or one.state is FindingState.DONE:
        return False
    if one.silenced_by is not None or one.is_known(now) or one.gone_at is not None:
        return False
    return not (one.origin is FindingOrigin.WATCH and one.device in troubled and one.severity is not Severity.MAJOR)


def _finding(one: Finding) -> Cause:
    params = (("finding", str(one.id)), *one.params)
    return Cause(
        f"finding:{one.id}", Topic.FINDING, one.severity, one.found_at, one.code or one.origin.value, one.device, params
    )


def _gap(rules: NotifyRules, event: Event | None, now: datetime) -> Cause | None:
    """A time in which nobody watched, when it was long enough to matter and is news."""
    if event is None or event.source != WATCH or now - event.at > _GAP_NEWS:
        return None
    by_s = float(event.param("by") or 0.0)
    if by_s < rules.blind_after_s:
        return None
    since = event.at - timedelta(seconds=by_s)
    key = f"gap:{event.at.isoformat(timespec='seconds')}"
    return Cause(key, Topic.WATCH, Severity.CRITICAL, since, "watch-gap", "", event.params, over_at=event.at)
