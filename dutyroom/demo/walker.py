"""A person of the demo who walks the room: takes what is measured, reads panels, and now and then finds something."""

from __future__ import annotations

import random
from datetime import datetime

from dutyroom.duty.answer_findings import link_new
from dutyroom.duty.answering import accept
from dutyroom.duty.answers import Given, note_needed
from dutyroom.duty.desk import Desk
from dutyroom.model.checklist import ItemKind, Mode, WalkLine
from dutyroom.model.people import Actor
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import ABNORMAL, NORMAL, Entry
from dutyroom.rules.finding_life import needs_finding
from dutyroom.rules.honesty import says_otherwise
from dutyroom.rules.live import LiveValue, judge_answer
from dutyroom.words import N_, _

# What this person writes when something is not normal.
_NOTES = {
    "ups.autonomy": N_("Battery of 2020 is worn, replacement is in the budget."),
    "ups.runtime": N_("As the UPS says."),
    "net.ports": N_("Port to ward 7 comes and goes, cable to be replaced."),
    "env.clean": N_("Empty boxes behind rack 3, taken out."),
    "env.smell": N_("Fan of rack 2 is louder than yesterday."),
    "env.light": N_("One lamp is out."),
    "srv.disk": N_("Data volume grows, database section is told."),
    "env.temp.cold": N_("Doors of rack 2 stood open, closed again."),
}
# What nobody believes without a word of how.
_ALWAYS_NOTED = {"bak.restore": N_("Restored into the test database; the counts of the tables agree.")}
# Numbers nobody measures here, as this person reads them: middle and spread.
_READ_BY_EYE = {
    "env.temp.room": (23.6, 0.6),
    "net.unknown": (0.0, 0.0),
    "bak.size": (212.0, 1.5),
    "duty.open": (1.0, 0.0),
    "srv.cpu": (12.0, 4.0),
    "srv.mem": (48.0, 3.0),
    "srv.disk": (61.0, 0.3),
    "env.dew": (11.0, 0.5),
    "ups.runtime": (180.0, 5.0),
    "ac.return": (24.5, 0.6),
    "ac.amps": (8.2, 0.3),
    "ups.batt.chargeA": (0.4, 0.05),
    "ups.neutral.a": (1.1, 0.2),
}
# Cells of a battery string, volts each.
CELLS, CELL_V, CELL_SPREAD_V = 16, 13.6, 0.04
_ODD = ("env.clean", "env.smell")


def answer_like_a_person(line: WalkLine, live: LiveValue | None, rng: random.Random) -> Given:
    """An answer for one line, with its note where one is needed."""
    item = line.item
    if live is not None and item.mode is Mode.ACCEPT:
        taken = accept(live)
        return _noted(line, taken, judge_answer(item, live.answer, live.value))
    if item.kind is ItemKind.TEXT:
        return Given(NORMAL, live=live)
    if item.id in _ALWAYS_NOTED:
        return Given(NORMAL, _(_ALWAYS_NOTED[item.id]))
    if item.kind is ItemKind.TABLE:
        return Given(" ".join(f"{rng.gauss(CELL_V, CELL_SPREAD_V):.2f}" for _cell in range(item.cells or CELLS)))
    if item.choices:
        if item.id in _ODD and rng.random() < 0.04:
            return _noted(line, Given(ABNORMAL, live=live), Verdict.FAULT)
        good = next((choice for choice in item.choices if choice.verdict is Verdict.OK), item.choices[0])
        return _noted(line, Given(good.value, live=live), good.verdict)
    value = _read(line, live, rng)
    return _noted(line, Given(f"{value:g}", live=live), judge_answer(item, f"{value:g}", value, live))


def say_what_it_stands_for(desk: Desk, actor: Actor, entry: Entry, now: datetime) -> Entry:
    """The answer with its finding: a new one with its defaults, or the one its fault has; a normal answer as it is."""
    return link_new(desk, actor, entry, now)[0] if needs_finding(entry) else entry


def _read(line: WalkLine, live: LiveValue | None, rng: random.Random) -> float:
    if live is not None and live.value is not None:
        return max(0.0, round(live.value + rng.uniform(-0.4, 0.4), 1))
    middle, spread = _READ_BY_EYE.get(line.item.id, (0.0, 0.0))
    bounds = line.item.limit.normal
    if line.item.id not in _READ_BY_EYE and bounds is not None:
        middle, spread = (bounds.low + bounds.high) / 2, (bounds.high - bounds.low) / 20
    return round(rng.gauss(middle, spread), 1) + 0.0


def _noted(line: WalkLine, given: Given, verdict: Verdict) -> Given:
    live = given.live.answer if given.live is not None and not given.accepts_live else None
    if not note_needed(verdict) and not says_otherwise(line.item, verdict, live):
        return given
    note = _(_NOTES[line.item.id]) if line.item.id in _NOTES else _("Seen, reported to the lead.")
    return Given(given.answer, note, given.live, given.accepts_live)
