"""A device that restarted, an agent that restarted on a running device, and a clock that only wrapped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dutyroom.model.facts import DeviceFacts
from dutyroom.rules.restarts import UPTIME_WRAP_S, restart
from tests.desks import NOW, switch_sample

DAY = 86400.0


def told(before: DeviceFacts, after: DeviceFacts, elapsed_s: float = 60.0) -> str | None:
    old = replace(switch_sample(NOW), device=before)
    new = replace(switch_sample(NOW + timedelta(seconds=elapsed_s)), device=after)
    return restart(old, new)


def clocks(
    agent_s: float | None, host_s: float | None = None, engine_s: float | None = None, boots: int | None = None
) -> DeviceFacts:
    return DeviceFacts(
        uptime_s=agent_s, agent_uptime_s=agent_s, host_uptime_s=host_s, engine_time_s=engine_s, boots=boots
    )


@pytest.mark.parametrize(
    ("before", "after", "elapsed_s", "code"),
    [
        (clocks(DAY), clocks(DAY + 60), 60, None),
        (clocks(DAY), clocks(12.0), 60, "restarted"),
        (clocks(DAY, 9 * DAY), clocks(12.0, 9 * DAY + 60), 60, "agent-restarted"),
        (clocks(DAY, 9 * DAY), clocks(12.0, 15.0), 60, "restarted"),
        (clocks(DAY, None, 5 * DAY, 3), clocks(12.0, None, 5 * DAY + 60, 3), 60, "agent-restarted"),
        (clocks(DAY, None, DAY, 3), clocks(12.0, None, 12.0, 4), 60, "restarted"),
        (clocks(271 * DAY, None, 976.0, 8), clocks(271 * DAY + 60, None, 5.0, 9), 60, "agent-restarted"),
        (clocks(271 * DAY, None, 976.0, 8), clocks(271 * DAY + 60, None, 1036.0, 8), 60, None),
        (clocks(UPTIME_WRAP_S - 30), clocks(30.0), 60, None),
        (clocks(UPTIME_WRAP_S - 30, 600 * DAY), clocks(30.0, 600 * DAY + 60), 60, None),
        (clocks(UPTIME_WRAP_S - 30), clocks(4000.0), 60, "restarted"),
        # Unheard for an hour, and up for longer than it was before: the start lies after the older sample.
        (clocks(300.0), clocks(3000.0), 3600, "restarted"),
        (clocks(300.0), clocks(3850.0), 3600, None),
        # The host's clock wrapped while the agent began anew.
        (clocks(DAY, UPTIME_WRAP_S - 30), clocks(12.0, 30.0), 60, "agent-restarted"),
        (clocks(None), clocks(12.0), 60, None),
    ],
)
def test_a_restart_is_told_by_every_clock_the_device_has(
    before: DeviceFacts, after: DeviceFacts, elapsed_s: float, code: str | None
) -> None:
    assert told(before, after, elapsed_s) == code


def test_a_device_whose_sysuptime_stands_at_zero_is_told_by_its_other_clock() -> None:
    before = DeviceFacts(uptime_s=DAY, engine_time_s=DAY)
    assert told(before, DeviceFacts(uptime_s=DAY + 60, engine_time_s=DAY + 60)) is None
    assert told(before, DeviceFacts(uptime_s=7.0, engine_time_s=7.0)) == "restarted"
