"""The zero report is signed, late or not, amended, missing; what it says follows from the records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.duty import power_events, rounds, signing
from dutyroom.duty.desk import Desk
from dutyroom.duty.findings import find, withdraw
from dutyroom.duty.outages import record_gap
from dutyroom.duty.records import read_room
from dutyroom.duty.zero_reports import ZeroReportRefused, amend, due_day, listed, page_of, sign, signed_page
from dutyroom.errors import NotAllowed, RoundRefused, SignInRefused, StoreError
from dutyroom.model.events import Event, Heartbeat
from dutyroom.model.finding import Severity
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.outage import EventAct
from dutyroom.model.people import Act, Actor, Role, watch_actor
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.model.zero_content import ZeroKind, from_json
from dutyroom.model.zero_report import ZeroState
from dutyroom.report.zero_report import text_of
from dutyroom.rules.plausibility import ups_facts
from dutyroom.store import events, ledger, maintenance
from dutyroom.store.verify import verify
from dutyroom.watch.outages import OutageKeeper
from dutyroom.zero_words import ZeroNames
from tests.desks import ACTOR, ADMIN, NOW, PASSWORD, opened_desk
from tests.duty.test_rounds import answer_everything

DAY = date(2026, 11, 24)
ENDS = datetime(2026, 11, 24, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        yield opened


def happened(desk: Desk, *found: Event) -> None:
    with desk.store.write() as session:
        events.add(session, found)
        events.beat(session, Heartbeat("test", 1, ENDS - timedelta(days=5), ENDS + timedelta(days=5), "f"))


def event(hours_before: float, code: str, source: str = "ups-a", **params: str) -> Event:
    return Event(ENDS - timedelta(hours=hours_before), source, code, tuple(params.items()))


def refused(code: str) -> pytest.RaisesExc[ZeroReportRefused]:
    return pytest.RaisesExc(ZeroReportRefused, check=lambda error: error.code == code)


def test_a_quiet_day_is_sent_as_zero_with_its_round_and_the_ledger_tells_of_it(desk: Desk) -> None:
    happened(desk)
    walk = rounds.start_round(desk, ACTOR, NOW)
    answer_everything(desk, walk)
    signing.sign_round(desk, ACTOR, walk.round.id, PASSWORD, NOW)
    report = sign(desk, ACTOR, DAY, PASSWORD, ENDS + MINUTE)
    content = from_json(report.content)
    (held,) = content.rounds
    assert (held.checklist, held.state, held.by, held.number) == ("daily", "signed", "zhang", walk.round.id)
    # An answer that is not normal and stands for no finding is told by itself.
    assert {item.kind for item in content.items} <= {ZeroKind.ABNORMAL}
    assert (report.state is ZeroState.ZERO) is content.is_zero
    assert (report.version, report.is_late, report.signed_by) == (1, False, "zhang")
    assert content.unwatched_s == 0
    with desk.store.read() as session:
        newest = ledger.lines(session)[-1]
        assert (newest.act, newest.subject) == (Act.SIGN_ZERO_REPORT, f"zero-report:{report.id}")
        assert (report.ledger_seq, report.ledger_head) == (newest.seq - 1, newest.previous)
        assert verify(session).faults == ()
    page = page_of(desk, DAY, ENDS + MINUTE)
    assert page.anchor == (newest.seq, newest.hash)
    assert page.day.report == report


def test_a_day_with_an_outage_is_sent_with_events(desk: Desk) -> None:
    happened(desk, event(3, "on-battery"), event(2.5, "on-mains"), event(1, "port-up", "core-1", port="Gi1"))
    report = sign(desk, ACTOR, DAY, PASSWORD, ENDS)
    content = from_json(report.content)
    assert report.state is ZeroState.EVENTS
    assert [(item.kind, item.source, item.seconds) for item in content.items] == [(ZeroKind.BATTERY, "ups-a", 1800)]
    assert content.others == 1
    # Nobody walked: the report says so.
    assert [(one.number, one.state) for one in content.rounds] == [(0, "due")]


def dark(desk: Desk, monkeypatch: pytest.MonkeyPatch, *script: tuple[float, str]) -> None:
    """Readings of ups-a for the keeper of outages: minutes before the end of the day, and status."""
    keeper = OutageKeeper(desk.site)
    for minutes_before, status in script:
        for later_s in (0, 2):
            at = ENDS - minutes_before * MINUTE + timedelta(seconds=later_s)
            told = {"ups.status": status, "battery.charge": "64", "input.voltage": "0" if "OB" in status else "230"}
            monkeypatch.setattr(clock, "now", lambda at=at: at)
            with desk.store.write() as session:
                keeper.take(session, [Sample("ups-a", Kind.UPS, at, State.OK, ups=ups_facts(told))])


def test_an_outage_is_told_once_with_its_power_event_and_no_day_with_one_is_zero(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened(desk, event(3, "on-battery"), event(2.5, "on-mains"), event(1, "on-battery"), event(0.99, "on-mains"))
    with desk.store.write() as session:
        # Planned all day: an outage is no zero all the same.
        window = MaintenanceWindow(ENDS - timedelta(days=1), ENDS, ("ups-a",), "works", NOW, "zhang")
        ledger.append_row(session, at=NOW, actor=ADMIN, act=Act.PLAN_MAINTENANCE, of=maintenance.add(session, window))
    dark(desk, monkeypatch, (180, "OB"), (170, "OL"), (169.5, "OB"), (150, "OL"), (148, "OL"))
    power_events.stamp(desk, ACTOR, 1, EventAct.CONTAINED, ENDS - 178 * MINUTE, ENDS - 178 * MINUTE)
    power_events.stamp(desk, ACTOR, 1, EventAct.REPORTED, ENDS - 140 * MINUTE, ENDS - 140 * MINUTE)
    power_events.close(desk, ACTOR, 1, "Fuse of the feeder.", ENDS - 100 * MINUTE)
    report = sign(desk, ACTOR, DAY, PASSWORD, ENDS)
    content = from_json(report.content)
    outage, blip = content.items
    assert (outage.kind, outage.source, outage.number, outage.times) == (ZeroKind.OUTAGE, "ups-a", 1, 2)
    assert (outage.seconds, outage.percent, outage.planned) == (1800, 64, False)
    assert (blip.kind, blip.times, blip.planned) == (ZeroKind.BATTERY, 1, True)
    assert report.state is ZeroState.EVENTS
    (power,) = content.power
    assert (power.number, power.contained_s, power.reported_s, power.late) == (1, 120, 2400, ("reported",))
    assert (power.by, power.text, power.state) == ("zhang", "Fuse of the feeder.", "closed")
    page = page_of(desk, DAY, ENDS)
    text = text_of(page, ZeroNames(desk.site, page.people, {}))
    for part in (
        *("UPS A: outage 1, ", "2 times to battery", "lowest charge 64 %", "contained after 2 m"),
        *("reported after 40 m (too late)", "Fuse of the feeder."),
    ):
        assert part in text
    # The day after has neither.
    assert (page_of(desk, DAY + timedelta(days=1), ENDS + timedelta(hours=2)).content.power) == ()


def test_an_outage_that_runs_and_one_nobody_watched_are_told_as_what_they_are(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened(desk)
    dark(desk, monkeypatch, (20, "OB"))
    with desk.store.write() as session:
        between = (ENDS - timedelta(hours=9), ENDS - timedelta(hours=8))
        record_gap(session, watch_actor("test"), [(desk.site.ups[1], ("charge-fell",))], between, NOW)
    page = page_of(desk, DAY, ENDS)
    text = text_of(page, ZeroNames(desk.site, page.people, {}))
    assert "UPS B: an outage nobody watched, between 11-24 06:00 and 11-24 07:00" in text
    assert "not over" in text
    assert "not contained (too late)" in text
    assert "the closing text is owed" in text
    assert not page.content.is_zero


def test_findings_of_the_day_are_events_and_one_that_was_withdrawn_is_none(desk: Desk) -> None:
    found = find(desk, ADMIN, Severity.CRITICAL, "water under rack 3", NOW)
    none = find(desk, ADMIN, Severity.OTHER, "typed twice", NOW)
    withdraw(desk, ADMIN, none.id, "typed twice", NOW)
    report = sign(desk, ACTOR, DAY, PASSWORD, ENDS)
    content = from_json(report.content)
    (item,) = content.items
    assert (report.state, item.kind, item.number, item.text) == (
        ZeroState.EVENTS,
        ZeroKind.FINDING,
        found.id,
        "water under rack 3",
    )
    assert (content.findings_open, content.findings_overdue) == (1, 0)


def test_before_the_last_hour_there_is_only_a_preview(desk: Desk) -> None:
    with refused("too-early"):
        sign(desk, ACTOR, DAY, PASSWORD, ENDS - timedelta(minutes=61))
    page = page_of(desk, DAY, NOW)
    assert (page.day.state, page.day.report, page.may_sign_at) == (ZeroState.DUE, None, ENDS - timedelta(hours=1))
    assert page.content.until == NOW


def test_what_comes_after_an_early_signature_is_shown_and_amended_as_a_later_version(desk: Desk) -> None:
    happened(desk)
    first = sign(desk, ACTOR, DAY, PASSWORD, ENDS - timedelta(minutes=30), remark="quiet")
    assert first.state is ZeroState.ZERO
    happened(desk, event(0.25, "on-battery"))
    page = page_of(desk, DAY, ENDS + MINUTE)
    assert [item.source for item in page.unreported] == ["ups-a"]
    with refused("no-reason"):
        amend(desk, ACTOR, DAY, PASSWORD, "  ", ENDS + MINUTE)
    later = amend(desk, ADMIN, DAY, PASSWORD, "mains failed at 14:45", ENDS + timedelta(hours=2))
    assert (later.version, later.state, later.is_late) == (2, ZeroState.EVENTS, False)
    page = page_of(desk, DAY, ENDS + timedelta(hours=3))
    assert page.day.versions == (first, later)
    assert (page.unreported, page.day.is_amended, page.day.is_late) == ((), True, False)
    assert from_json(first.content).remark == "quiet"
    with desk.store.read() as session:
        assert ledger.lines(session)[-1].act == Act.AMEND_ZERO_REPORT
        assert verify(session).faults == ()


def test_a_day_is_signed_once_and_only_a_signed_one_is_amended_or_sent(desk: Desk) -> None:
    with refused("not-signed"):
        amend(desk, ACTOR, DAY, PASSWORD, "why", ENDS)
    with refused("nothing-to-send"):
        signed_page(desk, DAY, ENDS)
    sign(desk, ACTOR, DAY, PASSWORD, ENDS)
    with refused("exists"):
        sign(desk, ADMIN, DAY, PASSWORD, ENDS + MINUTE)


def test_a_report_after_the_time_allowed_is_late_for_ever(desk: Desk) -> None:
    sign(desk, ACTOR, DAY, PASSWORD, ENDS + timedelta(minutes=30))
    late = sign(desk, ACTOR, DAY + timedelta(days=1), PASSWORD, ENDS + timedelta(days=1, minutes=31))
    amended = amend(desk, ACTOR, DAY + timedelta(days=1), PASSWORD, "typo", ENDS + timedelta(days=2))
    assert (late.is_late, amended.is_late) == (True, True)
    newest, before = listed(desk, DAY, DAY + timedelta(days=1), ENDS + timedelta(days=3))
    assert (newest.is_late, newest.is_amended, before.is_late) == (True, True, False)


def test_a_missing_day_stays_visible_on_board_and_list_until_it_is_signed_late(desk: Desk) -> None:
    now = ENDS + timedelta(days=2, minutes=31)
    for day in range(31):
        sign(desk, ACTOR, DAY - timedelta(days=day), PASSWORD, ENDS)
    zero = read_room(desk, now).zero
    assert zero.missing == (DAY + timedelta(days=1), DAY + timedelta(days=2))
    assert (zero.duty_day, zero.due_at, zero.report) == (DAY + timedelta(days=3), ENDS + timedelta(days=3), None)
    states = {one.window.duty_day.day: one.state for one in listed(desk, DAY, DAY + timedelta(days=9), now)}
    assert states == {24: ZeroState.ZERO, 25: ZeroState.MISSING, 26: ZeroState.MISSING, 27: ZeroState.DUE}
    sign(desk, ACTOR, DAY + timedelta(days=1), PASSWORD, now)
    assert read_room(desk, now).zero.missing == (DAY + timedelta(days=2),)


def test_no_day_is_due_before_anybody_was_on_record(desk: Desk) -> None:
    first = (NOW - timedelta(days=60)).date()
    with refused("not-in-use"):
        sign(desk, ACTOR, first - timedelta(days=1), PASSWORD, NOW)
    assert sign(desk, ACTOR, first, PASSWORD, NOW).is_late
    assert listed(desk, first - timedelta(days=9), first, NOW)[-1].window.duty_day == first
    assert due_day(desk, NOW) == DAY


def test_it_takes_the_own_password_and_a_role_that_writes(desk: Desk) -> None:
    with pytest.raises(SignInRefused):
        sign(desk, ACTOR, DAY, "wrong", ENDS)
    eve = Actor("eve", Role.AUDITOR, "test")
    with pytest.raises(NotAllowed):
        sign(desk, eve, DAY, PASSWORD, ENDS)
    with pytest.raises(NotAllowed):
        amend(desk, eve, DAY, PASSWORD, "why", ENDS)
    assert page_of(desk, DAY, ENDS).day.report is None


def test_a_clock_behind_the_newest_record_needs_a_reason_that_is_kept(desk: Desk) -> None:
    with desk.store.write() as session:
        ledger.append(
            session, at=ENDS + timedelta(days=1), actor=ACTOR, act=Act.SIGN_OUT, subject="session:zhang", row=None
        )
    with pytest.raises(RoundRefused):
        sign(desk, ACTOR, DAY, PASSWORD, ENDS)
    report = sign(desk, ACTOR, DAY, PASSWORD, ENDS, clock_reason="clock was ahead, set right")
    assert from_json(report.content).clock_reason == "clock was ahead, set right"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE zero_reports SET state = 'sent-zero'",
        "DELETE FROM zero_reports",
        "INSERT INTO zero_reports SELECT NULL, duty_day, begins_at, ends_at, state, signed_at, signed_by, content, 3,"
        " is_late, reason, ledger_seq, ledger_head FROM zero_reports",
    ],
)
def test_no_version_can_be_changed_deleted_or_left_out_in_the_file(desk: Desk, statement: str) -> None:
    sign(desk, ACTOR, DAY, PASSWORD, ENDS)
    with pytest.raises(StoreError), desk.store.write() as session:
        session.connection().exec_driver_sql(statement)
