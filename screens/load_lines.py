"""What hangs on a UPS as lines of text: watts, by how many supplies each load is fed, and when it is shed."""

from __future__ import annotations

from dutyroom import show
from dutyroom.board import Board, SourceView
from dutyroom.model.facts import Line as PowerLine
from dutyroom.model.loads import HangingLoad, UpsLoads, UpsNow
from dutyroom.model.reading import Kind
from dutyroom.model.site import Site
from dutyroom.rules.loads import hanging_on
from dutyroom.rules.plausibility import flags
from dutyroom.words import _
from screens.device_lines import cut, known_age_s, label_width, section
from screens.flow import flowing
from screens.widgets.lines import Line, Run, pad, pad_left

# From so many cells on the other supplies and who answers for a load stand in it too.
ROOMY = 64


def upses_now(board: Board) -> dict[str, UpsNow]:
    """Every UPS that was ever read, as far as its loads are concerned; the time of one lost on battery runs down."""
    return {view.name: now for view in board.of_kind(Kind.UPS) if (now := _now(view)) is not None}


def _now(view: SourceView) -> UpsNow | None:
    facts = view.sample.ups if view.sample is not None and view.state.knows else None
    if facts is not None:
        off = "OFF" in flags(facts.status)
        return UpsNow(facts.line, facts.runtime_s, load_percent=facts.load_percent, off=off)
    last = view.good.ups if view.good is not None else None
    if last is None:
        return None
    left_s, age_s = last.runtime_s if last.line is PowerLine.BATTERY else None, known_age_s(view)
    counted = max(0.0, left_s - age_s) if left_s is not None and age_s is not None else None
    return UpsNow(last.line, counted, load_percent=last.load_percent, known=False)


def load_lines(view: SourceView, board: Board, site: Site, width: int) -> list[Line]:
    """What hangs on this UPS, in the order it would be shed, and what all of it draws."""
    rated_w = next((ups.rated_w for ups in site.ups if ups.name == view.name), None)
    hang = hanging_on(view.name, site.loads, upses_now(board), rated_w=rated_w)
    lines = [section(_("Hangs on it"), width)]
    if not hang.loads:
        return [*lines, *flowing(_("No [[load]] of the site file names it."), width, "dim", indent=2)]
    names = min(label_width(row.load.label for row in hang.loads), max(8, width // 3))
    figures = [show.number(round(row.watts) if row.watts is not None else None, "W") for row in hang.loads]
    column = label_width(figures)
    for row, figure in zip(hang.loads, figures, strict=True):
        runs: list[Run] = [(f"  {pad(row.load.label, names)}  ", "strong"), (pad_left(figure, column), "")]
        runs += _fed(view, row)
        if width >= ROOMY:
            runs += _beside(view, row, site)
        lines.append(cut(tuple(runs), width))
    return [*lines, *flowing(_together(hang), width, "dim", indent=2)]


def _fed(view: SourceView, row: HangingLoad) -> list[Run]:
    """By how many supplies it is fed, and whether that is as many as it needs; its group."""
    count = _("fed by {fed} of {of}").format(fed=row.fed, of=row.of)
    alone = row.of == 1
    role = "fault" if row.fed < row.load.needs else "attention" if alone or row.fed < row.of else "ok"
    if not view.state.knows and row.fed < row.load.needs:
        role = "unknown"
    group = row.load.shed_group
    told = _("group {group}").format(group=group) if group is not None else _("never shed")
    return [("  ", ""), (count, role), (f"  {told}", "dim")]


def _beside(view: SourceView, row: HangingLoad, site: Site) -> list[Run]:
    """Who answers for it, what else feeds it, and how many supplies it needs."""
    load = row.load
    others = [site.label_of(name) for name in load.fed_by if name != view.name]
    parts = [
        " ".join(part for part in (load.owner, load.phone) if part),
        _("also {others}, needs {needs}").format(others=", ".join(others), needs=load.needs) if others else "",
    ]
    return [(f"  {part}", "dim") for part in parts if part]


def _together(hang: UpsLoads) -> str:
    """The sum of the shares beside what the UPS measures; how many loads do not say their watts."""
    watts = show.number(round(hang.watts), "W")
    if hang.measured_w is None:
        text = _("{watts} in all").format(watts=watts)
    else:
        text = _("{watts} in all, {measured} measured").format(
            watts=watts, measured=show.number(round(hang.measured_w), "W")
        )
    return text if not hang.unknown else _("{text}; {n} without watts").format(text=text, n=hang.unknown)
