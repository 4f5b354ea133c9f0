"""One month of one checklist as figures: which rounds were due, which were signed, late or missing, and by whom.

Pure: model values in, rows out. Every day is a day of the site's zone; `generated_at` is the only "now".
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dutyroom import show
from dutyroom.clock import local_date
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import Entry, Mark, Round, RoundState
from dutyroom.report.month_records import MonthRecords
from dutyroom.rules.schedule import daily_slot
from dutyroom.words import _

SIGNED_STATES = (RoundState.SIGNED, RoundState.APPROVED)
ABNORMAL_VERDICTS = (Verdict.ATTENTION, Verdict.FAULT)


class DayState(StrEnum):
    """How the round of one slot stands at `generated_at`."""

    ON_TIME = "on-time"
    LATE = "late"
    BACK_FILLED = "back-filled"
    MISSED = "missed"
    SKIPPED = "skipped"
    OPEN = "open"
    DUE = "due"
    FUTURE = "future"
    NOT_IN_USE = "not-in-use"

    @property
    def is_signed(self) -> bool:
        """True for a round that was signed, whenever that was."""
        return self in (DayState.ON_TIME, DayState.LATE, DayState.BACK_FILLED)

    @property
    def counts(self) -> bool:
        """True when the slot belongs to the rounds due so far."""
        return self.is_signed or self in (DayState.MISSED, DayState.SKIPPED)


@dataclass(frozen=True, slots=True)
class DaySlot:
    """One column of the matrix: a local day, how its round stands, and the round when there is one."""

    day: date
    state: DayState
    round: Round | None = None

    @property
    def is_weekend(self) -> bool:
        """Saturday or Sunday."""
        return self.day.isoweekday() >= 6

    @property
    def is_amended(self) -> bool:
        """True when the round was changed after it was signed."""
        return self.round is not None and Mark.AMENDED in self.round.marks


@dataclass(frozen=True, slots=True)
class Figures:
    """The key figures. `due` counts the rounds due so far; `completion` is signed by due, None when none was due."""

    due: int
    signed: int
    late: int
    missed: int
    skipped: int
    pending: int
    abnormal: int
    unknown: int

    @property
    def completion(self) -> float | None:
        """0..1, or None when no round was due yet."""
        return self.signed / self.due if self.due else None


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A checklist version that signed rounds of the month were walked with, and between which due days."""

    version: str
    first: date
    last: date
    rounds: int


@dataclass(frozen=True, slots=True)
class PersonRow:
    """What one operator signed in the month."""

    label: str
    role: str
    signed: int
    late: int
    abnormal: int


def in_use_from(records: MonthRecords) -> date:
    """The first local day on which a round could be expected: the first operator's, or the first round's if earlier."""
    known = [local_date(person.created_at, records.zone) for person in records.operators]
    known += [held.due_on for held in records.rounds if held.checklist == records.checklist.name]
    return min(known, default=records.first_day)


def slots_of(records: MonthRecords) -> tuple[DaySlot, ...]:
    """The columns of the month in order: one for every day, more where a day had more than one round."""
    held: dict[date, list[Round]] = {}
    for one in sorted(records.rounds, key=lambda one: (one.due_at, one.id)):
        if one.checklist == records.checklist.name and records.first_day <= one.due_on <= records.last_day:
            held.setdefault(one.due_on, []).append(one)
    start = in_use_from(records)
    found: list[DaySlot] = []
    for number in range(records.last_day.day):
        day = records.first_day + timedelta(days=number)
        of_day: list[Round | None] = [*held.get(day, [])] or [None]
        found += [DaySlot(day, _state_of(records, day, one, start), one) for one in of_day]
    return tuple(found)


def _state_of(records: MonthRecords, day: date, held: Round | None, start: date) -> DayState:
    if held is not None and held.state in SIGNED_STATES:
        if Mark.BACK_FILLED in held.marks:
            return DayState.BACK_FILLED
        return DayState.LATE if Mark.LATE in held.marks else DayState.ON_TIME
    if held is not None and held.state is RoundState.SKIPPED:
        return DayState.SKIPPED
    if held is not None and held.state is RoundState.MISSED:
        return DayState.MISSED
    if day < start:
        return DayState.NOT_IN_USE
    if day > local_date(records.generated_at, records.zone):
        return DayState.FUTURE
    # A walk begun before the next slot opens still belongs to this one, so only then is it missed.
    if records.generated_at >= daily_slot(records.checklist, day + timedelta(days=1), records.zone).opens_at:
        return DayState.MISSED
    return DayState.OPEN if held is not None and held.state is RoundState.OPEN else DayState.DUE


def signed_entries(records: MonthRecords) -> tuple[tuple[DaySlot, Entry], ...]:
    """Every answer of the month's signed rounds with its slot, in the order of slots and of the entries given."""
    by_round: dict[int, list[Entry]] = {}
    for entry in records.entries:
        if entry.answer is not None:
            by_round.setdefault(entry.round_id, []).append(entry)
    return tuple(
        (slot, entry)
        for slot in slots_of(records)
        if slot.round is not None and slot.state.is_signed
        for entry in by_round.get(slot.round.id, [])
    )


def figures_of(records: MonthRecords) -> Figures:
    """The key figures of the month so far."""
    states = Counter(slot.state for slot in slots_of(records))
    verdicts = Counter(entry.verdict for _slot, entry in signed_entries(records))
    return Figures(
        due=sum(count for state, count in states.items() if state.counts),
        signed=sum(count for state, count in states.items() if state.is_signed),
        late=states[DayState.LATE] + states[DayState.BACK_FILLED],
        missed=states[DayState.MISSED],
        skipped=states[DayState.SKIPPED],
        pending=states[DayState.OPEN] + states[DayState.DUE],
        abnormal=sum(verdicts[verdict] for verdict in ABNORMAL_VERDICTS),
        unknown=verdicts[Verdict.UNKNOWN],
    )


def judgement(records: MonthRecords) -> str:
    """The month in a sentence of figures, and a line for each thing to know besides, in the language in force."""
    figures = figures_of(records)
    if not figures.due:
        return _("No round was due in this month yet.")
    sentence = _("Rounds signed: {signed} of {due} due so far; late: {late}; missing: {missed}; abnormal answers: {n}.")
    parts = [
        sentence.format(
            signed=figures.signed, due=figures.due, late=figures.late, missed=figures.missed, n=figures.abnormal
        )
    ]
    if figures.skipped:
        parts.append(_("Skipped: {n}.").format(n=figures.skipped))
    if figures.unknown:
        parts.append(_("Answers nobody could judge: {n}.").format(n=figures.unknown))
    if local_date(records.generated_at, records.zone) <= records.last_day:
        at = show.moment(records.generated_at, records.zone)
        parts.append(_("The month is not over; counted up to {at}.").format(at=at))
    return "\n".join(parts)


def accounting(records: MonthRecords) -> tuple[str, ...]:
    """How the figures were counted, in sentences, in the language in force."""
    slot = daily_slot(records.checklist, records.first_day, records.zone)
    due, late, opens = (show.time_of_day(at, records.zone) for at in (slot.due_at, slot.late_after, slot.opens_at))
    told = [
        _(
            "One round is due every day at {due} ({zone}) and belongs to that day, whenever it was signed. "
            "After {late} it is late; when the next one opens at {opens} the day after, it is missing."
        ).format(due=due, late=late, opens=opens, zone=records.zone.key),
        _(
            "The completion rate is signed rounds divided by rounds due so far. Missing and skipped rounds stay due "
            "and are never taken as not applicable; a round that can still be signed is not counted yet."
        ),
        _(
            "Abnormal answers are the answers of signed rounds judged attention or fault. The normal rate of a line "
            "is normal answers divided by all its answers; not applicable is left out, unknown is not normal."
        ),
    ]
    start = in_use_from(records)
    if start > records.first_day:
        told.append(
            _("Days before {day}, when there were no operators and no rounds, are not counted.").format(day=start)
        )
    return tuple(told)


def versions_of(records: MonthRecords) -> tuple[VersionRow, ...]:
    """The checklist versions the signed rounds were walked with, oldest first."""
    days: dict[str, list[date]] = {}
    for slot in slots_of(records):
        if slot.round is not None and slot.state.is_signed:
            days.setdefault(slot.round.version, []).append(slot.day)
    return tuple(VersionRow(version, min(on), max(on), len(on)) for version, on in days.items())


def people_of(records: MonthRecords) -> tuple[PersonRow, ...]:
    """Who signed rounds in the month: most rounds first, then by name."""
    signed: Counter[str] = Counter()
    late: Counter[str] = Counter()
    abnormal: Counter[str] = Counter()
    for slot in slots_of(records):
        if slot.round is not None and slot.state.is_signed:
            name = slot.round.signed_by or ""
            signed[name] += 1
            late[name] += slot.state is not DayState.ON_TIME
    for slot, entry in signed_entries(records):
        if slot.round is not None and entry.verdict in ABNORMAL_VERDICTS:
            abnormal[slot.round.signed_by or ""] += 1
    roles = {person.name: person.role.value for person in records.operators}
    return tuple(
        PersonRow(records.label_of_operator(name), roles.get(name, ""), count, late[name], abnormal[name])
        for name, count in sorted(signed.items(), key=lambda pair: (-pair[1], pair[0]))
    )
