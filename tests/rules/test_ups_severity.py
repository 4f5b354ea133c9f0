"""Every word of a status counts, in any order; contradictions are told; a UPS lost in trouble is not grey."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutyroom.model.facts import Line
from dutyroom.model.reading import HoldVerdict, Latest, Sample, State, Verdict
from dutyroom.rules.hold import hold_evidence
from dutyroom.rules.plausibility import ups_facts
from dutyroom.rules.severity import Judgement, judge, rank
from tests.desks import NOW, failed, make_site, ups_sample

UPS = make_site().ups[0]
WELL = {"battery.charge": "100", "battery.runtime": "80000", "ups.load": "20", "input.voltage": "230"}
NEVER_OK = ("FSD", "OFF", "BYPASS", "OB", "ALARM", "COMMFAULT", "OVER", "LB", "RB", "HB", "TRIM", "BOOST", "CAL")
HARMLESS = ("CHRG", "HE", "ECO", "TEST", "vendor:eaton:ECO", "NEWFLAG", "ONLINE")


def judged(status: str, **variables: str) -> Judgement:
    """A well UPS but for its status and these variables (`_` for the dot)."""
    told = WELL | {name.replace("_", "."): value for name, value in variables.items()} | {"ups.status": status}
    sample = ups_sample()
    known = Sample(sample.source, sample.kind, NOW, State.OK, ups=ups_facts({k: v for k, v in told.items() if v}))
    return judge(UPS, Latest(known, known), 5, NOW + timedelta(seconds=1), on_battery_s=10)


def codes(judgement: Judgement) -> list[str]:
    return [reason.code for reason in judgement.reasons]


@given(st.lists(st.sampled_from([*NEVER_OK, *HARMLESS, "OL", "DISCHRG"]), max_size=6))
def test_the_verdict_is_that_of_the_worst_word_whatever_stands_around_it(words: list[str]) -> None:
    verdict = judged(" ".join(words)).verdict
    assert judged(" ".join(reversed(words))).verdict is verdict
    if set(words) & set(NEVER_OK) or not words:
        assert verdict is not Verdict.OK
    if set(words) & {"FSD", "OFF", "BYPASS", "ALARM", "OVER"}:
        assert verdict is Verdict.FAULT
    for word in words:
        if word != "CAL":  # a calibration is the one word that makes others better
            assert rank(judged(f"OL {word}").verdict) <= max(rank(verdict), rank(judged("OL").verdict)) or "OB" in words


def test_the_order_of_words_is_of_no_account() -> None:
    for words in permutations(("OL", "CHRG", "RB", "FSD")):
        assert judged(" ".join(words)).verdict is Verdict.FAULT
    for words in permutations(("OB", "LB", "CAL")):
        assert judged(" ".join(words)).verdict is Verdict.ATTENTION


@pytest.mark.parametrize("word", HARMLESS)
def test_a_word_that_says_nothing_bad_or_is_not_known_leaves_a_well_ups_well(word: str) -> None:
    assert judged(f"OL {word}").verdict is Verdict.OK
    assert judged(word).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("word", "verdict"), [("ob", Verdict.FAULT), ("Fsd", Verdict.FAULT), ("rb", Verdict.ATTENTION)]
)
def test_words_are_compared_as_upsmon_does_and_shown_as_they_came(word: str, verdict: Verdict) -> None:
    assert judged(f"ol {word}").verdict in (verdict, Verdict.ATTENTION)
    assert judged(word).verdict is not Verdict.OK
    assert ups_facts({"ups.status": f"ol {word}"}).status == ("ol", word)


def test_a_driver_that_has_lost_its_ups_is_unknown() -> None:
    assert (judged("OL COMMFAULT").verdict, codes(judged("OL COMMFAULT"))) == (Verdict.UNKNOWN, ["comm-fault"])


@pytest.mark.parametrize("status", ["OL OB", "OL DISCHRG OB", "OB OL"])
def test_mains_and_battery_at_once_are_suspect_and_the_input_decides(status: str) -> None:
    assert (judged(status).verdict, codes(judged(status))) == (Verdict.ATTENTION, ["line-contradictory"])
    dead = judged(status, input_voltage="0.0")
    assert (dead.verdict, dead.reasons[0].code) == (Verdict.FAULT, "on-battery")
    assert judged(status, input_voltage="18", input_voltage_nominal="230").verdict is Verdict.FAULT
    assert judged(status, input_voltage="").verdict is Verdict.ATTENTION


def test_a_dead_input_is_one_without_a_live_phase() -> None:
    phases = {"input_voltage": "", "input_L1-N_voltage": "0", "input_L2-N_voltage": "0"}
    assert judged("OL OB", **phases, **{"input_L3-N_voltage": "0"}).verdict is Verdict.FAULT
    assert judged("OL OB", **phases, **{"input_L3-N_voltage": "231"}).verdict is Verdict.ATTENTION


def test_discharging_on_mains_is_no_outage_by_itself() -> None:
    assert judged("OL DISCHRG").verdict is Verdict.OK
    assert judged("OL DISCHRG", input_voltage="").verdict is Verdict.OK
    unclear = judged("OL DISCHRG", input_voltage="", battery_charge="97")
    assert (unclear.verdict, unclear.reasons[0].code) == (Verdict.ATTENTION, "discharging-on-mains")
    assert judged("OL DISCHRG", input_voltage="0").verdict is Verdict.FAULT


def test_a_small_ups_fed_with_12_volts_has_a_live_input() -> None:
    assert judged("OL DISCHRG", input_voltage="13.79").verdict is Verdict.OK


def test_on_battery_with_a_live_input_is_still_on_battery_and_says_so() -> None:
    battery = judged("OB", input_voltage="227.4")
    assert (battery.verdict, codes(battery)) == (Verdict.FAULT, ["on-battery", "input-present"])
    assert battery.reasons[1].value == 227.4


def test_a_forced_shutdown_on_mains_is_a_fault_with_a_hint() -> None:
    reason = judged("ALARM OL FSD").reasons[0]
    assert (reason.code, reason.limit) == ("forced-shutdown", "mains")
    assert judged("FSD OB").reasons[1].limit is None


def test_an_alarm_tells_its_text() -> None:
    assert judged("ALARM OL", ups_alarm="OVERHEAT [EEPROM Error]").reasons[0].value == "OVERHEAT [EEPROM Error]"
    assert judged("OL", ups_alarm="0").verdict is Verdict.OK
    assert judged("OL", ups_alarm="Fan failure").verdict is Verdict.ATTENTION


@pytest.mark.parametrize("word", ["BYPASS", "OFF"])
def test_a_runtime_is_no_evidence_while_the_battery_carries_nothing(word: str) -> None:
    facts = ups_facts(WELL | {"ups.status": f"OL {word}"})
    assert facts.runtime_s == 80000
    assert hold_evidence(facts, UPS, NOW).verdict is HoldVerdict.NO_EVIDENCE


@pytest.mark.parametrize("state", [state for state in State if not state.knows])
@pytest.mark.parametrize(
    ("status", "verdict", "code"),
    [
        ("OL", Verdict.UNKNOWN, None),
        ("OB DISCHRG", Verdict.FAULT, "lost-on-battery"),
        ("OB CAL", Verdict.FAULT, "lost-on-battery"),
        ("FSD OL", Verdict.FAULT, "lost-in-trouble"),
        ("OL BYPASS", Verdict.ATTENTION, "lost-in-trouble"),
        ("OFF", Verdict.ATTENTION, "lost-in-trouble"),
        ("ALARM OL", Verdict.ATTENTION, "lost-in-trouble"),
        ("OL CAL", Verdict.ATTENTION, "lost-in-trouble"),
        ("OL OB", Verdict.ATTENTION, "lost-in-trouble"),
    ],
)
def test_a_ups_that_is_lost_is_judged_by_how_it_was(
    state: State, status: str, verdict: Verdict, code: str | None
) -> None:
    good = ups_sample(status=tuple(status.split()), line=ups_facts({"ups.status": status}).line)
    judgement = judge(UPS, Latest(failed(good, state, 20), good), 5, NOW + timedelta(seconds=21))
    assert judgement.verdict is verdict
    if code is not None:
        reason = judgement.reasons[0]
        assert (reason.code, reason.quantity, reason.value) == (code, "age_s", 21)
    assert judgement.reasons[-1].code == state.value


def test_without_a_status_a_ups_is_unknown() -> None:
    facts = ups_facts({name: value for name, value in WELL.items() if name != "ups.status"})
    sample = Sample("ups-a", ups_sample().kind, NOW, State.PARTIAL, "no ups.status", ups=facts)
    judgement = judge(UPS, Latest(sample, sample), 5, NOW)
    assert (judgement.verdict, codes(judgement), facts.line) == (Verdict.UNKNOWN, ["line-unknown"], Line.UNKNOWN)
