"""How is a source, as far as we know? One verdict and every reason for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dutyroom.model.checklist import Bounds, Limit
from dutyroom.model.devices import BackupJob, Device, NetworkDevice, Ups
from dutyroom.model.facts import DeviceFacts, ServerFacts
from dutyroom.model.hold import HoldEvidence, HoldRules
from dutyroom.model.reading import Kind, Latest, Reason, Sample, State, Verdict
from dutyroom.model.runtime import Discharge
from dutyroom.rules.checks import backup_findings, check_findings, lost_code
from dutyroom.rules.freshness import is_fresh, is_silent
from dutyroom.rules.hold import DEFAULT, hold_evidence, no_contact
from dutyroom.rules.limits import verdict_of
from dutyroom.rules.port_changes import port_view
from dutyroom.rules.ups_severity import lost_ups, ups_findings

_RANK = {Verdict.NOT_INSTALLED: -1, Verdict.OK: 0, Verdict.UNKNOWN: 1, Verdict.ATTENTION: 2, Verdict.FAULT: 3}

# The same limits the daily checklist asks of a server.
_PARTS = {"fault": "part-fault", "attention": "part-attention"}
_SERVER_LIMITS: tuple[tuple[str, Limit], ...] = (
    ("cpu_percent", Limit(normal=Bounds(0, 85), critical=Bounds(0, 95))),
    ("memory_percent", Limit(normal=Bounds(0, 85), critical=Bounds(0, 95))),
)
_VOLUME_LIMIT = Limit(normal=Bounds(0, 80), critical=Bounds(0, 90))


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reasons, and the state after the watcher's own silence was taken into account."""

    state: State
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    hold: HoldEvidence | None = None
    watcher_silent: bool = False


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Fault before attention before unknown before ok; unknown for none at all."""
    return max(verdicts, key=_RANK.__getitem__, default=Verdict.UNKNOWN)


def rank(verdict: Verdict) -> int:
    """A number that grows with how bad a verdict is."""
    return _RANK[verdict]


def judge(
    device: Device,
    latest: Latest | None,
    interval_s: float,
    now: datetime,
    on_battery_s: float | None = None,
    proven: Iterable[Discharge] = (),
    hold_rules: HoldRules = DEFAULT,
) -> Judgement:
    """The judgement of one device. `latest` is None when it was never asked. `interval_s` is its poll interval.

    `proven` are the recorded discharges of a UPS, `hold_rules` how long they count.
    """
    if latest is None:
        return Judgement(State.NEVER, Verdict.UNKNOWN, (Reason("never", "state"),))
    sample = latest.sample
    age_s = (now - sample.at).total_seconds()
    if is_silent(age_s, interval_s):
        reason = Reason("watch-silent", "age_s", round(age_s))
        return _lost(device, latest, State.STALE, reason, interval_s, now, watcher_silent=True)
    if not sample.state.knows:
        return _lost(device, latest, sample.state, Reason(lost_code(sample), "state"), interval_s, now)
    hold = None
    if sample.ups is not None and isinstance(device, Ups):
        hold = hold_evidence(sample.ups, device, now, on_battery_s, proven, hold_rules)
        verdicts = ups_findings(sample.ups, hold)
    else:
        verdicts = _findings(sample, device, latest, now)
    # A UPS without a status has told its one trouble already; what it is in is not known, and not half well.
    if sample.state is State.PARTIAL and (sample.ups is None or sample.ups.status):
        verdicts.append((Verdict.ATTENTION, Reason("partial", "state")))
    verdicts.sort(key=lambda pair: -_RANK[pair[0]])
    verdict = worst(v for v, _ in verdicts) if verdicts else Verdict.OK
    return Judgement(sample.state, verdict, tuple(reason for _, reason in verdicts), hold)


def _findings(sample: Sample, device: Device, latest: Latest, now: datetime) -> list[tuple[Verdict, Reason]]:
    """What is wrong with a device that is no UPS."""
    if sample.device is not None and isinstance(device, NetworkDevice):
        return _of_network(sample, device, latest)
    if sample.server is not None:
        return _of_server(sample.server)
    if sample.check is not None:
        return check_findings(sample.check)
    if sample.backup is not None and isinstance(device, BackupJob):
        return backup_findings(sample.backup, device, now)
    return []


def _lost(
    device: Device,
    latest: Latest,
    state: State,
    reason: Reason,
    interval_s: float,
    now: datetime,
    *,
    watcher_silent: bool = False,
) -> Judgement:
    """A source that does not answer: how it was when it last did decides how bad that is."""
    good = latest.good
    lost = lost_ups(good, now) if good is not None else None
    hold = no_contact(device) if isinstance(device, Ups) and good is not None and good.ups is not None else None
    if lost is not None:
        return Judgement(state, lost[0], (lost[1], reason), hold, watcher_silent)
    silent_s = (now - good.at).total_seconds() if good is not None else None
    # A check that could not be made says nothing about what was to be checked.
    answered_before = good is not None and good.ups is None and good.check is None
    if answered_before and not watcher_silent and silent_s is not None and not is_fresh(silent_s, interval_s):
        told = (Reason("no-answer", "age_s", round(silent_s)), reason)
        # What is wrong with a folder says more than that it does not answer.
        is_backup = good is not None and good.kind is Kind.BACKUP
        return Judgement(state, Verdict.FAULT, told[::-1] if is_backup else told, hold)
    return Judgement(state, Verdict.UNKNOWN, (reason,), hold, watcher_silent)


def _of_network(sample: Sample, device: NetworkDevice, latest: Latest) -> list[tuple[Verdict, Reason]]:
    facts = sample.device or DeviceFacts()
    ports = port_view(facts, device, latest.ever_up, latest.ports, sample.at)
    parts = (*facts.fans, *facts.power_supplies)
    return [
        *((change.verdict, change.reason) for change in ports.changes),
        *(
            (Verdict.ATTENTION, Reason(_PARTS[part.state], "part", part.name, "ok"))
            for part in parts
            if part.state in _PARTS
        ),
    ]


def _of_server(facts: ServerFacts) -> list[tuple[Verdict, Reason]]:
    found: list[tuple[Verdict, Reason]] = []
    for quantity, limit in _SERVER_LIMITS:
        value: float | None = getattr(facts, quantity)
        if value is not None and (verdict := verdict_of(value, limit)) is not Verdict.OK:
            found.append((verdict, _over(quantity, value, limit, verdict)))
    found += [
        (verdict, _over(f"volume {volume.mount}", volume.used_percent, _VOLUME_LIMIT, verdict))
        for volume in facts.volumes
        if (verdict := verdict_of(volume.used_percent, _VOLUME_LIMIT)) is not Verdict.OK
    ]
    if facts.cpu_percent is None and facts.memory_percent is None and not facts.volumes:
        found.append((Verdict.UNKNOWN, Reason("no-values", "server")))
    return found


def _over(quantity: str, value: float, limit: Limit, verdict: Verdict) -> Reason:
    bounds = limit.critical if verdict is Verdict.FAULT else limit.normal
    return Reason("over-limit", quantity, round(value, 1), bounds.high if bounds else None)
