"""Every source of the site, asked once, now."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dutyroom.doctor.check import Check, Group, make
from dutyroom.errors import SourceError
from dutyroom.model.reading import Kind, Sample, State, Verdict
from dutyroom.model.site import Site

Ask = Callable[[Site], Sequence[Sample]]
"""Asks every source once and stores nothing; given by the composition root."""


# What to do where the state alone would send people to a device that does not exist.
_FIXES = {
    (Kind.BACKUP, None): "backup-folder",
    (Kind.SYSTEM, State.DENIED): "ping-denied",
    (Kind.LINE, State.DENIED): "ping-denied",
}


def targets(site: Site, ask: Ask) -> list[Check]:
    """One check for each source: the time its answer took, or why there is none."""
    if not list(site.devices()):
        return [make(Group.SOURCES, "source", Verdict.ATTENTION, "sources-none", "sources-none")]
    try:
        return [_check(sample) for sample in ask(site)]
    except SourceError as error:
        return [make(Group.SOURCES, "source", Verdict.FAULT, "sources-broken", "site-file", sentence=error)]


def _check(sample: Sample) -> Check:
    told = {"state": sample.state.value, "detail": sample.detail, "took_s": f"{sample.took_s or 0.0:.2f}"}
    match sample.state:
        case State.OK if sample.check is not None and not sample.check.answered:
            # Words for the state there are already; what the system said stands behind them.
            silent = sample.check.error in ("timeout", "lost")
            told["state"] = (State.TIMEOUT if silent else State.UNREACHABLE).value
            told["detail"] = f"{sample.check.target}: {sample.detail or sample.check.error}"
            return make(Group.SOURCES, "source", Verdict.FAULT, "source-fails", "check-fails", sample.source, **told)
        case State.OK if sample.backup is not None and sample.backup.count == 0:
            told["pattern"] = sample.backup.pattern
            return make(
                Group.SOURCES, "source", Verdict.FAULT, "no-backup-file", "no-backup-file", sample.source, **told
            )
        case State.OK:
            return make(Group.SOURCES, "source", Verdict.OK, "source", "", sample.source, **told)
        case State.PARTIAL:
            return make(Group.SOURCES, "source", Verdict.ATTENTION, "source-partial", "source", sample.source, **told)
        case State.NEVER:
            return make(Group.SOURCES, "source", Verdict.UNKNOWN, "source-never", "", sample.source, **told)
        case _:
            fix = _FIXES.get(
                (sample.kind, sample.state), _FIXES.get((sample.kind, None), f"source-{sample.state.value}")
            )
            return make(Group.SOURCES, "source", Verdict.FAULT, "source-fails", fix, sample.source, **told)
