"""A room whose mains failed seven and a half minutes ago: rows as the watch would have made them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from dutyroom.model.devices import AirConditioner, Load
from dutyroom.model.facts import RuntimeBasis
from dutyroom.model.outage import (
    CallResult,
    EventAct,
    EventState,
    EventStep,
    Outage,
    OutageState,
    Phase,
    PhaseChange,
    PowerEvent,
)
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.model.runtime import Candidate, Discharge, DischargePoint, RuntimeEstimate
from dutyroom.model.site import Contact, Site
from dutyroom.store import discharges, outages, power_events
from tests.ui.room_samples import NOW, ups_sample
from tests.ui.rooms import Room, make_room, make_site

BEGAN = NOW - timedelta(minutes=7, seconds=32)
ON_BATTERY = {"ups.status": "OB DISCHRG", "input.voltage": "0", "battery.charge": "61", "ups.load": "48"}
_EN = (("Wang Li", "Vice president"), ("Li Qiang", "Information chief"), ("Chen Bo", "UPS engineer"))
_ZH = (("王丽", "副院长"), ("李强", "信息科主任"), ("陈波", "UPS 工程师"))
_LOADS = (
    ("pacs-archive", "PACS archive", "PACS 归档存储", 900.0, 1, 4, "stop the archive service, then the OS"),
    ("test-servers", "Two test servers", "两台测试服务器", 600.0, 1, 5, ""),
    ("report-db", "Report database", "报表数据库", 450.0, 2, 3, "shut down Oracle, then the OS"),
    ("his-db-1", "HIS database", "HIS 数据库", 700.0, None, 1, ""),
)


def outage_site(folder: Path, language: str = "en") -> Site:
    """The site of the tests with contacts, loads and air conditioners."""
    zh = language == "zh_CN"
    both, how = ("ups-a", "ups-b"), "先停归档服务，再关机"
    loads = tuple(
        Load(
            name,
            label_zh if zh else label,
            fed_by=both if name == "his-db-1" else ("ups-a",),
            watts=watts,
            shed_group=group,
            restart_order=order,
            owner="陈波" if zh else "Chen Bo",
            phone="8123",
            how=(how if zh else told) if told else "",
        )
        for name, label, label_zh, watts, group, order, told in _LOADS
    )
    return replace(
        make_site(folder, language),
        contacts=tuple(Contact(role, name, f"80{n:02d}", n) for n, (name, role) in enumerate(_ZH if zh else _EN, 1)),
        loads=loads,
        air_conditioners=(AirConditioner("ac-1", "精密空调 1" if zh else "Air conditioner 1"),),
    )


def make_outage_room(folder: Path, language: str = "en", *, site: Site | None = None) -> Room:
    """The room of that site, both UPSes on battery; of the second nothing is read any more."""
    room = make_room(folder, language, site=site or outage_site(folder, language))
    fail_mains(room)
    return room


def fail_mains(room: Room) -> PowerEvent:
    """The mains fail at BEGAN."""
    lost = NOW - timedelta(minutes=2, seconds=5)
    room.put(
        ups_sample("ups-a", NOW - timedelta(seconds=2), ON_BATTERY | {"battery.runtime": "5040"}),
        ups_sample("ups-b", lost, ON_BATTERY | {"battery.runtime": "6720"}),
        Sample("ups-b", Kind.UPS, NOW - timedelta(seconds=2), State.NO_DRIVER, "ERR DRIVER-NOT-CONNECTED"),
    )
    with room.store.write() as session:
        event = power_events.add(session, PowerEvent(BEGAN))
        a = outages.add(session, Outage("ups-a", event.id, BEGAN, charge_at_start_percent=100.0))
        b = outages.add(session, Outage("ups-b", event.id, BEGAN, critical_at=lost))
        outages.add_phase(session, PhaseChange(a.id, BEGAN, Phase.ON_BATTERY))
        outages.add_phase(session, PhaseChange(b.id, BEGAN, Phase.ON_BATTERY))
        outages.add_phase(session, PhaseChange(b.id, lost, Phase.LOST))
        slope, reported = Candidate(RuntimeBasis.SLOPE, 4210.0), Candidate(RuntimeBasis.REPORTED, 5040.0)
        left = RuntimeEstimate(4210.0, RuntimeBasis.SLOPE, 3300.0, candidates=(slope, reported))
        read(session, a, NOW - timedelta(seconds=2), left, charge=61.0)
        held = RuntimeEstimate(6720.0, RuntimeBasis.REPORTED, candidates=(Candidate(RuntimeBasis.REPORTED, 6720.0),))
        read(session, b, lost, held, charge=74.0)
    return event


def read(session: Session, outage: Outage, at: datetime, left: RuntimeEstimate, *, charge: float | None) -> None:
    """One reading of an outage on battery, and the time left as it was told then."""
    one = discharges.add(session, Discharge(outage.ups, outage.began_at, outage_id=outage.id))
    at_s = (at - outage.began_at).total_seconds()
    discharges.add_points(session, [(one.id, at, DischargePoint(at_s, charge, 48.0), left)])


def work_on_it(room: Room) -> None:
    """Contained in time, one call that was not answered, one that was, one load off."""
    with room.store.write() as session:
        event = power_events.running(session)
        assert event is not None
        contained = BEGAN + timedelta(minutes=2, seconds=5)
        power_events.update(session, replace(event, seen_at=contained, seen_by="zhang", contained_at=contained,
                                             contained_by="zhang"))  # fmt: skip

        def step(minutes: float, act: EventAct, subject: str = "", result: CallResult | None = None) -> None:
            at = BEGAN + timedelta(minutes=minutes)
            power_events.add_step(session, EventStep(event.id, at, "zhang", act, subject, result))

        step(2, EventAct.CONTAINED)
        names = [one.name for one in room.site.contacts]
        step(3, EventAct.CALLED, names[0], CallResult.NO_ANSWER)
        step(6.5, EventAct.CALLED, names[1], CallResult.BUSY)
        step(7, EventAct.SHED, "pacs-archive")


def bring_back(room: Room, at: datetime = NOW) -> None:
    """Mains is back on every UPS, and has stood for a minute."""
    room.put(*(ups_sample(one.name, at, {"battery.charge": "40"}) for one in room.site.ups))
    with room.store.write() as session:
        event = power_events.running(session)
        assert event is not None
        for one in outages.of_event(session, event.id):
            outages.add_phase(session, PhaseChange(one.id, at, Phase.RESTORED))
            outages.update(
                session,
                replace(
                    one,
                    state=OutageState.CLOSED,
                    ended_at=at,
                    lowest_charge_percent=40.0,
                    load_percent=48.0,
                    on_battery_s=(at - one.began_at).total_seconds(),
                ),
            )
        power_events.update(session, replace(event, state=EventState.RESTORED, restored_at=at))
