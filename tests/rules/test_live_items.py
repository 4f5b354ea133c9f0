"""Items of the weekly, monthly and critical-period lists that a source or the records can fill."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dutyroom.checklists import expand, shipped
from dutyroom.model.finding import FindingsNow
from dutyroom.model.ports import MarkedPort, PortMarks, PortsKnown
from dutyroom.model.reading import Latest, Sample, State, Verdict
from dutyroom.model.site import Credential, LimitProfile
from dutyroom.model.zero_report import ZeroNow, ZeroReport, ZeroState
from dutyroom.rules.live import LiveValue, RoomNow, judge_answer, live_value
from tests.desks import NOW, make_site, switch_sample, ups_sample

SITE = make_site()
LINES = {
    line.key: line
    for name in ("critical", "quarterly", "monthly", "weekly", "daily")
    for line in expand(shipped(name, LimitProfile.GB50174), SITE)
}


def read(item: str, device: str = "", *samples: Sample, known: PortsKnown | None = None, **facts: object) -> str | None:
    latest = {one.source: Latest(one, one, (), known) for one in samples}
    now = NOW + timedelta(seconds=3)
    room = replace(RoomNow(SITE, latest, {}, NOW - timedelta(days=1), now, {}), **facts)  # type: ignore[arg-type]
    value: LiveValue | None = live_value(LINES[item, device], room)
    return value.answer if value is not None else None


@pytest.mark.parametrize(
    ("item", "variable", "raw", "answer"),
    [
        ("ups.in.hz", "input.frequency", "49.9", "49.9"),
        ("ups.in.hz", "input.frequency", "499", None),
        ("ups.batt.temp", "battery.temperature", "23.0", "23"),
        ("ups.batt.temp", "ups.temperature", "31.0", None),
        ("ups.out.a", "output.current", "4.25", "4.2"),
        ("ups.selftest", "ups.test.result", "Done and passed", "passed"),
        ("ups.selftest", "ups.test.result", "Done and error", "failed"),
        ("ups.selftest", "ups.test.result", "Battery failed", "failed"),
        ("ups.selftest", "ups.test.result", "No test initiated", "none"),
        ("ups.selftest", "ups.test.result", "In progress", None),
        ("ups.selftest", "ups.test.result", "Aborted", "unknown"),
        ("ups.selftest", "ups.test.result", " ", None),
        ("ups.selftest", "ups.status", "OL", None),
    ],
)
def test_a_ups_fills_what_its_driver_tells(item: str, variable: str, raw: str, answer: str | None) -> None:
    assert read(item, "ups-a", ups_sample(variables=((variable, raw),))) == answer


def port(sample: Sample, number: int, **fields: object) -> Sample:
    assert sample.device is not None
    rows = [replace(one, **fields) if one.index == number else one for one in sample.device.interfaces]  # type: ignore[arg-type]
    return replace(sample, device=replace(sample.device, interfaces=tuple(rows)))


def test_the_busiest_watched_port_is_the_load_of_the_uplink() -> None:
    busy = port(port(switch_sample(), 1, in_bps=3e8, out_bps=1e8), 2, in_bps=1e6, out_bps=7.26e8)
    assert read("net.uplink", "core-1", busy) == "72.6"
    # Port 4 is not watched, and a port without a speed or a rate tells nothing.
    assert read("net.uplink", "core-1", port(switch_sample(), 4, in_bps=9e8)) is None
    assert read("net.uplink", "core-1", port(switch_sample(), 1, in_bps=9e8, speed_bps=None)) is None
    assert read("net.uplink", "core-1", replace(busy, state=State.PARTIAL)) is None


def test_errors_are_counted_since_the_last_signed_round_and_unknown_without_one() -> None:
    sample = port(switch_sample(), 1, in_errors=1_234_600, out_errors=12)
    marked = MarkedPort(1, "Gi0/0/1", "GigabitEthernet0/0/1", "", True, 10**9, 33, 10)
    known = PortsKnown(marks=PortMarks("core-1", NOW - timedelta(days=1), 0.0, (marked,)))
    assert read("net.errors", "core-1", sample, known=known) == "1234569"
    assert read("net.errors", "core-1", sample) is None


def test_the_temperature_of_a_switch_is_read_where_it_tells_one() -> None:
    warm = switch_sample()
    assert warm.device is not None
    assert read("net.temp", "core-1", replace(warm, device=replace(warm.device, temperature_c=41.0))) == "41"
    assert read("net.temp", "core-1", warm) is None


def test_the_age_of_the_oldest_password_is_days_since_its_change() -> None:
    dated = [date(2026, 9, 1), date(2026, 5, 1)]
    listed = tuple(Credential(f"db-{at}", "DB", day, 180 * 86400.0) for at, day in enumerate(dated))
    assert read("sec.pwd", site=replace(SITE, credentials=listed)) == "207"
    assert judge_answer(LINES["sec.pwd", ""].item, "207", 207.0) is Verdict.ATTENTION
    assert read("sec.pwd") is None
    ahead = (Credential("db", "DB", date(2027, 1, 1), 180 * 86400.0),)
    assert read("sec.pwd", site=replace(SITE, credentials=ahead)) is None


def test_the_day_of_a_password_is_the_local_one() -> None:
    listed = (Credential("db", "DB", date(2026, 11, 1), 180 * 86400.0),)
    assert NOW.date() == date(2026, 11, 24)
    for zone, days in (("Asia/Shanghai", "23"), ("America/Los_Angeles", "22")):
        assert read("sec.pwd", site=replace(SITE, credentials=listed, timezone=ZoneInfo(zone))) == days


def test_open_findings_are_counted_and_unknown_while_they_were_not_read() -> None:
    assert read("duty.open", findings=FindingsNow(open=3, overdue=1)) == "3"
    assert read("duty.open", findings=FindingsNow()) == "0"
    assert read("duty.open") is None


@pytest.mark.parametrize(("state", "answer"), [(ZeroState.ZERO, "sent-zero"), (ZeroState.EVENTS, "sent-events")])
def test_a_zero_report_that_was_sent_is_told(state: ZeroState, answer: str) -> None:
    due = datetime.combine(NOW.date(), time(7), tzinfo=NOW.tzinfo)
    report = ZeroReport(NOW.date(), due - timedelta(days=1), due, state, due, "zhang", "{}")
    assert read("duty.zero", zero=ZeroNow(NOW.date(), due, report)) == answer


def test_a_zero_report_is_not_sent_only_after_it_was_due() -> None:
    assert read("duty.zero", zero=ZeroNow(NOW.date(), NOW)) == "not sent"
    assert read("duty.zero", zero=ZeroNow(NOW.date(), NOW + timedelta(hours=1))) is None
    assert read("duty.zero") is None
