"""The translator's command: `python -m tests.catalogue` brings the Chinese catalogue up to date with the code.

It takes every `_()` and `N_()` text of `dutyroom` and `screens` and the descriptions of the site file's keys, keeps the
translations there are, drops those whose source is gone, writes the .po, compiles the .mo and names what still waits
for a translation. The files hold no times, line numbers or paths: they change only where a text changes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from dutyroom.config import json_schema

LANGUAGE = "zh_CN"
PACKAGES = ("dutyroom", "screens")
ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "data" / "locale" / LANGUAGE / "LC_MESSAGES"
PO, MO = FOLDER / "dutyroom.po", FOLDER / "dutyroom.mo"
HEADER = "# dutyroom in Simplified Chinese; brought up to date by: python -m tests.catalogue"


class _Plain(Catalog):
    """A catalogue whose header never changes: babel's own holds times, its version and places to be filled in."""

    mime_headers = [
        ("Language", LANGUAGE),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=UTF-8"),
        ("Content-Transfer-Encoding", "8bit"),
        ("Plural-Forms", "nplurals=1; plural=0;"),
    ]


def source_strings() -> dict[str, list[str]]:
    """Every text the code marks for translation, each with the modules it stands in (relative to the checkout)."""
    found: dict[str, list[str]] = {}
    for package in PACKAGES:
        marked = extract_from_dir(str(ROOT / package), keywords={"_": None, "N_": None})
        for module, _line, text, _comments, _context in sorted(marked, key=lambda one: one[:2]):
            places = found.setdefault(str(text), [])
            if (place := f"{package}/{Path(module).as_posix()}") not in places:
                places.append(place)
    for text in _descriptions(json_schema()):
        found.setdefault(text, []).append("dutyroom/config")
    return found


def _descriptions(part: Any) -> Iterator[str]:
    """The texts under the keys of the site file's forms, which the JSON Schema carries."""
    if isinstance(part, dict):
        if isinstance(text := part.get("description"), str):
            yield text
        part = list(part.values())
    for below in part if isinstance(part, list) else []:
        yield from _descriptions(below)


def translations() -> dict[str, str]:
    """What the .po holds, source text to translation (empty where there is none yet)."""
    if not PO.exists():
        return {}
    with PO.open("rb") as stream:
        return {str(one.id): str(one.string) for one in read_po(stream, locale=LANGUAGE) if one.id}


def compiled() -> dict[str, str]:
    """What the .mo holds, source text to translation."""
    with MO.open("rb") as stream:
        return {str(one.id): str(one.string) for one in read_mo(stream) if one.id}


def files_of(texts: dict[str, str]) -> tuple[bytes, bytes]:
    """The .po and the .mo with these translations, in the order of the source texts."""
    plain, po, mo = _Plain(fuzzy=False, header_comment=HEADER), BytesIO(), BytesIO()
    for source in sorted(texts):
        plain.add(source, texts[source])
    write_po(po, plain, width=0, no_location=True)
    write_mo(mo, plain)
    return po.getvalue(), mo.getvalue()


def main() -> int:
    """Brings both files up to date; 1 when a text has no translation yet, else 0."""
    known, wanted = translations(), source_strings()
    po, mo = files_of({source: known.get(source, "") for source in wanted})
    FOLDER.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(po)
    MO.write_bytes(mo)
    waiting = [source for source in wanted if not known.get(source)]
    for source in waiting:
        print(f"{wanted[source][0]}: {source!r}")
    gone = len(known.keys() - wanted.keys())
    print(f"{len(wanted)} texts, {len(waiting)} without a translation, {gone} dropped", file=sys.stderr)
    return 1 if waiting else 0


if __name__ == "__main__":
    raise SystemExit(main())
