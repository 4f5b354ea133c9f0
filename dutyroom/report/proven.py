"""What proves the hold time of each UPS, for the outage card."""

from __future__ import annotations

from collections.abc import Mapping

from dutyroom.board import Board, SourceView
from dutyroom.clock import local_date
from dutyroom.model.hold import HoldBasis
from dutyroom.model.outage_card import Proven
from dutyroom.model.reading import Kind
from dutyroom.model.site import Site


def proven_now(board: Board, site: Site) -> Mapping[str, Proven]:
    """What the board knows of every UPS, by its name: its verdict, the number that decides and the proof's day."""
    return {view.name: _proven(view, site) for view in board.of_kind(Kind.UPS)}


def _proven(view: SourceView, site: Site) -> Proven:
    hold = view.hold
    if hold is None:
        return Proven()
    at = view.sample.at if view.sample is not None and hold.basis is HoldBasis.REPORTED else None
    if hold.proof is not None and hold.basis is hold.proof.basis:
        at = hold.proof.at
    return Proven(hold.seconds, hold.verdict, hold.basis, local_date(at, site.timezone) if at is not None else None)
