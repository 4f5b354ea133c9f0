"""What stands in the room now that somebody may have to be told of?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dutyroom.model.devices import BackupJob, Device, Server
from dutyroom.model.events import WATCH, Boot, Event, Heartbeat
from dutyroom.model.finding import Finding, FindingOrigin, FindingState, Severity
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.notification import Cause, NotifyRules, Topic
from dutyroom.model.outage import Outage, Phase, PhaseChange
from dutyroom.model.reading import Latest, Sample
from dutyroom.model.site import Site
from dutyroom.rules.checks import reached
from dutyroom.rules.durations import between
from dutyroom.rules.maintenance import running

SILENT, BLIND = "watch-silent", "watch-blind"
FOLLOWED = ("verdict-changed", "watch-gap")
"""The events that make or end a cause."""
# A gap that lies so long back is known by now.
_GAP_NEWS = timedelta(hours=1)
_TOLD = (Severity.MAJOR, Severity.CRITICAL)
# What the verdict of a UPS says of an outage: that is told by what is on record of it, and a blip is not.
_OUTAGE = ("on-battery", "battery-low", "lost-on-battery")
_PHASES = {Phase.LOW: "battery-low", Phase.SHUTDOWN: "forced-shutdown"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look read: the outages that run with their phases, of each source its newest verdict, the newest gap."""

    outages: Sequence[Outage] = ()
    phases: Mapping[int, Sequence[PhaseChange]] = field(default_factory=dict)
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


def unseen_for(
    site: Site, latest: Mapping[str, Latest], heartbeat: Heartbeat | None, now: datetime, *, running: bool
) -> tuple[float | None, float | None]:
    """Seconds without a sign of life, and seconds in which no device answered; each None while that is no fault yet."""
    if heartbeat is None:
        return None, None
    since = blind_since(site, latest, heartbeat) if running else heartbeat.last_cycle_at
    if since is None or (seconds := (now - since).total_seconds()) < site.notify.blind_after_s:
        return None, None
    return (None, seconds) if running else (seconds, None)


def _is_here(device: Device) -> bool:
    return isinstance(device, BackupJob) or (isinstance(device, Server) and device.source == "local")


def _answers(sample: Sample) -> bool:
    return sample.state.knows and reached(sample)


def _power(site: Site, seen: Seen, expected: set[str]) -> list[Cause]:
    """What stands of the outages on record; each thing an outage comes to is told by itself."""
    names = {ups.name for ups in site.ups} - expected
    found: list[Cause] = []
    for outage in seen.outages:
        stretch = _since_mains(seen.phases.get(outage.id, ()))
        if outage.ups not in names or stretch is None:
            continue
        found.append(_outage(outage.ups, "on-battery", outage.began_at))
        for phase, code in _PHASES.items():
            if (at := next((one.at for one in stretch if one.phase is phase), None)) is not None:
                found.append(_outage(outage.ups, code, at))
        if stretch and stretch[-1].phase is Phase.LOST:
            found.append(_outage(outage.ups, "lost-on-battery", stretch[-1].at))
    return found


def _since_mains(phases: Sequence[PhaseChange]) -> Sequence[PhaseChange] | None:
    """The phases since it last went to battery; None while mains is back."""
    if phases and phases[-1].phase is Phase.RESTORED:
        return None
    back = [at for at, one in enumerate(phases) if one.phase is Phase.RESTORED]
    return phases[back[-1] + 1 :] if back else phases


def _outage(device: str, code: str, since: datetime) -> Cause:
    return Cause(f"{code}:{device}", Topic.POWER, Severity.MAJOR, since, code, device)


def _faults(site: Site, seen: Seen, expected: set[str]) -> list[Cause]:
    found: list[Cause] = []
    for device in site.devices():
        event = seen.verdict.get(device.name)
        if device.name in expected or event is None or event.param("now") != "fault":
            continue
        reason = event.param("reason")
        if reason not in _OUTAGE:
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
