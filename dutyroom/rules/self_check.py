"""Does a requirement hold, as far as figures can tell?"""

from __future__ import annotations

from collections.abc import Mapping

from dutyroom.model.self_check import CheckResult, CheckRow, Proof, SelfCheckAnswer


def proven(row: CheckRow, values: Mapping[str, float]) -> CheckResult | None:
    """What the figures prove; None when no figure is asked for, or one of them is not known (is not in `values`).

    One figure out of bounds is enough for not met, whatever the others say; one only partly within for partly.
    """
    found = [_of(proof, values) for proof in row.proofs]
    for result in (CheckResult.NOT_MET, None, CheckResult.PARTLY, CheckResult.MET):
        if result in found:
            return result
    return None


def result_of(row: CheckRow, values: Mapping[str, float], answer: SelfCheckAnswer | None) -> CheckResult:
    """What the figures prove; where they prove nothing what a person said last, else unknown.

    Of a requirement that does not apply figures prove nothing.
    """
    said = answer.result if answer is not None else None
    if said is CheckResult.NOT_APPLICABLE:
        return said
    return proven(row, values) or said or CheckResult.UNKNOWN


def _of(proof: Proof, values: Mapping[str, float]) -> CheckResult | None:
    value = values.get(proof.figure)
    if value is None:
        return None
    if proof.of:
        whole = values.get(proof.of)
        if not whole:
            return None
        value /= whole
    if _within(value, proof.at_least, proof.at_most):
        return CheckResult.MET
    has_partly = proof.partly_at_least is not None or proof.partly_at_most is not None
    if has_partly and _within(value, proof.partly_at_least, proof.partly_at_most):
        return CheckResult.PARTLY
    return CheckResult.NOT_MET


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)
