"""`profile list --json`, `profile check --json` and `profile try --json`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from dutyroom.cli.documents import SCHEMA, Document, moment
from dutyroom.model.profile import Oid, Profile

if TYPE_CHECKING:
    from dutyroom.model.reading import Sample
    from dutyroom.sources.snmp.trial import Trial, Tried


def profiles(found: Sequence[Profile], own: Collection[Profile]) -> Document:
    """The profiles in the order in which they are looked through; `own` are the site's."""
    return {
        "schema": SCHEMA,
        "profiles": [
            {
                "name": one.name,
                "vendor": one.vendor,
                "file": one.where,
                "own": any(one is other for other in own),
                "object_ids": [_dotted(oid) for oid in one.object_ids],
                "descriptions": [pattern.pattern for pattern in one.descriptions],
                "probes": {quantity.value: len(probes) for quantity, probes in one.probes},
            }
            for one in found
        ],
    }


def trial(name: str, sample: Sample, found: Trial | None) -> Document:
    """One device with all its probes; `device` is null when it did not answer."""
    return {
        "schema": SCHEMA,
        "name": name,
        "state": sample.state.value,
        "detail": sample.detail,
        "at": moment(sample.at),
        "device": None
        if found is None
        else {
            "sys_descr": found.sys_descr,
            "sys_object_id": found.sys_object_id,
            "vendor": found.vendor,
            "profile": found.profile.name,
            "file": found.profile.where,
            "probes": [_tried(one) for one in found.tried],
        },
    }


def _tried(one: Tried) -> Document:
    parts = one.found.parts if one.found is not None else ()
    return {
        "quantity": one.quantity.value,
        "kind": one.probe.kind.value,
        "source": one.probe.source,
        "confidence": one.probe.confidence.value,
        "basis": one.probe.basis.value if one.probe.basis is not None else None,
        "used": one.used,
        "value": one.found.value if one.found is not None else None,
        "parts": [{"row": _dotted(row), "state": state.value} for row, state in parts],
        "origin": _dotted(one.found.origin) if one.found is not None else None,
        "rows": one.rows,
        "seen": [{"oid": oid, "value": text} for oid, text in one.seen],
    }


def _dotted(oid: Oid) -> str:
    return ".".join(str(part) for part in oid)
