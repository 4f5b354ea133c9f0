"""The page of one UPS as lines of text: what its status means, and every variable it told."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from rich.cells import cell_len

from dutyroom import nut_words, show
from dutyroom.board import SourceView
from dutyroom.model.facts import Implausible, UpsFacts
from dutyroom.words import _
from screens import device_lines, power_lines
from screens.device_lines import NO_LINE, cut, section
from screens.flow import flowing
from screens.widgets.lines import Line, Run, pad, width_of

Fits = Callable[..., bool]


def status_lines(facts: UpsFacts, width: int) -> list[Line]:
    """Each token of the status with its meaning."""
    lines = [section(_("Status in words"), width)]
    if not facts.status:
        return [*lines, *flowing(_("it tells no status"), width, "unknown", indent=2)]
    column = max(8, device_lines.label_width(facts.status))
    return lines + [
        cut(((f"  {pad(token, column)}  ", "strong"), (nut_words.status_token(token), "")), width)
        for token in facts.status
    ]


def variable_lines(facts: UpsFacts, age_s: float | None, width: int, fits: Fits) -> list[Line]:
    """Every variable that fits, by the first part of its name: raw text, what we make of it, why it is not believed."""
    found = sorted(pair for pair in facts.variables if fits(*pair, nut_words.group(_prefix(pair[0]))))
    title = _("All {n} variables, {ago}").format(n=len(facts.variables), ago=show.ago(age_s))
    if len(found) != len(facts.variables):
        title = _("{n} of {all} variables, {ago}").format(n=len(found), all=len(facts.variables), ago=show.ago(age_s))
    lines = [section(title, width)]
    if not found:
        return [*lines, *flowing(_("None of them fits the filter."), width, "unknown", indent=2)]
    odd = {one.variable: one for one in facts.implausible}
    names = min(device_lines.label_width(name for name, _raw in found), max(12, width // 2 - 4))
    raws = min(device_lines.label_width(raw for _name, raw in found), max(10, width - names - 24))
    for prefix, pairs in groupby(found, key=lambda pair: _prefix(pair[0])):
        word = nut_words.group(prefix)
        lines.append(((f"  {prefix}", "key"), (f"  {word}" if word != prefix else "", "dim")))
        for name, raw in pairs:
            lines += _variable(name, raw, odd.get(name), names, raws, width)
    return lines


def _variable(name: str, raw: str, odd: Implausible | None, names: int, raws: int, width: int) -> list[Line]:
    """Name, raw text and what we make of it; that stands on a line of its own where it would be cut."""
    said: Run
    if odd is not None:
        said = (f"✗ {power_lines.why_not(odd)}", "attention")
    elif not raw.strip():
        said = (_("empty"), "unknown")
    else:
        told = nut_words.understood(name, raw)
        said = (f"= {told}" if told and told != raw else "", "dim")
    line: Line = ((f"    {pad(name, names)}  ", "dim"), (pad(raw, raws), "strong" if odd is None else ""))
    if width_of(line) + 2 + cell_len(said[0]) <= width:
        return [(*line, ("  ", ""), said)]
    return [cut(line, width), *flowing(said[0], width, said[1], indent=6)]


def _prefix(name: str) -> str:
    return name.partition(".")[0]


def age_line(view: SourceView, width: int) -> list[Line]:
    """Nothing is known of a UPS that never answered."""
    return [NO_LINE, *flowing(_("Its variables are not known: it has not answered yet."), width, "unknown")] if (
        device_lines.known(view) is None
    ) else []  # fmt: skip
