"""Manifests: the small JSON file beside each backup that says what it must be, and the names of both.

A backup is `dutyroom-20261124T183000Z-daily.db` (made when, UTC, and why), its manifest the same with `.json` after
it. The manifest is written last: without it a file is no backup. Its key `seal` is the SHA-256 of the rest of it in
canonical form, so that a changed manifest cannot speak for a changed file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dutyroom.errors import StoreError
from dutyroom.model.backup import BackupReason, Manifest
from dutyroom.store.canonical import sha256
from dutyroom.store.trouble import of_system, trouble

SCHEMA = 1
LONGEST = 65536
STAMP = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"dutyroom-\d{8}T\d{6}Z-(?:daily|hand|upgrade|restore)\.db\Z")
_KEYS = (
    *("file", "made_at", "reason", "size", "sha256", "counts", "ledger", "newest_at", "faults", "database_schema"),
    *("sqlite", "dutyroom"),
)


def name_of(at: datetime, reason: BackupReason) -> str:
    """The file name of a backup."""
    return f"dutyroom-{at.astimezone(UTC):{STAMP}}-{reason}.db"


def is_ours(name: str) -> bool:
    """True for a name that `name_of` gives."""
    return _NAME.match(name) is not None


def beside(file: Path) -> Path:
    """Where the manifest of a backup lies."""
    return file.with_name(file.name + ".json")


def document(manifest: Manifest) -> dict[str, Any]:
    """The manifest as plain values, without its seal."""
    return {
        "schema": SCHEMA,
        "file": manifest.file,
        "made_at": _moment(manifest.made_at),
        "reason": manifest.reason.value,
        "size": manifest.size,
        "sha256": manifest.sha256,
        "counts": dict(manifest.counts),
        "ledger": {"seq": manifest.seq, "head": manifest.head, "first": manifest.first},
        "newest_at": _moment(manifest.newest_at),
        "faults": manifest.faults,
        "database_schema": manifest.database_schema,
        "sqlite": manifest.sqlite,
        "dutyroom": manifest.dutyroom,
    }


def written(manifest: Manifest) -> bytes:
    """The bytes of the manifest's file."""
    told = document(manifest)
    return json.dumps({**told, "seal": sha256(told)}, ensure_ascii=False, indent=2).encode() + b"\n"


def read(file: Path) -> Manifest:
    """The manifest beside a backup.

    Raises:
        StoreError: `no-manifest`, `manifest` when it is damaged or speaks of another file, or why it cannot be read.
    """
    path = beside(file)
    try:
        with path.open("rb") as opened:
            raw = opened.read(LONGEST)
    except (FileNotFoundError, IsADirectoryError):
        raise trouble("no-manifest", file) from None
    except OSError as error:
        raise of_system(error, path) from error
    try:
        manifest = _manifest(json.loads(raw))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise trouble("manifest", path) from None
    if manifest.file != file.name:
        raise trouble("manifest", path)
    return manifest


def listed(folder: Path) -> tuple[Manifest, ...]:
    """The manifests of the backups that were made into a folder, oldest first; what is not ours is passed over.

    Only the manifests are read: whether a backup is whole is asked of `dutyroom.store.backup.check`.
    """
    found: list[Manifest] = []
    try:
        names = sorted(path.name.removesuffix(".json") for path in folder.glob("dutyroom-*.db.json"))
    except OSError as error:
        raise of_system(error, folder) from error
    for name in filter(is_ours, names):
        try:
            found.append(read(folder / name))
        except StoreError as error:
            if error.code not in ("manifest", "no-manifest"):
                raise
    return tuple(sorted(found, key=lambda one: (one.made_at, one.file)))


def remove(file: Path) -> None:
    """Removes a backup and then its manifest. Raises StoreError."""
    try:
        file.unlink(missing_ok=True)
        beside(file).unlink(missing_ok=True)
    except OSError as error:
        raise of_system(error, file) from error


def _manifest(told: Mapping[str, Any]) -> Manifest:
    """Raises ValueError, KeyError or TypeError for anything that `written` does not write."""
    rest = {key: value for key, value in told.items() if key != "seal"}
    if told["schema"] != SCHEMA or set(rest) != {"schema", *_KEYS} or sha256(rest) != told["seal"]:
        raise ValueError("not a manifest")
    ledger, made_at = told["ledger"], _read_moment(told["made_at"])
    if made_at is None or made_at.utcoffset() is None or not isinstance(told["counts"], dict):
        raise ValueError("not a manifest")
    return Manifest(
        file=told["file"],
        made_at=made_at,
        reason=BackupReason(told["reason"]),
        size=told["size"],
        sha256=told["sha256"],
        counts=told["counts"],
        seq=ledger["seq"],
        head=ledger["head"],
        first=ledger["first"],
        newest_at=_read_moment(told["newest_at"]),
        faults=told["faults"],
        database_schema=told["database_schema"],
        sqlite=told["sqlite"],
        dutyroom=told["dutyroom"],
    )


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _read_moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
