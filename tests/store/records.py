"""Records for the tests of the store, written by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session

from dutyroom.model.checklist import Checklist, Words
from dutyroom.model.people import Act, Actor, Operator, Role
from dutyroom.model.reading import Origin, Verdict
from dutyroom.model.rounds import ABNORMAL, NORMAL, Entry, Mark, Round, RoundState
from dutyroom.store import checklists, ledger, people, rounds

AT = datetime(2026, 11, 23, 0, 30, 0, 123456, tzinfo=UTC)
LI = Operator("li", "李工", Role.TECHNICIAN, AT)
ACTOR = Actor("li", Role.TECHNICIAN, "duty-pc:pts/0")
DAILY = Checklist("daily", Words("Daily round", "日常巡检"), "0123456789ab", ())
CONTENT = 'name = "日常巡检"\n'


def round_due(day: int = 23, **changes: object) -> Round:
    """An open round of November 2026."""
    due_at = datetime(2026, 11, day, 0, 30, tzinfo=UTC)
    one = Round(
        checklist="daily",
        version=DAILY.version,
        due_at=due_at,
        due_on=date(2026, 11, day),
        duty_day=date(2026, 11, day),
        state=RoundState.OPEN,
        items=43,
        started_at=due_at + timedelta(minutes=3),
        started_by="li",
    )
    return replace(one, **changes)  # type: ignore[arg-type]


def number(round_id: int, **changes: object) -> Entry:
    """A temperature typed over a measured one, with a Chinese note."""
    entry = Entry(
        round_id=round_id,
        item="env.temp",
        device="",
        answer="26",
        verdict=Verdict.ATTENTION,
        at=AT,
        by="li",
        value=26.0,
        unit="°C",
        origin=Origin.TYPED_OVER_MEASURED,
        live_value="25.4",
        source="ups-a:ambient.temperature",
        age_s=2.5,
        note="空调 1 号漏水，已报修",
    )
    return replace(entry, **changes)  # type: ignore[arg-type]


def check(round_id: int, device: str = "ups-a") -> Entry:
    """A plain check by eye."""
    return Entry(round_id, "ups.fan", device, NORMAL if device != "ups-b" else ABNORMAL, Verdict.OK, AT, "li")


def one_of_everything(s: Session) -> Round:
    """An operator, a checklist, a signed round with three entries, and the ledger lines of all that."""

    def told(act: Act, of: Operator | Checklist | Round | Entry) -> None:
        ledger.append_row(s, at=AT, actor=ACTOR, act=act, of=of)

    people.add_operator(s, LI, "$argon2id$v=19$secret")
    told(Act.ADD_OPERATOR, LI)
    checklists.publish(s, DAILY.version, DAILY.name, CONTENT, AT)
    told(Act.PUBLISH_CHECKLIST, DAILY)
    ledger.append(s, at=AT, actor=ACTOR, act=Act.SIGN_IN, subject="sign-in:li", row=None)
    opened = rounds.add(s, round_due())
    told(Act.START_ROUND, opened)
    for entry in (number(opened.id, value=27.0), number(opened.id), check(opened.id), check(opened.id, "ups-b")):
        rounds.put_entry(s, entry)
        told(Act.ANSWER, entry)
    signed = replace(
        opened,
        state=RoundState.SIGNED,
        signed_at=AT + timedelta(minutes=12),
        signed_by="li",
        marks=(Mark.LATE, Mark.BACK_FILLED),
        abnormal=1,
    )
    rounds.update(s, signed)
    told(Act.SIGN_ROUND, signed)
    return signed
