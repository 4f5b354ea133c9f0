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
    from dutyroom.duty.desk import Desk
    from dutyroom.duty.sent_files import Sent
    from dutyroom.report.recheck import Difference, Recheck

INTACT, FOUND, USAGE = 0, 1, 2
# Larger than anything this program exports.
LARGEST = 256 * 1024 * 1024
ZIPPED = b"PK"
"""How every workbook begins."""
_FAULTS = {
    "seq-gap": N_("lines are missing before this one"),
    "chain-broken": N_("does not follow the line before"),
    "line-changed": N_("the line was changed"),
    "row-changed": N_("the record differs from its newest line"),
    "row-unknown": N_("no line tells of this record"),
    "row-missing": N_("the record is gone"),
}

_OTHER = {
    "report_site": N_(
        "The site file is another one than it was made with: what depends on it (names, devices, limits) may differ "
        "for that alone. To check, name the one of that time: --config."
    ),
    "report_rows": N_(
        "The rows of the self-check are others than it was made with: its sheet may differ for that alone. To check, "
        "put those of that time back."
    ),
    "report_version": N_(
        "It was made by dutyroom {version}, this is {own}, which may count otherwise. To check, use that version."
    ),
}
_SENT = {
    "unchanged": N_("as it was exported"),
    "saved-again": N_("saved again by another program; every cell agrees with the records"),
    "changed": N_("no export has this content: the file was changed, or comes from another room"),
    "line-missing": N_("the ledger has not the line this file names: it was cut, rewritten or restored"),
}
_CONTRADICTED = N_(
    "The file is exactly what was exported, and was counted by this version with this site file: what it is counted "
    "from was changed in the database since, beside the program. If nobody did that, it is an error of dutyroom."
)


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

    desk = open_desk(site_of(ctx), read_only=True)
    sent, again = None, None
    try:
        with desk.store.read() as session:
            found = verified(session)
        if file is not None:
            sent, again = _held(desk, file)
    finally:
        desk.store.close()
    if json:
        print(documents.to_text(documents.verification(found, sent.state.value if sent is not None else None, again)))
    else:
        rows = [
            (f"✗ {fault.seq if fault.seq is not None else '–'}", fault.subject, _(_FAULTS.get(fault.code, fault.code)))
            for fault in found.faults
        ]
        print("\n".join(aligned(rows)) if rows else "✓ " + _("Every record agrees with the ledger."))
        counts = _("{lines} lines, {rows} records, newest line {head}")
        print(counts.format(lines=found.lines, rows=found.rows, head=found.head))
        if sent is not None and file is not None:
            print("\n".join(_told(sent, again, file)))
    return FOUND if found.faults or (sent is not None and not _agrees(sent, again)) else INTACT


def _agrees(sent: Sent, again: Recheck | None) -> bool:
    """Nothing speaks against the file or the records."""
    if sent.state.value not in ("unchanged", "saved-again"):
        return False
    return again is None or again.difference is None or bool(again.other_origin)


def _held(desk: Desk, file: Path) -> tuple[Sent, Recheck | None]:
    from dutyroom.duty.sent_files import Sent, SentState, held_against
    from dutyroom.report.recheck import recheck
    from dutyroom.report.zero_report import anchor_of

    shown = inert(str(file), 200)
    try:
        with file.open("rb") as handle:
            content = handle.read(LARGEST)
    except OSError as error:
        sentence = _("{path}: cannot be read ({reason}).")
        raise FileUnreadable(sentence.format(path=shown, reason=error.strerror)) from None
    with desk.store.read() as session:
        sent = held_against(session, content, file, anchor_of(content))
    if not content.startswith(ZIPPED):
        return sent, None
    again = recheck(desk.store, desk.site, [one.checklist for one in desk.published()], content, shown)
    if again is None:
        return sent, None
    if not again.has_lines:
        return Sent(SentState.LINE_MISSING), again
    if sent.state is SentState.CHANGED and again.difference is None:
        return Sent(SentState.SAVED_AGAIN), again
    return sent, again


def _told(sent: Sent, again: Recheck | None, file: Path) -> list[str]:
    """How the file stands to the ledger, then what counting it again gave."""
    text = f"{inert(str(file), 200)}: {_(_SENT[sent.state.value])}"
    if sent.line is not None:
        text += f" ({sent.line.actor}, {sent.line.at:%Y-%m-%d %H:%M}Z)"
    lines = [f"{'✗' if sent.state.value in ('changed', 'line-missing') else '✓'} {text}"]
    if again is None or not again.has_lines:
        return lines
    if again.difference is None:
        if sent.line is not None:
            lines.append("✓ " + _("Counted again from the records: every cell agrees."))
        return lines
    lines += _differing(again.difference, is_fault=not _agrees(sent, again))
    for name in again.other_origin:
        lines.append("! " + _(_OTHER[name]).format(version=_shown(again.version), own=_shown(again.own_version)))
    if sent.line is not None and not again.other_origin:
        lines.append("✗ " + _(_CONTRADICTED))
    return lines


def _shown(version: str) -> str:
    return inert(version, 40) or "–"


def _differing(found: Difference, *, is_fault: bool) -> list[str]:
    said, given = inert(found.said, 200) or "–", inert(found.given, 200) or "–"
    sentence = _("{sheet} {cell}: the file says {said}, the records give {given}")
    if not is_fault:
        sentence = _("{sheet} {cell}: the file says {said}, today it would say {given}")
    sheet, cell = inert(found.sheet, 60), inert(found.cell, 20)
    lines = [("✗ " if is_fault else "! ") + sentence.format(sheet=sheet, cell=cell, said=said, given=given)]
    if found.records:
        lines.append("  " + _("counted from {records}").format(records=inert(found.records, 400)))
    return lines
