"""`dutyroom verify`: the ledger, and every record against it."""

from __future__ import annotations

import typer

from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.words import N_, _

INTACT, FOUND = 0, 1
_FAULTS = {
    "seq-gap": N_("lines are missing before this one"),
    "chain-broken": N_("does not follow the line before"),
    "line-changed": N_("the line was changed"),
    "row-changed": N_("the record differs from its newest line"),
    "row-unknown": N_("no line tells of this record"),
    "row-missing": N_("the record is gone"),
}


def verify(ctx: typer.Context, json: Json = False, config: Config = None, lang: Lang = None) -> int:
    """Prints every fault found; exit code 1 when there is one."""
    from dutyroom.cli import documents
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.compose import open_desk
    from dutyroom.store.verify import verify as verified

    store = open_desk(site_of(ctx), read_only=True).store
    try:
        with store.read() as session:
            found = verified(session)
    finally:
        store.close()
    if json:
        print(documents.to_text(documents.verification(found)))
    else:
        rows = [
            (f"✗ {fault.seq if fault.seq is not None else '–'}", fault.subject, _(_FAULTS.get(fault.code, fault.code)))
            for fault in found.faults
        ]
        print("\n".join(aligned(rows)) if rows else "✓ " + _("Every record agrees with the ledger."))
        counts = _("{lines} lines, {rows} records, newest line {head}")
        print(counts.format(lines=found.lines, rows=found.rows, head=found.head))
    return FOUND if found.faults else INTACT
