"""How long a device has been up, over the 497 days after which sysUpTime starts again at zero."""

from __future__ import annotations

# TimeTicks are hundredths of a second modulo 2^32 (RFC 2578).
WRAP_S = 2**32 / 100
# A clock drifts against another by less than this share, and agents start their clocks within a minute.
_DRIFT = 2e-4
_APART_S = 60.0


class UptimeMemory:
    """Turns sysUpTime into seconds since the start, counting wraps seen by itself or told by a longer clock.

    `restarted` says whether the clock began anew since the last reading, other than by a wrap.
    """

    def __init__(self) -> None:
        self._wraps = 0
        self._last: tuple[bool, float, float] | None = None
        self.restarted = False

    def read(self, ticks: int | None, longer_clocks_s: tuple[float | None, ...], at_s: float) -> float | None:
        """Seconds up, or None. `ticks` is sysUpTime, `at_s` a monotonic moment in seconds.

        `longer_clocks_s` are other clocks of the device in seconds (snmpEngineTime, hrSystemUptime), best first. One
        of them tells the wraps when it differs from sysUpTime by whole wraps; when sysUpTime is missing or 0, the
        first of them is taken as it is.
        """
        if not ticks:
            clock_s = next((clock for clock in longer_clocks_s if clock), 0.0 if ticks == 0 else None)
            self._compare(False, clock_s, at_s)
            return clock_s
        seconds = ticks / 100
        self._compare(True, seconds, at_s)
        for clock in longer_clocks_s:
            if clock is None:
                continue
            told = round((clock - seconds) / WRAP_S)
            if told > self._wraps and abs(clock - seconds - told * WRAP_S) <= _APART_S + _DRIFT * clock:
                self._wraps = told
        return seconds + self._wraps * WRAP_S

    def _compare(self, is_ticks: bool, seconds: float | None, at_s: float) -> None:
        last, self._last = self._last, (is_ticks, seconds, at_s) if seconds is not None else None
        self.restarted = False
        if last is None or seconds is None or last[0] is not is_ticks:
            self._wraps = 0
            return
        elapsed = at_s - last[2]
        near = _APART_S + _DRIFT * elapsed
        if seconds < last[1]:
            wrapped = is_ticks and abs(seconds - (last[1] + elapsed - WRAP_S)) <= near
            self._wraps = self._wraps + 1 if wrapped else 0
            self.restarted = not wrapped
        elif seconds + near < elapsed:
            # The device was not heard for longer than it is up.
            self._wraps, self.restarted = 0, True
