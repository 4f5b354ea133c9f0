"""The pages of `docs/` that are made from the program itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.docs.commands import commands
from tests.docs.keys import keys
from tests.docs.site_file import site_file

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
MADE: dict[str, Callable[[str], str]] = {"site-file": site_file, "commands": commands, "keys": keys}


def texts() -> dict[Path, str]:
    """Every generated page as it must be."""
    found = {}
    for name, make in MADE.items():
        found[DOCS / f"{name}.md"] = make("en")
        found[DOCS / f"{name}.zh-CN.md"] = make("zh_CN")
    return found


def write() -> list[Path]:
    """Writes the pages that differ; gives them."""
    DOCS.mkdir(exist_ok=True)
    changed = []
    for path, text in texts().items():
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            changed.append(path)
    return changed
