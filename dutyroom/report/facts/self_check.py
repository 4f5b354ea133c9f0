"""What the self-check is made of beside the figures of the other themes: its rows, what people said, the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dutyroom.model.self_check import CheckRow, SelfCheckAnswer
from dutyroom.report.frame import Frame
from dutyroom.self_checks import rows_of
from dutyroom.store import registrations, self_check
from dutyroom.store.database import Session


@dataclass(frozen=True, slots=True)
class SelfCheckFacts:
    """The rows in order, the last answer of each by the row's id, and the numbers of the addresses in the register.

    Answers and register are as they stood at the cut-off.
    """

    rows: tuple[CheckRow, ...] = ()
    answers: Mapping[str, SelfCheckAnswer] = field(default_factory=dict)
    registered: tuple[int, ...] = ()


def gather(session: Session, frame: Frame) -> SelfCheckFacts:
    """Raises StoreError, and ChecklistError for a file of the site's own that cannot be read."""
    return SelfCheckFacts(
        rows=rows_of(frame.site),
        answers=self_check.newest(session, frame.cutoff),
        registered=registrations.numbers_at(session, frame.cutoff),
    )
