"""Markdown as the generated pages write it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

GENERATED = "<!-- Written by `python -m tests.docs`; change what it is made of, not this file. -->"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a stroke inside a cell is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def code(text: str) -> str:
    """A text as it is typed."""
    return f"`{text}`" if text else ""


def page(*parts: str) -> str:
    """The parts of a generated page, a blank line between them."""
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"
