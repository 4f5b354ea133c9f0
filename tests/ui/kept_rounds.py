"""Rounds on record for the screens that look back: one of each state and mark, and a temperature that changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from dutyroom.duty.desk import Desk
from dutyroom.model.reading import Origin, Verdict
from dutyroom.model.rounds import Entry, Mark, Round, RoundState, SkipReason
from dutyroom.store import rounds
from dutyroom.store.database import Session

ITEM = "env.temp.cold"
HOT = 12
"""The day of November on which it was too hot."""


def due(day: date) -> datetime:
    """The moment the daily round of a day is due in the room of the tests (08:30 in Shanghai)."""
    return datetime(day.year, day.month, day.day, 0, 30, tzinfo=UTC)


def keep_round(
    session: Session, desk: Desk, day: date, state: RoundState, marks: tuple[Mark, ...] = (), value: float = 23.0
) -> Round:
    """One daily round; one that was walked has an answer for the temperature."""
    walked = state in (RoundState.SIGNED, RoundState.APPROVED)
    begun = Round(
        checklist="daily",
        version=desk.checklist.version,
        due_at=due(day),
        due_on=day,
        duty_day=day,
        state=RoundState.OPEN if walked else state,
        items=43,
        started_at=due(day) if walked else None,
        started_by="zhang" if walked else None,
        marks=marks,
        closed_at=None if walked else due(day) + timedelta(days=1),
        closed_by="zhang" if state is RoundState.SKIPPED else None,
        skip_reason=SkipReason.MAINTENANCE if state is RoundState.SKIPPED else None,
        skip_note="work on the floor" if state is RoundState.SKIPPED else None,
    )
    kept = rounds.add(session, begun)
    if not walked:
        return kept
    verdict = Verdict.OK if value <= 27 else Verdict.ATTENTION
    at = due(day) + timedelta(minutes=7)
    entry = Entry(kept.id, ITEM, "", f"{value:g}", verdict, at, "zhang", value, "°C", Origin.MEASURED, note="")
    rounds.put_entry(session, entry)
    signed_at = due(day) + timedelta(minutes=20)
    signed = Round(**{
        **{name: getattr(kept, name) for name in Round.__slots__},
        "state": state,
        "signed_at": signed_at,
        "signed_by": "zhang",
        "abnormal": int(verdict is not Verdict.OK),
    })  # fmt: skip
    rounds.update(session, signed)
    return signed


def keep_november(desk: Desk) -> None:
    """The first twenty days of November 2026: late, back-filled, missed, skipped, one too hot; the rest is well."""
    odd = {
        5: (RoundState.SIGNED, (Mark.LATE,)),
        8: (RoundState.MISSED, ()),
        9: (RoundState.SKIPPED, ()),
        10: (RoundState.SIGNED, (Mark.BACK_FILLED,)),
    }
    with desk.store.write() as session:
        for number in range(1, 21):
            state, marks = odd.get(number, (RoundState.SIGNED, ()))
            value = 28.4 if number == HOT else 22.0 + number % 4 * 0.5
            keep_round(session, desk, date(2026, 11, number), state, marks, value)
