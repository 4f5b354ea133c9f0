"""The one neutraliser: text from a device, a file or a person becomes inert before it is stored or shown.

Textual passes escape sequences in content on to the terminal even with markup off, and bidirectional or zero-width
characters can make one text look like another; so they are taken out at the door.
"""

from __future__ import annotations

import unicodedata

MAX_LENGTH = 4096
_KEPT = {"\n", "\t"}


def inert(text: str, limit: int = MAX_LENGTH, *, lines: bool = False) -> str:
    """The text without control, format, surrogate, private and unassigned characters, cut at `limit` characters.

    Newlines and tabs become blanks unless `lines` is true, so that one value stays one line.
    """
    out: list[str] = []
    for character in text[: limit * 2].replace("\r\n", "\n").replace("\r", "\n"):
        if character in _KEPT:
            out.append(character if lines else " ")
        elif unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            # Not dropped: `54`, NUL, `00` must not read as 5400.
            out.append("\ufffd")
        else:
            out.append(character)
    cleaned = "".join(out)
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1] + "…"


def decode(raw: bytes, limit: int = MAX_LENGTH) -> str:
    """Bytes from a device as inert text: UTF-8, else GB18030, else Latin-1; trailing blanks and NULs are dropped."""
    stripped = raw.rstrip(b"\x00")
    for encoding in ("utf-8", "gb18030"):
        try:
            return inert(stripped.decode(encoding), limit).strip()
        except UnicodeDecodeError:
            continue
    return inert(stripped.decode("latin-1"), limit).strip()
