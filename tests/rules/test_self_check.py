"""What figures prove of a requirement, and what a person says where they prove nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dutyroom.model.checklist import Words
from dutyroom.model.self_check import CheckResult, CheckRow, CheckSheet, Proof, SelfCheckAnswer
from dutyroom.rules.self_check import proven, result_of

WALKED = Proof("signed", of="due", at_least=1, partly_at_least=0.9)
FEW = Proof("missing", at_most=0, partly_at_most=1)
MET, PARTLY, NOT_MET = CheckResult.MET, CheckResult.PARTLY, CheckResult.NOT_MET


def row(*proofs: Proof) -> CheckRow:
    return CheckRow("duty.rounds", CheckSheet.SELF_CHECK, Words("Duty", "值守"), Words("Walked", "巡检"), proofs=proofs)


def said(result: CheckResult | None) -> SelfCheckAnswer:
    return SelfCheckAnswer("duty.rounds", result, "", "", datetime(2026, 10, 1, tzinfo=UTC), "li")


@pytest.mark.parametrize(
    ("values", "result"),
    [
        ({"signed": 30, "due": 30, "missing": 0}, MET),
        ({"signed": 28, "due": 30, "missing": 0}, PARTLY),
        ({"signed": 30, "due": 30, "missing": 1}, PARTLY),
        ({"signed": 20, "due": 30, "missing": 0}, NOT_MET),
        ({"signed": 30, "due": 30, "missing": 2}, NOT_MET),
        ({"signed": 20, "due": 30}, NOT_MET),
        ({"signed": 30, "due": 30}, None),
        ({"signed": 0, "due": 0, "missing": 0}, None),
        ({}, None),
    ],
)
def test_the_worst_of_the_figures_decides_and_an_unknown_one_proves_nothing(
    values: dict[str, float], result: CheckResult | None
) -> None:
    assert proven(row(WALKED, FEW), values) is result


def test_without_a_lesser_bound_a_figure_is_in_bounds_or_not_met() -> None:
    assert proven(row(Proof("days", at_most=180)), {"days": 181}) is NOT_MET


def test_a_person_decides_only_where_figures_do_not() -> None:
    assert result_of(row(FEW), {"missing": 3}, said(MET)) is NOT_MET
    assert result_of(row(FEW), {}, said(MET)) is MET
    assert result_of(row(), {}, said(None)) is CheckResult.UNKNOWN
    assert result_of(row(), {}, None) is CheckResult.UNKNOWN
    assert result_of(row(FEW), {"missing": 3}, said(CheckResult.NOT_APPLICABLE)) is CheckResult.NOT_APPLICABLE
