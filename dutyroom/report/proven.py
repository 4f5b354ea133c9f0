"""What proves the hold time of each UPS, for the outage card."""

from __future__ import annotations

from collections.abc import Mapping

from dutyroom.board import Board, SourceView
from dutyroom.clock import local_date
from dutyroom.model.facts import Line
from dutyroom.model.outage_card import Proven
from dutyroom.model.reading import HoldVerdict, Kind
from dutyroom.model.site import Site


def proven_now(board: Board, site: Site) -> Mapping[str, Proven]:
    """What the board knows of every UPS, by its name: from what it reports with its battery full, or holds just now."""
    return {view.name: _proven(view, site) for view in board.of_kind(Kind.UPS)}


def _proven(view: SourceView, site: Site) -> Proven:
    sample, facts = view.sample, view.sample.ups if view.sample is not None else None
    if sample is None or facts is None or facts.runtime_s is None:
        return Proven()
    if view.hold_verdict not in (HoldVerdict.MET, HoldVerdict.SHORT):
        return Proven()
    on_battery = facts.line is Line.BATTERY
    held_s = facts.runtime_s + ((view.on_battery_s or 0.0) if on_battery else 0.0)
    basis = "on-battery" if on_battery else "reported"
    return Proven(held_s, view.hold_verdict, basis, local_date(sample.at, site.timezone))
