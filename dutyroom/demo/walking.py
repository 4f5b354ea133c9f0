"""A walk of the demo's history: every line is answered in the order of the clock."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dutyroom.demo.walker import answer_like_a_person, say_what_it_stands_for
from dutyroom.duty import answering, walks
from dutyroom.duty.answers import Given, entry_of
from dutyroom.duty.desk import Desk
from dutyroom.model.checklist import WalkLine
from dutyroom.model.people import Actor
from dutyroom.model.reading import Latest, Sample
from dutyroom.model.room import RoomRecords
from dutyroom.rules.finding_life import needs_finding
from dutyroom.rules.live import live_value
from dutyroom.store import rounds as round_rows

if TYPE_CHECKING:
    from dutyroom.demo.history import Simulation


def answer_all(
    desk: Desk, simulation: Simulation, actor: Actor, walk: walks.Walk, at: datetime, rng: random.Random
) -> datetime:
    """Answers every line; returns the moment the last one was answered."""
    with desk.store.read() as session:
        last_signed = round_rows.last_signed(session, desk.checklist.name)
    waiting: list[tuple[WalkLine, Given, datetime]] = []
    for line in walk.lines:
        at += timedelta(seconds=rng.uniform(2, 14))
        # What was on the panel when the walk was on paper.
        looked_at = at if walk.round.paper_from is None else walk.round.paper_from
        sample = _sample(simulation, line.device, looked_at)
        latest = {line.device: Latest(sample, sample)} if sample is not None else {}
        for item, (source, _variable) in desk.site.live:
            if item == line.item.id and (mapped := _sample(simulation, source, looked_at)) is not None:
                latest[source] = Latest(mapped, mapped)
        seen = walks.room_now(desk, walk, RoomRecords(latest=latest, last_signed=last_signed), looked_at)
        given = answer_like_a_person(line, live_value(line, seen), rng)
        if walk.round.paper_from is not None:
            # A number on paper was read by a person, whatever a source said.
            given = Given(given.answer, given.note)
        waiting.append((line, given, at))
        walk = walk.with_entry(entry_of(walk.round.id, line, given, actor, at))
        if needs_finding(walk.entries[line.key]):
            walk = _keep(desk, actor, walk, waiting)
    _keep(desk, actor, walk, waiting)
    return at


def _keep(desk: Desk, actor: Actor, walk: walks.Walk, waiting: list[tuple[WalkLine, Given, datetime]]) -> walks.Walk:
    """Stores what waits, each answer at its own moment: one transaction for many, as nobody waits for each of them.

    Only the last one may need a finding.
    """
    if not waiting:
        return walk
    answers, moments = [(line, given) for line, given, _at in waiting], [at for _line, _given, at in waiting]
    waiting.clear()
    kept = answering.record_answers(desk, actor, walk.round.id, answers, moments[-1], moments=moments)
    for entry in (*kept[:-1], say_what_it_stands_for(desk, actor, kept[-1], moments[-1])):
        walk = walk.with_entry(entry)
    return walk


def _sample(simulation: Simulation, source: str, at: datetime) -> Sample | None:
    return simulation.sample(source, at) if source in simulation.room.sources else None
