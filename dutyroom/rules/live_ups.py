"""What a UPS says to the lines of a round."""

from __future__ import annotations

import re
from datetime import datetime

from dutyroom.model.facts import Line, UpsFacts
from dutyroom.model.reading import Sample
from dutyroom.model.rounds import ABNORMAL, NORMAL
from dutyroom.rules.live_variables import read as read_variable
from dutyroom.rules.plausibility import flags

# `ups.test.result` is free text of the driver; the first that fits is the answer. One that is under way says nothing.
_SELF_TEST = (
    (re.compile(r"progress|schedul|pending", re.IGNORECASE), None),
    (re.compile(r"no test|never|not initiated|not run", re.IGNORECASE), "none"),
    (re.compile(r"fail|error|\bng\b|bad", re.IGNORECASE), "failed"),
    (re.compile(r"pass|\bok\b|success", re.IGNORECASE), "passed"),
)


def mode(facts: UpsFacts) -> str | None:
    """How it runs, in the answers of the item."""
    for flag, answer in (("BYPASS", "bypass"), ("OFF", "off"), ("ALARM", "fault"), ("FSD", "fault")):
        if flag in flags(facts.status):
            return answer
    return {Line.MAINS: "mains", Line.BATTERY: "battery"}.get(facts.line)


def panel(facts: UpsFacts) -> str | None:
    """Normal only where the UPS tells its status: on mains, no ALARM flag and no alarm text."""
    if not facts.status:
        return None
    return ABNORMAL if facts.alarm or {"ALARM", "OB"} & set(flags(facts.status)) else NORMAL


def minutes(facts: UpsFacts) -> float | None:
    """The runtime it tells, in minutes."""
    return facts.runtime_s / 60 if facts.runtime_s is not None else None


def self_test(facts: UpsFacts) -> str | None:
    """The result of the last self-test; unknown where the text is none we know, nothing while one is under way."""
    said = facts.variable("ups.test.result")
    if said is None or not said.strip():
        return None
    return next((answer for pattern, answer in _SELF_TEST if pattern.search(said)), "unknown")


def variable(sample: Sample, name: str, now: datetime) -> float | None:
    """A number among its NUT variables, where it is plausible."""
    read = read_variable(sample, name, now)
    return read if isinstance(read, float) else None
