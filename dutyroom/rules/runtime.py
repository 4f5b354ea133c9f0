"""How long a battery still lasts: several ways to tell, and the lowest that can be trusted.

Firmware lies in many ways: a number that stands still, one of a battery that was new once, one that takes twice the
load for half the time. So what it says is held against the clock, against the fall of the charge, and against earlier
discharges of the same battery. Nothing is invented: with nothing to go by there is no number.

Codes of `Candidate.why_not`:

- `none`: there is nothing to tell it from (no runtime, no charge, no discharge on record, nothing believed so far);
- of the reported one: `zero`, `sentinel` (a placeholder), `gone` (no longer told), `frozen` (stands still), `slow`
  (falls slower than the clock), `fast` (faster: see slope), `uneven` (now fast, now slowly: the voltage under another
  name), `jumped` (rose without reason), `above` (more than an earlier one less the time since), `was-wrong` (the
  battery lasted shorter before);
- of the slope: `early` (too little has fallen), `uneven` (falls slower and slower, as a voltage does), `stuck` (stands
  at 100), `jumps`, `agrees` (with the report, near enough), `proven` (the report came true before), `on-record` (the
  history knows more), `alone` (a charge alone proves nothing);
- of the history: `partial` (was ended early and proves a lower bound), `beyond` (further than was ever proven),
  `no-load` (the load of one of the two is not known), `other-load` (too far from today's), `proven` (the report came
  true before, which beats any scaling);
- of the countdown: `not-needed` (the report is believed), `frozen` (what it counts from never moved), `uneven`, `fast`,
  `slow`, `was-wrong`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dutyroom.model.facts import RuntimeBasis
from dutyroom.model.runtime import Candidate, Discharge, DischargePoint, RuntimeEstimate, Thresholds
from dutyroom.rules.charge_gauge import RESERVE_PERCENT, ChargeGauge
from dutyroom.rules.discharge_work import Meter
from dutyroom.rules.runtime_history import History, Told
from dutyroom.rules.runtime_report import Report

_LONGEST_S = 7 * 86400.0
# Two numbers as near as this are the same.
NEAR = 1.1


class Estimator:
    """Follows one discharge reading by reading; what a call costs does not grow with its length.

    `running` says which UPS, which battery and since when; its points are taken in first. `earlier` are discharges on
    record, of which those of the same UPS and the same battery count.
    """

    def __init__(self, running: Discharge, earlier: Iterable[Discharge] = (), low: Thresholds | None = None) -> None:
        self.low = low if low is not None else Thresholds()
        self._meter = Meter()
        self._gauge = ChargeGauge()
        self._report = Report()
        self._history = History(running, earlier)
        self._newest_s: float | None = None
        self._estimate = RuntimeEstimate()
        self._is_new = False
        for point in running.points:
            self.see(point)

    def add(self, point: DischargePoint) -> RuntimeEstimate:
        """Takes the next reading in and returns what it comes to. One older than the newest changes nothing."""
        self.see(point)
        return self.now()

    def now(self) -> RuntimeEstimate:
        """What the newest reading comes to."""
        if self._is_new:
            self._estimate, self._is_new = self._made(), False
        return self._estimate

    def at(self, now_s: float) -> RuntimeEstimate:
        """The estimate, counted down from the newest reading to `now_s` (seconds since the beginning).

        What goes on while contact is lost: a countdown from the last number that was believed.
        """
        estimate, newest_s = self.now(), self._newest_s
        if newest_s is None or now_s <= newest_s or estimate.seconds is None:
            return estimate
        since_s = now_s - newest_s
        left = max(0.0, estimate.seconds - since_s)
        to_low = None if estimate.to_low_s is None else max(0.0, estimate.to_low_s - since_s)
        counted = Candidate(RuntimeBasis.COUNTDOWN, left)
        others = tuple(one for one in estimate.candidates if one.basis is not RuntimeBasis.COUNTDOWN)
        return replace(
            estimate, seconds=left, basis=RuntimeBasis.COUNTDOWN, to_low_s=to_low, candidates=(*others, counted)
        )

    def see(self, point: DischargePoint) -> None:
        """Takes the next reading in, for who does not ask at each. One older than the newest changes nothing."""
        if self._newest_s is not None and point.at_s < self._newest_s:
            return
        self._newest_s, self._is_new = point.at_s, True
        meter, knew_load = self._meter, self._meter.knows_load
        stepped = meter.add(point.at_s, point.load_percent)
        if meter.knows_load and not knew_load:
            # What was counted in plain time before cannot be compared with what comes.
            self._gauge, self._report = ChargeGauge(self._gauge.at_start), Report()
        if stepped:
            self._gauge.stepped()
            self._report.stepped(point.at_s, meter.stepped_by)
        self._gauge.add(point.at_s, meter.work, point.charge_percent)
        self._report.add(point.at_s, meter.work, meter.rate, point.reported_s, meter.wavers)

    def _made(self) -> RuntimeEstimate:
        meter, gauge, report = self._meter, self._gauge, self._report
        told = self._history.told(meter, gauge, report)
        reported = Candidate(RuntimeBasis.REPORTED, report.seconds or report.raw_s, self._doubt(told))
        why_not = "proven" if told.proves_reports and not reported.why_not else told.why_not
        history = Candidate(RuntimeBasis.HISTORY, self._seconds(told.left), why_not)
        countdown = self._countdown(told, reported)
        slope = self._slope(told, reported, countdown, history)
        candidates = (reported, slope, history, countdown)
        trusted = [one for one in candidates if one.seconds is not None and not one.why_not]
        best = min(trusted, key=lambda one: one.seconds or 0.0, default=None)
        if best is not None:
            return self._with_low(best.seconds, best.basis, candidates)
        if told.bound is not None:
            return self._with_low(self._seconds(told.bound), RuntimeBasis.HISTORY, candidates, at_least=True)
        return RuntimeEstimate(candidates=candidates)

    def _seconds(self, work: float | None) -> float | None:
        return None if work is None else min(_LONGEST_S, max(0.0, work / self._meter.rate))

    def _doubt(self, told: Told) -> str:
        why_not = self._report.why_not(self._meter.work, self._meter.rate)
        return why_not or ("was-wrong" if told.refutes_reports else "")

    def _countdown(self, told: Told, reported: Candidate) -> Candidate:
        """The lowest number that was believed, less the time since. It speaks where the report is not believed now."""
        held = self._seconds(self._report.guard(self._meter.work))
        if held is None:
            return Candidate(RuntimeBasis.COUNTDOWN, None, "none")
        if told.refutes_reports or reported.why_not in ("uneven", "fast", "slow"):
            return Candidate(RuntimeBasis.COUNTDOWN, held, reported.why_not)
        if not reported.why_not:
            return Candidate(RuntimeBasis.COUNTDOWN, held, "not-needed")
        return Candidate(RuntimeBasis.COUNTDOWN, held, "" if self._report.moved else "frozen")

    def _slope(self, told: Told, reported: Candidate, countdown: Candidate, history: Candidate) -> Candidate:
        """The end as the charge falls, or as the report falls by the clock, less what either shows of an empty one."""
        gauge = self._gauge
        by_charge, why_not = self._seconds(gauge.work_left()), gauge.why_not
        if not why_not and told.charge_bends:
            why_not = "uneven"
        elif not why_not and not gauge.is_judged:
            why_not = "early"
        if by_charge is not None and not why_not:
            why_not = self._slope_doubt(by_charge, told, reported, countdown, history)
            by_charge = self._seconds(gauge.work_left(RESERVE_PERCENT)) if not why_not else by_charge
        by_report = self._seconds(self._report.at_pace()) if reported.why_not == "fast" else None
        if told.charge_bends and told.report_is_charge:
            by_report = None
        if by_report is not None and (why_not or by_charge is None or by_report < by_charge):
            return Candidate(RuntimeBasis.SLOPE, by_report, "on-record" if why_not == "on-record" else "")
        return Candidate(RuntimeBasis.SLOPE, by_charge, why_not or ("none" if by_charge is None else ""))

    def _slope_doubt(
        self, seconds: float, told: Told, reported: Candidate, countdown: Candidate, history: Candidate
    ) -> str:
        if told.left is not None and not history.why_not:
            return "on-record"
        if told.proves_reports and not reported.why_not:
            return "proven"
        if reported.seconds is not None and not reported.why_not and reported.seconds <= NEAR * seconds:
            return "agrees"
        beside = (reported, countdown, history)
        if all(one.seconds is None or (one.why_not not in ("", "fast")) for one in beside):
            return "alone"
        return ""

    def _with_low(
        self,
        seconds: float | None,
        basis: RuntimeBasis,
        candidates: tuple[Candidate, ...],
        at_least: bool = False,
    ) -> RuntimeEstimate:
        return RuntimeEstimate(seconds, basis, self._to_low(seconds), at_least, candidates)

    def _to_low(self, seconds: float | None) -> float | None:
        """Seconds to the low threshold, whichever of the two comes first; None without one that can be told."""
        if seconds is None:
            return None
        ends = []
        if self.low.runtime_s is not None:
            ends.append(seconds - self.low.runtime_s)
        charge, least = self._gauge.percent, self.low.charge_percent
        if least is not None and charge is not None and charge <= least:
            ends.append(0.0)
        elif least is not None and charge is not None and self._gauge.why_not not in ("stuck", "jumps"):
            after = self._history.after_low(least, self._gauge)
            ends.append(seconds * (1.0 - (after if after is not None else least / charge)))
        return max(0.0, min(ends)) if ends else None


def estimate(
    running: Discharge, earlier: Iterable[Discharge] = (), low: Thresholds | None = None, now_s: float | None = None
) -> RuntimeEstimate:
    """The time left of a running discharge with all its points; for one look. A watch keeps an `Estimator`.

    `now_s`: seconds since it began; later than the newest reading, what was believed then is counted down.
    """
    estimator = Estimator(running, earlier, low)
    return estimator.at(now_s if now_s is not None else running.held_s)
