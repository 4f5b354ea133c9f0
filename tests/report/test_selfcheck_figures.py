"""What the self-check names as evidence is there: a name nothing counts would stand as not known for ever."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from dutyroom.model.self_check import CheckResult
from dutyroom.report.inspection_figures import inspection_figures
from dutyroom.report.key_figures import all_figures
from dutyroom.rules.self_check import proven
from dutyroom.self_checks import shipped_rows
from tests.report.round_room import DAY, SHANGHAI, at, opened_room, report, walk

NAMED = sorted({name for row in shipped_rows() for name in row.figures})
"""Every figure of the shipped rows, those of the proofs among them; `name.*` is any that begins so."""


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names of all figures of the report of a real room."""
    with opened_room(tmp_path_factory.mktemp("room")) as desk:
        begun = at(SHANGHAI, "2026-10-05 08:30")
        walk(desk, begun)
        made = report(desk, "2026-Q4", begun + DAY)
    return [one.name for one in (*all_figures(made), *inspection_figures(made))]


def test_no_two_figures_have_one_name(counted: list[str]) -> None:
    assert len(counted) == len({*counted})


@pytest.mark.parametrize("name", NAMED)
def test_every_figure_the_self_check_names_is_counted(counted: list[str], name: str) -> None:
    assert [one for one in counted if fnmatchcase(one, name)]


def test_the_proofs_are_among_what_is_tested() -> None:
    proofs = [proof for row in shipped_rows() for proof in row.proofs]
    assert {name for proof in proofs for name in (proof.figure, proof.of) if name} <= {*NAMED}
    assert len(NAMED) > 40


@pytest.mark.parametrize(
    ("row", "values", "result"),
    [
        ("network.register", {"inspection.registered": 0.0}, CheckResult.PARTLY),
        ("network.register", {"inspection.registered": 12.0}, CheckResult.MET),
        ("inspection.register", {"inspection.registered": 0.0}, CheckResult.PARTLY),
        ("room.climate", {"environment.days_measured": 1.0}, CheckResult.PARTLY),
        ("room.climate", {"environment.days_measured": 27.0}, CheckResult.MET),
    ],
)
def test_without_a_register_or_measured_days_no_row_is_fully_met(
    row: str, values: dict[str, float], result: CheckResult
) -> None:
    known = {
        "checked.unknown": 30.0,
        "abnormal.unknown": 0.0,
        "environment.hours_outside": 0.0,
        "inspection.days": 30.0,
    }
    (found,) = [one for one in shipped_rows() if one.id == row]
    assert proven(found, {**known, **values}) is result
