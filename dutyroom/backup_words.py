"""Backups in words: how old, what went wrong, the second place, and what a restore loses. No colour, no markup."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from dutyroom import show
from dutyroom.model.backup import Backup, BackupReason, Loss, Manifest
from dutyroom.rules.backups import Judged, SecondPlace
from dutyroom.words import N_, _

_TROUBLES = {
    "disk-full": N_("disk full"),
    "backup-space": N_("no room beside the records"),
    "disk-error": N_("disk error"),
    "read-only": N_("no right to write"),
    "cannot-open": N_("cannot be opened"),
    "locked": N_("in use for too long"),
    "corrupt": N_("records damaged"),
    "not-a-database": N_("records damaged"),
    "backup-runs": N_("another one runs"),
    "backup-counts": N_("copy is not whole"),
    "backup-changed": N_("copy is not whole"),
    "ledger-faults": N_("ledger has faults"),
    "second-missing": N_("is not there"),
    "second-differs": N_("reads back wrong"),
    "second-hangs": N_("does not answer"),
    "no-manifest": N_("copy is gone"),
}
_REASONS = {
    BackupReason.DAILY: N_("daily"),
    BackupReason.HAND: N_("by hand"),
    BackupReason.UPGRADE: N_("before an upgrade"),
    BackupReason.RESTORE: N_("before a restore"),
    BackupReason.AWAY: N_("to a file"),
}
_KIB = 1024


def reason(value: BackupReason) -> str:
    """Why a backup was made."""
    return _(_REASONS[value])


def trouble(code: str) -> str:
    """A code of `backups` in a few words; the code itself when it has none."""
    return _(_TROUBLES[code]) if code in _TROUBLES else code


def size(count: int) -> str:
    """Bytes, as `812 KiB` or `14.2 MiB`."""
    if count < _KIB * _KIB:
        return f"{count / _KIB:.0f} KiB"
    return f"{count / _KIB / _KIB:.1f} MiB"


def age(judged: Judged) -> str:
    """How old the last good backup is: `Backup 6 h ago`."""
    if judged.good is None:
        return _("No backup yet")
    if judged.age_s is None:
        return _("Backup from the future: look at the clock")
    return _("Backup {ago}").format(ago=show.ago(judged.age_s))


def last_try(judged: Judged) -> str:
    """What went wrong at the last try; nothing when nothing did."""
    if judged.trouble is None:
        return ""
    return _("last try: {trouble}").format(trouble=trouble(judged.trouble))


def second(judged: Judged) -> str:
    """What is to be said of the second place; nothing while all is well there."""
    if judged.second is SecondPlace.NONE:
        return _("no second place")
    if judged.second is SecondPlace.WAITS:
        return _("second place: not yet")
    if judged.second is SecondPlace.FAILED and judged.good is not None:
        return _("second place {trouble}").format(trouble=trouble(judged.good.second_trouble or ""))
    return ""


def made(backup: Backup) -> str:
    """One sentence about a backup that was just made."""
    said = _("Backed up and read back: {path} ({size}).").format(path=backup.path, size=size(backup.size or 0))
    if backup.trouble is not None:
        said += " " + _("But the records do not agree with their ledger: run dutyroom verify.")
    if backup.second is not None:
        said += " " + _("Copied to {path}.").format(path=backup.second)
    if backup.second_trouble is not None:
        said += " " + _("The second place {trouble}.").format(trouble=trouble(backup.second_trouble))
    return said


def holds(manifest: Manifest, zone: ZoneInfo) -> list[str]:
    """What a backup holds, as lines."""
    counts = manifest.counts
    lines = [
        _("{file}: made {at}, {reason}, {size}").format(
            file=manifest.file,
            at=show.moment(manifest.made_at, zone),
            reason=reason(manifest.reason),
            size=size(manifest.size),
        ),
        _("It holds {rounds} rounds, {entries} answers, {readings} readings, and {lines} ledger lines.").format(
            rounds=counts.get("rounds", 0),
            entries=counts.get("entries", 0),
            readings=counts.get("readings", 0),
            lines=counts.get("ledger", 0),
        ),
    ]
    if manifest.faults:
        text = _("In {n} places its records did not agree with the ledger when it was made.")
        lines.append(text.format(n=manifest.faults))
    return lines


def lost(loss: Loss, zone: ZoneInfo) -> list[str]:
    """What the present store holds beyond a backup, in numbers and ranges, as lines."""
    if not loss.is_known:
        return [_("unknown: the present records cannot be read")]
    lines = [_("no ledger line")]
    if loss.lines:
        newest = show.moment(loss.newest_at, zone)
        told = _("ledger lines {first} to {last} ({n} lines, the newest of {at})")
        lines = [told.format(first=loss.first_seq, last=loss.last_seq, n=loss.lines, at=newest)]
        acts = _("in them {rounds} signed rounds and {answers} answers")
        lines.append(acts.format(rounds=loss.rounds_signed, answers=loss.answers))
    readings = _("{readings} readings and {events} events newer than the backup")
    return [*lines, readings.format(readings=loss.readings, events=loss.events)]
