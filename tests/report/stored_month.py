"""The month made by hand, in a real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from dutyroom.model.people import Act, Actor, Role
from dutyroom.model.rounds import RoundState
from dutyroom.model.site import Site
from dutyroom.report.collect import report_of
from dutyroom.report.report import Report
from dutyroom.rules.report_period import parse
from dutyroom.store import checklists, ledger, people, rounds
from dutyroom.store.database import Session, Store
from tests.report.month_seed import GENERATED_AT, MonthSeed, month

ACTOR = Actor("zhang", Role.TECHNICIAN, "tty1")
PUBLISHED_AT = datetime(2026, 9, 1, tzinfo=UTC)


def stored_report(
    folder: Path, seed: MonthSeed | None = None, site: Site | None = None, made_at: datetime = GENERATED_AT
) -> Report:
    """The report of October 2026 out of a store in `folder` that holds the seed."""
    seed = seed or month()
    store = Store.open(f"sqlite:///{folder / 'dutyroom.db'}")
    with store.write() as session:
        _put(session, seed)
    report = report_of(store, site or seed.site, (seed.checklist,), parse("2026-10"), made_at)
    store.close()
    return report


def _put(session: Session, seed: MonthSeed) -> None:
    for person in seed.operators:
        people.add_operator(session, person, "x")
    for at in (datetime(2026, 9, 30, 15, 59, tzinfo=UTC), datetime(2026, 9, 30, 16, tzinfo=UTC)):
        ledger.append(session, at=at, actor=ACTOR, act=Act.SIGN_IN, subject="zhang", row=None)
    if seed.operators:
        checklists.publish(session, seed.checklist.version, seed.checklist.name, "", PUBLISHED_AT)
    for held in seed.rounds:
        stored = rounds.add(session, replace(held, state=RoundState.OPEN, signed_at=None, signed_by=None))
        for entry in seed.entries:
            if entry.round_id == held.id:
                rounds.put_entry(session, replace(entry, round_id=stored.id))
        rounds.update(session, replace(held, id=stored.id))
