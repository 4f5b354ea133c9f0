"""Items that are computed: from other answers of the round, from the site file, from the records."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime

from dutyroom.model.facts import ServerFacts
from dutyroom.model.site import Credential
from dutyroom.model.zero_report import ZeroNow, ZeroState


def dew_point(temperature_c: float, humidity_percent: float) -> float | None:
    """Dew point in degrees Celsius by the Magnus formula (constants of WMO No. 8: 17.62 and 243.12 degrees)."""
    if not 0 < humidity_percent <= 100 or not -45 <= temperature_c <= 60:
        return None
    gamma = math.log(humidity_percent / 100) + 17.62 * temperature_c / (243.12 + temperature_c)
    return 243.12 * gamma / (17.62 - gamma)


def days_since(credentials: Sequence[Credential], today: date) -> int | None:
    """Days since the password that was changed longest ago; None when none is listed or a change lies ahead."""
    ages = [(today - one.rotated).days for one in credentials]
    return max(ages) if ages and min(ages) >= 0 else None


def restarted(facts: ServerFacts, since: datetime | None, *, clock_set: bool) -> str | None:
    """Whether it started after that moment.

    The start of a machine is told by its own clock: setting that looks like a restart, or hides one.
    """
    if facts.boot_time is None or since is None or clock_set:
        return None
    return "yes" if facts.boot_time > since else "no"


def zero_report(zero: ZeroNow, now: datetime) -> str | None:
    """Whether the zero report that is due was sent; None before its time and while no day is known."""
    if zero.duty_day is None or zero.due_at is None:
        return None
    if zero.report is not None:
        return "sent-zero" if zero.report.state is ZeroState.ZERO else "sent-events"
    return "not sent" if now >= zero.due_at else None
