"""The days of the demo's history: rounds, findings in every state, zero reports, handovers, all through the duty."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from dutyroom.checklists import shipped, text_of
from dutyroom.demo.days import DemoDay, live_through
from dutyroom.demo.history import Simulation, fill_days
from dutyroom.demo.room import Room
from dutyroom.duty import rounds, signing
from dutyroom.duty.desk import Published
from dutyroom.duty.finding_lists import listed as findings_listed
from dutyroom.duty.handover import listed as handovers_listed
from dutyroom.duty.operators import add_operator
from dutyroom.duty.round_lists import rounds_of_month
from dutyroom.duty.zero_reports import listed as zero_listed
from dutyroom.model.devices import BackupJob
from dutyroom.model.finding import FindingState
from dutyroom.model.people import Act, Actor, Role
from dutyroom.model.rounds import Mark, Round, RoundState
from dutyroom.model.zero_report import ZeroState
from dutyroom.report.collect import report_of
from dutyroom.report.facts.backup_days import BackupResult
from dutyroom.rules.report_period import parse
from dutyroom.store import ledger
from dutyroom.store import rounds as round_rows
from dutyroom.store.verify import verify
from tests.desks import ADMIN, NOW, PASSWORD, opened_desk
from tests.duty.test_rounds import answer_everything

FIRST = date(2026, 11, 4)
DAYS = 20


def test_so_many_days_have_one_of_everything_and_the_ledger_agrees(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        add_operator(desk.store, ADMIN, "lead", "Lead", Role.LEAD, PASSWORD, NOW - timedelta(days=50))
        for number in range(DAYS):
            day = FIRST + timedelta(days=number)
            names = ("zhang", "lead") if number % 2 == 0 else ("lead", "zhang")
            lived = DemoDay(desk, day, DAYS - number, names, "lead", PASSWORD)
            actor = Actor(names[0], lived.actor(names[0]).role, "demo")
            walk = rounds.start_round(desk, actor, lived.at(8, 31))
            answer_everything(desk, walk, lived.at(8, 40))
            signing.sign_round(desk, actor, walk.round.id, PASSWORD, lived.at(8, 45))
            live_through(lived)
        now = lived.at(23)
        reports = Counter(one.state for one in zero_listed(desk, FIRST, FIRST + timedelta(days=DAYS - 1), now))
        assert min(reports[state] for state in (ZeroState.ZERO, ZeroState.EVENTS, ZeroState.MISSING)) > 0
        marks = [(one.is_late, one.is_amended) for one in zero_listed(desk, FIRST, NOW.date(), now)]
        assert any(late for late, _amended in marks)
        assert any(amended for _late, amended in marks)
        found = rounds_of_month(desk, 2026, 11)
        assert {one.state for one in found} >= {RoundState.SIGNED, RoundState.APPROVED}
        assert any(Mark.AMENDED in one.marks for one in found)
        known = findings_listed(desk, now, every=True)
        assert {one.state for one in known} >= {FindingState.OPEN, FindingState.IN_WORK, FindingState.VERIFIED}
        assert any(one.known_until for one in known)
        assert any(one.is_overdue(now) for one in known)
        assert handovers_listed(desk)
        with desk.store.read() as session:
            assert verify(session).faults == ()


def filled(folder: Path, seed: int, days: int) -> tuple[tuple[Round, ...], list[tuple[str, str]]]:
    """The rounds of a filled history, and (act, who) of every ledger line about them."""
    folder.mkdir()
    with opened_desk(folder) as desk:
        add_operator(desk.store, ADMIN, "lead", "Lead", Role.LEAD, PASSWORD, NOW - timedelta(days=50))
        people = (("lead", PASSWORD), ("zhang", PASSWORD))
        fill_days(desk, Simulation(Room(seed), NOW), people, days, seed, NOW)
        with desk.store.read() as session:
            assert verify(session).faults == ()
            lines = [(one.act, one.actor) for one in ledger.lines(session)]
            return tuple(round_rows.rounds(session)), lines


def test_a_day_without_a_walk_is_missed_skipped_or_typed_in_from_paper(tmp_path: Path) -> None:
    found, lines = filled(tmp_path / "one", 3, 9)
    by_day = {(NOW.date() - one.due_on).days: one for one in found}
    assert sorted(by_day) == list(range(1, 10)), "each day has its round, walked or not"
    assert by_day[8].state is RoundState.MISSED
    assert by_day[8].closed_by is None
    assert by_day[8].started_at is None
    skipped = by_day[3]
    assert (skipped.state, skipped.closed_by) == (RoundState.SKIPPED, "lead")
    assert skipped.skip_reason is not None
    assert skipped.skip_note
    paper = by_day[6]
    assert Mark.BACK_FILLED in paper.marks
    assert paper.state in (RoundState.SIGNED, RoundState.APPROVED)
    assert paper.paper_to is not None
    assert paper.closed_at is not None, "it was missed before it was typed in"
    assert paper.signed_at is not None
    assert paper.signed_at > paper.closed_at > paper.paper_to
    missed = [who for act, who in lines if act == Act.MISS_ROUND]
    assert set(missed) == {"watch:"}
    assert len(missed) == sum(one.closed_at is not None and one.closed_by is None for one in found)
    assert [who for act, who in lines if act == Act.SKIP_ROUND] == ["lead"]


def test_the_same_seed_gives_the_same_rounds_and_another_does_not(tmp_path: Path) -> None:
    first = filled(tmp_path / "one", 3, 7)
    assert filled(tmp_path / "two", 3, 7) == first
    assert filled(tmp_path / "three", 4, 7)[0] != first[0]


def test_the_watch_saw_the_dump_of_every_night_and_its_folder_was_away_for_a_day(tmp_path: Path) -> None:
    folder = tmp_path / "room"
    folder.mkdir()
    with opened_desk(folder) as opened:
        job = BackupJob("his-full", "HIS full", "/backup/*.dmp", 26 * 3600.0)
        desk = replace(opened, site=replace(opened.site, backups=(job,)))
        add_operator(desk.store, ADMIN, "lead", "Lead", Role.LEAD, PASSWORD, NOW - timedelta(days=50))
        fill_days(desk, Simulation(Room(3), NOW), (("lead", PASSWORD), ("zhang", PASSWORD)), 33, 3, NOW)
        made = report_of(desk.store, desk.site, [desk.checklist], parse("2026-10-22..2026-11-03"), NOW)
        (kept,) = made.backups.jobs
        by_day = {one.day: one for one in kept.days}
        assert by_day.pop(date(2026, 10, 23)).watched is BackupResult.UNKNOWN
        late = by_day.pop(date(2026, 11, 2))
        assert [one.result for one in late.seen] == [BackupResult.OLD, None, BackupResult.OK]
        assert {one.watched for one in by_day.values()} == {BackupResult.OK}
        assert all(one.size is not None and 2.0e11 < one.size < 2.2e11 for one in by_day.values())


def test_weekly_and_monthly_rounds_are_walked_so_that_a_restore_test_is_on_record(tmp_path: Path) -> None:
    folder = tmp_path / "room"
    folder.mkdir()
    with opened_desk(folder) as opened:
        job = BackupJob("his-full", "HIS full")
        others = tuple(
            Published(shipped(name, opened.site.limit_profile), text_of(name)) for name in ("weekly", "monthly")
        )
        desk = replace(opened, site=replace(opened.site, backups=(job,)), others=others)
        add_operator(desk.store, ADMIN, "lead", "Lead", Role.LEAD, PASSWORD, NOW - timedelta(days=50))
        fill_days(desk, Simulation(Room(3), NOW), (("lead", PASSWORD), ("zhang", PASSWORD)), 24, 3, NOW)
        with desk.store.read() as session:
            found = [one for one in round_rows.rounds(session) if one.checklist != "daily"]
            assert verify(session).faults == ()
        walked = [(one.checklist, one.due_on.day, one.signed_by) for one in found]
        assert walked == [
            ("monthly", 1, "zhang"), ("weekly", 2, "zhang"), ("weekly", 9, "zhang"),
            ("weekly", 16, "zhang"), ("weekly", 23, "zhang"),
        ]  # fmt: skip
        assert sum(one.abnormal for one in found) == 0
        forms = [one.checklist for one in desk.published()]
        made = report_of(desk.store, desk.site, forms, parse("2026-11"), NOW)
        figures = {one.name: one.value for one in made.backups.figures()}
        assert (figures["backups.restore_tests"], figures["backups.days_since_test"]) == (1, 23)
        assert [one.entry.item for one in made.backups.others] == ["bak.offsite"] * 4
