"""`dutyroom verify`: the ledger, and every record against it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.duty.sent_files import Sent
    from dutyroom.store.database import Session

INTACT, FOUND, USAGE = 0, 1, 2
# Larger than anything this program exports.
LARGEST = 256 * 1024 * 1024
_FAULTS = {
    "seq-gap": N_("lines are missing before this one"),
    "chain-broken": N_("does not follow the line before"),
    "line-changed": N_("the line was changed"),
    "row-changed": N_("the record differs from its newest line"),
    "row-unknown": N_("no line tells of this record"),
    "row-missing": N_("the record is gone"),
}

_SENT = {
    "unchanged": N_("as it was exported"),
    "changed": N_("no export has this content: the file was changed, or comes from another room"),
    "line-missing": N_("the ledger has not the line this file names: it was cut, rewritten or restored"),
}


class FileUnreadable(DutyroomError):
    """The file to be checked cannot be read."""

    code = "file-unreadable"
    exit_code = USAGE


def verify(
    ctx: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help=N_("A zero report or workbook that was sent: is it as it was exported?")),
    ] = None,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints every fault found; exit code 1 when there is one."""
    from dutyroom.cli import documents
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.compose import open_desk
    from dutyroom.store.verify import verify as verified

    store = open_desk(site_of(ctx), read_only=True).store
    try:
        with store.read() as session:
            found = verified(session)
            sent = _held(session, file) if file is not None else None
    finally:
        store.close()
    if json:
        print(documents.to_text(documents.verification(found, sent.state.value if sent is not None else None)))
    else:
        rows = [
            (f"✗ {fault.seq if fault.seq is not None else '–'}", fault.subject, _(_FAULTS.get(fault.code, fault.code)))
            for fault in found.faults
        ]
        print("\n".join(aligned(rows)) if rows else "✓ " + _("Every record agrees with the ledger."))
        counts = _("{lines} lines, {rows} records, newest line {head}")
        print(counts.format(lines=found.lines, rows=found.rows, head=found.head))
        if sent is not None and file is not None:
            print(_told(sent, file))
    return FOUND if found.faults or (sent is not None and sent.line is None) else INTACT


def _held(session: Session, file: Path) -> Sent:
    from dutyroom.duty.sent_files import held_against
    from dutyroom.report.zero_report import anchor_of

    try:
        with file.open("rb") as handle:
            content = handle.read(LARGEST)
    except OSError as error:
        sentence = _("{path}: cannot be read ({reason}).")
        raise FileUnreadable(sentence.format(path=inert(str(file), 200), reason=error.strerror)) from None
    return held_against(session, content, file, anchor_of(content))


def _told(sent: Sent, file: Path) -> str:
    text = f"{inert(str(file), 200)}: {_(_SENT[sent.state.value])}"
    if sent.line is None:
        return f"✗ {text}"
    return f"✓ {text} ({sent.line.actor}, {sent.line.at:%Y-%m-%d %H:%M}Z)"
