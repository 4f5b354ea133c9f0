"""Outages, power events and discharge tests as they stood at a moment: what has a later stamp is not done. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from dutyroom.model.outage import EventAct, EventState, EventStep, Outage, OutageState, Phase, PhaseChange, PowerEvent
from dutyroom.model.runtime import DischargeTest, TestState

_CRITICAL = (Phase.LOW, Phase.LOST, Phase.SHUTDOWN)


def outage_as_of(
    one: Outage, phases: Sequence[PhaseChange], cutoff: datetime
) -> tuple[Outage, tuple[PhaseChange, ...]]:
    """The outage and its phases so far. It is over once mains is back, also before mains has stood for a minute.

    Of one that still ran, and of one that was closed later, what is written when an outage closes is not known.
    """
    known = tuple(phase for phase in phases if phase.at < cutoff)
    if one.state is OutageState.GAP:
        return one, known
    ended_at = one.ended_at if one.ended_at is not None and one.ended_at < cutoff else None
    if ended_at is not None:
        return one, known
    if known and known[-1].phase is Phase.RESTORED:
        ended_at = known[-1].at
    stood = replace(
        one,
        state=OutageState.OPEN if ended_at is None else OutageState.CLOSED,
        ended_at=ended_at,
        critical_at=next((phase.at for phase in known if phase.phase in _CRITICAL), None),
        transfers=max(1, sum(phase.phase is Phase.ON_BATTERY for phase in known)),
        lowest_charge_percent=None,
        load_percent=None,
        on_battery_s=None,
    )
    return stood, known


def event_as_of(
    one: PowerEvent, steps: Sequence[EventStep], cutoff: datetime
) -> tuple[PowerEvent, tuple[EventStep, ...]]:
    """The power event and what people had done in it so far."""
    known = tuple(step for step in steps if step.at < cutoff)
    # Whether it is major has no stamp of its own: the line that says so has.
    said_later = one.is_major and any(step.act is EventAct.MAJOR and step.at >= cutoff for step in steps)
    stood = replace(one, is_major=one.is_major and not said_later)
    for name in ("seen", "contained", "reported", "authority"):
        at = getattr(one, f"{name}_at")
        if at is not None and at >= cutoff:
            stood = replace(stood, **{f"{name}_at": None, f"{name}_by": None})  # type: ignore[arg-type]
    if one.closed_at is not None and one.closed_at >= cutoff:
        stood = replace(stood, state=EventState.RESTORED, closing_text="", closed_at=None, closed_by=None)
    if one.restored_at is not None and one.restored_at >= cutoff:
        stood = replace(stood, state=EventState.RUNNING, restored_at=None)
    return stood, known


def discharge_test_as_of(one: DischargeTest, cutoff: datetime) -> DischargeTest:
    """The discharge test as it stood."""
    if one.signed_at is not None and one.signed_at >= cutoff:
        one = replace(one, state=TestState.ENDED, signed_at=None, signed_by=None, note="")
    if one.ended_at is None or one.ended_at < cutoff:
        return one
    began_at = one.began_at if one.began_at is not None and one.began_at < cutoff else None
    return replace(
        one,
        state=TestState.RUNNING,
        began_at=began_at,
        ended_at=None,
        stopped_why="",
        held_s=None,
        charge_from_percent=one.charge_from_percent if began_at is not None else None,
        charge_to_percent=None,
        load_percent=None,
        note="",
    )


def stretches(outage: Outage, phases: Sequence[PhaseChange], cutoff: datetime) -> list[tuple[datetime, datetime]]:
    """The times on battery or out of sight, from each change to battery until mains was back or the cut-off.

    None of an outage nobody watched: its length is not known.
    """
    if outage.state is OutageState.GAP:
        return []
    found: list[tuple[datetime, datetime]] = []
    since: datetime | None = None
    for phase in phases:
        if phase.phase is Phase.RESTORED:
            found += [(since, phase.at)] if since is not None else []
            since = None
        elif since is None:
            since = phase.at
    if since is not None:
        found.append((since, outage.ended_at or cutoff))
    return found


def within(spans: Sequence[tuple[datetime, datetime]], since: datetime, until: datetime) -> float:
    """Seconds of the spans that lie between the two moments."""
    return sum(max(0.0, (min(ended, until) - max(began, since)).total_seconds()) for began, ended in spans)
