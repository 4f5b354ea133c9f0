"""The rounds of a period: every slot of every checklist with its state, the answers in force, and who walked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from dutyroom.model.checklist import Cadence
from dutyroom.model.periods import CriticalPeriod
from dutyroom.model.reading import Verdict
from dutyroom.model.roster import RosterEntry
from dutyroom.model.rounds import NOT_APPLICABLE, Amendment, Entry, Round
from dutyroom.report.facts.standing import COUNTED, SlotFact, SlotState, as_of, state_of, state_without
from dutyroom.report.figure import Figure, Shown
from dutyroom.report.frame import Frame
from dutyroom.rules.schedule import slots_due
from dutyroom.store import amendments as kept_amendments
from dutyroom.store import periods, round_history, rounds
from dutyroom.store.database import Session
from dutyroom.words import N_, _

ABNORMAL_VERDICTS = (Verdict.ATTENTION, Verdict.FAULT)
LABELS = {
    SlotState.ON_TIME: N_("Rounds on time"),
    SlotState.LATE: N_("Rounds late"),
    SlotState.BACK_FILLED: N_("Rounds back-filled"),
    SlotState.SKIPPED: N_("Rounds skipped"),
    SlotState.MISSED: N_("Rounds missed"),
    SlotState.PENDING: N_("Rounds that may still be signed"),
}
WELCOME = (SlotState.ON_TIME, SlotState.PENDING)


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """The rounds due in a period as they stood at the moment the report was made.

    `slots` are in order of due time, checklist and round. `entries` are the answers of the signed rounds with what was
    amended by then, in order of their rounds, `amendments` those amendments by round and revision. `roster` is the
    roster of the period and the day before it as it stood at the cut-off.
    """

    slots: tuple[SlotFact, ...] = ()
    entries: tuple[Entry, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    roster: tuple[RosterEntry, ...] = ()
    in_force_since: Mapping[str, datetime] = field(default_factory=dict)

    def of(self, *states: SlotState) -> tuple[SlotFact, ...]:
        """The slots in one of those states, in order."""
        return tuple(slot for slot in self.slots if slot.state in states)

    @property
    def due(self) -> tuple[SlotFact, ...]:
        """The slots that were due so far."""
        return self.of(*COUNTED)

    @property
    def signed(self) -> tuple[SlotFact, ...]:
        """The slots whose round was signed, on time or not."""
        return tuple(slot for slot in self.slots if slot.state.is_signed)

    def judged(self, *verdicts: Verdict) -> tuple[Entry, ...]:
        """The answers with one of those verdicts; "not applicable" is none of them."""
        return tuple(one for one in self.entries if one.verdict in verdicts and one.answer != NOT_APPLICABLE)

    def figures(self) -> tuple[Figure, ...]:
        """The key figures, in the language in force."""
        due, signed, on_time = self.due, self.signed, self.of(SlotState.ON_TIME)
        all_due = _records(due)
        told = [
            Figure("rounds.due", _("Rounds due"), len(due), records=all_due),
            Figure("rounds.signed", _("Rounds signed"), len(signed), records=_records(signed)),
        ]
        for state, label in LABELS.items():
            found = self.of(state)
            is_bad = bool(found) and state not in WELCOME
            name = f"rounds.{state.name.lower()}"
            told.append(Figure(name, _(label), len(found), records=_records(found), is_bad=is_bad))
        completion, rate = ratio(len(signed), len(due)), ratio(len(on_time), len(due))
        told += [
            Figure(
                "rounds.completion",
                _("Completion rate"),
                completion,
                Shown.PERCENT,
                all_due,
                bool(due) and len(signed) < len(due),
            ),
            Figure("rounds.on_time_rate", _("On-time rate"), rate, Shown.PERCENT, all_due),
        ]
        abnormal, unknown = self.judged(*ABNORMAL_VERDICTS), self.judged(Verdict.UNKNOWN)
        told += [
            Figure("answers.abnormal", _("Abnormal answers"), len(abnormal), records=_of_entries(abnormal)),
            Figure("answers.unknown", _("Answers nobody could judge"), len(unknown), records=_of_entries(unknown)),
        ]
        return tuple(told)


def ratio(part: int, whole: int) -> float | None:
    """part / whole, None of nothing."""
    return part / whole if whole else None


def counts(slots: Sequence[SlotFact]) -> Counter[SlotState]:
    """How many slots are in each state."""
    return Counter(slot.state for slot in slots)


def gather(session: Session, frame: Frame) -> RoundFacts:
    """The rounds of the period; a handful of statements however long it is. Raises StoreError."""
    first, last, made_at = frame.period.first, frame.period.last, frame.made_at
    recorded = round_history.recorded_at(session, first, last)
    amended: dict[int, list[Amendment]] = defaultdict(list)
    for amendment in round_history.amended_between(session, first, last):
        amended[amendment.round_id].append(amendment)
    held: list[Round] = []
    for one in rounds.rounds(session, since=first, until=last):
        stood = as_of(one, amended[one.id], recorded.get(one.id), made_at)
        if stood is not None:
            held.append(stood)
    since = {name: at for name, at in round_history.in_force_since(session).items() if at <= made_at}
    known = _as_they_stood(periods.periods(session), made_at)
    slots = [SlotFact(one.checklist, one.due_at, one.due_on, state_of(one), one) for one in held]
    slots += _without_round(frame, held, since, known)
    slots.sort(key=lambda slot: (slot.due_at, slot.checklist, slot.round.id if slot.round is not None else 0))
    signed = [slot.round.id for slot in slots if slot.state.is_signed and slot.round is not None]
    in_time = tuple(one for number in signed for one in amended[number] if one.at <= made_at)
    entries = tuple(_in_force(session, signed, in_time))
    abnormal = Counter(one.round_id for one in entries if one.verdict in ABNORMAL_VERDICTS)
    return RoundFacts(
        slots=tuple(_with_count(slot, abnormal) for slot in slots),
        entries=entries,
        amendments=in_time,
        roster=round_history.roster_at(session, date.fromordinal(first.toordinal() - 1), last, frame.cutoff),
        in_force_since=since,
    )


def _in_force(session: Session, signed: Sequence[int], in_time: Sequence[Amendment]) -> Iterator[Entry]:
    """The answers of those rounds with what was amended, round by round."""
    of_round: dict[int, list[Amendment]] = defaultdict(list)
    for amendment in in_time:
        of_round[amendment.round_id].append(amendment)
    for number, as_signed in round_history.answers_as_signed(session, signed):
        some = kept_amendments.in_force(as_signed, of_round[number]) if number in of_round else as_signed
        yield from (one for one in some if one.answer is not None)


def _with_count(slot: SlotFact, abnormal: Counter[int]) -> SlotFact:
    if slot.round is None or not slot.state.is_signed:
        return slot
    return replace(slot, round=replace(slot.round, abnormal=abnormal[slot.round.id]))


def _as_they_stood(known: Sequence[CriticalPeriod], made_at: datetime) -> list[CriticalPeriod]:
    return [
        one if one.closed_at is None or one.closed_at <= made_at else replace(one, closed_at=None, closed_by=None)
        for one in known
        if one.opened_at <= made_at
    ]


def _without_round(
    frame: Frame, held: Sequence[Round], since: Mapping[str, datetime], known: Sequence[CriticalPeriod]
) -> Iterator[SlotFact]:
    """The slots of the checklists in force, from when they were first published on, that have no round on record."""
    at = {(one.checklist, one.due_at) for one in held}
    on = {(one.checklist, one.due_on) for one in held if one.period_id is None}
    for checklist in frame.checklists.values():
        if (published := since.get(checklist.name)) is None:
            continue
        begin = max(frame.begins_at, published)
        is_calendar = checklist.schedule.cadence is not Cadence.PERIOD
        for slot in slots_due(checklist, begin, frame.ends_at, frame.zone, known):
            taken = (checklist.name, slot.due_at) in at or (is_calendar and (checklist.name, slot.due_on) in on)
            if not taken:
                yield SlotFact(checklist.name, slot.due_at, slot.due_on, state_without(slot, frame.made_at))


def _records(slots: Sequence[SlotFact]) -> tuple[str, ...]:
    return tuple(slot.record for slot in slots)


def _of_entries(entries: Sequence[Entry]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"round:{one.round_id}" for one in entries))
