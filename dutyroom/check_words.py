"""Systems, lines and backups in a few words, in the language in force."""

from __future__ import annotations

from dutyroom import show
from dutyroom.model.facts import BackupFacts, CheckFacts
from dutyroom.model.reading import Reason
from dutyroom.words import N_, _

REASONS = {
    "refuses-connections": N_("refuses connections"),
    "check-timeout": N_("no answer in time"),
    "name-not-resolved": N_("its name has no address"),
    "no-route": N_("no way there"),
    "ping-lost": N_("no ping comes back"),
    "ping-lost-once": N_("the last ping did not come back"),
    "check-failed": N_("cannot be checked"),
    "packet-loss": N_("{loss} of the pings lost"),
    "ping-denied": N_("this machine may not ping"),
    "backup-none": N_("no backup file there"),
    "backup-writing": N_("the first backup is still being written"),
    "backup-empty": N_("the newest backup is empty"),
    "backup-old": N_("newest backup {age} old, {allowed} allowed"),
    "backup-from-future": N_("newest backup has a time to come"),
    "backup-small": N_("backup {size}, usual {usual}: too small"),
    "backup-large": N_("backup {size}, usual {usual}: too large"),
    "folder-unreachable": N_("the backup folder is not there"),
    "folder-denied": N_("this account may not read the backup folder"),
    "folder-hangs": N_("the backup folder hangs"),
}


def reason(value: Reason) -> str:
    """A reason of a check or a backup; KeyError for the code of another."""
    text = _(REASONS[value.code])
    if value.code == "packet-loss":
        return text.format(loss=show.percent(_number(value.value)))
    if value.code == "backup-old":
        return text.format(age=show.duration(_number(value.value)), allowed=show.duration(_number(value.limit)))
    if value.code in ("backup-small", "backup-large"):
        return text.format(size=size(_number(value.value)), usual=size(_number(value.limit)))
    return text


def size(count: float | None) -> str:
    """Bytes as `4.6 GB`, `612 MB`, `57 B`; a dash for None."""
    if count is None:
        return show.NOTHING
    for unit, bytes_ in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= bytes_:
            return f"{count / bytes_:.1f}".removesuffix(".0") + f" {unit}"
    return f"{count:.0f} B"


def latency(facts: CheckFacts) -> str:
    """`0.2 ms`, `48 ms`; a dash where nothing answered."""
    if facts.latency_ms is None:
        return show.NOTHING
    return f"{facts.latency_ms:.1f} ms" if facts.latency_ms < 10 else f"{facts.latency_ms:.0f} ms"


def check(facts: CheckFacts) -> list[str]:
    """Whether it answers, how fast, and of a ping what was lost."""
    if not facts.answered:
        return [_("no answer")]
    loss = facts.loss_percent
    lost = [reason(Reason("packet-loss", "loss_percent", loss))] if loss else []
    return [_("answers"), latency(facts), *lost]


def backup(facts: BackupFacts, age_s: float | None) -> list[str]:
    """The newest whole backup: its age and size."""
    if facts.newest is None:
        return [_("no whole backup")]
    return [_("{age} old").format(age=show.duration(age_s)), size(facts.newest.size)]


def _number(value: float | int | str | None) -> float | None:
    return float(value) if isinstance(value, int | float) else None
