"""The register as a sheet: what was seen, with empty columns for whose it is, to be filled in and imported."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dutyroom import address_words
from dutyroom.model.addresses import Host, Registration
from dutyroom.report.page import Cell, Page, Value
from dutyroom.report.workbook import build, save
from dutyroom.words import _, speaking

HEAD = 3
_NONE = Registration()


def register_page(hosts: Iterable[Host]) -> Page:
    """One row for each device that was seen, in the language in force; its header is what the import reads."""
    columns = (
        (_("IP address"), 30),
        (_("MAC address"), 19),
        (_("Device name"), 22),
        (_("Owner"), 14),
        (_("User"), 14),
        (_("Department"), 18),
        (_("Location"), 18),
        (_("Switch"), 16),
        (_("Port"), 24),
        (_("Valid until"), 13),
        (_("Note"), 30),
        (_("First seen"), 17),
        (_("Last seen"), 17),
        (_("What is wrong"), 40),
    )
    cells = [
        Cell(1, 1, _("Addresses seen, to be registered"), "title"),
        Cell(
            2,
            1,
            _("Fill in whose each one is (at least one of name, owner, user, department), delete the rows that are "
              "not to be registered, then: dutyroom register import FILE"),
            "quiet",
            columns=len(columns),
        ),
    ]  # fmt: skip
    cells += [Cell(HEAD, at, name, "head left") for at, (name, _width) in enumerate(columns, 1)]
    for row, host in enumerate((one for one in hosts if one.first_s), HEAD + 1):
        cells += [Cell(row, at, value, look) for at, (value, look) in enumerate(_row(host), 1)]
    return Page(
        title=_("Addresses"),
        widths=tuple(float(width) for _name, width in columns),
        cells=tuple(cells),
        body=(HEAD + 1, 3),
        repeat=(HEAD, HEAD),
        filter_row=HEAD,
        one_sheet=False,
    )


def _row(host: Host) -> list[tuple[Value, str]]:
    known = host.registered if host.registered is not None and not host.registered.is_range else _NONE
    moments = (datetime.fromtimestamp(at_s, UTC) for at_s in (host.first_s, host.last_s))
    wrong = "; ".join(address_words.sentence(one) for one in host.findings) or address_words.random_mac(host.mac)
    return [
        (host.ip, "text"),
        (host.mac, "text"),
        *((text, "text") for text in (known.name, known.owner, known.user, known.department, known.location)),
        (known.switch or host.switch, "text"),
        (known.port or host.port, "text"),
        (known.valid_until, "date"),
        (known.note, "text"),
        *((moment, "moment") for moment in moments),
        (wrong, "text"),
    ]


def export_register(
    hosts: Iterable[Host],
    path: Path,
    language: str,
    zone: ZoneInfo,
    at: datetime,
    enter: Callable[[Path, Path], None] = lambda _made, _target: None,
) -> Path:
    """Writes the sheet in `language`; returns where it is. `enter` puts it on record before it takes its place.

    Raises ExportError; an older file at `path` is then as it was.
    """
    with speaking(language):
        return save(build([register_page(hosts)], zone, _("Addresses seen, to be registered"), at), path, enter)
