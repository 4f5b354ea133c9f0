"""How long a device has been up, over the 497 days after which sysUpTime starts again at zero."""

from __future__ import annotations

# TimeTicks are hundredths of a second modulo 2^32 (RFC 2578).
WRAP_S = 2**32 / 100
# A clock drifts against another by less than this share, and agents start their clocks within a minute.
_DRIFT = 2e-4
_APART_S = 60.0


class UptimeMemory:
    """Turns sysUpTime into seconds since the start, counting wraps seen by itself or told by a longer clock."""

    def __init__(self) -> None:
        self._wraps = 0
        self._last: tuple[float, float] | None = None
        self.went_backwards = False

    def read(self, ticks: int | None, longer_clocks_s: tuple[float | None, ...], at_s: float) -> float | None:
        """Seconds up, or None. `ticks` is sysUpTime, `at_s` a monotonic moment in seconds.

        `longer_clocks_s` are other clocks of the device in seconds (snmpEngineTime, hrSystemUptime), best first. One
        of them tells the wraps when it differs from sysUpTime by whole wraps; when sysUpTime is missing or 0, the
        first of them is taken as it is. `went_backwards` says whether the device restarted or wrapped since last time.
        """
        if not ticks:
            self._last, self.went_backwards = None, False
            return next((clock for clock in longer_clocks_s if clock), 0.0 if ticks == 0 else None)
        seconds = ticks / 100
        self.went_backwards = self._last is not None and seconds < self._last[0]
        if self._last is not None and self.went_backwards:
            expected = self._last[0] + (at_s - self._last[1]) - WRAP_S
            near = _APART_S + _DRIFT * (at_s - self._last[1])
            self._wraps = self._wraps + 1 if abs(seconds - expected) <= near else 0
        self._last = (seconds, at_s)
        for clock in longer_clocks_s:
            if clock is None:
                continue
            told = round((clock - seconds) / WRAP_S)
            if told > self._wraps and abs(clock - seconds - told * WRAP_S) <= _APART_S + _DRIFT * clock:
                self._wraps = told
        return seconds + self._wraps * WRAP_S
