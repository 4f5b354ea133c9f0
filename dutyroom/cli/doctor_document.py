"""`doctor --json`: every check with its codes, and its words in the language in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dutyroom.cli.documents import SCHEMA, Document, moment
from dutyroom.doctor import words
from dutyroom.doctor.check import Check
from dutyroom.rules.severity import worst


def examination(found: Sequence[Check], at: datetime) -> Document:
    """The document. `verdict` is the worst of the checks; `params` are texts, `fix` a code or null."""
    return {
        "schema": SCHEMA,
        "at": moment(at),
        "verdict": worst(check.verdict for check in found).value,
        "checks": [_check(check) for check in found],
    }


def _check(check: Check) -> Document:
    return {
        "group": check.group.value,
        "check": check.code,
        "subject": check.subject or None,
        "verdict": check.verdict.value,
        "told": check.told,
        "params": dict(check.params),
        "fix": check.fix or None,
        "message": words.told(check),
        "advice": words.advice(check) or None,
    }
