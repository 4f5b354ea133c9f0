"""Who walked the rounds of a period: what the roster asked of each, what each signed, and how long it took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from dutyroom.clock import local_date
from dutyroom.model.roster import Shift
from dutyroom.report.facts.rounds import RoundFacts, ratio
from dutyroom.report.facts.standing import SlotFact, SlotState
from dutyroom.report.frame import Frame
from dutyroom.rules.shifts import shift_on, shift_times

SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What one operator did. `name` is the login name, or the name as the roster has it.

    `due` counts the rounds due in shifts the roster named them for, None where it never did. `minutes` is the median
    from start to signature of the rounds they signed, those typed in from paper left out; None without any.
    `records` are the rounds they signed.
    """

    name: str
    due: int | None
    done: int
    on_time: int
    late: int
    back_filled: int
    abnormal: int
    minutes: float | None
    records: tuple[str, ...]

    @property
    def on_time_share(self) -> float | None:
        """On time by done, None when nothing was."""
        return ratio(self.on_time, self.done)


def people_of(frame: Frame, facts: RoundFacts) -> tuple[PersonFacts, ...]:
    """Everybody who signed a round or was on the roster for one that was due: most rounds first, then by name."""
    asked = _asked(frame, facts)
    signed: dict[str, list[SlotFact]] = defaultdict(list)
    for slot in facts.signed:
        if slot.round is not None:
            signed[slot.round.signed_by or ""].append(slot)
    found = [_person(name, asked.get(name), signed.get(name, [])) for name in {*asked, *signed}]
    return tuple(sorted(found, key=lambda one: (-one.done, one.name)))


def _person(name: str, due: int | None, done: list[SlotFact]) -> PersonFacts:
    states = [slot.state for slot in done]
    walked = [slot.round for slot in done if slot.round is not None]
    took = [
        (slot.round.signed_at - slot.round.started_at).total_seconds() / SECONDS
        for slot in done
        if slot.state is not SlotState.BACK_FILLED
        and slot.round is not None
        and slot.round.signed_at is not None
        and slot.round.started_at is not None
    ]
    return PersonFacts(
        name=name,
        due=due,
        done=len(done),
        on_time=states.count(SlotState.ON_TIME),
        late=states.count(SlotState.LATE),
        back_filled=states.count(SlotState.BACK_FILLED),
        abnormal=sum(one.abnormal for one in walked),
        minutes=median(took) if took else None,
        records=tuple(slot.record for slot in done),
    )


def _asked(frame: Frame, facts: RoundFacts) -> dict[str, int]:
    """By person: how many rounds were due in the shifts the roster names them for."""
    people: dict[tuple[date, str], list[str]] = defaultdict(list)
    for entry in facts.roster:
        people[entry.day, entry.shift].append(entry.person)
    asked: dict[str, int] = defaultdict(int)
    if people:
        for slot in facts.due:
            shift = _shift_at(frame, slot.due_at)
            for name in dict.fromkeys(people.get((shift.day, shift.code), ()) if shift is not None else ()):
                asked[name] += 1
    return asked


def _shift_at(frame: Frame, at: datetime) -> Shift | None:
    """The shift that runs then; where two overlap, the one that began last."""
    day = local_date(at, frame.zone)
    running: Iterable[Shift] = (
        shift
        for on in (day - timedelta(days=1), day)
        for one in shift_times(frame.site)
        if (shift := shift_on(one, on, frame.zone)).begins_at <= at < shift.ends_at
    )
    return max(running, key=lambda shift: shift.begins_at, default=None)
