"""Does a battery last as long as required: computed by hand, and what must hold for any battery and record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutyroom.model.facts import Line, UpsFacts
from dutyroom.model.hold import HoldBasis, HoldEvidence, HoldRules, HoldUnknown, Proof
from dutyroom.model.reading import HoldVerdict, Latest, Reason
from dutyroom.model.runtime import Discharge, DischargeEnd, DischargePoint
from dutyroom.rules.hold import hold_evidence
from dutyroom.rules.hold_records import mean_load, proof_of
from dutyroom.rules.severity import judge
from tests.desks import NOW, make_site, ups_sample

HOUR = 3600.0
INSTALLED = date(2025, 3, 1)
UPS = replace(make_site().ups[0], battery_installed=INSTALLED)  # must hold six hours
RULES = HoldRules()
FULL = UpsFacts(("OL",), Line.MAINS, charge_percent=100.0, load_percent=40.0)
MET, SHORT, NONE, OLD = (
    HoldVerdict.MET,
    HoldVerdict.SHORT,
    HoldVerdict.NO_EVIDENCE,
    HoldVerdict.EVIDENCE_OLD,
)


def discharge(
    hours: float,
    load: float | None = 40.0,
    to: float | None = 0.0,
    end: DischargeEnd = DischargeEnd.EMPTY,
    *,
    days_ago: float = 0.0,
    begun_at: float | None = 100.0,
    test: bool = True,
    installed: date | None = INSTALLED,
    number: int = 1,
) -> Discharge:
    ended = NOW - timedelta(days=days_ago)
    points = (DischargePoint(0.0, begun_at, load), DischargePoint(hours * HOUR, to, load))
    kind = {"test_id": number} if test else {"outage_id": number}
    began = ended - timedelta(hours=hours)
    return Discharge(UPS.name, began, ended, end, battery_installed=installed, points=points, **kind)


def evidence(
    *proven: Discharge, reported_h: float | None = None, held_h: float | None = None, **facts: Any
) -> HoldEvidence:
    seen = replace(FULL, runtime_s=reported_h * HOUR if reported_h is not None else None, **facts)
    return hold_evidence(seen, UPS, NOW, held_h * HOUR if held_h is not None else None, proven, RULES)


def proof(one: Discharge, load: float = 40.0) -> Proof:
    made = proof_of(one, load, NOW, RULES)
    assert isinstance(made, Proof)
    return made


def test_a_test_is_scaled_to_todays_load_and_derated_by_its_age() -> None:
    assert proof(discharge(7.0)).low_s == pytest.approx(7 * HOUR)
    # Half a year is a tenth off.
    assert proof(discharge(7.0, days_ago=182.5)).low_s == pytest.approx(7 * HOUR * 0.9)
    # (50 / 40) ^ 1.15 = 1.2925
    assert proof(discharge(7.0, load=50.0)).low_s == pytest.approx(7 * HOUR * 1.2925, rel=1e-4)
    # (20 / 40) ^ 1.15 = 0.4506
    assert proof(discharge(7.0, load=20.0)).low_s == pytest.approx(7 * HOUR * 0.4506, rel=1e-3)


def test_a_load_that_changed_counts_by_what_it_drew() -> None:
    points = tuple(
        DischargePoint(at, 100.0, load) for at, load in ((0.0, 20.0), (1000.0, 20.0), (1000.0, 60.0), (2000.0, None))
    )
    assert mean_load(points) == pytest.approx(((20**1.15 + 60**1.15) / 2) ** (1 / 1.15))
    assert mean_load((DischargePoint(0.0), DischargePoint(10.0, load_percent=30.0))) == pytest.approx(30.0)
    assert mean_load((DischargePoint(0.0), DischargePoint(10.0))) is None
    assert mean_load(()) is None


@pytest.mark.parametrize(
    ("given", "reported_h", "verdict", "basis", "hours"),
    [
        ((), 7.0, MET, HoldBasis.REPORTED, 7.0),
        ((), 5.0, SHORT, HoldBasis.REPORTED, 5.0),
        ((), None, NONE, HoldBasis.NONE, None),
        ((discharge(7.0),), None, MET, HoldBasis.TEST, 7.0),
        ((discharge(7.0, test=False),), 8.0, MET, HoldBasis.OUTAGE, 7.0),
        ((discharge(4.5),), 8.0, SHORT, HoldBasis.TEST, 4.5),
        ((discharge(7.0),), 5.0, SHORT, HoldBasis.REPORTED, 5.0),
        ((discharge(7.0),), 6.5, MET, HoldBasis.REPORTED, 6.5),
    ],
)
def test_of_both_numbers_the_smaller_one_decides(
    given: Sequence[Discharge], reported_h: float | None, verdict: HoldVerdict, basis: HoldBasis, hours: float | None
) -> None:
    made = evidence(*given, reported_h=reported_h)
    assert (made.verdict, made.basis) == (verdict, basis)
    assert made.seconds == (pytest.approx(hours * HOUR) if hours is not None else None)
    assert made.short_by_s == (6 * HOUR - (made.seconds or 0.0) if verdict is SHORT else None)
    assert made.reported_s == (reported_h * HOUR if reported_h is not None else None)
    assert made.is_short_when_full is (verdict is SHORT)
    assert (made.proof is not None, made.proof_why_not) == (bool(given), None if given else HoldUnknown.NO_RECORD)


@pytest.mark.parametrize(
    ("given", "reported_h", "verdict", "hours"),
    [
        # Stopped at 40 % after five hours: five are proven, six are not, and at that rate it would be 8.3.
        (discharge(5.0, to=40.0, end=DischargeEnd.STOPPED), None, NONE, 5.0),
        (discharge(5.0, to=40.0, end=DischargeEnd.STOPPED), 7.0, MET, 7.0),
        (discharge(5.0, to=40.0, end=DischargeEnd.STOPPED), 5.5, SHORT, 5.5),
        # Seven were seen: that is enough, and no more than seven is said.
        (discharge(7.0, to=40.0, end=DischargeEnd.MAINS), None, MET, 7.0),
        # Two hours for 60 % are 3.3 in all: used downwards.
        (discharge(2.0, to=40.0, end=DischargeEnd.MAINS), 9.0, SHORT, 2 / 0.6),
        # Ten minutes and 6 % say nothing.
        (discharge(1 / 6, to=94.0, end=DischargeEnd.MAINS), 9.0, MET, 9.0),
        # To the end, but begun with 60 %: 5 hours for 60 % would be 8.3.
        (discharge(5.0, begun_at=60.0), None, NONE, 5.0),
        # A UPS without a gauge: what was seen to the end is the number.
        (discharge(5.0, begun_at=None, to=None, end=DischargeEnd.LOW), None, SHORT, 5.0),
    ],
)
def test_a_discharge_that_was_stopped_is_extrapolated_only_downwards(
    given: Discharge, reported_h: float | None, verdict: HoldVerdict, hours: float
) -> None:
    made = evidence(given, reported_h=reported_h)
    assert made.verdict is verdict
    assert made.seconds == pytest.approx(hours * HOUR)


@pytest.mark.parametrize(
    ("given", "facts", "why"),
    [
        (discharge(9.0, installed=date(2022, 1, 1)), {}, HoldUnknown.OTHER_BATTERY),
        (discharge(9.0, installed=None), {}, HoldUnknown.OTHER_BATTERY),
        (replace(discharge(9.0), ups="ups-b"), {}, HoldUnknown.OTHER_BATTERY),
        (discharge(9.0, load=None), {}, HoldUnknown.LOAD_THEN),
        (discharge(9.0), {"load_percent": None}, HoldUnknown.LOAD_NOW),
        (discharge(9.0), {"load_percent": 19.0}, HoldUnknown.LOAD_DIFFERS),
        (discharge(15.0), {"load_percent": 81.0}, HoldUnknown.LOAD_DIFFERS),
        (replace(discharge(9.0), ended_at=None), {}, HoldUnknown.OTHER_BATTERY),
    ],
)
def test_what_cannot_be_compared_with_today_is_no_evidence_and_says_why(
    given: Discharge, facts: dict[str, Any], why: HoldUnknown
) -> None:
    made = evidence(given, **facts)
    assert (made.verdict, made.proof_why_not, made.reported_why_not) == (NONE, why, HoldUnknown.NO_RUNTIME)


def test_a_runtime_alone_does_not_say_met_while_a_record_cannot_be_compared_for_want_of_the_load() -> None:
    assert evidence(discharge(4.0), reported_h=9.0).verdict is SHORT
    assert evidence(discharge(4.0), reported_h=9.0, load_percent=None).verdict is NONE
    assert evidence(discharge(4.0), reported_h=5.0, load_percent=None).verdict is SHORT
    assert evidence(discharge(4.0, load=None), reported_h=9.0).verdict is MET


def test_at_more_than_twice_the_load_then_a_record_still_tells_what_cannot_be_exceeded() -> None:
    # 9 hours at twice the load are 4.1 at most.
    made = evidence(discharge(9.0), reported_h=8.0, load_percent=85.0)
    assert made.verdict is SHORT
    assert made.seconds == pytest.approx(9 * HOUR * 0.5**1.15)


@pytest.mark.parametrize(
    ("hours", "reported_h", "verdict", "told_h"),
    [
        (9.0, None, OLD, 9.0 * 0.78),
        (9.0, 8.0, MET, 8.0),
        (9.0, 5.0, SHORT, 5.0),
        # Short even then: what the UPS reports does not take that away.
        (5.0, 8.0, OLD, 5.0 * 0.78),
    ],
)
def test_a_record_of_more_than_a_year_is_too_old(
    hours: float, reported_h: float | None, verdict: HoldVerdict, told_h: float
) -> None:
    made = evidence(discharge(hours, days_ago=401.5), reported_h=reported_h)
    assert (made.verdict, made.proof_why_not) == (verdict, HoldUnknown.OLD)
    assert made.seconds == pytest.approx(told_h * HOUR)
    assert made.proven_s == pytest.approx(hours * HOUR * 0.78)


def test_the_site_says_when_a_record_is_too_old_and_what_a_year_takes() -> None:
    rules = HoldRules(old_after_s=500 * 86400.0, derate_per_year=0.0)
    made = hold_evidence(FULL, UPS, NOW, None, (discharge(7.0, days_ago=401.5),), rules)
    assert made.verdict is MET
    assert made.seconds == pytest.approx(7 * HOUR)


def test_of_several_records_the_newest_to_the_end_counts_and_what_was_seen_since() -> None:
    first, second = discharge(9.0, days_ago=200), discharge(7.0, days_ago=100, number=2)
    assert evidence(second, first).proven_s == pytest.approx(7 * HOUR * (1 - 0.2 * 100 / 365))
    longer = discharge(8.0, to=50.0, end=DischargeEnd.MAINS, test=False)
    made = evidence(first, second, longer)
    assert (made.basis, made.verdict) == (HoldBasis.OUTAGE, MET)
    assert made.proven_s == pytest.approx(8 * HOUR)
    worse = discharge(1.0, to=50.0, end=DischargeEnd.MAINS, test=False)
    made = evidence(first, second, worse)
    assert (made.basis, made.verdict) == (HoldBasis.OUTAGE, SHORT)
    assert made.seconds == pytest.approx(2 * HOUR)
    blip = discharge(0.01, to=99.0, end=DischargeEnd.MAINS, test=False)
    assert evidence(first, second, blip).seconds == evidence(first, second).seconds


def test_on_battery_what_was_held_counts() -> None:
    battery: dict[str, Any] = {"status": ("OB",), "line": Line.BATTERY, "charge_percent": 60.0}
    # Two held, three left: five of six.
    made = evidence(reported_h=3.0, held_h=2.0, **battery)
    assert (made.verdict, made.seconds, made.held_s, made.short_by_s) == (SHORT, 5 * HOUR, 2 * HOUR, HOUR)
    assert not made.is_short_when_full
    # Of a record of seven hours 60 % are left: 2 + 4.2.
    made = evidence(discharge(7.0), held_h=2.0, **battery)
    assert made.verdict is MET
    assert made.seconds == pytest.approx(6.2 * HOUR)
    # It began with less than full: 1 + 4.2.
    made = evidence(discharge(7.0), held_h=1.0, **battery)
    assert made.verdict is SHORT
    assert made.seconds == pytest.approx(5.2 * HOUR)
    # Whatever was expected, six hours were held.
    made = evidence(discharge(4.0), held_h=6.5, **battery)
    assert (made.verdict, made.basis) == (MET, HoldBasis.TEST)
    assert evidence(held_h=6.5, **battery).verdict is MET
    assert evidence(discharge(9.0), reported_h=9.0, **battery).proof_why_not is HoldUnknown.SINCE
    assert evidence(discharge(9.0), held_h=1.0, **{**battery, "charge_percent": None}).verdict is NONE


def test_a_short_record_is_told_by_the_verdict_of_the_ups() -> None:
    sample = ups_sample(load_percent=40.0)
    (reason,) = judge(UPS, Latest(sample, sample), 5, NOW, proven=(discharge(4.0),)).reasons
    assert reason == Reason("hold-time-short", "runtime", reason.value, 6 * HOUR)
    assert reason.value == pytest.approx(4 * HOUR)
    old = judge(UPS, Latest(sample, sample), 5, NOW, proven=(discharge(4.0, days_ago=400),))
    assert [reason.code for reason in old.reasons] == ["hold-time-evidence-old"]


discharges = st.builds(
    discharge,
    st.floats(0.1, 12),
    st.none() | st.floats(5, 100),
    st.none() | st.floats(0, 100),
    st.sampled_from(DischargeEnd),
    days_ago=st.floats(0, 500),
    begun_at=st.none() | st.floats(50, 100),
    test=st.booleans(),
    installed=st.sampled_from([INSTALLED, INSTALLED, None]),
)
records = st.lists(discharges, max_size=3)
known = st.builds(
    replace,
    st.just(FULL),
    line=st.sampled_from(Line),
    charge_percent=st.none() | st.floats(0, 100),
    load_percent=st.floats(5, 100),
    runtime_s=st.none() | st.floats(1, 12 * HOUR),
)
helds = st.none() | st.floats(0, 8 * HOUR)


@given(discharges, st.floats(5, 100), st.floats(5, 100))
def test_more_load_never_lengthens_what_a_record_proves(one: Discharge, load: float, other: float) -> None:
    low, high = (proof_of(one, at, NOW, RULES) for at in sorted((load, other)))
    if isinstance(low, Proof) and isinstance(high, Proof):
        assert high.low_s <= low.low_s + 1e-6
        assert (high.high_s or 0.0) <= (low.high_s or 0.0) + 1e-6
        assert high.low_s <= (one.held_s * 2**1.15)


@given(records, known, helds, st.sampled_from(["load_percent", "charge_percent", "held"]))
def test_what_becomes_unknown_never_makes_the_hold_time_met(
    proven: list[Discharge], facts: UpsFacts, held_s: float | None, lost: str
) -> None:
    before = hold_evidence(facts, UPS, NOW, held_s, proven, RULES)
    blind = replace(facts, load_percent=None) if lost == "load_percent" else facts
    blind = replace(blind, charge_percent=None) if lost == "charge_percent" else blind
    after = hold_evidence(blind, UPS, NOW, None if lost == "held" else held_s, proven, RULES)
    if after.verdict is MET:
        assert before.verdict is MET


@given(records, known, helds)
def test_a_verdict_always_agrees_with_its_number(
    proven: list[Discharge], facts: UpsFacts, held_s: float | None
) -> None:
    made = hold_evidence(facts, UPS, NOW, held_s, proven, RULES)
    if made.verdict is MET:
        assert (made.seconds or 0.0) >= made.required_s
        assert made.reported_s is None or made.reported_s >= made.required_s
    if made.verdict is SHORT:
        assert made.short_by_s is not None
        assert made.short_by_s > 0
    else:
        assert made.short_by_s is None
    assert (made.basis is HoldBasis.NONE) == (made.seconds is None)


@given(records, known, helds, st.floats(1, 12 * HOUR))
def test_a_shorter_reported_runtime_never_makes_the_hold_time_met(
    proven: list[Discharge], facts: UpsFacts, held_s: float | None, less_s: float
) -> None:
    before = hold_evidence(facts, UPS, NOW, held_s, proven, RULES)
    if facts.runtime_s is not None and less_s <= facts.runtime_s and before.verdict is not MET:
        less = hold_evidence(replace(facts, runtime_s=less_s), UPS, NOW, held_s, proven, RULES)
        assert less.verdict is not MET
