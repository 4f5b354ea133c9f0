"""The last look at a walk before it is signed, as lines of text: what is not as it should be comes first."""

from __future__ import annotations

from dutyroom import show
from dutyroom.duty.walks import Walk
from dutyroom.model.checklist import WalkLine
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import Entry
from dutyroom.model.site import Site
from dutyroom.words import _
from screens.walk_values import how_answered, is_odd
from screens.widgets.lines import Line, role_of


def review_lines(walk: Walk, site: Site) -> list[Line]:
    """What a signer should see first: abnormal answers, then not applicable, then odd ones, then how many are fine."""
    items = [(line, entry) for line in walk.lines if (entry := walk.entry(line)) is not None]
    bad = [(line, entry) for line, entry in items if entry.verdict in (Verdict.ATTENTION, Verdict.FAULT)]
    skipped = [(line, entry) for line, entry in items if entry.verdict in (Verdict.NOT_INSTALLED, Verdict.UNKNOWN)]
    odd = [pair for pair in items if is_odd(pair[1], pair[0].item) and pair not in bad and pair not in skipped]
    # The worst first: among equals the walking order stays.
    bad.sort(key=lambda pair: pair[1].verdict is not Verdict.FAULT)
    lines: list[Line] = []
    for title, found in (
        (_("Not normal"), bad),
        (_("Not applicable or unknown"), skipped),
        (_("Other than the source says"), odd),
    ):
        if found:
            lines.append(((f"{title} ({len(found)})", "key"),))
            for line, entry in found:
                lines += _review_lines(line, entry, site)
    fine = len(items) - len(bad) - len(skipped) - len(odd)
    lines.append((("✓ ", "ok"), (_("{n} answers normal").format(n=fine), "")))
    return lines


def _review_lines(line: WalkLine, entry: Entry, site: Site) -> list[Line]:
    place = f"{site.label_of(line.device)} · " if line.device else ""
    live = f"  ({how_answered(entry, line.item)})" if is_odd(entry, line.item) else ""
    told: Line = (
        (f"{show.symbol(entry.verdict)} ", role_of(entry.verdict)),
        (f"{place}{show.item_name(line.item)}  ", ""),
        (show.answer(line.item, entry.answer), role_of(entry.verdict)),
        (live, "dim"),
    )
    found = f"  → {entry.finding_id}" if entry.finding_id is not None else ""
    return [told, ((f"    “{entry.note}”{found}", "dim"),)] if entry.note else [told]
