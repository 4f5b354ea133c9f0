"""What an earlier discharge of the same battery proves: where on its way a charge or a reported runtime stood."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from dutyroom.model.runtime import Discharge, DischargeEnd
from dutyroom.rules.charge_gauge import FULL_PERCENT
from dutyroom.rules.discharge_work import Meter, is_number
from dutyroom.rules.steadiness import Series

# A curve is drawn once per outage, of up to a hundred UPSes at the same moment.
_POINTS = 500
# A discharge of a few minutes proves next to nothing.
LEAST_S = 180.0
# Ended by hand or by mains, but as good as empty.
_AS_GOOD_AS_LOW_PERCENT = 10.0
# So near to what really happened was the reported runtime: the firmware knows its battery.
PROVEN = 1.15
_JUDGED_FROM = 0.25
# Over a whole discharge noise evens out: less than this is a straight line.
_BEND = 0.09
_OFF = 0.10
# A report that keeps so near to a multiple of the charge is made of it, and bends as little as a charge may.
_SAME = 0.06
_LEAST_CHARGE = 10.0
_BEND_OF_CHARGE = 0.04
# A runtime that hardly falls while the battery does stands still.
_STANDS = 0.5


@dataclass(frozen=True, slots=True)
class Curve:
    """One discharge in full-load seconds since its beginning (plain seconds when its load is not known).

    `charges` and `reports` never rise and are as long as their `works`; reports are work left. `rate` is the mean load
    as full-load seconds per second. `is_complete`: it ran until the battery was low or empty, else `total` is only what
    was proven. `report_ratio` is the reported work left by the true one where it is complete, else the speed at which
    the reported one fell by the clock's; None: not told. `is_steady` is false of a report that fell now fast, now
    slowly, or stood still. `charge_bends`: the charge fell unevenly. `is_charge`: the report was a multiple of it.
    """

    total: float
    rate: float
    is_complete: bool
    knows_load: bool
    charge_works: tuple[float, ...]
    charges: tuple[float, ...]
    report_works: tuple[float, ...]
    reports: tuple[float, ...]
    report_ratio: float | None
    is_steady: bool
    ran_empty: bool = False
    charge_bends: bool = False
    is_charge: bool = False

    def at_charge(self, percent: float, stood: float = 0.0) -> float | None:
        """The work done when the charge was this; `stood` is the work done since it has been so. None: not told.

        Below all that was seen it is the end.
        """
        if not self.charges:
            return None
        reached = _place(self.charge_works, self.charges, percent)
        if reached is None:
            return self.total
        left_at = bisect_right(self.charges, -percent + 0.01, key=lambda value: -value)
        leaves = self.charge_works[left_at] if left_at < len(self.charges) else self.total
        return min(reached + stood, max(reached, leaves))

    def at_report(self, left: float) -> float | None:
        """The work done when the reported work left was this; None where no runtime was reported."""
        if not self.reports:
            return None
        reached = _place(self.report_works, self.reports, left)
        return self.total if reached is None else reached

    @property
    def proves_reports(self) -> bool:
        """True when the battery ran until low and lasted as long as the UPS had said, or longer."""
        return self.is_complete and self._fits

    @property
    def _fits(self) -> bool:
        return self.is_steady and self.report_ratio is not None and self.report_ratio <= PROVEN

    @property
    def refutes_reports(self) -> bool:
        """True when it lasted shorter, or when the report did not move as time does."""
        return self.report_ratio is not None and not self._fits


def _place(works: Sequence[float], falling: Sequence[float], value: float) -> float | None:
    """Where a never rising series first came to a value, between two readings by proportion; None: it never did."""
    place = bisect_left(falling, -value, key=lambda one: -one)
    if place >= len(falling):
        return None
    if place == 0:
        return works[0]
    high, low = falling[place - 1], falling[place]
    share = (high - value) / (high - low) if high > low else 1.0
    return works[place - 1] + share * (works[place] - works[place - 1])


def curve_of(discharge: Discharge) -> Curve | None:
    """The curve of a discharge that is over; None of one that runs, is too short, or has too few readings."""
    points = discharge.points
    if discharge.end is None or len(points) < 5 or discharge.held_s < LEAST_S:
        return None
    if len(points) > _POINTS:
        step = (len(points) - 1) / (_POINTS - 1)
        points = tuple(points[round(place * step)] for place in range(_POINTS))
    meter, charges, reports, both = Meter(), [], [], []
    load = next((point.load_percent for point in points if point.load_percent), None)
    for point in points:
        load = point.load_percent if point.load_percent else load
        meter.add(point.at_s, load)
        if point.charge_percent is not None:
            charges.append((meter.work, point.charge_percent))
        if is_number(point.reported_s) and point.reported_s is not None:
            reports.append((meter.work, point.reported_s * meter.rate))
            if point.charge_percent is not None and _LEAST_CHARGE <= point.charge_percent < FULL_PERCENT:
                both.append((meter.work, point.reported_s * meter.rate / point.charge_percent))
    falling = _falling(charges)
    told = _falling(_smooth(reports))
    last = charges[-1][1] if charges else None
    complete = discharge.end in (DischargeEnd.LOW, DischargeEnd.EMPTY) or (
        last is not None and last <= _AS_GOOD_AS_LOW_PERCENT
    )
    bends, is_charge = _bends(charges), _is_multiple(both)
    ratio, is_steady = _ratio(reports, meter.work) if complete else _pace(told, _BEND_OF_CHARGE if is_charge else _BEND)
    return Curve(
        total=meter.work,
        rate=meter.work / discharge.held_s,
        is_complete=complete,
        knows_load=meter.knows_load,
        charge_works=tuple(work for work, _ in falling),
        charges=tuple(value for _, value in falling),
        report_works=tuple(work for work, _ in told),
        reports=tuple(value for _, value in told),
        report_ratio=ratio,
        is_steady=is_steady,
        ran_empty=discharge.end is DischargeEnd.EMPTY,
        charge_bends=bends,
        is_charge=is_charge,
    )


def _smooth(series: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    return [
        (work, median(value for _, value in series[max(0, place - 2) : place + 3]))
        for place, (work, _) in enumerate(series)
    ]


def _falling(series: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The same with each value the lowest so far."""
    kept: list[tuple[float, float]] = []
    for work, value in series:
        kept.append((work, min(value, kept[-1][1]) if kept else value))
    return kept


def _ratio(reports: Sequence[tuple[float, float]], total: float) -> tuple[float | None, bool]:
    """How much too long the reports were against what really came, and whether that hardly changed on the way."""
    judged = [(work, left) for work, left in reports if total - work >= _JUDGED_FROM * total]
    if len(judged) < 5:
        return None, False
    # What was reported at the very end had not come yet when a low battery ended it.
    rest = min(reports[-1][1], 0.15 * total)
    ratios = sorted(left / (total - work + rest) for work, left in judged)
    middle = median(ratios)
    return middle, ratios[int(0.9 * (len(ratios) - 1))] <= PROVEN * middle


def _series(rows: Sequence[tuple[float, float]]) -> Series:
    whole = Series(1.0)
    for place, (work, value) in enumerate(rows):
        whole.add(float(place), work, value)
    return whole


def _bends(charges: Sequence[tuple[float, float]]) -> bool:
    """True of a charge that fell unevenly; standing at 100 for a while does not count, many gauges start late."""
    return abs(_series([row for row in charges if row[1] < FULL_PERCENT]).bend()) > _BEND_OF_CHARGE


def _is_multiple(ratios: Sequence[tuple[float, float]]) -> bool:
    """True of reports that are the charge times a constant: worth no more than the gauge behind that."""
    groups = [ratio for _, ratio in _series(ratios).groups()]
    return bool(groups) and max(groups) - min(groups) <= _SAME * min(groups)


def _pace(told: Sequence[tuple[float, float]], most_bend: float) -> tuple[float | None, bool]:
    """How fast the reports fell by the clock, and whether steadily: not in stairs, not as a voltage does."""
    whole = _series(told)
    speed = whole.speed()
    if speed is None:
        return None, False
    is_steady = abs(whole.bend()) <= most_bend and speed > _STANDS
    return (speed if abs(whole.off(1.0)) > _OFF else 1.0), is_steady
