"""Workbooks of a room in use still agree when it has been used on: outages, findings, reports and plans came since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from dutyroom.cli.compose import open_desk
from dutyroom.config import load_site
from dutyroom.demo.history import Simulation, fill_days
from dutyroom.demo.process import DemoPorts
from dutyroom.demo.room import Room
from dutyroom.demo.site import write_site
from dutyroom.duty import findings, maintenance, register, roster, self_check
from dutyroom.duty.desk import Desk
from dutyroom.duty.finding_lists import listed
from dutyroom.duty.operators import add_operator
from dutyroom.duty.passwords import hashed_lightly
from dutyroom.model.addresses import Registration
from dutyroom.model.people import Actor, Role
from dutyroom.model.self_check import CheckResult
from dutyroom.report.book import export
from dutyroom.report.collect import report_of
from dutyroom.report.recheck import recheck
from dutyroom.rules.report_period import parse
from tests.report.quarter import AGENTS, PASSWORD, PEOPLE, SEED

MADE_AT = datetime(2026, 11, 5, 4, 41, tzinfo=UTC)
"""Thursday, 12:41 in the room."""
BEFORE, AFTER = 16, 6
"""Days before that moment, and days behind it but for one that nobody came."""
LATER = MADE_AT + timedelta(days=AFTER + 1)
ADMIN, LEAD = Actor("admin", Role.ADMIN, "test"), Actor("lead", Role.LEAD, "test")
PERIODS = ("2026-10", "2026-11", "2026-W45", "2026-Q4", "2026-10-25..2026-11-10")
"""One that was over, and those that ran."""


@dataclass(frozen=True, slots=True)
class Grown:
    """The room after all that, and what was made of it before, by period."""

    desk: Desk
    sent: dict[str, bytes]


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    folder = tmp_path_factory.mktemp("grown") / "room"
    folder.mkdir()
    ports = DemoPorts(3493, tuple((name, 16100 + number) for number, name in enumerate(AGENTS)))
    desk = open_desk(load_site(write_site(folder, ports, "en")))
    try:
        for name, label, role in PEOPLE:
            by, since = (None if name == "admin" else ADMIN), MADE_AT - timedelta(days=BEFORE + 2)
            add_operator(desk.store, by, name, label, role, PASSWORD, since, hash_of=hashed_lightly)
        plan(desk, ("zhang", "lead"), MADE_AT - timedelta(days=BEFORE))
        live(desk, BEFORE, SEED, MADE_AT)
        sent = {name: made(desk, name, folder) for name in PERIODS}
        live(desk, AFTER, SEED + 1, LATER)
        plan(desk, ("lead", "wang"), LATER)
        change(desk)
        yield Grown(desk, sent)
    finally:
        desk.store.close()


def live(desk: Desk, days: int, seed: int, now: datetime) -> None:
    """People walk, report and put right, and mains fails, for so many days."""
    people = tuple((name, PASSWORD) for name in ("lead", "zhang"))
    fill_days(replace(desk, others=()), Simulation(Room(SEED), now), people, days, seed, now)


def plan(desk: Desk, people: tuple[str, ...], now: datetime) -> None:
    """A roster of both months."""
    days = [date(2026, 10, 1) + timedelta(days=number) for number in range(61)]
    named = {(day, "duty"): (people[number % len(people)],) for number, day in enumerate(days)}
    roster.import_roster(desk, LEAD, named, now)


def change(desk: Desk) -> None:
    """What people do beside the walks."""
    add_operator(desk.store, ADMIN, "wang", "Wang Fang", Role.TECHNICIAN, PASSWORD, LATER, hash_of=hashed_lightly)
    window = maintenance.plan(desk, LEAD, LATER, LATER + timedelta(hours=2), (), "works", LATER)
    maintenance.cancel(desk, LEAD, window.id, LATER)
    register.add(desk, LEAD, Registration("10.20.0.77", name="new"), LATER)
    found = min(one.id for one in listed(desk, LATER) if one.found_at < MADE_AT and one.done_at is None)
    findings.done(desk, LEAD, found, "put right", LATER)
    self_check.set_answer(desk, LEAD, "room.static", CheckResult.NOT_MET, "seen", "", LATER)


def made(desk: Desk, name: str, folder: Path) -> bytes:
    """The workbook of that period at that moment."""
    forms = [one.checklist for one in desk.published()]
    report = report_of(desk.store, desk.site, forms, parse(name), MADE_AT)
    return export(report, folder / "made.xlsx", "en").read_bytes()


@pytest.mark.parametrize("name", PERIODS)
def test_a_workbook_agrees_after_the_room_was_used_on(grown: Grown, name: str) -> None:
    forms = [one.checklist for one in grown.desk.published()]
    found = recheck(grown.desk.store, grown.desk.site, forms, grown.sent[name], name)
    assert found is not None
    assert (found.difference, found.other_origin) == (None, ())


def test_the_room_was_used_on(grown: Grown) -> None:
    """Of everything that stands in a workbook something came after they were made."""
    since = f"{MADE_AT:%Y-%m-%d %H:%M:%S}"
    columns = ("rounds.signed_at", "findings.found_at", "findings.done_at", "outages.began_at", "outages.ended_at",
               "zero_reports.signed_at", "roster.replaced_at")  # fmt: skip
    with grown.desk.store.read() as session:
        for table, column in (name.split(".") for name in columns):
            query = text(f"SELECT count(*) FROM {table} WHERE {column} > :since")
            assert session.connection().execute(query, {"since": since}).scalar_one(), f"{table}.{column}"
