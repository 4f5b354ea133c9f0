"""The JSON documents of `backup` and `restore`. Times are UTC with `Z`; what is not known is null."""

from __future__ import annotations

from collections.abc import Sequence

from dutyroom.cli.documents import SCHEMA, Document, moment
from dutyroom.duty.restore import Plan, Restored
from dutyroom.model.backup import Backup, Loss, Manifest


def made(backup: Backup) -> Document:
    """`backup --json`."""
    return {
        "schema": SCHEMA,
        "backup": {
            "at": moment(backup.at),
            "reason": backup.reason.value,
            "path": backup.path,
            "size": backup.size,
            "sha256": backup.sha256,
            "ledger_seq": backup.ledger_seq,
            "ledger_head": backup.ledger_head,
            "trouble": backup.trouble,
            "second": backup.second,
            "second_trouble": backup.second_trouble,
        },
    }


def listed(found: Sequence[Manifest]) -> Document:
    """`backup --list --json`: what the manifests say, oldest first."""
    return {"schema": SCHEMA, "backups": [_manifest(one) for one in found]}


def plan(told: Plan) -> Document:
    """`restore --dry-run --json`."""
    return {"schema": SCHEMA, "restored": False, **_plan(told)}


def restored(done: Restored) -> Document:
    """`restore --json`."""
    return {
        "schema": SCHEMA,
        "restored": True,
        **_plan(done.plan),
        "ledger_line": {"seq": done.line.seq, "subject": done.line.subject, "hash": done.line.hash},
        "replaced": str(done.replaced) if done.replaced is not None else None,
        "saved": done.saved.path if done.saved is not None else None,
    }


def _plan(told: Plan) -> Document:
    return {
        "backup": _manifest(told.manifest),
        "lost": _loss(told.loss),
        "present_trouble": told.trouble or None,
    }


def _manifest(one: Manifest) -> Document:
    return {
        "file": one.file,
        "made_at": moment(one.made_at),
        "reason": one.reason.value,
        "size": one.size,
        "sha256": one.sha256,
        "counts": dict(one.counts),
        "ledger_seq": one.seq,
        "ledger_head": one.head,
        "newest_at": moment(one.newest_at),
        "faults": one.faults,
        "database_schema": one.database_schema,
    }


def _loss(loss: Loss) -> Document | None:
    if not loss.is_known:
        return None
    return {
        "ledger_lines": loss.lines,
        "first_seq": loss.first_seq,
        "last_seq": loss.last_seq,
        "head": loss.head,
        "rounds_signed": loss.rounds_signed,
        "answers": loss.answers,
        "readings": loss.readings,
        "events": loss.events,
        "newest_at": moment(loss.newest_at),
    }
