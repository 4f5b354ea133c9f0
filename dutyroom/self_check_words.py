"""The results of the self-check in words."""

from __future__ import annotations

from dutyroom.model.self_check import CheckResult
from dutyroom.words import N_, _

_RESULTS = {
    CheckResult.MET: N_("fully met"),
    CheckResult.PARTLY: N_("partly met"),
    CheckResult.NOT_MET: N_("not met"),
    CheckResult.NOT_APPLICABLE: N_("not applicable"),
    CheckResult.UNKNOWN: N_("not known"),
}


def result(value: CheckResult) -> str:
    """The result as words."""
    return _(_RESULTS[value])
