"""Whether a device restarted between two samples, or only its SNMP agent, or neither."""

from __future__ import annotations

from dutyroom.model.facts import DeviceFacts
from dutyroom.model.reading import Sample

# sysUpTime is a TimeTicks (RFC 2578): it wraps at 2^32 hundredths of a second, 497.1 days, and that is no restart.
UPTIME_WRAP_S = 2**32 / 100
# Clocks of devices drift: a start that moved by less than this is the same start.
RESTART_SLACK_S = 90.0


def restart(before: Sample, after: Sample) -> str | None:
    """`restarted`, `agent-restarted`, or None when neither can be told."""
    elapsed_s = (after.at - before.at).total_seconds()
    if before.device is not None and after.device is not None:
        return _of_device(before.device, after.device, elapsed_s)
    if before.server is not None and after.server is not None:
        return "restarted" if _began_anew(before.server.uptime_s, after.server.uptime_s, elapsed_s) else None
    return None


def _of_device(old: DeviceFacts, new: DeviceFacts, elapsed_s: float) -> str | None:
    began = _began_anew(old.agent_uptime_s, new.agent_uptime_s, elapsed_s)
    if began is None:
        began = _began_anew(old.uptime_s, new.uptime_s, elapsed_s)
    if began:
        ran_on = any(
            _ran_on(was, now, elapsed_s)
            for was, now in ((old.host_uptime_s, new.host_uptime_s), (old.engine_time_s, new.engine_time_s))
        )
        return "agent-restarted" if ran_on else "restarted"
    # sysUpTime may be the machine's own clock: then a new count of boots says that the agent began anew under it.
    booted = old.boots is not None and new.boots is not None and new.boots > old.boots
    return "agent-restarted" if booted and _began_anew(old.engine_time_s, new.engine_time_s, elapsed_s) else None


def _began_anew(old_s: float | None, new_s: float | None, elapsed_s: float) -> bool | None:
    """Whether a clock that runs since the start was set back to it; None when one of the two is not known."""
    if old_s is None or new_s is None:
        return None
    if _wrapped(old_s, new_s, elapsed_s):
        return False
    if new_s < old_s:
        return old_s - new_s > RESTART_SLACK_S or new_s < elapsed_s
    # It may have run longer than before: what began after the older sample was taken is another start all the same.
    return new_s + RESTART_SLACK_S < elapsed_s


def _ran_on(old_s: float | None, new_s: float | None, elapsed_s: float) -> bool:
    if old_s is None or new_s is None:
        return False
    return new_s + RESTART_SLACK_S >= old_s + elapsed_s or _wrapped(old_s, new_s, elapsed_s)


def _wrapped(old_s: float, new_s: float, elapsed_s: float) -> bool:
    expected_s = old_s + elapsed_s
    return expected_s >= UPTIME_WRAP_S and abs(expected_s % UPTIME_WRAP_S - new_s) <= RESTART_SLACK_S
