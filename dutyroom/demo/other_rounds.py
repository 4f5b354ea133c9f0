"""The weekly and monthly rounds of the demo's history: a technician walks and signs them on the day they are due."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from dutyroom.clock import at_local
from dutyroom.demo.walking import answer_all
from dutyroom.duty import rounds, signing
from dutyroom.duty.desk import Desk
from dutyroom.duty.signin import sign_in
from dutyroom.errors import RoundRefused
from dutyroom.model.checklist import Cadence
from dutyroom.rules.schedule import current_slot
from dutyroom.words import _

if TYPE_CHECKING:
    from dutyroom.demo.history import Simulation

WALKED = (Cadence.WEEKLY, Cadence.MONTHLY)
AFTER = {Cadence.WEEKLY: timedelta(minutes=70), Cadence.MONTHLY: timedelta(minutes=130)}
"""So long after they are due: the daily round comes first."""
NOON = time(12)


def walk_others(desk: Desk, simulation: Simulation, person: tuple[str, str], day: date, seed: int) -> None:
    """Walks what else is due on that local day. `person` is (operator, password). Raises DutyroomError."""
    name, password = person
    for one in desk.others:
        schedule = one.checklist.schedule
        if schedule.cadence not in WALKED:
            continue
        rng = random.Random(f"{seed} {one.checklist.name} {day}")
        slot = current_slot(one.checklist, at_local(day, NOON, desk.site.timezone), desk.site.timezone)
        if slot.due_on != day:
            continue
        at = slot.due_at + AFTER[schedule.cadence] + timedelta(seconds=rng.uniform(0, 900))
        actor = sign_in(desk.store, name, password, "demo", at).actor
        # A day added to an older history has its rounds already, or they were missed.
        with suppress(RoundRefused):
            walk = rounds.start_round(desk, actor, at, one.checklist.name)
            ended = answer_all(desk, simulation, actor, walk, at, rng)
            signing.sign_round(desk, actor, walk.round.id, password, ended, _("history made by the demo"))
