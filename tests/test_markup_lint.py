"""No text is ever markup by accident: a lint over the screens.

Textual reads square brackets in a plain string as markup, so a device name could become a click target or a crash.
Two rules hold everywhere in `screens/`: a widget or a toast that takes text which is not a literal says
`markup=False` or is given `Content(...)`; and no f-string spells markup.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SCREENS = Path(__file__).resolve().parent.parent / "screens"
# Whatever takes a text and reads it as markup: widgets, toasts, and titles set as attributes.
CALLS = frozenset(
    {"Static", "Label", "Button", "notify", "Checkbox", "RadioButton", "Option", "Collapsible", "TabPane"}
)
ATTRIBUTES = frozenset({"border_title", "border_subtitle", "tooltip"})
PLAIN = frozenset({"Content", "Text"})
MARKUP = re.compile(r"\[[/@a-zA-Z]")


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_ours(node: ast.expr) -> bool:
    """A literal, a translated literal, or something wrapped as plain content."""
    if isinstance(node, ast.Constant):
        return True
    if not isinstance(node, ast.Call):
        return False
    if _name(node.func) in PLAIN:
        return True
    return _name(node.func) == "_" and all(isinstance(argument, ast.Constant) for argument in node.args)


def _says_markup_false(call: ast.Call) -> bool:
    return any(
        word.arg == "markup" and isinstance(word.value, ast.Constant) and word.value.value is False
        for word in call.keywords
    )


def findings(source: str) -> Iterator[tuple[int, str]]:
    """(line, why) of every place that breaks a rule."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _name(node.func) in CALLS and node.args:
            if not _is_ours(node.args[0]) and not _says_markup_false(node):
                yield node.lineno, f"{_name(node.func)} with a made text needs markup=False or Content(...)"
            yield from ((node.lineno, "tooltip needs Content(...)") for word in node.keywords
                        if word.arg == "tooltip" and not _is_ours(word.value))  # fmt: skip
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr in ATTRIBUTES and not _is_ours(node.value):
                    yield node.lineno, f"{target.attr} made from a text needs Content(...)"
        if isinstance(node, ast.JoinedStr):
            literal = "".join(str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values)
            if MARKUP.search(literal):
                yield node.lineno, "an f-string that spells markup"
        if isinstance(node, ast.Attribute) and node.attr == "from_markup":
            yield node.lineno, "from_markup"


@pytest.mark.parametrize("path", sorted(SCREENS.rglob("*.py")), ids=lambda path: str(path.relative_to(SCREENS)))
def test_no_text_of_a_screen_can_become_markup(path: Path) -> None:
    assert list(findings(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "Static(name)",
        "Static(f'{name}')",
        "Label('{}'.format(name))",
        "app.notify(str(error), severity='error')",
        "Static(name, markup=True)",
        "box.border_title = name",
        "x = f'[bold]{name}[/]'",
        "x = f'[@click={action}]y'",
        "Content.from_markup(text)",
        "Static(_(text))",
    ],
)
def test_the_lint_finds_what_it_is_for(source: str) -> None:
    assert list(findings(source))


@pytest.mark.parametrize(
    "source",
    [
        "Static(name, markup=False)",
        "Static(Content(name))",
        "Static(_('Name'))",
        "app.notify(str(error), markup=False)",
        "box.border_title = _('Help')",
        "box.border_title = Content(name)",
        "x = f'{name} [ {number} ]'",
    ],
)
def test_the_lint_lets_through_what_is_safe(source: str) -> None:
    assert not list(findings(source))
