"""What is wrong with a UPS: the verdicts of its status words, of its contradictions, and of losing sight of it.

Meanings: "Status data" of NUT's docs/new-drivers.txt, and how upsmon reads them (upsmon.c). Every word counts, in any
order; one that is not known here says nothing and is shown as it came.
"""

from __future__ import annotations

from datetime import datetime

from dutyroom.model.facts import Line, UpsFacts
from dutyroom.model.hold import HoldEvidence
from dutyroom.model.reading import HoldVerdict, Reason, Sample, Verdict
from dutyroom.rules.plausibility import DEAD_V, contradicts_itself, flags, number

Finding = tuple[Verdict, Reason]

# Those that ask for the fastest feet first: in this order equal verdicts are told.
_WORDS: dict[str, tuple[Verdict, str]] = {
    "FSD": (Verdict.FAULT, "forced-shutdown"),
    "OFF": (Verdict.FAULT, "output-off"),
    "BYPASS": (Verdict.FAULT, "bypass"),
    "OVER": (Verdict.FAULT, "overload"),
    "ALARM": (Verdict.FAULT, "alarm"),
    "LB": (Verdict.ATTENTION, "battery-low"),
    "RB": (Verdict.ATTENTION, "replace-battery"),
    "HB": (Verdict.ATTENTION, "battery-high"),
    "CAL": (Verdict.ATTENTION, "calibrating"),
    "TRIM": (Verdict.ATTENTION, "trim"),
    "BOOST": (Verdict.ATTENTION, "boost"),
    # apcupsd-ups says so when it has lost its own UPS: what stands beside it is old.
    "COMMFAULT": (Verdict.UNKNOWN, "comm-fault"),
    "COMMLOST": (Verdict.UNKNOWN, "comm-fault"),
}
# A mark on one of these is told in the verdict; the others stand only in the list of what is not believed.
_WEIGHTY = ("battery.charge", "battery.runtime", "ups.load")
_HOLDS = {
    HoldVerdict.SHORT: "hold-time-short",
    HoldVerdict.NO_EVIDENCE: "hold-time-no-evidence",
    HoldVerdict.EVIDENCE_OLD: "hold-time-evidence-old",
}
# Where the rated voltage is not told, an input with so many volts is one that could feed the UPS.
_FEEDS_V = 90.0
_FEEDS_SHARE = 0.8
_FULL_PERCENT = 99.0
_LONGEST_TOLD = 80
# Lost in one of these, a UPS may have gone on to drop its load: upsmon takes it for critical.
_SUSPECT = ("BYPASS", "OFF", "ALARM", "CAL", "OVER", "OB")


def ups_findings(facts: UpsFacts, hold: HoldEvidence) -> list[Finding]:
    """Everything that is wrong in one reading of a UPS; nothing for one that is well."""
    words = flags(facts.status)
    found = _line(facts, words)
    for word, (verdict, code) in _WORDS.items():
        if word not in words:
            continue
        if word == "LB" and facts.line is not Line.MAINS and "CAL" not in words:
            found.append((Verdict.FAULT, _told(code, word, facts)))
        else:
            found.append((verdict, _told(code, word, facts)))
    if facts.alarm and "ALARM" not in words:
        found.append((Verdict.ATTENTION, Reason("alarm", "alarm", facts.alarm)))
    code = _HOLDS.get(hold.verdict, "")
    # With the line unknown nothing can be told of a runtime, and the trouble is another one.
    if code and (hold.seconds is not None or facts.line is not Line.UNKNOWN):
        decides = hold.seconds if hold.verdict is not HoldVerdict.NO_EVIDENCE else None
        told = round(decides) if decides is not None else None
        found.append((Verdict.ATTENTION, Reason(code, "runtime", told, hold.required_s)))
    found += [
        (Verdict.ATTENTION, Reason("implausible", odd.variable, odd.raw))
        for odd in facts.implausible
        if odd.variable in _WEIGHTY and odd.why != "no-value"
    ]
    return found


def _line(facts: UpsFacts, words: frozenset[str]) -> list[Finding]:
    """What its line says: on battery, contradictory, or not told."""
    told = " ".join(facts.status)[:_LONGEST_TOLD]
    if facts.line is Line.BATTERY:
        if "CAL" in words:
            return []
        found = [(Verdict.FAULT, Reason("on-battery", "line", "battery", "mains"))]
        if input_feeds(facts):
            found.append((Verdict.ATTENTION, Reason("input-present", "input_voltage_v", facts.input_voltage_v)))
        return found
    if contradicts_itself(facts.status):
        if "OB" in words:
            return [(Verdict.ATTENTION, Reason("line-contradictory", "line", told))]
        # Some models idle in OL DISCHRG for years: with a live input or a full battery that is no news.
        if input_feeds(facts) or (facts.charge_percent or 0.0) >= _FULL_PERCENT or "CAL" in words:
            return []
        return [(Verdict.ATTENTION, Reason("discharging-on-mains", "line", told))]
    return [(Verdict.UNKNOWN, Reason("line-unknown", "line", told or None))] if facts.line is Line.UNKNOWN else []


def input_feeds(facts: UpsFacts) -> bool:
    """True when the input measured is one that could feed the UPS."""
    volts, nominal = facts.input_voltage_v, number(facts.variable("input.voltage.nominal") or "")
    if volts is None:
        return False
    return volts >= (_FEEDS_SHARE * nominal if nominal is not None and nominal > DEAD_V else _FEEDS_V)


def _told(code: str, word: str, facts: UpsFacts) -> Reason:
    if code == "alarm":
        return Reason(code, "alarm", facts.alarm or word)
    # A shutdown that stands while mains is there is a latch in upsd, or a bit that the model always sets.
    limit = facts.line.value if code == "forced-shutdown" and facts.line is Line.MAINS else None
    return Reason(code, "status", word, limit)


def lost_ups(good: Sample, now: datetime) -> Finding | None:
    """What it means that this UPS, last read as in `good`, cannot be read now; None when it was well.

    Last seen on battery, it is assumed to be running out, and on its way down with FSD (upsmon.c, `is_ups_critical`).
    The reason tells the age of that reading in seconds.
    """
    if good.ups is None:
        return None
    age_s, words = round((now - good.at).total_seconds()), flags(good.ups.status)
    if good.ups.line is Line.BATTERY:
        return Verdict.FAULT, Reason("lost-on-battery", "age_s", age_s)
    if "FSD" in words:
        return Verdict.FAULT, Reason("lost-in-trouble", "age_s", age_s, "FSD")
    if suspect := [word for word in _SUSPECT if word in words]:
        return Verdict.ATTENTION, Reason("lost-in-trouble", "age_s", age_s, " ".join(suspect))
    return None
