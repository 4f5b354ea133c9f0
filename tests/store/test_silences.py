"""Availability from the polls up: what the watch puts, what is kept for ever, what comes out of it early and late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from dutyroom.model.availability import Availability
from dutyroom.model.events import Boot
from dutyroom.model.facts import CheckFacts
from dutyroom.model.history import Gap, GapReason, HourOfPolls
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.rules.availability import counted
from dutyroom.store import migrate, poll_gaps, poll_records, readings
from dutyroom.store.database import Store
from dutyroom.store.schema import HEAD
from tests.desks import failed, ups_sample

EVERY_S = 30.0
T0 = datetime(2026, 10, 31, 14, 0, tzinfo=UTC)
# The end of October in the room.
CUT_S = 2 * 3600
CUT = T0 + timedelta(seconds=CUT_S)
NUMBERS = count()


@dataclass(frozen=True)
class Said:
    """One poll, so many seconds after T0."""

    at: int
    ok: bool


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for many sources."""
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('silences')}/duty.db")
    yield store
    store.close()


def sample(source: str, said: Said) -> Sample:
    """The poll as the watch gives it, a quarter of a second later."""
    at = T0 + timedelta(seconds=said.at + 0.25)
    one = replace(ups_sample(source, at), took_s=0.0, boot=Boot("b", 1e6 + said.at))
    return one if said.ok else failed(one)


def put(store: Store, source: str, polls: Sequence[Said]) -> None:
    with store.write() as session:
        readings.put_samples(session, [sample(source, one) for one in polls], {source: EVERY_S})


def read(store: Store, source: str, read_s: float, since: datetime = T0, until: datetime = CUT) -> Availability:
    """The availability as it is counted so many seconds after T0."""
    with store.read() as session:
        records = poll_records.on_record(session, since, until, T0 + timedelta(seconds=read_s))
    record = next(one for one in records if one.source == source)
    return counted(record, (), since, until, EVERY_S)


def rows(store: Store, source: str) -> list[tuple[object, ...]]:
    """Began, cause, polls, second, last, ended; seconds after T0, but for `before` ones."""
    zero = int(T0.timestamp())
    with store.read() as session:
        found = session.connection().exec_driver_sql(
            "SELECT began_s, cause, polls, second_s, last_s, ended_s FROM silences WHERE source = ? ORDER BY began_s",
            (source,),
        )
        return [
            (row[0] and row[0] - zero, row[1], row[2], *(one if one is None else one - zero for one in row[3:]))
            for row in found
        ]


def steps(first: int, last: int, *, ok: bool = True) -> list[Said]:
    """A poll every 30 seconds, both ends included."""
    return [Said(at, ok) for at in range(first, last + 1, int(EVERY_S))]


def naive(polls: Sequence[Said], cut: int) -> tuple[int, int, int]:
    """Seconds up, down and unknown up to the cut, second by second from the polls themselves."""
    runs: dict[int, list[int]] = {}
    for before, now in pairwise([Said(0, True), *polls]):
        pause = now.at - before.at > 2 * EVERY_S
        if not now.ok:
            runs[now.at] = [*runs[before.at], now.at] if not before.ok and not pause else [now.at]
            for at in runs[now.at]:
                runs[at] = runs[now.at]
    tally = {"up": 0, "down": 0, "unknown": 0}
    last = [one for one in polls if one.at < cut][-1]
    for second in range(polls[0].at, cut):
        before = [one for one in polls if one.at <= second][-1]
        after = next((one for one in polls if one.at > second), None)
        away = cut - before.at >= 120 if before == last else after is not None and after.at - before.at > 2 * EVERY_S
        if before == last and after is not None and after.at - before.at <= 2 * EVERY_S:
            away = False
        down = not before.ok and len([at for at in runs[before.at] if at < cut]) > 1
        tally["unknown" if away else "down" if down else "up"] += 1
    return tally["up"], tally["down"], tally["unknown"]


# Seconds to the next poll: as ever, late, a pause, and a long one.
GAPS = st.sampled_from([30, 30, 30, 30, 30, 31, 58, 61, 95, 119, 121, 400, 1300, 5000])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(GAPS, st.booleans()), min_size=2, max_size=40),
    st.one_of(st.just(0), st.integers(60, 9000)),
    st.one_of(st.just(CUT_S), st.integers(4001, CUT_S + 3600)),
)
def test_a_time_is_counted_alike_at_once_and_ever_after_and_as_second_by_second(
    kept: Store, told: list[tuple[int, bool]], later_s: int, cut: int
) -> None:
    source, at, polls = f"ups-{next(NUMBERS)}", 4000, []
    for gap, ok in told:
        polls.append(Said(at, ok))
        at += gap
    # The one moment of making is what the file says, also when it is counted again.
    made_s = cut + later_s
    early = [one for one in polls if one.at < made_s]
    put(kept, source, early)
    until = T0 + timedelta(seconds=cut)
    first = read(kept, source, made_s, until=until)
    put(kept, source, [*polls[len(early) :], *steps(at + 30_000, at + 30_090)])
    assert read(kept, source, made_s, until=until) == first
    if later_s:
        assert read(kept, source, at + 90_000, until=until) == first
    assert (first.up_s, first.down_s, first.unknown_s) == naive(polls, cut)
    assert first.up_s + first.down_s + first.unknown_s == cut - 4000


def test_runs_of_failed_polls_are_kept_from_the_first_to_the_answer(store: Store) -> None:
    put(store, "ups-a", [*steps(0, 60), *steps(90, 180, ok=False), *steps(210, 240), Said(270, False), Said(300, True)])
    assert rows(store, "ups-a") == [
        (0, "before", 0, None, None, 0),
        (90, "failed", 4, 120, 180, 210),
        (270, "failed", 1, None, 270, 300),
    ]
    found = read(store, "ups-a", 9000, until=T0 + timedelta(seconds=300))
    assert (found.down_s, found.up_s, found.times_down, found.longest_s) == (120, 180, 1, 120)
    assert [span.id for span in found.spans] == [f"silence:ups-a@{int(T0.timestamp()) + 90}"]


def test_each_state_of_a_failure_goes_on_in_the_same_run(store: Store) -> None:
    auth = replace(sample("ups-a", Said(60, False)), state=State.AUTH)
    with store.write() as session:
        polls = [
            sample("ups-a", Said(0, True)),
            sample("ups-a", Said(30, False)),
            auth,
            sample("ups-a", Said(90, True)),
        ]
        readings.put_samples(session, polls, {"ups-a": EVERY_S})
    assert rows(store, "ups-a")[1:] == [(30, "failed", 2, 60, 60, 90)]


def test_a_pause_of_the_watch_ends_a_run_and_is_unknown(store: Store) -> None:
    put(store, "ups-a", [Said(0, True), Said(30, False)])
    put(store, "ups-a", [Said(60, False)])
    put(store, "ups-a", [Said(900, False)])
    put(store, "ups-a", [Said(930, True)])
    assert rows(store, "ups-a")[1:] == [
        (30, "failed", 2, 60, 60, 60),
        (60, "not-polled", 0, None, None, 900),
        (900, "failed", 1, None, 900, 930),
    ]


def test_one_failed_poll_before_a_pause_stands_beside_it(store: Store) -> None:
    put(store, "ups-a", [Said(0, True), Said(30, False)])
    put(store, "ups-a", [Said(900, True)])
    assert rows(store, "ups-a")[1:] == [(30, "failed", 1, None, 30, 30), (30, "not-polled", 0, None, None, 900)]


def test_polls_left_out_because_the_source_fails_belong_to_the_failure(store: Store) -> None:
    def at(second: float, one: Sample) -> Sample:
        return replace(one, at=T0 + timedelta(seconds=second), took_s=0.0)

    with store.write() as session:
        for second, ok in ((0.0, False), (15.0, False), (32.0, True)):
            one = at(second, ups_sample()) if ok else at(second, failed(ups_sample()))
            readings.put_samples(session, [one], {"ups-a": 5.0})
    assert rows(store, "ups-a")[1:] == [(0, "failed", 2, 15, 15, 32)]


def test_a_clock_that_was_set_makes_no_pause_and_loses_no_failure(store: Store) -> None:
    def step(said: Said, by_s: float) -> Sample:
        one = sample("ups-a", said)
        return replace(one, at=one.at + timedelta(seconds=by_s))

    polls = [sample("ups-a", one) for one in (*steps(7200, 7230), *steps(7260, 7290, ok=False))]
    polls += [step(one, -3600) for one in (*steps(7320, 7350, ok=False), *steps(7380, 7410))]
    polls += [step(one, 3600) for one in steps(7440, 7470)]
    for one in polls:
        with store.write() as session:
            readings.put_samples(session, [one], {"ups-a": EVERY_S})
    assert rows(store, "ups-a")[1:] == [
        # Begun again by the clock as it was set, one hour earlier.
        (3690, "failed", 3, 3720, 3750, 3780),
        (7260, "failed", 2, 7290, 7290, 7290),
    ]


def test_a_check_that_nothing_answered_is_a_failed_poll(store: Store) -> None:
    def checked(minute: int, error: str = "") -> Sample:
        facts = CheckFacts("his:443", not error, error, latency_ms=None if error else 2.0)
        at = T0 + timedelta(minutes=minute)
        return Sample("his", Kind.SYSTEM, at, State.OK, took_s=0.0, check=facts)

    errors = ("", "refused", "refused", "", "", "lost", "")
    with store.write() as session:
        for minute, error in enumerate(errors):
            readings.put_samples(session, [checked(minute, error)], {"his": 60.0})
    assert rows(store, "his")[1:] == [(60, "failed", 2, 120, 120, 180), (300, "failed", 1, None, 300, 360)]
    with store.read() as session:
        assert readings.polls(session, T0, CUT) == (HourOfPolls("his", T0, 4, 3, 0),)
        gaps = poll_gaps.between(session, "his", T0, CUT)
    assert [(gap.reason, gap.state) for gap in gaps] == [(GapReason.FAILED, "refused"), (GapReason.FAILED, "lost")]


def test_nothing_is_written_while_a_source_answers_and_one_statement_while_many_fail(store: Store) -> None:
    def statements(polls: list[Sample]) -> list[str]:
        seen: list[str] = []
        with store.write() as session:
            raw = session.connection().connection.driver_connection
            assert raw is not None
            raw.set_trace_callback(seen.append)
            readings.put_samples(session, polls, {one.source: EVERY_S for one in polls})
            raw.set_trace_callback(None)
        return [one for one in seen if "silences" in one]

    names = [f"ups-{n}" for n in range(5)]
    statements([sample(name, Said(0, True)) for name in names])
    assert statements([sample(name, Said(30, True)) for name in names]) == []
    assert len(statements([sample(name, Said(60, False)) for name in names])) == 5
    assert {one.split()[0] for one in statements([sample(name, Said(90, False)) for name in names])} == {"UPDATE"}


def test_pruning_leaves_availability_as_it_was(store: Store) -> None:
    put(store, "ups-a", [*steps(0, 60), *steps(90, 180, ok=False), *steps(210, 240), *steps(1800, CUT_S + 60)])
    before = read(store, "ups-a", 9000)
    with store.write() as session:
        readings.prune(session, T0 + timedelta(days=100))
    assert poll_gaps_left(store) == 0
    assert read(store, "ups-a", 9000) == before
    assert (before.down_s, before.unknown_s) == (120, 1560)


def poll_gaps_left(store: Store) -> int:
    with store.read() as session:
        return int(session.connection().exec_driver_sql("SELECT count(*) FROM poll_gaps").scalar_one())


def test_history_that_is_filled_in_is_known_but_for_its_gaps_and_nothing_after_it(store: Store) -> None:
    hours = [T0 + timedelta(hours=n) for n in range(3)]
    gap = Gap(hours[1], hours[1] + timedelta(minutes=10), GapReason.FAILED, "timeout")
    off = Gap(hours[0] + timedelta(minutes=30), hours[0] + timedelta(minutes=50), GapReason.NOT_POLLED)
    with store.write() as session:
        for n, gaps in ((1, [gap]), (0, [off])):
            polls = [HourOfPolls("ups-a", hours[n], 100, 20, 0)]
            readings.put_history(session, [], polls, {"ups-a": gaps}, (hours[n], hours[n + 1]))
    found = read(store, "ups-a", 90_000, until=T0 + timedelta(hours=4))
    assert found.counted_from == T0
    assert (found.down_s, found.unknown_s, found.up_s) == (600, 1200 + 7200, 4 * 3600 - 600 - 1200 - 7200)
    within = read(store, "ups-a", 90_000, until=T0 + timedelta(hours=1))
    assert (within.down_s, within.unknown_s, within.up_s) == (0, 1200, 2400)
    put(store, "ups-a", steps(3 * 3600, 4 * 3600))
    again = read(store, "ups-a", 90_000, until=T0 + timedelta(hours=4))
    assert (again.down_s, again.unknown_s) == (600, 1200 + 3600)


def test_a_source_first_polled_after_the_end_is_not_on_record(store: Store) -> None:
    put(store, "ups-a", steps(CUT_S + 30, CUT_S + 90))
    with store.read() as session:
        assert poll_records.on_record(session, T0, CUT, CUT + timedelta(days=1)) == ()


def upgraded(store: Store, connection: Connection) -> None:
    """Makes the store one of the schema before, and brings it to the one with the table."""
    connection.exec_driver_sql("DROP TABLE silences")
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0012'")
    migrate.upgrade(connection, store.path, "0013")
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (HEAD,))


def test_an_upgrade_fills_in_what_older_versions_recorded(store: Store) -> None:
    polls = [*steps(600, 3600), *steps(3630, 3750, ok=False), *steps(3780, 3900), *steps(4500, 4800)]
    put(store, "ups-a", [*polls, *steps(4830, 4890, ok=False)])
    facts = CheckFacts("his:443", False, "refused", since=T0 + timedelta(seconds=30), lost_in_row=5)
    with store.write() as session:
        readings.put_samples(session, [Sample("his", Kind.SYSTEM, CUT, State.OK, check=facts)], {})
        # Of a hundred days before only the hours are left: one with half its polls failed, one nobody polled.
        old = int(T0.timestamp()) - 100 * 86400
        for hour, told in ((0, (100, 0, 0)), (1, (60, 60, 0)), (2, (0, 0, 120))):
            session.connection().exec_driver_sql(
                "INSERT INTO hourly_polls VALUES ('gone', ?, ?, ?, ?)", (old + hour * 3600, *told)
            )
        # Older versions took a check without an answer for one with.
        session.connection().exec_driver_sql("DELETE FROM poll_gaps WHERE source = 'his'")
        upgraded(store, session.connection())
    assert rows(store, "ups-a") == [
        (0, "before", 0, None, None, 600),
        (3630, "failed", 2, 3690, 3750, 3750),
        (3900, "not-polled", 0, None, None, 4500),
        (4830, "failed", 2, 4890, 4890, None),
    ]
    assert rows(store, "his")[1:] == [(30, "failed", 2, 90, CUT_S, None)]
    back = -100 * 86400
    assert rows(store, "gone") == [
        (0, "before", 0, None, None, back + 3600),
        (back + 3600, "failed", 2, back + 3660, back + 5400, back + 5400),
        (back + 7200, "not-polled", 0, None, None, back + 10800),
    ]
    # And the watch goes on from there.
    put(store, "ups-a", [Said(4920, False), Said(4950, True)])
    assert rows(store, "ups-a")[-1] == (4830, "failed", 3, 4890, 4920, 4950)
