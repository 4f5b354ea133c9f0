"""A quarter of a room by a frozen clock: three people, a watch, four checklists, a change of the clocks.

What happened stands in `HAPPENED`, line by line; what must be on record afterwards is written by hand beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dutyroom import show
from dutyroom.checklists import parse
from dutyroom.duty import (
    amendments,
    answering,
    approval,
    backfill,
    periods,
    rounds,
    signing,
    skipping,
    walks,
)
from dutyroom.duty.answers import Given
from dutyroom.duty.desk import Desk
from dutyroom.duty.missed import record_missed
from dutyroom.duty.month_of_rounds import by_day
from dutyroom.duty.operators import add_operator
from dutyroom.duty.owed import owed_now
from dutyroom.duty.round_lists import rounds_of_month
from dutyroom.errors import DutyroomError
from dutyroom.model.people import Act, Actor, Role, watch_actor
from dutyroom.model.periods import PeriodKind
from dutyroom.model.rounds import Mark, Round, RoundState, SkipReason
from dutyroom.store import ledger
from dutyroom.store import rounds as kept
from dutyroom.store.database import Store
from dutyroom.store.verify import verify
from tests.desks import ADMIN, PASSWORD, make_site
from tests.duty.walked import good

YEAR = 2026
ZONE = ZoneInfo("Europe/Berlin")
WATCH = watch_actor("room")
PEOPLE = {
    "anna": Actor("anna", Role.TECHNICIAN, "room-pc"),
    "ben": Actor("ben", Role.TECHNICIAN, "room-pc"),
    "dora": Actor("dora", Role.LEAD, "lead-pc"),
}
TICK = timedelta(hours=3)

SCHEDULES = {
    # On time until 10:00, missed at 14:00.
    "daily": 'cadence = "daily"\ndue_at = "08:30"\nearly = "30m"\nwindow = "90m"\ngrace = "4h"',
    # Monday; on time until Tuesday 18:00, missed when the next may start.
    "weekly": 'cadence = "weekly"\nweekday = 1\ndue_at = "08:30"\nearly = "30m"\nwindow = "33h30m"',
    # The last day of the month; on time for two days, missed after one more.
    "monthly": 'cadence = "monthly"\nday = -1\ndue_at = "08:30"\nearly = "30m"\nwindow = "2d"\ngrace = "1d"',
    "critical": 'cadence = "period"\nevery = "4h"\nearly = "30m"\nwindow = "60m"',
}
FORM = """
name = "{name}"
en = "Round"
zh = "巡检"
{schedule}

[[area]]
id = "room"
en = "Room"
zh = "机房"

[[item]]
id = "acc.door"
area = "room"
en = "Door shut"
zh = "门已关"
kind = "check"
mode = "M"

[[item]]
id = "env.temp"
area = "room"
en = "Temperature"
zh = "温度"
kind = "number"
mode = "M"
unit = "°C"
normal = [18, 27]
physical = [-10, 60]
"""

# Local time, who, what, checklist, its day (or moment), more; `!code` at the end: refused with that code.
# A day without a line that begins, skips or leaves out its daily round is walked from 08:35 to 08:50.
HAPPENED = """
09-02 09:30 ben  begins   daily 09-02 !exists
09-03 09:50 anna begins   daily 09-03
09-03 10:05 anna signs    daily 09-03
09-05 07:59 ben  begins   daily 09-05 !early
09-07 09:00 ben  begins   weekly 09-07
09-07 09:40 ben  signs    weekly 09-07
09-08 12:00 -    nobody   daily 09-08
09-12 08:00 ben  begins   daily 09-12
09-12 10:00 ben  signs    daily 09-12
09-13 08:30 anna begins   daily 09-13
09-13 10:01 anna signs    daily 09-13
09-15 12:00 -    nobody   daily 09-15
09-15 17:00 anna begins   weekly 09-14
09-15 18:00 anna signs    weekly 09-14
09-17 09:00 ben  types-in daily 09-15 09-15T07:50 09-15T08:20 !paper-times
09-17 09:01 ben  types-in daily 09-15 09-15T08:40 09-15T09:05
09-17 09:10 ben  signs    daily 09-15
09-18 15:00 anna skips    daily 09-21 room-closed !not-allowed
09-18 15:01 dora skips    daily 09-21 room-closed
09-21 08:35 anna begins   daily 09-21 !skipped
09-22 17:00 ben  begins   weekly 09-21
09-22 18:01 ben  signs    weekly 09-21
09-25 11:00 dora approves daily 09-24
09-26 09:00 anna amends   daily 09-25 23
09-30 13:59 ben  begins   daily 09-30
09-30 14:30 ben  signs    daily 09-30

10-01 09:00 anna begins   monthly 09-30
10-01 09:40 anna signs    monthly 09-30
10-01 12:00 -    nobody   daily 10-01
10-01 14:00 anna begins   daily 10-01 !missed
10-04 08:10 ben  begins   daily 10-04
10-05 08:00 anna begins   weekly 09-28 !missed
10-07 09:00 anna begins   daily 10-07
10-07 09:05 anna answers  daily 10-07
10-07 15:00 dora skips    daily 10-07 other !begun
10-08 09:00 ben  signs    daily 10-07
10-10 08:15 dora skips    daily 10-10 holiday
10-11 19:30 ben  begins   weekly 10-05
10-11 20:00 ben  signs    weekly 10-05
10-12 08:00 dora skips    weekly 10-12 maintenance
10-14 12:00 -    nobody   daily 10-14
10-15 09:00 anna types-in daily 10-14 10-14T10:30 10-14T10:50
10-15 09:10 anna signs    daily 10-14
10-20 11:00 dora opens    critical 10-24T20:00 10-25T19:00
10-21 11:00 dora approves daily 10-20
10-21 12:00 anna amends   daily 10-20 24
10-24 08:30 anna begins   daily 10-24
10-24 10:00 anna signs    daily 10-24
10-24 11:00 dora approves daily 10-24
10-24 12:00 anna amends   daily 10-24 25
10-24 13:00 dora approves daily 10-24
10-24 20:00 ben  begins   critical 10-24T20:00
10-24 20:40 ben  signs    critical 10-24T20:00
10-25 00:10 ben  begins   critical 10-25T00:00
10-25 01:10 ben  signs    critical 10-25T00:00
10-25 06:40 dora skips    critical 10-25T07:00 emergency
10-25 07:00 anna begins   daily 10-25 !early
10-25 08:00 anna begins   daily 10-25
10-25 10:00 anna signs    daily 10-25
10-25 12:00 ben  begins   weekly 10-19
10-25 12:40 ben  signs    weekly 10-19
10-25 14:50 anna begins   critical 10-25T15:00
10-25 15:20 anna signs    critical 10-25T15:00
10-25 18:59 anna begins   critical 10-25T19:00 !no-slot
10-26 09:00 ben  begins   daily 10-26
10-26 09:10 ben  types-in critical 10-25T11:00 10-25T11:05 10-25T11:30
10-26 09:20 ben  signs    critical 10-25T11:00
10-26 10:01 ben  signs    daily 10-26
10-27 17:00 anna begins   weekly 10-26
10-27 18:00 anna signs    weekly 10-26
10-31 12:00 -    nobody   daily 10-31

11-02 08:00 anna begins   monthly 10-31
11-02 09:00 anna signs    monthly 10-31
11-05 12:00 -    nobody   daily 11-05
11-06 09:00 ben  types-in daily 11-05 11-05T08:30 11-05T09:00
11-06 09:10 ben  signs    daily 11-05
11-07 09:30 ben  amends   daily 11-05 22
11-10 12:00 -    nobody   daily 11-10
11-11 12:00 -    nobody   daily 11-11
11-12 12:00 -    nobody   daily 11-12
11-13 09:30 ben  types-in weekly 11-02 11-03T09:00 11-03T09:40
11-13 09:40 ben  signs    weekly 11-02
11-13 09:50 ben  begins   weekly 11-09
11-13 10:20 ben  signs    weekly 11-09
11-15 08:40 dora begins   daily 11-15
11-15 09:00 dora signs    daily 11-15
11-15 09:10 dora approves daily 11-15 !own
11-16 09:00 anna begins   weekly 11-16
11-16 09:40 anna signs    weekly 11-16
11-17 08:20 ben  begins   daily 11-17
11-17 08:40 dora skips    daily 11-17 no-access
11-17 10:00 dora approves weekly 11-16
11-20 12:00 -    nobody   daily 11-20
11-20 16:00 dora skips    monthly 11-30 maintenance
11-21 09:00 anna types-in daily 11-20 11-20T10:10 11-20T10:30
11-21 09:10 anna signs    daily 11-20
11-21 11:00 dora approves daily 11-20
11-23 09:00 ben  begins   weekly 11-23
11-23 09:40 ben  signs    weekly 11-23
11-24 09:30 ben  amends   weekly 11-23 19
11-26 09:30 dora opens    critical 11-27T08:00 11-27T20:00
11-27 08:00 anna begins   critical 11-27T08:00
11-27 08:20 anna signs    critical 11-27T08:00
11-27 12:00 ben  begins   critical 11-27T12:00
11-27 12:20 ben  signs    critical 11-27T12:00
11-27 12:30 dora closes   critical 11-27T08:00
11-29 08:40 ben  begins   daily 11-29
11-29 08:45 ben  answers  daily 11-29
"""
# The programs were put up at noon on the last day of August; nothing is owed from before.
BEGINS, ENDS = "08-31T12:00", "11-30T09:00"
# The machine of the watch stood still.
STOPPED, BACK = "11-09T12:00", "11-12T20:00"

# Monday to Sunday.
DAILY = {
    9: """
    -  ✓  ✓  L  ✓  ✓  ✓
    ✓  M  ✓  ✓  ✓  ✓  L
    ✓  B  ✓  ✓  ✓  ✓  ✓
    S  ✓  ✓  ✓  ✓* ✓  ✓
    ✓  ✓  L
    """,
    10: """
    -  -  -  M  ✓  ✓  M
    ✓  ✓  L  ✓  ✓  S  ✓
    ✓  ✓  B  ✓  ✓  ✓  ✓
    ✓  ✓* ✓  ✓  ✓  ✓* ✓
    L  ✓  ✓  ✓  ✓  M
    """,
    11: """
    -  -  -  -  -  -  ✓
    ✓  ✓  ✓  B* ✓  ✓  ✓
    ✓  M  M  M  ✓  ✓  ✓
    ✓  S  ✓  ✓  B  ✓  ✓
    ✓  ✓  ✓  ✓  ✓  ✓  …
    ○
    """,
}
WEEKLY = """
09-07 ✓
09-14 ✓
09-21 L
09-28 M
10-05 L
10-12 S
10-19 L
10-26 ✓
11-02 B
11-09 L
11-16 ✓
11-23 ✓*
11-30 ○
"""
MONTHLY = """
09-30 ✓
10-31 L
11-30 S
12-31 ○
"""
# Every four hours, so that the hour on the wall moves by one in the night of the change; closed early the second time.
CRITICAL = """
10-24T20:00 ✓
10-25T00:00 L
10-25T03:00 M
10-25T07:00 S
10-25T11:00 B
10-25T15:00 ✓
11-27T08:00 ✓
11-27T12:00 ✓
"""
STATES = {
    "daily": {"signed": 76, "approved": 3, "missed": 7, "skipped": 3, "open": 1},
    "weekly": {"signed": 9, "approved": 1, "missed": 1, "skipped": 1},
    "monthly": {"signed": 2, "skipped": 1},
    "critical": {"signed": 6, "missed": 1, "skipped": 1},
}
MARKS = {
    "daily": {"late": 7, "back-filled": 4, "amended": 4},
    "weekly": {"late": 4, "back-filled": 1, "amended": 1},
    "monthly": {"late": 1},
    "critical": {"late": 1, "back-filled": 1},
}
APPROVED = ["daily 09-24", "daily 10-24", "daily 11-20", "weekly 11-16"]
# Back-filled and late at once: the paper itself is late.
LATE_ON_PAPER = ["daily 10-14", "daily 11-20"]
# What the watch found after its stop, in one look.
FOUND_AT_ONCE = ["daily 11-10", "daily 11-11", "daily 11-12"]
# Nine stay missed, six were typed in from paper afterwards.
TIMES_MISSED = 15


def moment(text: str, at: str = "08:30") -> datetime:
    """`10-25T03:00` of the room's clock as UTC; a day alone is meant at `at`."""
    day, _sign, hour = text.partition("T")
    local = datetime.combine(date.fromisoformat(f"{YEAR}-{day}"), time.fromisoformat(hour or at), tzinfo=ZONE)
    return local.astimezone(UTC)


class Room:
    """The desk under a clock that stands wherever the next line of the quarter puts it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.now = moment(BEGINS)
        self.found_by_watch: list[tuple[datetime, tuple[Round, ...]]] = []

    def round_of(self, checklist: str, due: str) -> Round:
        with self.desk.store.read() as session:
            found = kept.by_slot(session, checklist, moment(due))
        assert found is not None, (checklist, due)
        return found

    def watch(self) -> None:
        self.found_by_watch.append((self.now, record_missed(self.desk, WATCH, self.now)))

    def do(self, line: str) -> None:
        """Carries out one line of what happened."""
        _day, _hour, who, act, checklist, due, *more = line.split()
        if act == "nobody":
            return
        if more and more[-1].startswith("!"):
            with pytest.raises(DutyroomError) as refused:
                self._do(PEOPLE[who], act, checklist, due, more[:-1])
            assert f"!{refused.value.code}" == more[-1], line
        else:
            self._do(PEOPLE[who], act, checklist, due, more)

    def _do(self, actor: Actor, act: str, checklist: str, due: str, more: list[str]) -> None:
        desk, now = self.desk, self.now
        match act:
            case "begins":
                rounds.start_round(desk, actor, now, checklist, moment(due))
            case "answers":
                number = self.round_of(checklist, due).id
                line = walks.load_walk(desk, number).open_lines()[0]
                answering.record_answers(desk, actor, number, [(line, Given("normal"))], now)
            case "signs":
                walk = walks.load_walk(desk, self.round_of(checklist, due).id)
                answers = [(line, Given(good(line.item))) for line in walk.open_lines()]
                answering.record_answers(desk, actor, walk.round.id, answers, now)
                signing.sign_round(desk, actor, walk.round.id, PASSWORD, now)
            case "skips":
                skipping.skip_round(desk, actor, now, SkipReason(more[0]), "as told", checklist, moment(due))
            case "types-in":
                begun, ended = moment(more[0]), moment(more[1])
                backfill.back_fill(desk, actor, now, begun, ended, checklist, moment(due))
            case "approves":
                found = self.round_of(checklist, due)
                approval.approve_round(desk, actor, found.id, PASSWORD, now, found.revision)
            case "amends":
                found = self.round_of(checklist, due)
                line = next(one for one in walks.load_walk(desk, found.id).lines if one.item.id == "env.temp")
                changes = [(line, Given(more[0]))]
                amendments.amend_round(desk, actor, found.id, found.revision, changes, "misread", PASSWORD, now)
            case "opens":
                periods.open_period(desk, actor, now, PeriodKind.DRILL, "Drill", moment(due), moment(more[0]))
            case "closes":
                (running,) = (one for one in periods.listed(desk, now, every=False) if one.starts_at == moment(due))
                periods.close_period(desk, actor, running.id, now)
            case _:
                raise AssertionError(act)


def ordinary(happened: list[str]) -> Iterator[str]:
    """The lines of the days on which nothing particular happened to the daily round; Anna and Ben take turns."""
    own = {
        due
        for _day, _hour, _who, act, checklist, due, *more in map(str.split, happened)
        if checklist == "daily" and act in ("begins", "skips", "nobody") and not (more and more[-1].startswith("!"))
    }
    for number in range(date(YEAR, 9, 1).toordinal(), date(YEAR, 11, 30).toordinal()):
        day = f"{date.fromordinal(number):%m-%d}"
        if day not in own:
            who = ("anna", "ben")[number % 2]
            yield f"{day} 08:35 {who} begins daily {day}"
            yield f"{day} 08:50 {who} signs daily {day}"


def lived(room: Room) -> None:
    """Lets the quarter pass, the watch looking every three hours while it runs."""
    happened = [line for line in HAPPENED.splitlines() if line]
    lines = [(moment(line[:11].replace(" ", "T")), line) for line in (*happened, *ordinary(happened))]
    begin, stop, back, end = (moment(text) for text in (BEGINS, STOPPED, BACK, ENDS))
    looks = [begin + TICK * n for n in range(int((end - begin) / TICK) + 1)]
    events = [*lines, *((at, "") for at in looks if not stop <= at < back), (end, "")]
    for at, line in sorted(events, key=lambda event: event[0]):
        room.now = at
        room.do(line) if line else room.watch()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """The room after the quarter."""
    site = replace(make_site(tmp_path_factory.mktemp("quarter") / "dutyroom.db"), timezone=ZONE)
    texts = [FORM.format(name=name, schedule=schedule) for name, schedule in SCHEDULES.items()]
    checklists = [(parse(text, site.limit_profile, "quarter"), text) for text in texts]
    store = Store.open(site.store_url)
    try:
        before = moment(BEGINS) - timedelta(days=1)
        add_operator(store, None, "admin", "Admin", Role.ADMIN, PASSWORD, before)
        for actor in PEOPLE.values():
            assert isinstance(actor.role, Role)
            add_operator(store, ADMIN, actor.name, actor.name.title(), actor.role, PASSWORD, before)
        made = Room(Desk.over(store, site, checklists))
        lived(made)
        yield made
    finally:
        store.close()


def on_record(room: Room) -> tuple[Round, ...]:
    with room.desk.store.read() as session:
        return kept.rounds(session)


def calendar_of(room: Room, month: int) -> Mapping[date, list[Round]]:
    """The month as the calendar shows it, owed rounds included."""
    with room.desk.store.read() as session:
        owed = owed_now(session, room.desk, room.now)
    return {
        day: list(found) for day, found in by_day(rounds_of_month(room.desk, YEAR, month), owed, YEAR, month).items()
    }


def signs(room: Room, checklist: str, form: str) -> list[str]:
    found = [
        one
        for month in (8, 9, 10, 11, 12)
        for _day, made in sorted(calendar_of(room, month).items())
        for one in made
        if one.checklist == checklist
    ]
    return [f"{one.due_at.astimezone(ZONE):{form}} {show.round_sign(one.state, one.marks)}" for one in found]


def named(found: list[Round]) -> list[str]:
    return sorted(f"{one.checklist} {one.due_on:%m-%d}" for one in found)


@pytest.mark.parametrize("month", DAILY)
def test_each_day_of_the_month_shows_what_became_of_its_round(room: Room, month: int) -> None:
    days: list[str] = []
    first = date(YEAR, month, 1)
    shown = calendar_of(room, month)
    for day in (first + timedelta(days=n) for n in range(31)):
        if day.month == month:
            daily = [one for one in shown.get(day, []) if one.checklist == "daily"]
            days.append(" ".join(show.round_sign(one.state, one.marks) for one in daily))
    assert days == [sign for sign in DAILY[month].split() if sign != "-"]
    assert DAILY[month].split().count("-") == first.weekday()


@pytest.mark.parametrize(
    ("checklist", "form", "expected"),
    [("weekly", "%m-%d", WEEKLY), ("monthly", "%m-%d", MONTHLY), ("critical", "%m-%dT%H:%M", CRITICAL)],
)
def test_each_slot_of_the_other_checklists_is_there_once(room: Room, checklist: str, form: str, expected: str) -> None:
    assert signs(room, checklist, form) == expected.strip().splitlines()


def test_the_states_and_marks_of_the_quarter_add_up(room: Room) -> None:
    found = on_record(room)
    assert len(found) == 113
    for name in SCHEDULES:
        assert Counter(one.state.value for one in found if one.checklist == name) == STATES[name], name
        assert Counter(mark.value for one in found if one.checklist == name for mark in one.marks) == MARKS[name], name
    assert named([one for one in found if one.state is RoundState.APPROVED]) == APPROVED
    assert named([one for one in found if {Mark.LATE, Mark.BACK_FILLED} <= set(one.marks)]) == LATE_ON_PAPER
    assert {one.approved_by for one in found if one.state is RoundState.APPROVED} == {"dora"}
    assert {one.closed_by for one in found if one.state is RoundState.SKIPPED} == {"dora"}
    assert {one.closed_by for one in found if one.state is RoundState.MISSED} == {None}


def test_the_watch_found_each_missed_round_once_and_those_of_its_stop_together(room: Room) -> None:
    looks = {at: found for at, found in room.found_by_watch if found}
    every = [one.id for found in looks.values() for one in found]
    assert (len(every), len(set(every))) == (TIMES_MISSED, TIMES_MISSED)
    assert named(list(looks[moment(BACK)])) == FOUND_AT_ONCE
    # Found hours or days later, each says when it was over.
    assert [one.closed_at for one in looks[moment(BACK)]] == [moment(f"11-{day}T14:00") for day in (10, 11, 12)]
    with room.desk.store.read() as session:
        told = [line.subject for line in ledger.lines(session) if line.act == Act.MISS_ROUND]
    assert (len(told), len(set(told))) == (TIMES_MISSED, TIMES_MISSED)


def test_every_record_of_the_quarter_stands_as_it_was_written(room: Room) -> None:
    with room.desk.store.read() as session:
        found = verify(session)
    assert found.faults == ()
