"""Takes a whole report out of the store, in one consistent view."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from dutyroom.checklists import parse
from dutyroom.model.checklist import Checklist
from dutyroom.model.site import Site
from dutyroom.report.facts import (
    audit,
    availability,
    backups,
    environment,
    findings,
    ledger,
    outages,
    self_check,
    zero,
)
from dutyroom.report.facts import rounds as round_facts
from dutyroom.report.frame import Frame
from dutyroom.report.report import Report
from dutyroom.rules.report_period import ReportPeriod
from dutyroom.store import checklists as kept_checklists
from dutyroom.store import people, rounds
from dutyroom.store.database import Session, Store

Tell = Callable[[int, int], None]
"""Hears how many steps are done, and of how many."""
THEMES = 10


def report_of(
    store: Store,
    site: Site,
    checklists: Sequence[Checklist],
    period: ReportPeriod,
    made_at: datetime,
    tell: Tell = lambda _done, _all: None,
) -> Report:
    """The report of a period as it stands at `made_at` (UTC). `checklists` are those of the files, in their order.

    Each counts as it was in force at the cut-off; one that was not in force by then does not count.

    Raises:
        StoreError: the store could not be read.
        ChecklistError: the text of a checklist that rounds were walked with is damaged.
    """
    with store.read() as session:
        frame = frame_of(session, site, checklists, period, made_at)
        found_ledger = ledger.gather(session, frame)
        tell(1, THEMES)
        found_rounds = round_facts.gather(session, frame)
        tell(2, THEMES)
        found_environment = environment.gather(session, frame, found_rounds)
        tell(3, THEMES)
        found_availability = availability.gather(session, frame)
        tell(4, THEMES)
        found_outages = outages.gather(session, frame)
        tell(5, THEMES)
        found_self_check = self_check.gather(session, frame)
        tell(6, THEMES)
        found_findings = findings.gather(session, frame)
        tell(7, THEMES)
        found_backups = backups.gather(session, frame, found_rounds)
        tell(8, THEMES)
        found_zero = zero.gather(session, frame)
        tell(9, THEMES)
        found_audit = audit.gather(session, frame, found_rounds, found_ledger)
        tell(10, THEMES)
        return Report(
            frame=frame,
            ledger=found_ledger,
            rounds=found_rounds,
            availability=found_availability,
            environment=found_environment,
            outages=found_outages,
            self_check=found_self_check,
            findings=found_findings,
            backups=found_backups,
            zero=found_zero,
            audit=found_audit,
        )


def frame_of(
    session: Session, site: Site, checklists: Sequence[Checklist], period: ReportPeriod, made_at: datetime
) -> Frame:
    """The frame alone. Raises StoreError, ChecklistError."""
    found = rounds.rounds(session, since=period.first, until=period.last)
    texts = kept_checklists.contents(session, (one.version for one in found))
    operators = tuple(one for one in people.operators(session) if one.created_at <= made_at)
    cutoff = min(made_at, period.ends_at(site.timezone))
    return Frame(
        site=site,
        period=period,
        made_at=made_at,
        checklists={one.name: one for one in _in_force(session, site, checklists, (cutoff, made_at))},
        versions=_read(site, checklists, texts),
        operators=operators,
        used_from=min((one.created_at for one in operators), default=None),
    )


def _in_force(
    session: Session, site: Site, checklists: Sequence[Checklist], moments: Iterable[datetime]
) -> tuple[Checklist, ...]:
    """Those of the checklists that were in force at the first of the moments at which any was, in the order given.

    Before any was they are those given: a room nobody has walked yet has limits too.
    """
    told = (kept_checklists.in_force_at(session, at) for at in moments)
    if (versions := next(filter(None, told), None)) is None:
        return tuple(checklists)
    found = _read(site, checklists, kept_checklists.contents(session, versions.values()))
    return tuple(found[versions[one.name]] for one in checklists if versions.get(one.name) in found)


def _read(site: Site, known: Sequence[Checklist], texts: Mapping[str, str]) -> dict[str, Checklist]:
    """The checklists of these texts by version; those known are not read again."""
    same = {one.version: one for one in known}
    return {version: same.get(version) or parse(text, site.limit_profile, version) for version, text in texts.items()}
