"""Guided discharge tests: begun with a checklist, watched, ended by the readings, signed or given up by a person.

dutyroom switches nothing: the person discharges the battery at the UPS and switches it back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dutyroom import clock
from dutyroom.board import HEARTBEAT_SILENT_S
from dutyroom.discharge_words import check_line
from dutyroom.duty.desk import Desk, require
from dutyroom.duty.signin import confirm
from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.model.discharge_test import PERSON, CheckState, StartCheck, TestNow, TestPage
from dutyroom.model.events import Event
from dutyroom.model.people import Act, Actor
from dutyroom.model.reading import Latest
from dutyroom.model.runtime import DischargeTest, TestState
from dutyroom.rules.discharge_now import test_now
from dutyroom.rules.discharge_start import Around, facts_now, start_checks, why_not_stop_at
from dutyroom.rules.discharge_test import CODES, Ending, discharge_end, ended
from dutyroom.rules.durations import latest_now, on_this_clock
from dutyroom.store import (
    discharge_tests,
    discharges,
    events,
    ledger,
    maintenance,
    outages,
    readings,
)
from dutyroom.store.database import Session
from dutyroom.words import N_, _

LONGEST_NOTE = 500
# Events of a test lie between its start and this.
_LONGEST = timedelta(days=3)
_REFUSED = {
    "unknown-ups": N_("The site file has no UPS {name}."),
    "charge-range": N_("The stop charge is a number from 10 to 95."),
    "charge-low": N_("The stop charge is not above what the UPS itself calls low: choose a higher one."),
    "charge-now": N_("The battery is at or below the stop charge already: there would be nothing to test."),
    "time-range": N_("The stop time is between one minute and 24 hours."),
    "contradicted": N_("The test cannot begin: {why}"),
    "unconfirmed": N_("Not confirmed yet: {items}"),
    "not-found": N_("There is no discharge test {number}."),
    "running": N_("Discharge test {number} still runs: it ends with the first reading back on mains, or is given up."),
    "signed": N_("Discharge test {number} was signed before."),
    "abandoned": N_("Discharge test {number} was given up: it proves nothing, and is not signed."),
    "no-reason": N_("Say why the test is given up."),
}


class TestRefused(DutyroomError):
    """The discharge test cannot be begun, signed or given up like this.

    `code`: `unknown-ups`, `charge-range`, `charge-low`, `charge-now`, `time-range`, `contradicted`, `unconfirmed`,
    `not-found`, `running`, `signed`, `abandoned`, `no-reason`.
    """

    __test__ = False
    code = "discharge-test-refused"


@dataclass(frozen=True, slots=True)
class StopAt:
    """When the person is to switch back: at this charge in percent, or after so many seconds."""

    charge_percent: float
    after_s: float | None = None


def checklist(desk: Desk, ups: str, now: datetime) -> tuple[StartCheck, ...]:
    """What must be so before this UPS is discharged, as it is now. Raises TestRefused `unknown-ups`."""
    _refuse_unknown(desk, ups)
    with desk.store.read() as session:
        return _checks(session, desk, ups, now)


def start(desk: Desk, actor: Actor, ups: str, stop: StopAt, confirmed: Collection[str], now: datetime) -> DischargeTest:
    """Begins a test: from now on the first reading on battery is waited for.

    `confirmed` are the items of the checklist a person vouches for. What the data contradict nobody can confirm.

    Raises TestRefused, NotAllowed, StoreError.
    """
    require(actor, Act.START_TEST)
    _refuse_unknown(desk, ups)
    device = next(one for one in desk.site.ups if one.name == ups)
    with desk.store.write() as session:
        checks = _checks(session, desk, ups, now)
        if refused := [one for one in checks if one.state is CheckState.REFUSED]:
            raise _refused("contradicted", why=" ".join(check_line(one) for one in refused))
        facts = facts_now(desk.site, ups, _latest(session, now), now)
        if code := why_not_stop_at(facts, device, stop.charge_percent, stop.after_s):
            raise _refused(code)
        open_items = [one for one in checks if one.state is CheckState.ASKED and one.item.value not in confirmed]
        if open_items:
            told = " ".join(f"{one.item.value}: {check_line(one)}" for one in open_items)
            raise _refused("unconfirmed", items=told)
        begun = discharge_tests.add(
            session,
            DischargeTest(
                ups,
                now,
                actor.name,
                stop.charge_percent,
                stop.after_s,
                battery_installed=device.battery_installed,
            ),
        )
        ledger.append_row(session, at=now, actor=actor, act=Act.START_TEST, of=begun)
    return begun


def abandon(desk: Desk, actor: Actor, number: int, reason: str, now: datetime) -> DischargeTest:
    """Gives a test up, while it runs or before it is signed: it stays on record and proves nothing.

    Raises TestRefused: `no-reason`, `not-found`, `signed`, `abandoned`; NotAllowed, StoreError.
    """
    require(actor, Act.END_TEST)
    why = inert(reason, LONGEST_NOTE).strip()
    if not why:
        raise _refused("no-reason")
    with desk.store.write() as session:
        found = _open(session, number)
        over = replace(found, state=TestState.ABANDONED, stopped_why=PERSON, note=why)
        if found.state is TestState.RUNNING:
            over = end(session, found, Ending(now, PERSON, TestState.ABANDONED))
            over = replace(over, note=why)
        discharge_tests.update(session, over)
        ledger.append_row(session, at=now, actor=actor, act=Act.END_TEST, of=over)
    return over


def sign(desk: Desk, actor: Actor, number: int, password: str, note: str, now: datetime) -> DischargeTest:
    """Signs the result with the own password: from then on it is evidence for this battery, and never changes.

    Raises SignInRefused for a wrong password, TestRefused: `not-found`, `running`, `signed`, `abandoned`; NotAllowed.
    """
    require(actor, Act.SIGN_TEST)
    confirm(desk.store, actor, password, now)
    with desk.store.write() as session:
        found = _open(session, number)
        if found.state is TestState.RUNNING:
            raise _refused("running", number=number)
        told = inert(note, LONGEST_NOTE).strip()
        signed = replace(found, state=TestState.SIGNED, signed_at=now, signed_by=actor.name, note=told)
        discharge_tests.update(session, signed)
        ledger.append_row(session, at=now, actor=actor, act=Act.SIGN_TEST, of=signed)
    return signed


def end(session: Session, test: DischargeTest, ending: Ending) -> DischargeTest:
    """The test with its result; its discharge, where it has one, ends with it. The test itself is not stored here."""
    discharge = discharges.of_test(session, test.id)
    if discharge is not None:
        discharges.end(session, discharge.id, ending.at, discharge_end(ending.why))
    return ended(test, discharge, ending)


def listed(desk: Desk, ups: str | None = None) -> tuple[DischargeTest, ...]:
    """Every test (of that UPS), the newest first."""
    with desk.store.read() as session:
        return tuple(reversed(discharge_tests.every(session, ups)))


def running(desk: Desk) -> tuple[DischargeTest, ...]:
    """The tests that run."""
    with desk.store.read() as session:
        return discharge_tests.running(session)


def one(desk: Desk, number: int, now: datetime) -> TestNow:
    """How the test of that number stands. Raises TestRefused `not-found`."""
    with desk.store.read() as session:
        test = discharge_tests.get(session, number)
        if test is None:
            raise _refused("not-found", number=number)
        return _stands(session, desk, test, now)


def page_of(desk: Desk, ups: str, now: datetime) -> TestPage:
    """Everything about the tests of a UPS. Raises TestRefused `unknown-ups`."""
    _refuse_unknown(desk, ups)
    with desk.store.read() as session:
        tests = tuple(reversed(discharge_tests.every(session, ups)))
        open_one = next((one for one in tests if one.state in (TestState.RUNNING, TestState.ENDED)), None)
        stands = _stands(session, desk, open_one, now) if open_one is not None else None
        return TestPage(ups, stands, tests, _checks(session, desk, ups, now))


def _stands(session: Session, desk: Desk, test: DischargeTest, now: datetime) -> TestNow:
    discharge = discharges.of_test(session, test.id)
    earlier = discharges.of_battery(session, test.ups, test.battery_installed)
    return test_now(test, discharge, earlier, told_of(session, test), _latest(session, now), desk.site, now)


def told_of(session: Session, test: DischargeTest) -> tuple[Event, ...]:
    """What was told of a test while it ran."""
    until = test.ended_at + timedelta(seconds=1) if test.ended_at is not None else test.started_at + _LONGEST
    found = events.between(session, CODES, test.started_at, until)
    return tuple(one for one in found if one.source == test.ups)


def _checks(session: Session, desk: Desk, ups: str, now: datetime) -> tuple[StartCheck, ...]:
    heartbeat = events.heartbeat(session)
    watched = False
    if heartbeat is not None:
        last = on_this_clock(heartbeat.last_cycle_at, heartbeat.boot, now, clock.boot())
        watched = (now - last).total_seconds() <= HEARTBEAT_SILENT_S
    around = Around(
        watched=watched,
        outages=[one.ups for one in outages.still_open(session)],
        tests=[one.ups for one in discharge_tests.running(session)],
        windows=maintenance.not_over(session, now),
    )
    return start_checks(desk.site, ups, _latest(session, now), around, now)


def _latest(session: Session, now: datetime) -> dict[str, Latest]:
    """The newest readings, their times told by the clock as it is set now."""
    boot = clock.boot()
    return {name: latest_now(found, now, boot) for name, found in readings.latest(session).items()}


def _open(session: Session, number: int) -> DischargeTest:
    """A test that is neither signed nor given up. Raises TestRefused."""
    found = discharge_tests.get(session, number)
    if found is None:
        raise _refused("not-found", number=number)
    if found.state in (TestState.SIGNED, TestState.ABANDONED):
        raise _refused(found.state.value, number=number)
    return found


def _refuse_unknown(desk: Desk, ups: str) -> None:
    if all(one.name != ups for one in desk.site.ups):
        raise _refused("unknown-ups", name=inert(ups, 64))


def _refused(code: str, **params: object) -> TestRefused:
    return TestRefused(_(_REFUSED[code]).format_map(params), code=code)
