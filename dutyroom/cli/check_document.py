"""Systems, lines and backups in `status --json`. Pure; what is not known is null."""

from __future__ import annotations

from datetime import datetime

from dutyroom.cli.documents import Document, moment
from dutyroom.model.facts import BackupFacts, BackupFile, CheckFacts
from dutyroom.rules.checks import usual_size


def check(facts: CheckFacts | None) -> Document:
    """`check` of a system or a line; None: nothing is known now."""
    return {
        "target": facts.target if facts is not None else None,
        "address": (facts.address or None) if facts is not None else None,
        "answered": facts.answered if facts is not None else None,
        "error": (facts.error or None) if facts is not None else None,
        "latency_ms": facts.latency_ms if facts is not None else None,
        "loss_percent": facts.loss_percent if facts is not None else None,
        "since": moment(facts.since) if facts is not None else None,
        "lost_in_row": facts.lost_in_row if facts is not None else None,
    }


def backup_job(facts: BackupFacts | None, now: datetime) -> Document:
    """`backup_job` of a backup; None: nothing is known now."""
    usual = usual_size(facts) if facts is not None else None
    newest = facts.newest if facts is not None else None
    return {
        "pattern": facts.pattern if facts is not None else None,
        "count": facts.count if facts is not None else None,
        "path": newest.path if newest is not None else None,
        "at": moment(newest.at) if newest is not None else None,
        "age_s": round((now - newest.at).total_seconds(), 1) if newest is not None else None,
        "size_bytes": newest.size if newest is not None else None,
        "median_bytes": round(usual) if usual is not None else None,
        "writing": _file(facts.writing) if facts is not None and facts.writing is not None else None,
    }


def _file(file: BackupFile) -> Document:
    return {"path": file.path, "at": moment(file.at), "size_bytes": file.size}
