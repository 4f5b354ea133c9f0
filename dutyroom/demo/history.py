"""Days that went by in the simulated room: readings, and rounds through the duty functions.

Most rounds are walked and signed; some are missed, skipped, or typed in from paper the day after.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from dutyroom.clock import at_local, local_date
from dutyroom.demo import gaps as demo_gaps
from dutyroom.demo.backups import kept_of_day
from dutyroom.demo.days import DemoDay, live_through
from dutyroom.demo.other_rounds import walk_others
from dutyroom.demo.outages import darken
from dutyroom.demo.room import Room
from dutyroom.demo.walking import answer_all
from dutyroom.duty import rounds, signing
from dutyroom.duty.backfill import back_fill
from dutyroom.duty.desk import Desk
from dutyroom.duty.missed import record_missed
from dutyroom.duty.signin import sign_in
from dutyroom.duty.skipping import skip_round
from dutyroom.errors import RoundRefused
from dutyroom.model.facts import DeviceFacts, ServerFacts, UpsFacts
from dutyroom.model.history import Reading
from dutyroom.model.people import Actor, Role, watch_actor
from dutyroom.model.reading import Sample, State
from dutyroom.model.rounds import SkipReason
from dutyroom.rules.schedule import current_slot, daily_slot
from dutyroom.rules.sources import interval_of
from dutyroom.store import events as event_rows
from dutyroom.store import readings as reading_rows
from dutyroom.words import _

# The last days are read once a minute, as the watch does; of those before there are fewer readings, so that filling
# a month takes seconds.
READ_EVERY_S, READ_FINELY_S = 600, 60
FINE_DAYS = 2
# Of a longer history only the hourly lows, means and highs are kept anyway, and each hour has some.
READ_COARSELY_S, COARSE_AFTER_DAYS = 1800, 14
# One round in so many was not walked, one in so many was begun late.
MISSED_OF, LATE_OF = 17, 11
# Days without a walk for certain, so many days ago and every so many before that: (period, remainder).
_SKIPPED, _ON_PAPER, _MISSED = (15, 3), (16, 6), (15, 8)
_WATCH_LOOKS_AFTER = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Simulation:
    """A simulated room and the moment (UTC) of its t=0."""

    room: Room
    began_at: datetime

    def seconds(self, at: datetime) -> float:
        """The room's own time of a moment."""
        return (at - self.began_at).total_seconds()

    def sample(self, source: str, at: datetime) -> Sample:
        """What the source would have answered at that moment."""
        facts = self.room.facts(source, self.seconds(at))
        return Sample(
            source,
            self.room.kind(source),
            at,
            State.OK,
            ups=facts if isinstance(facts, UpsFacts) else None,
            device=facts if isinstance(facts, DeviceFacts) else None,
            server=facts if isinstance(facts, ServerFacts) else None,
        )


def fill_days(
    desk: Desk,
    simulation: Simulation,
    people: tuple[tuple[str, str], ...],
    days: int,
    seed: int,
    now: datetime,
    tell: Callable[[int, int], None] = lambda _done, _all: None,
) -> int:
    """Fills the `days` days before the current round with readings and rounds; returns how many were walked and signed.

    `people` are (operator, password), taken in turn; the first is a lead. The same seed, days and moment give the same
    records. Days whose round is there already keep it. `tell` hears the day that is done, and of how many.
    """
    rng = random.Random(seed)
    today = current_slot(desk.checklist, now, desk.site.timezone).due_on
    signed = 0
    _look_for_missed(desk, today - timedelta(days=days), now)
    for back in range(days, 0, -1):
        darken(simulation, partial(_local, desk, today - timedelta(days=back)), back)
    for number in range(days):
        back = days - number
        day = today - timedelta(days=back)
        _readings_of(desk, simulation, day, now, _read_every_s(back))
        name, password = people[number % len(people)]
        _look_for_missed(desk, day, now)
        if _is_one(back, _SKIPPED):
            _skip(desk, people[0][0], day)
        elif rng.randrange(MISSED_OF) and not _is_one(back, _ON_PAPER) and not _is_one(back, _MISSED):
            signed += _walk(desk, simulation, name, password, day, rng)
        if number and _is_one(back + 1, _ON_PAPER):
            _type_in(desk, simulation, people[(number - 1) % len(people)], day - timedelta(days=1), rng)
        walk_others(desk, simulation, people[-1], day, seed)
        other = people[(number + 1) % len(people)][0]
        live_through(DemoDay(desk, day, back, (name, other), people[0][0], password, simulation))
        tell(number + 1, days)
    _look_for_missed(desk, today, now)
    # From the last walked day on up to the moment at which the watch begins.
    for number in range((local_date(now, desk.site.timezone) - today).days + 1):
        _readings_of(desk, simulation, today + timedelta(days=number), now, READ_FINELY_S)
    return signed


def _local(desk: Desk, day: date, hour: int, minute: int) -> datetime:
    return at_local(day, time(hour, minute), desk.site.timezone)


def _is_one(back: int, which: tuple[int, int]) -> bool:
    return back % which[0] == which[1]


def _look_for_missed(desk: Desk, day: date, now: datetime) -> None:
    """What the watch does when the round of a day may begin: the one before is over by then.

    Of the daily round only: the others come into force when the real watch begins.
    """
    at = daily_slot(desk.checklist, day, desk.site.timezone).opens_at + _WATCH_LOOKS_AFTER
    record_missed(replace(desk, others=()), watch_actor("demo"), min(at, now), at - timedelta(days=3))


def _skip(desk: Desk, lead: str, day: date) -> None:
    """The lead says in the morning that the room is closed."""
    slot = daily_slot(desk.checklist, day, desk.site.timezone)
    at = slot.opens_at + timedelta(minutes=12)
    note = _("The ceiling is painted; the room is closed for the day.")
    with suppress(RoundRefused):
        skip_round(desk, Actor(lead, Role.LEAD, "demo"), at, SkipReason.ROOM_CLOSED, note, due_at=slot.due_at)


def _type_in(desk: Desk, simulation: Simulation, person: tuple[str, str], day: date, rng: random.Random) -> None:
    """The round of `day` was walked on paper while the program stood still; it is typed in on the day after."""
    name, password = person
    slot = daily_slot(desk.checklist, day, desk.site.timezone)
    begun = slot.due_at + timedelta(minutes=rng.randrange(5, 30))
    at = slot.missed_after + timedelta(hours=2, minutes=rng.randrange(30))
    actor = sign_in(desk.store, name, password, "demo", at).actor
    try:
        walk = back_fill(desk, actor, at, begun, begun + timedelta(minutes=22), due_at=slot.due_at)
    except RoundRefused:
        return
    ended = answer_all(desk, simulation, actor, walk, at, rng)
    signing.sign_round(desk, actor, walk.round.id, password, ended, _("history made by the demo"))


def _read_every_s(back: int) -> int:
    if back <= FINE_DAYS:
        return READ_FINELY_S
    return READ_EVERY_S if back <= COARSE_AFTER_DAYS else READ_COARSELY_S


def _readings_of(desk: Desk, simulation: Simulation, day: date, now: datetime, every_s: int) -> None:
    begin = datetime.combine(day, datetime.min.time(), tzinfo=desk.site.timezone).astimezone(UTC)
    end = min(begin + timedelta(days=1), now)
    sources = _known(desk, simulation)
    with desk.store.read() as session:
        first = simulation.room.quantities(sources[0])[0]
        if begin >= end or reading_rows.history(session, sources[0], first, begin, end):
            return
    gaps = {source: demo_gaps.gaps_of_day(source, day, begin, end) for source in sources}
    found: list[Reading] = []
    for at in _moments(begin, end, every_s):
        t = simulation.seconds(at)
        for source in sources:
            if demo_gaps.is_missing(at, gaps[source]):
                continue
            for quantity in simulation.room.quantities(source):
                value = simulation.room.reading(source, quantity, t)
                if value is not None:
                    found.append(Reading(source, quantity, at, value))
    polls = [
        demo_gaps.polls_of_hour(source, hour, interval_of(desk.site, source), end, gaps[source])
        for source in sources
        for hour in _hours(begin, end)
    ]
    dumps = {job.name: kept_of_day(desk.site, job, day, begin, end) for job in desk.site.backups if job.path}
    found += [one for kept in dumps.values() for one in kept.readings]
    polls += [one for kept in dumps.values() for one in kept.polls]
    with desk.store.write() as session:
        reading_rows.put_history(
            session, found, polls, gaps | {n: kept.gaps for n, kept in dumps.items()}, (begin, end)
        )
        event_rows.add(session, [one for kept in dumps.values() for one in kept.events])


def _walk(desk: Desk, simulation: Simulation, name: str, password: str, day: date, rng: random.Random) -> bool:
    slot = daily_slot(desk.checklist, day, desk.site.timezone)
    at = slot.due_at + timedelta(seconds=rng.uniform(-900, 2400))
    if not rng.randrange(LATE_OF):
        at = slot.late_after + timedelta(seconds=rng.uniform(300, 5400))
    actor = sign_in(desk.store, name, password, "demo", at).actor
    try:
        walk = rounds.start_round(desk, actor, at)
    except RoundRefused:
        return False
    ended = answer_all(desk, simulation, actor, walk, at, rng)
    # A day added to an older history lies before what was recorded since.
    signing.sign_round(desk, actor, walk.round.id, password, ended, _("history made by the demo"))
    return True


def _known(desk: Desk, simulation: Simulation) -> list[str]:
    return [device.name for device in desk.site.devices() if device.name in simulation.room.sources]


def _moments(begin: datetime, end: datetime, every_s: int) -> Iterator[datetime]:
    at = begin
    while at < end:
        yield at
        at += timedelta(seconds=every_s)


def _hours(begin: datetime, end: datetime) -> Iterator[datetime]:
    at = begin
    while at < end:
        yield at
        at += timedelta(hours=1)
