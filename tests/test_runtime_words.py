"""Every code the runtime rules give has words, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dutyroom import runtime_words
from dutyroom.model.facts import RuntimeBasis
from dutyroom.model.runtime import Candidate, RuntimeEstimate
from dutyroom.rules import runtime


def test_every_code_in_the_rules_docstring_has_words() -> None:
    codes = re.findall(r"`([a-z-]+)`", (runtime.__doc__ or "").split("Codes of")[1])
    assert set(codes) == set(runtime_words.WHY_NOT)


@pytest.mark.parametrize("module", ["runtime", "runtime_report", "charge_gauge", "runtime_history"])
def test_every_code_the_rules_give_is_documented(module: str) -> None:
    text = Path(runtime.__file__).with_name(f"{module}.py").read_text(encoding="utf-8")
    given = set(re.findall(r'return "([a-z-]+)"', text)) | set(re.findall(r'why_not = "([a-z-]+)"', text))
    assert given <= set(runtime_words.WHY_NOT)


def test_a_lower_bound_and_no_basis_say_so() -> None:
    assert runtime_words.basis(RuntimeEstimate()) == "no basis"
    bound = RuntimeEstimate(60.0, RuntimeBasis.HISTORY, at_least=True)
    assert runtime_words.basis(bound) == "at least, from earlier outages"
    assert runtime_words.why_not(Candidate(RuntimeBasis.HISTORY, None, "none")) == "no discharge on record"
    assert runtime_words.why_not(Candidate(RuntimeBasis.REPORTED, 60.0)) == ""
