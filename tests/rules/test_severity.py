"""The verdict of a source is the worst of everything it says, and every reason is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dutyroom.model.facts import Line, Volume
from dutyroom.model.reading import HoldVerdict, Latest, Reason, Sample, State, Verdict
from dutyroom.rules.hold import hold_evidence
from dutyroom.rules.severity import judge, rank, worst
from tests.desks import NOW, failed, make_site, server_sample, switch_sample, ups_sample

SITE = make_site()
UPS_A, UPS_B, SWITCH, SERVER = SITE.ups[0], SITE.ups[1], SITE.network[0], SITE.servers[0]
LATER = NOW + timedelta(seconds=3)


def known(sample: Sample) -> Latest:
    return Latest(sample, sample)


@pytest.mark.parametrize(
    ("status", "line", "verdict", "code"),
    [
        (("OL",), Line.MAINS, Verdict.OK, None),
        (("OB", "DISCHRG"), Line.BATTERY, Verdict.FAULT, "on-battery"),
        (("OL", "RB"), Line.MAINS, Verdict.ATTENTION, "replace-battery"),
        (("RB", "OL"), Line.MAINS, Verdict.ATTENTION, "replace-battery"),
        (("OL", "LB"), Line.MAINS, Verdict.ATTENTION, "battery-low"),
        (("OB", "LB"), Line.BATTERY, Verdict.FAULT, "on-battery"),
        (("OL", "BYPASS"), Line.MAINS, Verdict.FAULT, "bypass"),
        (("FSD", "OL"), Line.MAINS, Verdict.FAULT, "forced-shutdown"),
        (("OL", "OVER"), Line.MAINS, Verdict.FAULT, "overload"),
        (("OFF",), Line.UNKNOWN, Verdict.FAULT, "output-off"),
        (("OL", "TRIM"), Line.MAINS, Verdict.ATTENTION, "trim"),
        ((), Line.UNKNOWN, Verdict.UNKNOWN, "line-unknown"),
        (("OL", "vendor:eaton:ECO"), Line.MAINS, Verdict.OK, None),
    ],
)
def test_the_worst_flag_of_a_ups_decides(
    status: tuple[str, ...], line: Line, verdict: Verdict, code: str | None
) -> None:
    judged = judge(UPS_A, known(ups_sample(status=status, line=line)), 5, LATER, on_battery_s=10)
    assert judged.verdict is verdict
    assert (judged.reasons[0].code if judged.reasons else None) == code


def test_calibration_on_battery_is_no_outage() -> None:
    judged = judge(UPS_A, known(ups_sample(status=("OB", "CAL"), line=Line.BATTERY)), 5, LATER, on_battery_s=10)
    assert (judged.verdict, [reason.code for reason in judged.reasons]) == (Verdict.ATTENTION, ["calibrating"])


@pytest.mark.parametrize(
    ("facts", "on_battery_s", "verdict"),
    [
        ({}, None, HoldVerdict.MET),
        ({"runtime_s": 5400.0}, None, HoldVerdict.SHORT),
        ({"runtime_s": None}, None, HoldVerdict.NO_EVIDENCE),
        ({"charge_percent": 60.0}, None, HoldVerdict.NO_EVIDENCE),
        ({"charge_percent": None}, None, HoldVerdict.NO_EVIDENCE),
        ({"line": Line.UNKNOWN}, None, HoldVerdict.NO_EVIDENCE),
        ({"line": Line.BATTERY, "runtime_s": 5 * 3600.0}, 3600.0, HoldVerdict.MET),
        ({"line": Line.BATTERY, "runtime_s": 5 * 3600.0}, 600.0, HoldVerdict.SHORT),
        ({"line": Line.BATTERY, "runtime_s": 5 * 3600.0}, None, HoldVerdict.NO_EVIDENCE),
    ],
)
def test_the_hold_time_is_met_only_with_evidence(
    facts: dict[str, object], on_battery_s: float | None, verdict: HoldVerdict
) -> None:
    sample = ups_sample(**facts)  # type: ignore[arg-type]
    assert sample.ups is not None
    assert hold_evidence(sample.ups, UPS_A, LATER, on_battery_s).verdict is verdict


def test_a_short_hold_time_names_the_value_and_the_limit() -> None:
    judged = judge(UPS_A, known(ups_sample(runtime_s=5400.0)), 5, LATER)
    assert judged.reasons == (Reason("hold-time-short", "runtime", 5400.0, 21600.0),)


def test_a_watched_port_that_is_down_is_attention_and_others_are_not() -> None:
    judged = judge(SWITCH, known(switch_sample(down=(2, 4))), 30, LATER)
    assert judged.reasons == (Reason("port-changed", "port", "Gi0/0/2", "up"),)


def test_without_named_ports_those_ever_up_are_watched() -> None:
    device = replace(SWITCH, watch_ports=())
    sample = switch_sample(down=(2, 4))
    judged = judge(device, Latest(sample, sample, ("Gi0/0/4",)), 30, LATER)
    assert [reason.value for reason in judged.reasons] == ["Gi0/0/4"]


@pytest.mark.parametrize(("used", "verdict"), [(61.0, Verdict.OK), (81.0, Verdict.ATTENTION), (91.0, Verdict.FAULT)])
def test_a_full_volume_is_judged(used: float, verdict: Verdict) -> None:
    assert judge(SERVER, known(server_sample(volumes=(Volume("/", used),))), 10, LATER).verdict is verdict


@pytest.mark.parametrize("state", [state for state in State if not state.knows])
def test_a_source_that_does_not_answer_is_never_ok(state: State) -> None:
    for device, good in ((UPS_A, ups_sample()), (SWITCH, switch_sample()), (SERVER, server_sample())):
        for latest in (Latest(failed(good, state)), Latest(failed(good, state, 1), good)):
            assert judge(device, latest, 5, LATER).verdict is not Verdict.OK


def test_a_device_that_answered_and_then_not_for_two_polls_is_a_fault_with_its_age() -> None:
    latest = Latest(failed(switch_sample(), later_s=240), switch_sample())
    judged = judge(SWITCH, latest, 30, NOW + timedelta(seconds=240))
    assert (judged.verdict, judged.reasons[0]) == (Verdict.FAULT, Reason("no-answer", "age_s", 240))


def test_a_device_that_never_answered_is_unknown() -> None:
    assert judge(SWITCH, Latest(failed(switch_sample())), 30, LATER).verdict is Verdict.UNKNOWN


def test_partial_is_at_least_attention() -> None:
    sample = replace(switch_sample(), state=State.PARTIAL)
    assert judge(SWITCH, known(sample), 30, LATER).verdict is Verdict.ATTENTION


def test_fault_is_worse_than_attention_than_unknown_than_ok() -> None:
    order = [Verdict.FAULT, Verdict.ATTENTION, Verdict.UNKNOWN, Verdict.OK]
    assert sorted(order, key=rank, reverse=True) == order
    assert worst([]) is Verdict.UNKNOWN
