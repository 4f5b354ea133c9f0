"""The last look at a walk before it is signed, as lines of text: what is not as it should be comes first."""

from __future__ import annotations

from dutyroom import show
from dutyroom.duty.walks import Walk
from dutyroom.model.checklist import WalkLine
from dutyroom.model.reading import Origin, Verdict
from dutyroom.model.rounds import Entry
from dutyroom.model.site import Site
from dutyroom.words import _
from screens.walk_lines import how_answered
from screens.widgets.lines import Line, role_of


def review_lines(walk: Walk, site: Site) -> list[Line]:
    """What a signer should see first: abnormal answers, then not applicable, then odd ones, then how many are fine."""
    items = [(line, entry) for line in walk.lines if (entry := walk.entry(line)) is not None]
    bad = [(line, entry) for line, entry in items if entry.verdict in (Verdict.ATTENTION, Verdict.FAULT)]
    skipped = [(line, entry) for line, entry in items if entry.verdict in (Verdict.NOT_INSTALLED, Verdict.UNKNOWN)]
    odd = [(line, entry) for line, entry in items if entry.origin is Origin.TYPED_OVER_MEASURED]
    lines: list[Line] = []
    for title, found in (
        (_("Not normal"), bad),
        (_("Not applicable or unknown"), skipped),
        (_("Typed over a measurement"), [pair for pair in odd if pair not in bad]),
    ):
        if found:
            lines.append(((f"{title} ({len(found)})", "key"),))
            for line, entry in found:
                lines += _review_lines(line, entry, site)
    fine = len(items) - len(bad) - len(skipped)
    lines.append((("✓ ", "ok"), (_("{n} answers normal").format(n=fine), "")))
    return lines


def _review_lines(line: WalkLine, entry: Entry, site: Site) -> list[Line]:
    place = f"{site.label_of(line.device)} · " if line.device else ""
    live = f"  ({how_answered(entry, line.item)})" if entry.origin is Origin.TYPED_OVER_MEASURED else ""
    told: Line = (
        (f"{show.symbol(entry.verdict)} ", role_of(entry.verdict)),
        (f"{place}{show.item_name(line.item)}  ", ""),
        (show.answer(line.item, entry.answer), role_of(entry.verdict)),
        (live, "dim"),
    )
    return [told, ((f"    “{entry.note}”", "dim"),)] if entry.note else [told]
