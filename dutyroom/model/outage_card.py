"""The printed outage card as the board remembers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from dutyroom.model.hold import HoldBasis
from dutyroom.model.reading import HoldVerdict


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """The newest card that was written: when (UTC), from which site file, and what it says of each UPS's hold time.

    `fingerprint` is the beginning of the site file's SHA-256.
    """

    at: datetime
    fingerprint: str
    verdicts: Mapping[str, HoldVerdict] = field(default_factory=dict)


class CardState(StrEnum):
    """Whether the card on the wall can be trusted."""

    CURRENT = "current"
    NEVER = "never"
    SITE_FILE = "site-file"
    HOLD_TIME = "hold-time"


@dataclass(frozen=True, slots=True)
class Proven:
    """How long one UPS is proven to last, in seconds (None: nothing proves it), and what proves it.

    Without a verdict `seconds` is the least it lasts. `proven_on` is the local day of the proof.
    """

    seconds: float | None = None
    verdict: HoldVerdict = HoldVerdict.NO_EVIDENCE
    basis: HoldBasis = HoldBasis.NONE
    proven_on: date | None = None
