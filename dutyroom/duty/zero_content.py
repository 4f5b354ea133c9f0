"""Puts together what a zero report lists: rounds, power, devices, findings, and how long nobody watched."""

from __future__ import annotations

from datetime import datetime, timedelta

from dutyroom.duty.desk import Desk
from dutyroom.duty.outage_lists import outage_lines as lines_of
from dutyroom.model.outage import Outage
from dutyroom.model.rounds import Round, RoundState
from dutyroom.model.zero_content import ZeroContent, ZeroItem, ZeroKind, ZeroRound
from dutyroom.model.zero_report import ZeroWindow
from dutyroom.rules.schedule import slots_due
from dutyroom.rules.zero_items import (
    BATTERY_CODES,
    CODES,
    GAP_CODES,
    RESTART_CODES,
    VERDICT_CODES,
    items_of,
    unwatched_s,
)
from dutyroom.rules.zero_power import outage_item, power_of
from dutyroom.store import events, maintenance, outages, people, periods, power_events, zero_reports
from dutyroom.store.database import Session

_DAY = timedelta(days=1)


def gather(session: Session, desk: Desk, window: ZeroWindow, now: datetime) -> ZeroContent:
    """What happened in the duty day as far as it is known at `now` (UTC), without the signer's remark."""
    begins_at, until = window.begins_at, max(window.begins_at, min(now, window.ends_at))
    held = zero_reports.rounds_of(session, window.duty_day)
    counts = zero_reports.finding_counts(session, begins_at, until)
    dark = outages.between(session, begins_at, until)
    return ZeroContent(
        until=until,
        items=(
            *(outage_item(one.outage, one.lowest_charge_percent, begins_at, until) for one in lines_of(session, dark)),
            *_of_watch(session, begins_at, until, dark),
            *_found(session, held, begins_at, until),
        ),
        rounds=tuple(sorted((*_held(held), *_not_begun(session, desk, held, window)), key=lambda one: one.due_at)),
        findings_open=counts.open,
        findings_overdue=counts.overdue,
        findings_known=counts.known,
        findings_verified=counts.verified,
        unwatched_s=_unwatched_s(session, begins_at, until, now),
        others=events.count_others(session, CODES, begins_at, until),
        power=tuple(
            power_of(one, power_events.steps(session, one.id), until)
            for one in power_events.between(session, begins_at, until)
        ),
    )


def _of_watch(session: Session, begins_at: datetime, until: datetime, dark: tuple[Outage, ...]) -> tuple[ZeroItem, ...]:
    before = (
        *events.newest_before(session, BATTERY_CODES, begins_at),
        *events.newest_before(session, VERDICT_CODES, begins_at),
    )
    within = events.between(session, (*BATTERY_CODES, *VERDICT_CODES, *RESTART_CODES), begins_at, until)
    return items_of(before, within, maintenance.windows(session), begins_at, until, dark)


def _found(session: Session, held: tuple[Round, ...], begins_at: datetime, until: datetime) -> tuple[ZeroItem, ...]:
    loose = tuple(
        ZeroItem(
            ZeroKind.ABNORMAL,
            entry.device,
            entry.at,
            ended_at=entry.at,
            item=entry.item,
            number=entry.round_id,
            text=entry.note,
        )
        for entry in zero_reports.abnormal(session, [one for one in held if one.signed_at is not None])
    )
    return (*zero_reports.findings_of(session, begins_at, until), *loose)


def _held(held: tuple[Round, ...]) -> tuple[ZeroRound, ...]:
    return tuple(
        ZeroRound(
            one.id,
            one.checklist,
            one.due_at,
            one.state.value,
            tuple(mark.value for mark in one.marks),
            one.signed_by or one.closed_by or one.started_by,
            one.signed_at or one.closed_at or one.started_at,
            one.abnormal,
        )
        for one in held
    )


def _not_begun(session: Session, desk: Desk, held: tuple[Round, ...], window: ZeroWindow) -> tuple[ZeroRound, ...]:
    """The rounds of every checklist due in the duty day that nobody has begun."""
    taken = {(one.checklist, one.due_at) for one in held}
    since = min((one.created_at for one in people.operators(session)), default=window.ends_at)
    begin, zone, known = max(window.begins_at, since), desk.site.timezone, periods.periods(session)
    return tuple(
        ZeroRound(0, one.checklist.name, slot.due_at, RoundState.DUE.value)
        for one in desk.published()
        for slot in slots_due(one.checklist, begin, window.ends_at, zone, known)
        if (one.checklist.name, slot.due_at) not in taken
    )


def _unwatched_s(session: Session, begins_at: datetime, until: datetime, now: datetime) -> float | None:
    beat = events.heartbeat(session)
    gaps = events.between(session, GAP_CODES, begins_at, now + _DAY)
    return unwatched_s(gaps, beat.last_cycle_at if beat is not None else None, begins_at, until)
