"""What earlier discharges of the same battery say of the one that runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dutyroom.model.runtime import Discharge
from dutyroom.rules.charge_gauge import ChargeGauge
from dutyroom.rules.discharge_curve import Curve, curve_of
from dutyroom.rules.discharge_work import Meter
from dutyroom.rules.runtime_report import Report

# Of each kind; a mains failure that comes and goes leaves many short ones.
MOST = 2
_LOOKED_AT = 12
# What a battery loses in a year, as an estimate: lead-acid loses a fifth in its design life, and as much in its last
# year alone.
YEARLY_LOSS = 0.10
# What a lower bound has to allow for.
MOST_YEARLY_LOSS = 0.20
LEAST_KEPT = 0.5
# Two ways to reckon with the load, and a discharge that ended at low, not at empty.
GROWN = 1.35
_YEAR_S = 365.25 * 86400.0
# Further apart than this no exponent scales one load to the other.
MOST_LOAD_RATIO = 4.0
# A battery that was not full when it began: only below this, because many never show 100.
_FULL_PERCENT = 97.0


@dataclass(frozen=True, slots=True)
class Told:
    """Full-load seconds left by the record: an estimate (`left`, None with its `why_not`) or a proven lower bound.

    `proves_reports`: the runtime the UPS reported came true before; `refutes_reports`: the battery lasted shorter.
    `charge_bends`: its charge falls unevenly, so that no slope of it tells anything, and none of the report either
    where `report_is_charge`.
    """

    left: float | None = None
    bound: float | None = None
    why_not: str = "none"
    proves_reports: bool = False
    refutes_reports: bool = False
    charge_bends: bool = False
    report_is_charge: bool = False


class History:
    """The newest discharges of the battery that `running` empties."""

    def __init__(self, running: Discharge, earlier: Iterable[Discharge]) -> None:
        same = sorted(
            (
                one
                for one in earlier
                if one.ups == running.ups
                and one.battery_installed == running.battery_installed
                and one.began_at < running.began_at
            ),
            key=lambda one: one.began_at,
            reverse=True,
        )
        self._curves: list[tuple[Curve, float]] = []
        for one in same[:_LOOKED_AT]:
            curve = curve_of(one)
            if curve is not None and sum(was.is_complete == curve.is_complete for was, _ in self._curves) < MOST:
                years = (running.began_at - one.began_at).total_seconds() / _YEAR_S
                self._curves.append((curve, years))

    def told(self, meter: Meter, gauge: ChargeGauge, report: Report) -> Told:
        """What the record says at this reading."""
        if not self._curves:
            return Told()
        bends = any(curve.charge_bends for curve, _ in self._curves)
        is_charge = any(curve.is_charge for curve, _ in self._curves)
        return replace(self._told(meter, gauge, report), charge_bends=bends, report_is_charge=is_charge)

    def _told(self, meter: Meter, gauge: ChargeGauge, report: Report) -> Told:
        judge, judged_years = self._judge()
        proves = judge is not None and judge.proves_reports and not _says_more(judge, meter, report)
        refutes = judge is not None and judge.refutes_reports
        known = [(curve, years) for curve, years in self._curves if curve.knows_load == meter.knows_load]
        if not known:
            return Told(None, None, "no-load", proves, refutes)
        usable = [(curve, years) for curve, years in known if _is_near(curve.rate, meter.rate)]
        if not usable:
            return Told(None, None, "other-load", proves, refutes)
        complete = [(curve, years) for curve, years in usable if curve.is_complete]
        if complete:
            left = min(_left(curve, _kept(years, YEARLY_LOSS), meter, gauge, report) for curve, years in complete)
            return Told(left, None, "", proves, refutes)
        believed = None if report.why_not(meter.work, meter.rate) else report.less_reserve
        if judge is not None and judge.is_steady and refutes and believed is not None:
            left = _kept(judged_years, YEARLY_LOSS) * believed / (judge.report_ratio or 1.0)
            return Told(left, None, "", proves, refutes)
        bound = max(_left(curve, _kept(years, MOST_YEARLY_LOSS), meter, gauge, report) for curve, years in usable)
        return Told(None, bound if bound > 0 else None, "partial" if bound > 0 else "beyond", proves, refutes)

    def _judge(self) -> tuple[Curve | None, float]:
        """The curve that tells whether reports are true: the newest that refutes them, else the newest complete one."""
        told = [(curve, years) for curve, years in self._curves if curve.report_ratio is not None]
        for curve, years in told:
            if curve.refutes_reports or curve.is_complete:
                return curve, years
        return None, 0.0

    def after_low(self, low_percent: float, gauge: ChargeGauge) -> float | None:
        """What part of the time left comes after the charge is so low, by the newest discharge that saw both.

        None where none did: a charge that falls evenly is then the only thing to reckon with.
        """
        if gauge.percent is None:
            return None
        for curve, _ in self._curves:
            if not curve.is_complete or not curve.charges or curve.charges[-1] > low_percent:
                continue
            here, there = curve.at_charge(gauge.percent), curve.at_charge(low_percent)
            if here is not None and there is not None and here < curve.total:
                return min(1.0, max(0.0, (curve.total - there) / (curve.total - here)))
        return None


def _kept(years: float, yearly_loss: float) -> float:
    return max(LEAST_KEPT, 1.0 - yearly_loss * years)


def _says_more(curve: Curve, meter: Meter, report: Report) -> bool:
    """True when the report promises clearly more in all than a complete discharge gave: no battery grows."""
    if not curve.is_complete or report.work_left is None or curve.knows_load != meter.knows_load:
        return False
    return meter.work + report.work_left > GROWN * curve.total


def _is_near(one: float, other: float) -> bool:
    return 1 / MOST_LOAD_RATIO <= one / other <= MOST_LOAD_RATIO if one > 0 and other > 0 else False


def _left(curve: Curve, kept: float, meter: Meter, gauge: ChargeGauge, report: Report) -> float:
    """The lowest of what work done, charge and report say of where on that curve this discharge stands."""
    start = 0.0
    if gauge.at_start is not None and gauge.at_start < _FULL_PERCENT:
        start = curve.at_charge(gauge.at_start) or 0.0
    ends = [kept * (curve.total - start) - meter.work]
    if gauge.percent is not None and not gauge.is_stuck:
        place = curve.at_charge(gauge.percent, meter.work - gauge.level_since_work)
        if place is not None:
            ends.append(kept * (curve.total - place))
    if curve.is_complete and report.work_left is not None and not report.why_not(meter.work, meter.rate):
        place = curve.at_report(report.work_left)
        if place is not None and not curve.proves_reports:
            ends.append(kept * (curve.total - place))
    return max(0.0, min(ends))
