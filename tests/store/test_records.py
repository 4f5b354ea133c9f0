"""Operators, checklists, rounds, entries and events come back as they went in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from dutyroom.errors import StoreError
from dutyroom.model.events import Event, Heartbeat
from dutyroom.model.people import Operator, Role
from dutyroom.model.reading import Origin, Verdict
from dutyroom.model.rounds import Entry, Mark, Round, RoundState
from dutyroom.store import checklists, events, people, rounds
from dutyroom.store.database import Store
from tests.store.records import AT, CONTENT, DAILY, LI, number, round_due


def test_operators_round_trip(store: Store) -> None:
    wang = Operator("wang", "王主任", Role.LEAD, AT, AT + timedelta(days=1))
    with store.write() as s:
        people.add_operator(s, wang, "hash-w")
        people.add_operator(s, LI, "hash-l")
    with store.read() as s:
        assert people.operators(s) == (LI, wang)
        assert people.operator(s, "li") == LI
        assert people.operator(s, "nobody") is None
        assert people.password_hash(s, "wang") == "hash-w"
        assert people.password_hash(s, "nobody") is None
    with store.write() as s:
        people.set_password_hash(s, "li", "new", AT)
        people.disable(s, "li", AT)
    with store.read() as s:
        assert people.password_hash(s, "li") == "new"
        assert people.operator(s, "li") == replace(LI, disabled_at=AT, password_set_at=AT)
    with pytest.raises(StoreError) as caught, store.write() as s:
        people.disable(s, "nobody", AT)
    assert caught.value.code == "not-found"
    assert "operator:nobody" in str(caught.value)


def test_a_checklist_is_published_once(store: Store) -> None:
    with store.write() as s:
        assert checklists.publish(s, DAILY.version, DAILY.name, CONTENT, AT)
        assert not checklists.publish(s, DAILY.version, DAILY.name, CONTENT, AT + timedelta(days=1))
    with store.read() as s:
        assert checklists.content(s, DAILY.version) == CONTENT
        assert checklists.content(s, "none") is None
    with pytest.raises(StoreError) as caught, store.write() as s:
        checklists.publish(s, DAILY.version, DAILY.name, CONTENT + "x", AT)
    assert caught.value.code == "exists"


@pytest.mark.parametrize("state", list(RoundState))
def test_rounds_round_trip(store: Store, state: RoundState) -> None:
    whole = round_due(state=state, signed_at=AT, signed_by="李", marks=tuple(Mark), abnormal=3)
    bare = Round("weekly", "v", AT, date(2026, 11, 23), date(2026, 11, 24), state, 5)
    if state is RoundState.APPROVED:
        whole, bare = (replace(one, approved_at=AT, approved_by="wang") for one in (whole, bare))
    with store.write() as s:
        stored = [rounds.add(s, whole), rounds.add(s, bare)]
    assert [one.id for one in stored] == [1, 2]
    with store.read() as s:
        assert [rounds.get(s, 1), rounds.get(s, 2)] == [replace(whole, id=1), replace(bare, id=2)] == stored
        assert rounds.get(s, 3) is None
        assert rounds.by_slot(s, "weekly", AT) == stored[1]
        assert rounds.by_slot(s, "weekly", AT.astimezone(timezone(timedelta(hours=8)))) == stored[1]
        assert rounds.by_slot(s, "weekly", AT + timedelta(microseconds=1)) is None


def test_a_slot_holds_one_round(store: Store) -> None:
    with store.write() as s:
        rounds.add(s, round_due())
    with pytest.raises(StoreError) as caught, store.write() as s:
        rounds.add(s, round_due())
    assert caught.value.code == "exists"


def test_rounds_are_found_by_local_date_newest_last(store: Store) -> None:
    with store.write() as s:
        for day in (12, 10, 11):
            rounds.add(s, round_due(day))
        signed = replace(round_due(9), state=RoundState.SIGNED, signed_at=AT, signed_by="li")
        older = replace(signed, due_at=signed.due_at - timedelta(days=1), signed_at=AT - timedelta(hours=1))
        signed = rounds.add(s, signed)
        rounds.add(s, older)
    with store.read() as s:

        def days(found: tuple[Round, ...]) -> list[int]:
            return [one.due_at.day for one in found]

        assert days(rounds.rounds(s)) == [8, 9, 10, 11, 12]
        assert days(rounds.rounds(s, limit=2)) == [11, 12]
        assert days(rounds.rounds(s, since=date(2026, 11, 10), until=date(2026, 11, 11))) == [10, 11]
        assert days(rounds.open_rounds(s)) == [10, 11, 12]
        assert rounds.last_signed(s) == signed == rounds.last_signed(s, "daily")
        assert rounds.last_signed(s, "weekly") is None
    with pytest.raises(StoreError) as caught, store.write() as s:
        rounds.update(s, round_due(id=404))
    assert caught.value.code == "not-found"


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("origin", list(Origin))
def test_entries_round_trip(store: Store, verdict: Verdict, origin: Origin) -> None:
    with store.write() as s:
        opened = rounds.add(s, round_due())
        whole = number(opened.id, verdict=verdict, origin=origin, device="核心交换机")
        bare = Entry(opened.id, "note", "", None, verdict, AT, "li")
        for entry in (whole, bare):
            rounds.put_entry(s, entry)
    with store.read() as s:
        assert rounds.entries(s, opened.id) == (whole, bare)


def test_an_entry_is_replaced_under_its_key(store: Store) -> None:
    with store.write() as s:
        opened = rounds.add(s, round_due())
        rounds.put_entry(s, number(opened.id))
        undone = Entry(opened.id, "env.temp", "", None, Verdict.UNKNOWN, AT, "li")
        rounds.put_entry(s, undone)
        assert rounds.entries(s, opened.id) == (undone,)
    with store.read() as s:
        assert rounds.entries(s, opened.id) == (undone,)


def test_recent_values_come_from_signed_rounds_before(store: Store) -> None:
    with store.write() as s:
        for day in range(1, 21):
            one = rounds.add(s, round_due(day))
            at = datetime(2026, 11, day, tzinfo=UTC)
            rounds.put_entry(s, number(one.id, at=at, value=None if day == 5 else float(day)))
            if day != 6:
                rounds.update(s, replace(one, state=RoundState.SIGNED, signed_at=at, signed_by="li"))
    with store.read() as s:
        before = round_due(10).due_at
        found = rounds.recent_values(s, "env.temp", "", before, limit=5)
        assert found == tuple((datetime(2026, 11, day, tzinfo=UTC), float(day)) for day in (3, 4, 7, 8, 9))
        assert len(rounds.recent_values(s, "env.temp", "", round_due(30).due_at)) == 14
        assert rounds.recent_values(s, "env.temp", "ac-1", before) == ()


def test_events_and_heartbeat_round_trip(store: Store) -> None:
    told = [
        Event(AT + timedelta(seconds=n), "core-1", "port-down", (("port", "端口 1"), ("n", str(n)))) for n in range(5)
    ]
    beat = Heartbeat("duty-pc", 4711, AT, AT + timedelta(seconds=5), "f" * 64)
    with store.write() as s:
        events.add(s, told)
        events.beat(s, replace(beat, pid=1))
        events.beat(s, beat)
        events.request_poll(s, AT)
        events.request_poll(s, AT + timedelta(seconds=9))
    with store.read() as s:
        assert events.since(s, AT) == tuple(told)
        assert events.since(s, AT + timedelta(seconds=3)) == tuple(told[3:])
        assert events.since(s, AT, limit=2) == tuple(told[3:])
        assert events.heartbeat(s) == beat
        assert events.poll_requested(s) == AT + timedelta(seconds=9)


def test_an_empty_store_has_neither_heartbeat_nor_request(store: Store) -> None:
    with store.read() as s:
        assert events.heartbeat(s) is None
        assert events.poll_requested(s) is None
        assert rounds.last_signed(s) is None
