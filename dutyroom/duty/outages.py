"""Outages as the watch records them: begun, changed, ended, each with its lines in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dutyroom.duty.desk import require
from dutyroom.model.devices import Ups
from dutyroom.model.facts import UpsFacts
from dutyroom.model.outage import EventState, Outage, OutageState, Phase, PhaseChange, PowerEvent
from dutyroom.model.people import Act, Actor
from dutyroom.model.runtime import Discharge, DischargeEnd, RuntimeEstimate
from dutyroom.rules.outage import Moment, battery_seconds
from dutyroom.store import discharges, ledger, outages, power_events
from dutyroom.store.canonical import Evidence
from dutyroom.store.database import Session

_CRITICAL = (Phase.LOW, Phase.LOST, Phase.SHUTDOWN)


@dataclass(frozen=True, slots=True)
class Begun:
    """What an outage began with: its first reading, and the time left as it was told with it.

    `event_id` is the power event of another outage that is known to run; None: it is not known whether one does.
    """

    device: Ups
    first: Moment
    facts: UpsFacts
    left: RuntimeEstimate
    event_id: int | None = None


def begin(session: Session, actor: Actor, begun: Begun, now: datetime) -> Outage:
    """Opens an outage, in the power event that runs or in a new one. Raises NotAllowed for anybody but the watch."""
    require(actor, Act.RECORD_OUTAGE)
    made: list[Evidence] = []
    event_id = begun.event_id
    if event_id is None and (running := power_events.running(session)) is not None:
        event_id = running.id
    if event_id is None:
        event = power_events.add(session, PowerEvent(begun.first.at, begun.first.boot))
        made.append(event)
        event_id = event.id
    outage = outages.add(
        session,
        Outage(
            ups=begun.device.name,
            event_id=event_id,
            began_at=begun.first.at,
            began_boot=begun.first.boot,
            charge_at_start_percent=begun.facts.charge_percent,
            load_at_start_percent=begun.facts.load_percent,
            estimate_at_start_s=begun.left.seconds,
            estimate_basis=begun.left.basis,
            battery_installed=begun.device.battery_installed,
        ),
    )
    phase = outages.add_phase(session, PhaseChange(outage.id, begun.first.at, Phase.ON_BATTERY))
    ledger.append_rows(session, at=now, actor=actor, act=Act.RECORD_OUTAGE, of=(*made, outage, phase))
    return outage


def change(session: Session, actor: Actor, outage: Outage, came: PhaseChange, now: datetime) -> Outage:
    """Records a phase; the first critical one and every new transfer change the outage too."""
    changed = outage
    if came.phase in _CRITICAL and outage.critical_at is None:
        changed = replace(changed, critical_at=came.at)
    if came.phase is Phase.ON_BATTERY:
        changed = replace(changed, transfers=changed.transfers + 1)
    kept: list[Evidence] = [outages.add_phase(session, came)]
    if changed != outage:
        outages.update(session, changed)
        kept.append(changed)
    ledger.append_rows(session, at=now, actor=actor, act=Act.RECORD_OUTAGE, of=kept)
    return changed


def end(session: Session, actor: Actor, outage: Outage, ended_at: datetime, now: datetime) -> Outage:
    """Closes an outage that mains has ended; with the last of its event the event is restored, and owes its text."""
    phases = outages.phases(session, (outage.id,))[outage.id]
    lowest, load = discharges.extremes(session, outage.id)
    closed = replace(
        outage,
        state=OutageState.CLOSED,
        ended_at=ended_at,
        lowest_charge_percent=lowest if lowest is not None else outage.charge_at_start_percent,
        load_percent=load if load is not None else outage.load_at_start_percent,
        on_battery_s=battery_seconds(tuple((one.phase, one.at) for one in phases), ended_at),
    )
    outages.update(session, closed)
    kept: list[Evidence] = [closed]
    siblings = outages.of_event(session, outage.event_id)
    event = power_events.get(session, outage.event_id)
    if event is not None and all(one.state is not OutageState.OPEN for one in siblings):
        ends = [one.ended_at for one in siblings if one.ended_at is not None]
        event = replace(event, state=EventState.RESTORED, restored_at=max(ends, default=ended_at))
        power_events.update(session, event)
        kept.append(event)
    ledger.append_rows(session, at=now, actor=actor, act=Act.RECORD_OUTAGE, of=kept)
    return closed


def record_gap(
    session: Session,
    actor: Actor,
    signs: Sequence[tuple[Ups, Sequence[str]]],
    between: tuple[datetime, datetime],
    now: datetime,
) -> tuple[Outage, ...]:
    """What nobody watched, as one power event: an outage of each UPS with the codes of what it left behind.

    All that is known of their time is when nobody watched (`between`, UTC).
    """
    require(actor, Act.RECORD_OUTAGE)
    began_at, ended_at = between
    event = power_events.add(session, PowerEvent(began_at, state=EventState.RESTORED, restored_at=ended_at))
    found = tuple(
        outages.add(
            session,
            Outage(
                ups=device.name,
                event_id=event.id,
                began_at=began_at,
                state=OutageState.GAP,
                ended_at=ended_at,
                transfers=0,
                battery_installed=device.battery_installed,
                signs=tuple(codes),
            ),
        )
        for device, codes in signs
    )
    ledger.append_rows(session, at=now, actor=actor, act=Act.RECORD_OUTAGE, of=(event, *found))
    return found


def begin_discharge(session: Session, outage: Outage, at: datetime) -> Discharge:
    """A stretch on battery: readings of it are added one by one."""
    return discharges.add(
        session, Discharge(outage.ups, at, outage_id=outage.id, battery_installed=outage.battery_installed)
    )


def end_discharge(session: Session, number: int, at: datetime, *, low: bool) -> None:
    """It is over: by mains, and whether the battery was low by then."""
    discharges.end(session, number, at, DischargeEnd.LOW if low else DischargeEnd.MAINS)
