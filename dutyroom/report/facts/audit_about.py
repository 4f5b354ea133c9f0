"""What the acts of an audit were about: the records their lines name, with what stood in an amended round before.

Only what nothing can change any more is taken from a record: the report of a period that is over stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dutyroom.checklists import parse
from dutyroom.model.checklist import Checklist
from dutyroom.model.events import LedgerLine
from dutyroom.model.finding import Step
from dutyroom.model.handover import Handover
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.periods import CriticalPeriod
from dutyroom.model.ports import Baseline
from dutyroom.model.rounds import Amendment, Entry, Round
from dutyroom.model.self_check import SelfCheckAnswer
from dutyroom.model.zero_report import ZeroReport
from dutyroom.report.facts.audit_limits import VersionChange
from dutyroom.report.frame import Frame
from dutyroom.store import (
    amendments,
    baselines,
    checklists,
    handovers,
    maintenance,
    periods,
    round_history,
    rounds,
    self_check,
    zero_reports,
)
from dutyroom.store.database import Session


@dataclass(frozen=True, slots=True)
class RoundAbout:
    """A round, and the checklist it was walked with where that is known."""

    round: Round
    form: Checklist | None = None


@dataclass(frozen=True, slots=True)
class AmendedAbout:
    """An amended round: the answers before and after, None for one that was not there; and the amendment itself."""

    round: Round
    amendment: Amendment
    changes: tuple[tuple[Entry | None, Entry], ...] = ()
    form: Checklist | None = None


@dataclass(frozen=True, slots=True)
class PublishedAbout:
    """A version of a checklist, and what changed with it where another one was in use before."""

    form: Checklist
    change: VersionChange | None = None


About = (
    RoundAbout
    | AmendedAbout
    | PublishedAbout
    | VersionChange
    | CriticalPeriod
    | MaintenanceWindow
    | Baseline
    | SelfCheckAnswer
    | Handover
    | ZeroReport
    | Step
)


def about(
    session: Session, frame: Frame, lines: Iterable[LedgerLine], changes: Iterable[VersionChange]
) -> Mapping[int, About]:
    """By the number of the line what it was about; absent where its subject is no record of these kinds."""
    changed = {(one.checklist.version, one.line.at): one for one in changes}
    readers = {
        "period": periods.one,
        "maintenance": maintenance.one,
        "baseline": baselines.one,
        "self-check": self_check.one,
        "handover": handovers.handover,
        "zero-report": zero_reports.one,
    }
    found: dict[int, About] = {}
    for line in lines:
        kind, _colon, key = line.subject.partition(":")
        one: About | None = None
        if kind in readers:
            one = readers[kind](session, int(key))
        elif kind == "round":
            held = rounds.get(session, int(key))
            one = RoundAbout(held, _form(session, frame, held)) if held is not None else None
        elif kind == "amendment":
            one = _amended(session, frame, int(key))
        elif kind == "checklist":
            text = checklists.content(session, key)
            if text is not None:
                form = parse(text, frame.site.limit_profile, key)
                one = PublishedAbout(form, changed.get((key, line.at)))
        if one is not None:
            found[line.seq] = one
    return found


def _amended(session: Session, frame: Frame, number: int) -> AmendedAbout | None:
    made = amendments.one(session, number)
    held = rounds.get(session, made.round_id) if made is not None else None
    if made is None or held is None:
        return None
    earlier = [one for one in amendments.of_rounds(session, [held.id]) if one.revision < made.revision]
    signed = round_history.answers_of(session, [held.id]).get(held.id, [])
    stood = {one.key: one for one in amendments.in_force(signed, earlier)}
    changes = tuple((stood.get(one.key), one) for one in made.entries)
    return AmendedAbout(held, made, changes, _form(session, frame, held))


def _form(session: Session, frame: Frame, held: Round) -> Checklist | None:
    if held.version in frame.versions:
        return frame.versions[held.version]
    text = checklists.content(session, held.version)
    if text is not None:
        return parse(text, frame.site.limit_profile, held.version)
    return frame.checklists.get(held.checklist)
