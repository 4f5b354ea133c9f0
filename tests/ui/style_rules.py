"""The style sheets of hundreds of applications, read once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet


@contextmanager
def style_rules_read_once() -> Iterator[None]:
    """Rules of the same text under the same colours are read once per process, as one application keeps them itself."""
    read, kept = Stylesheet._parse_rules, dict[Any, list[RuleSet]]()

    def rules_of(sheet: Stylesheet, css: str, read_from: Any, *told: Any, **named: Any) -> list[RuleSet]:
        key = (css, read_from, told, frozenset(named.items()), frozenset(sheet._variables.items()))
        if key not in kept:
            kept[key] = read(sheet, css, read_from, *told, **named)
        return kept[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Stylesheet, "_parse_rules", rules_of)
        yield
