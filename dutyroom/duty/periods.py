"""Critical periods: a lead opens one and may close it before its end. Each act is a line in the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta

from dutyroom.duty.desk import Desk, require
from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.model.checklist import Cadence
from dutyroom.model.people import Act, Actor
from dutyroom.model.periods import CriticalPeriod, PeriodKind
from dutyroom.store import ledger, periods
from dutyroom.words import N_, _

LONGEST_NAME = 60
# One that is opened "from now on" was typed a moment ago.
JUST_NOW = timedelta(minutes=5)
SHORTEST_EVERY_S = 1800.0
LONGEST_EVERY_S = 86400.0
LONGEST = timedelta(days=62)
_REFUSED = {
    "no-name": N_("Say what the period is called, such as National Day."),
    "past-start": N_("A period is opened before it begins: rounds of the past can no longer be walked."),
    "ends-before-start": N_("The period must end after it begins."),
    "too-long": N_("A period lasts at most 62 days; open another one after it."),
    "every": N_("Rounds of a period come every 30 minutes to every 24 hours."),
    "no-checklist": N_("No checklist of critical periods is in force under the name {name}."),
    "overlaps": N_("Period {number} runs at that time with the same checklist: close it first."),
    "not-found": N_("There is no period {number}."),
    "closed": N_("Period {number} was closed before."),
    "over": N_("Period {number} is over: what was, stays on record."),
}


class PeriodRefused(DutyroomError):
    """The period cannot be opened or closed like this.

    `code` says why: `no-name`, `past-start`, `ends-before-start`, `too-long`, `every`, `no-checklist`, `overlaps`,
    `not-found`, `closed`, `over`.
    """

    code = "period-refused"


def open_period(
    desk: Desk,
    actor: Actor,
    now: datetime,
    kind: PeriodKind,
    name: str,
    starts_at: datetime,
    ends_at: datetime,
    every_s: float | None = None,
    checklist: str = "",
) -> CriticalPeriod:
    """Opens a period from `starts_at` to `ends_at` (UTC); its first round is due at its beginning.

    `checklist` is one with the cadence `period`, empty for the first of them; `every_s` seconds, None for what that
    checklist says. Gives the period as stored. Raises PeriodRefused, NotAllowed for anybody but a lead or an admin.
    """
    require(actor, Act.OPEN_PERIOD)
    called = inert(name, LONGEST_NAME).strip()
    if not called:
        raise _refused("no-name")
    if starts_at < now - JUST_NOW:
        raise _refused("past-start")
    if ends_at <= starts_at:
        raise _refused("ends-before-start")
    if ends_at - starts_at > LONGEST:
        raise _refused("too-long")
    form = next(
        (
            one.checklist
            for one in desk.published()
            if one.checklist.schedule.cadence is Cadence.PERIOD and checklist in ("", one.checklist.name)
        ),
        None,
    )
    if form is None:
        raise _refused("no-checklist", name=inert(checklist, LONGEST_NAME) or "critical")
    rhythm_s = form.schedule.every_s if every_s is None else every_s
    if not SHORTEST_EVERY_S <= rhythm_s <= LONGEST_EVERY_S:
        raise _refused("every")
    with desk.store.write() as session:
        for other in periods.periods(session, since=starts_at):
            if other.checklist == form.name and other.starts_at < ends_at and starts_at < other.over_at:
                raise _refused("overlaps", number=other.id)
        opened = periods.add(
            session,
            CriticalPeriod(
                kind=kind,
                name=called,
                checklist=form.name,
                starts_at=starts_at,
                ends_at=ends_at,
                every_s=rhythm_s,
                opened_at=now,
                opened_by=actor.name,
            ),
        )
        ledger.append_row(session, at=now, actor=actor, act=Act.OPEN_PERIOD, of=opened)
    return opened


def close_period(desk: Desk, actor: Actor, number: int, now: datetime) -> CriticalPeriod:
    """Ends a period before its planned end, or takes back one to come; rounds due from `now` on are none any more.

    Raises PeriodRefused, NotAllowed for anybody but a lead or an admin.
    """
    require(actor, Act.CLOSE_PERIOD)
    with desk.store.write() as session:
        found = periods.one(session, number)
        if found is None:
            raise _refused("not-found", number=number)
        if found.closed_at is not None:
            raise _refused("closed", number=number)
        if found.ends_at <= now:
            raise _refused("over", number=number)
        closed = periods.close(session, number, now, actor.name)
        ledger.append_row(session, at=now, actor=actor, act=Act.CLOSE_PERIOD, of=closed)
    return closed


def listed(desk: Desk, now: datetime, *, every: bool) -> tuple[CriticalPeriod, ...]:
    """The periods that run or are to come, or `every` one there ever was; by their start."""
    with desk.store.read() as session:
        return tuple(one for one in periods.periods(session) if every or one.over_at > now)


def _refused(code: str, **params: object) -> PeriodRefused:
    return PeriodRefused(_(_REFUSED[code]).format_map(params), code=code)
