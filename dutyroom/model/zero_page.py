"""One zero report as it is read, exported or previewed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dutyroom.model.zero_content import ZeroContent, ZeroItem
from dutyroom.model.zero_report import ZeroDay


@dataclass(frozen=True, slots=True)
class ZeroPage:
    """One duty day as it is read: how it stands, what it lists, and what happened that the signed version lacks.

    `content` is that of the version in force, or of the preview when nothing is signed. `anchor` is the ledger's line
    of the version in force (number, hash). `people` are labels by login name; `may_sign_at` is None when it may be
    signed now, and `now` the moment of reading (UTC).
    """

    day: ZeroDay
    content: ZeroContent
    now: datetime
    people: Mapping[str, str]
    unreported: tuple[ZeroItem, ...] = ()
    anchor: tuple[int, str] | None = None
    may_sign_at: datetime | None = None
