"""Traits seen in real UPS dumps, and what may be believed of them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dutyroom.model.facts import Line, RuntimeBasis, UpsFacts
from dutyroom.rules.plausibility import line_of, number, ups_facts


def facts(**variables: str) -> UpsFacts:
    """Facts of a UPS whose variables are written with _ for the dot."""
    return ups_facts({name.replace("_", "."): value for name, value in variables.items()})


def marks(told: UpsFacts) -> dict[str, str]:
    return {mark.variable: mark.why for mark in told.implausible}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0.0),
        ("100", 100.0),
        ("088.0", 88.0),
        ("11520.00", 11520.0),
        ("-1", -1.0),
        ("+5", 5.0),
        ("21,52", 21.52),
        (" 7 ", 7.0),
        ("000,5", 0.5),
        ("230,000", None),
        ("1.234,5", None),
        ("", None),
        (" ", None),
        ("XX.X", None),
        ("nan", None),
        ("inf", None),
        ("-Infinity", None),
        ("1e309", None),
        ("1e3", None),
        ("0x10", None),
        ("1_000", None),
        ("1:57", None),
        ("230 V", None),
        ("５４", None),
        ("54\ufffd00", None),
        ("1.", None),
        ("--1", None),
        ("4" + "6" * 256, None),
        ("0." + "1" * 400, None),
        ("12\n", None),
    ],
)
def test_a_number_is_plain_decimal_digits_or_nothing(text: str, value: float | None) -> None:
    assert number(text) == value


@given(st.text())
def test_no_text_makes_a_number_that_is_not_finite(text: str) -> None:
    value = number(text)
    assert value is None or math.isfinite(value)


@given(st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 4)))
def test_what_a_driver_prints_with_decimals_is_read_back(value: float) -> None:
    assert number(f"{value:.4f}") == value


@given(
    st.dictionaries(
        st.sampled_from(["ups.status", "battery.charge", "battery.runtime", "ups.load", "input.voltage", "ups.alarm"]),
        st.one_of(st.text(), st.integers(-(10**6), 10**6).map(str)),
    )
)
def test_no_answer_breaks_the_rules_and_every_fact_lies_in_its_bounds(variables: dict[str, str]) -> None:
    told = ups_facts(variables)
    assert told.charge_percent is None or 0 <= told.charge_percent <= 100
    assert told.runtime_s is None or 0 <= told.runtime_s < 86_400
    assert told.load_percent is None or 0 <= told.load_percent <= 200
    assert told.input_voltage_v is None or 0 <= told.input_voltage_v <= 600
    assert dict(told.variables) == variables


@pytest.mark.parametrize(
    ("status", "line"),
    [
        ("OL", Line.MAINS),
        ("OL CHRG", Line.MAINS),
        ("CHRG OL LB", Line.MAINS),
        ("OL DISCHRG", Line.MAINS),
        ("FSD OL", Line.MAINS),
        ("ALARM OL", Line.MAINS),
        ("OB", Line.BATTERY),
        ("ALARM OB LB", Line.BATTERY),
        ("DISCHRG OB", Line.BATTERY),
        ("OB TRIM", Line.BATTERY),
        ("OL DISCHRG OB", Line.UNKNOWN),
        ("TRIM", Line.MAINS),
        ("BOOST BYPASS", Line.MAINS),
        ("ALARM", Line.UNKNOWN),
        ("BYPASS", Line.UNKNOWN),
        ("OFF", Line.UNKNOWN),
        ("", Line.UNKNOWN),
        ("OLD", Line.UNKNOWN),
        ("COMMFAULT", Line.UNKNOWN),
        ("vendor:eaton:ECO OL HE", Line.MAINS),
    ],
)
def test_the_line_is_read_from_ol_and_ob_alone_in_any_order(status: str, line: Line) -> None:
    tokens = tuple(status.split())
    told = facts(ups_status=status)
    assert told.status == tokens
    assert told.line is line
    assert line_of(tuple(reversed(tokens))) is line


def test_a_healthy_unit_is_told_whole_and_unmarked() -> None:
    told = facts(
        ups_status="OL CHRG",
        battery_charge="98",
        battery_runtime="11520.00",
        battery_voltage="217.4",
        input_voltage="231.6",
        output_voltage="230,1",
        ups_load="023.0",
        ups_temperature="31.2",
        ups_model=" Model X ",
        ups_alarm="",
        ups_timer_shutdown="-1",
        ambient_temperature="22.1",
    )
    assert (told.charge_percent, told.runtime_s, told.load_percent) == (98.0, 11520.0, 23.0)
    assert (told.input_voltage_v, told.output_voltage_v, told.battery_voltage_v) == (231.6, 230.1, 217.4)
    assert (told.temperature_c, told.model, told.alarm) == (31.2, "Model X", None)
    assert told.runtime_basis is RuntimeBasis.REPORTED
    assert told.implausible == ()
    assert told.variable("ambient.temperature") == "22.1"


def test_nothing_told_is_nothing_known() -> None:
    assert ups_facts({}) == UpsFacts()
    told = facts(ups_status="", battery_charge="", battery_runtime=" ", ups_load="", ups_model="")
    assert told.implausible == ()
    assert (told.charge_percent, told.runtime_s, told.load_percent, told.model) == (None, None, None, None)


@pytest.mark.parametrize("raw", ["1000", "255", "120", "102.3", "100.6", "-143", "-1"])
def test_a_charge_outside_0_to_100_is_implausible(raw: str) -> None:
    told = facts(ups_status="OL", battery_charge=raw)
    assert told.charge_percent is None
    assert told.implausible[0].raw == raw
    assert marks(told) == {"battery.charge": "out-of-range"}


def test_a_charge_a_hair_over_full_is_full() -> None:
    assert facts(ups_status="OL", battery_charge="100.4").charge_percent == 100.0


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("65535", "sentinel"),
        ("65535.00", "sentinel"),
        ("3932100", "sentinel"),
        ("-60", "negative"),
        ("-1", "negative"),
        ("1:57", "unit-unclear"),
        ("64:41", "unit-unclear"),
        ("133200", "too-long"),
        ("86400", "too-long"),
        ("4294967295", "too-long"),
        ("soon", "not-a-number"),
        ("nan", "not-a-number"),
    ],
)
@pytest.mark.parametrize("status", ["OL", "OB DISCHRG"])
def test_a_runtime_that_is_no_time_counts_for_nothing(status: str, raw: str, why: str) -> None:
    told = facts(ups_status=status, battery_runtime=raw)
    assert (told.runtime_s, told.runtime_basis) == (None, None)
    assert marks(told) == {"battery.runtime": why}


@pytest.mark.parametrize("status", ["OL", "OL CHRG LB", "OL OB", "TRIM", ""])
def test_a_runtime_of_zero_is_no_value_unless_on_battery(status: str) -> None:
    told = facts(ups_status=status, battery_runtime="0", battery_charge="90")
    assert (told.runtime_s, told.charge_percent) == (None, 90.0)
    assert marks(told) == {"battery.runtime": "zero-on-mains"}


def test_a_runtime_and_a_charge_of_zero_on_battery_are_believed() -> None:
    told = facts(ups_status="OB LB", battery_runtime="0", battery_charge="0")
    assert (told.runtime_s, told.charge_percent) == (0.0, 0.0)
    assert told.implausible == ()


def test_charge_and_runtime_both_zero_on_mains_mean_that_there_is_no_value() -> None:
    told = facts(ups_status="OL", battery_runtime="0", battery_charge="0")
    assert (told.runtime_s, told.charge_percent) == (None, None)
    assert marks(told) == {"battery.runtime": "zero-on-mains", "battery.charge": "zero-on-mains"}


def test_a_charge_of_zero_beside_a_runtime_is_believed() -> None:
    assert facts(ups_status="OL CHRG", battery_runtime="60", battery_charge="0").charge_percent == 0.0


@pytest.mark.parametrize(
    ("raw", "why"),
    [("520", "out-of-range"), ("255", "out-of-range"), ("562020", "out-of-range"), ("-3", "out-of-range")],
)
def test_a_load_over_twice_the_rating_is_implausible(raw: str, why: str) -> None:
    told = facts(ups_status="OL", ups_load=raw)
    assert told.load_percent is None
    assert marks(told) == {"ups.load": why}


def test_a_load_of_257_digits_is_kept_short_and_used_for_nothing() -> None:
    told = facts(ups_status="OL", ups_load="4" * 257)
    assert told.load_percent is None
    assert marks(told) == {"ups.load": "not-a-number"}
    assert len(told.implausible[0].raw) == 64


def test_a_load_of_zero_is_a_value() -> None:
    assert facts(ups_status="OL", ups_load="0").load_percent == 0.0


@pytest.mark.parametrize("name", ["output.L{}.power.percent", "ups.L{}.load"])
@pytest.mark.parametrize("whole", [None, "562020"])
def test_a_load_told_by_phase_is_that_of_the_fullest_phase(name: str, whole: str | None) -> None:
    variables = {name.format(phase): value for phase, value in ((1, "23"), (2, "41.5"), (3, "999"))}
    told = ups_facts(variables if whole is None else variables | {"ups.load": whole})
    assert told.load_percent == 41.5
    assert marks(told)[name.format(3)] == "out-of-range"


@pytest.mark.parametrize(
    ("name", "low", "high", "beyond"),
    [
        ("input.voltage", "0.0", "600", "601"),
        ("output.voltage", "0", "599.9", "-1"),
        ("battery.voltage", "2.28", "1000", "65535"),
        ("ups.temperature", "-40", "100", "-272"),
        ("battery.temperature", "-40", "100", "3700"),
    ],
)
def test_voltages_and_temperatures_have_bounds(name: str, low: str, high: str, beyond: str) -> None:
    def told(value: str) -> tuple[float | None, ...]:
        answer = ups_facts({name: value})
        assert bool(answer.implausible) is (value == beyond)
        return (answer.input_voltage_v, answer.output_voltage_v, answer.battery_voltage_v, answer.temperature_c)

    assert float(low) in told(low)
    assert float(high) in told(high)
    assert told(beyond) == (None, None, None, None)


def test_the_battery_speaks_where_the_unit_tells_no_temperature() -> None:
    told = facts(ups_temperature="XX.X", battery_temperature="24.5")
    assert told.temperature_c == 24.5
    assert marks(told) == {"ups.temperature": "not-a-number"}


@pytest.mark.parametrize("text", ["", "0", "none", "NONE", " "])
def test_an_empty_alarm_is_no_alarm(text: str) -> None:
    assert facts(ups_alarm=text).alarm is None


def test_an_alarm_keeps_its_words() -> None:
    assert facts(ups_alarm="OVERHEAT [EEPROM Error]").alarm == "OVERHEAT [EEPROM Error]"


def test_the_device_names_the_model_where_the_unit_does_not() -> None:
    assert facts(device_model="Castle").model == "Castle"
    assert facts(ups_model="", device_model="Castle").model == "Castle"
    assert facts(ups_model="C1K", device_model="Castle").model == "C1K"


def test_a_unit_that_says_one_to_everything_is_not_believed_at_all() -> None:
    ones = dict.fromkeys(("battery.charge", "battery.runtime", "battery.voltage", "input.voltage", "ups.load"), "1.0")
    told = ups_facts({"ups.status": "OL LB OVER RB BOOST", "ups.model": "Back", **ones})
    assert told.status == ("OL", "LB", "OVER", "RB", "BOOST")
    assert told.line is Line.UNKNOWN
    assert (told.charge_percent, told.runtime_s, told.load_percent, told.input_voltage_v) == (None, None, None, None)
    assert set(marks(told).values()) == {"all-ones"}
    assert marks(told).keys() == ones.keys() | {"ups.status"}
    assert told.model == "Back"


def test_a_nearly_empty_battery_is_not_taken_for_a_unit_of_ones() -> None:
    told = facts(ups_status="OB LB", battery_charge="1", battery_runtime="1", ups_load="1", input_voltage="0")
    assert told.charge_percent == 1.0
