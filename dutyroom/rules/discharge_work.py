"""What a battery gives while it discharges, counted so that discharges at different loads can be compared.

The measure is seconds at full load: time times `(load / 100) ** 1.15` (Peukert's form; lead-acid batteries measure
1.05 to 1.3, NUT's own estimator has 1.2 as its default neighbourhood). Twice the load empties a battery in less than
half the time.
"""

from __future__ import annotations

PEUKERT = 1.15
# Below this a load reading says more about the sensor than about the load, and would promise days.
LEAST_LOAD_PERCENT = 3.0
# Placeholders for "unknown" or "too long to tell": 16 bits of seconds, and the same taken for minutes by SNMP cards.
SENTINEL_S = 65535.0
# Readings further apart than this were not seen: a load that changed meanwhile is not known.
_SMOOTH_S = 60.0


def rate_of(load_percent: float) -> float:
    """Full-load seconds used in one second at this load."""
    return float((max(load_percent, LEAST_LOAD_PERCENT) / 100.0) ** PEUKERT)


def is_number(reported_s: float | None) -> bool:
    """True for a reported runtime that is a number of seconds at all: above zero and no placeholder."""
    return reported_s is not None and 0.0 < reported_s < SENTINEL_S


class Meter:
    """Adds up full-load seconds reading by reading; `rate` is the present load as full-load seconds per second.

    `rate` is smoothed over about a minute and follows a step at once. Until a load was seen `rate` is 1: plain time.
    """

    # A change of a fifth is a step when two readings in a row show it; one alone is a start-up current.
    STEP = 0.20

    def __init__(self) -> None:
        self.work = 0.0
        self.rate = 1.0
        self.knows_load = False
        self.stepped_by = 1.0
        self._at_s: float | None = None
        self._load: float | None = None
        self._odd = 0

    def add(self, at_s: float, load_percent: float | None) -> bool:
        """Takes a reading in; True when the load made a step (`stepped_by`: new by old). Out of order: ignored."""
        since_s = 0.0 if self._at_s is None else at_s - self._at_s
        if since_s < 0:
            return False
        self._at_s = at_s
        stepped = False
        before = self.rate
        if load_percent is not None and load_percent > 0:
            stepped = self._follow(load_percent, since_s)
        self.work += since_s * (self.rate if stepped else (before + self.rate) / 2)
        return stepped

    @property
    def wavers(self) -> bool:
        """True while one reading shows another load and no second one has confirmed it."""
        return self._odd > 0

    def _follow(self, load_percent: float, since_s: float) -> bool:
        if not self.knows_load:
            # What was used before the first load reading is taken to have been used at that load.
            self.knows_load = True
            self._load, self.rate = load_percent, rate_of(load_percent)
            self.work *= self.rate
            return False
        old = self._load or load_percent
        if abs(load_percent - old) > self.STEP * old:
            self._odd += 1
            if self._odd < 2:
                return False
            self.stepped_by = rate_of(load_percent) / self.rate
            self._odd, self._load, self.rate = 0, load_percent, rate_of(load_percent)
            return True
        self._odd = 0
        share = min(1.0, since_s / _SMOOTH_S)
        self._load = old + share * (load_percent - old)
        self.rate = rate_of(self._load)
        return False
