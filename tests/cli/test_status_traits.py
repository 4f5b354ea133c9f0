"""`status --fresh --json` over UPSes with every trait that real ones were seen to have, served byte for byte.

Each is written by hand: what it tells, the facts that may be shown, the marks, and the verdict.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.cli.rooms import RoomFolder
from tests.fakes import STALE, FakeUpsd

WELL = {"battery.charge": "100", "battery.runtime": "20000", "ups.load": "20", "input.voltage": "230"}
NUMBERS = {
    "charge_percent": "battery.charge",
    "runtime_s": "battery.runtime",
    "load_percent": "ups.load",
    "input_voltage_v": "input.voltage",
    "output_voltage_v": "output.voltage",
    "battery_voltage_v": "battery.voltage",
    "temperature_c": "ups.temperature",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A UPS: its variables, which of them are marked and why, the verdict, and facts that differ from the text."""

    told: dict[str, str]
    verdict: str
    marks: dict[str, str] = field(default_factory=dict)
    facts: dict[str, float | None] = field(default_factory=dict)
    line: str = "mains"
    state: str = "ok"


def well(status: str = "OL", **changes: str) -> dict[str, str]:
    """A UPS that is well but for these (`_` for the dot)."""
    return WELL | {"ups.status": status} | {name.replace("_", "."): value for name, value in changes.items()}


ONES = dict.fromkeys(("battery.charge", "battery.runtime", "battery.voltage", "input.voltage", "ups.load"), "1")
PHASES = {"output.L1.power.percent": "23", "output.L2.power.percent": "31", "output.L3.power.percent": "28"}
CASES = {
    "well": Case(well(), "ok"),
    "charging": Case(well("OL CHRG"), "ok"),
    "eco": Case(well("OL HE vendor:x:ECO"), "ok"),
    "unknown words": Case(well("OL NEWFLAG TEST"), "ok"),
    "idle": Case(well("OL DISCHRG"), "ok"),
    "leading zeros": Case(well(battery_charge="088.0", battery_runtime="00687", ups_load="000"), "attention"),
    "decimals": Case(well(battery_runtime="11520.00", ups_load="22.70"), "ok"),
    "decimal comma": Case(well(input_voltage="229,5"), "ok"),
    "no alarm": Case(well(ups_alarm="0"), "ok"),
    "timers at -1": Case(well(ups_timer_shutdown="-1", ups_delay_start="-1"), "ok"),
    "markup": Case(well(ups_model='[bold]x[/] \\ "q" #'), "ok"),
    "low on mains": Case(well("OL CHRG LB"), "attention"),
    "trim only": Case(well("TRIM"), "attention"),
    "boost": Case(well("OL BOOST"), "attention"),
    "high": Case(well("HB OL"), "attention"),
    "replace": Case(well("RB OL"), "attention"),
    "calibrating": Case(well("OL CAL"), "attention"),
    "calibrating on battery": Case(well("OB CAL", input_voltage="0"), "attention", line="battery"),
    "on battery": Case(well("OB DISCHRG", input_voltage="0.0"), "fault", line="battery"),
    "on battery with voltage": Case(well("OB"), "fault", line="battery"),
    "alarm before battery": Case(well("ALARM OB LB", input_voltage="0"), "fault", line="battery"),
    "both": Case(well("OL DISCHRG OB"), "attention", line="unknown"),
    "both without mains": Case(well("OL OB", input_voltage="0"), "fault", line="battery"),
    "discharging without mains": Case(well("OL DISCHRG", input_voltage="0.0"), "fault", line="battery"),
    "bypass": Case(well("BOOST BYPASS"), "fault"),
    "off": Case(well("OL OFF"), "fault"),
    "overload": Case(well("OL OVER"), "fault"),
    "forced": Case(well("FSD OL"), "fault"),
    "forced at the end": Case(well("ALARM OL FSD", ups_alarm="Shutdown imminent!"), "fault"),
    "alarm": Case(well("ALARM OL", ups_alarm="OVERHEAT [EEPROM Error]"), "fault"),
    "alarm alone": Case({"ups.status": "ALARM", "device.type": "pdu"}, "fault", line="unknown"),
    "a driver that lost it": Case(well("OL COMMFAULT"), "unknown"),
    "waiting": Case(well("WAIT"), "unknown", state="wait", line="unknown", facts=dict.fromkeys(NUMBERS)),
    "empty status": Case(well(""), "unknown", state="partial", line="unknown"),
    "no status": Case(dict(WELL), "unknown", state="partial", line="unknown"),
    "sentinel": Case(well(battery_runtime="65535"), "attention", {"battery.runtime": "sentinel"}),
    "sentinel of minutes": Case(well(battery_runtime="3932100"), "attention", {"battery.runtime": "sentinel"}),
    "sentinel on battery": Case(
        well("OB", battery_runtime="65535", input_voltage="0"), "fault", {"battery.runtime": "sentinel"}, line="battery"
    ),
    "colon": Case(well(battery_runtime="1:57"), "attention", {"battery.runtime": "unit-unclear"}),
    "negative runtime": Case(well(battery_runtime="-60"), "attention", {"battery.runtime": "negative"}),
    "over a day": Case(well(battery_runtime="133200.00"), "attention", {"battery.runtime": "too-long"}),
    "no time on mains": Case(well(battery_runtime="0"), "attention", {"battery.runtime": "zero-on-mains"}),
    "no time on battery": Case(well("OB LB", battery_runtime="0", input_voltage="0"), "fault", line="battery"),
    "nothing at all": Case(
        well(battery_runtime="0.00", battery_charge="0.00"),
        "attention",
        {"battery.runtime": "zero-on-mains", "battery.charge": "zero-on-mains"},
    ),
    "charge 1000": Case(well(battery_charge="1000"), "attention", {"battery.charge": "out-of-range"}),
    "charge 255": Case(well(battery_charge="255"), "attention", {"battery.charge": "out-of-range"}),
    "charge 102.3": Case(well(battery_charge="102.3"), "attention", {"battery.charge": "out-of-range"}),
    "charge -143.2": Case(well(battery_charge="-143.2"), "attention", {"battery.charge": "out-of-range"}),
    "load 520": Case(well(ups_load="520"), "attention", {"ups.load": "out-of-range"}),
    "load of 257 digits": Case(well(ups_load="4" + "6" * 256), "attention", {"ups.load": "not-a-number"}),
    "load by phase": Case(
        {name: text for name, text in (well() | PHASES).items() if name != "ups.load"},
        "ok",
        facts={"load_percent": 31.0},
    ),
    "volts in tenths": Case(well(output_voltage="2290.00"), "ok", {"output.voltage": "out-of-range"}),
    "words for a number": Case(well(ups_temperature="XX.X"), "ok", {"ups.temperature": "not-a-number"}),
    "255 degrees": Case(well(ups_temperature="255"), "ok", {"ups.temperature": "out-of-range"}),
    "per cell": Case(well(battery_voltage="2.28"), "ok"),
    "nothing but a status": Case({"ups.status": "OL", "ups.serial": ""}, "attention"),
    "all ones": Case(
        {"ups.status": "OL LB OVER RB BOOST", **ONES},
        "fault",
        dict.fromkeys(("ups.status", *ONES), "all-ones"),
        line="unknown",
    ),
}
NEVER_OK = {"FSD", "OFF", "BYPASS", "OB", "ALARM", "WAIT"}


def number(text: str) -> float:
    """What a person reads in the text."""
    return float(text.replace(",", "."))


def test_every_trait_is_told_as_it_is(room: RoomFolder) -> None:
    names = {f"ups-{place:02d}": what for place, what in enumerate(CASES)}
    devices = [f'[[ups]]\nname = "{name}"\nserver = "127.0.0.1:{{nut}}"\nups = "{name}"\n' for name in names]
    with FakeUpsd({name: CASES[what].told for name, what in names.items()}) as upsd:
        room.write(*devices, nut=upsd.port)
        document = room.run("status", "--fresh", "--json").document
        assert upsd.connections == 1
    sources = {names[source["name"]]: source for source in document["sources"]}
    assert sources.keys() == CASES.keys()
    for what, case in CASES.items():
        source, ups = sources[what], sources[what]["ups"]
        assert (what, source["state"], source["verdict"]) == (what, case.state, case.verdict)
        assert (what, ups["line"]) == (what, case.line)
        assert {odd["variable"]: odd["why"] for odd in ups["implausible"]} == case.marks, what
        for fact, variable in NUMBERS.items():
            text = case.told.get(variable, "")
            wanted = None if not text or variable in case.marks else number(text)
            assert (what, fact, ups[fact]) == (what, fact, case.facts.get(fact, wanted))
        if case.state == "ok":
            assert ups["status"] == case.told["ups.status"].split(), what


@pytest.mark.parametrize("what", CASES)
def test_what_is_on_battery_off_or_not_told_is_never_ok(what: str) -> None:
    words = set(CASES[what].told.get("ups.status", "").split())
    assert CASES[what].verdict != "ok" or not (words & NEVER_OK or not words)


def test_a_ups_that_is_lost_is_never_ok_and_tells_the_age_of_its_last_values(room: RoomFolder) -> None:
    with FakeUpsd({"a": well("OB", input_voltage="0")}) as upsd:
        room.write('[[ups]]\nname = "a"\nserver = "127.0.0.1:{nut}"\nups = "a"\n', nut=upsd.port)
        room.run("collect", "--once")
        upsd.fault = STALE
        (source,) = room.run("status", "--fresh", "--json").document["sources"]
    assert (source["state"], source["stale_by"], source["verdict"]) == ("stale", "driver", "fault")
    assert (source["reasons"][0]["code"], source["reasons"][0]["quantity"]) == ("lost-on-battery", "age_s")
    assert source["ups"]["charge_percent"] is None
    assert source["last_good_at"] is not None
    assert 0 <= source["last_good_age_s"] < 60
