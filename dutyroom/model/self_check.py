"""The self-check: what an assessor asks for, what proves it, and what people said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dutyroom.model.checklist import Words


class CheckResult(StrEnum):
    """How a requirement is met."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not-met"
    NOT_APPLICABLE = "not-applicable"
    UNKNOWN = "unknown"


class CheckSheet(StrEnum):
    """Where a row stands: in the self-check of every report, or in the inspection of quarters and years."""

    SELF_CHECK = "self-check"
    INSPECTION = "inspection"


@dataclass(frozen=True, slots=True)
class Proof:
    """The bounds of one figure within which a requirement is met, or at least partly. None: no bound on that side.

    `of` names a second figure: then what is bounded is the first divided by it.
    """

    figure: str
    of: str = ""
    at_least: float | None = None
    at_most: float | None = None
    partly_at_least: float | None = None
    partly_at_most: float | None = None


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One requirement. `controls` are (clause, name) of GB/T 22239-2019, level 2.

    `documents` are what an assessor asks for; `figures` are shown as evidence, those of the proofs among them.
    """

    id: str
    sheet: CheckSheet
    theme: Words
    words: Words
    controls: tuple[tuple[str, str], ...] = ()
    documents: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class SelfCheckAnswer:
    """What a person said of a row. `result` is None where the figures are to decide. Never changed: a later one counts.

    UTC; `set_by` is a login name.
    """

    row: str
    result: CheckResult | None
    text: str
    plan: str
    set_at: datetime
    set_by: str
    id: int = 0
