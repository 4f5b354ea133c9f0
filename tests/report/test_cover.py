"""The cover: what it says in a sentence, in figures, and to the program that checks it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from dutyroom.model.rounds import RoundState
from dutyroom.report.accounting import accounting
from dutyroom.report.collect import report_of
from dutyroom.report.facts.findings import FindingFacts
from dutyroom.report.facts.ledger import LedgerFacts
from dutyroom.report.facts.rounds import RoundFacts
from dutyroom.report.facts.standing import SlotFact, SlotState
from dutyroom.report.facts.used_versions import versions_of
from dutyroom.report.figure import Figure, Shown
from dutyroom.report.frame import Frame
from dutyroom.report.key_figures import all_figures, figure_text, judged
from dutyroom.report.page import Cell, Page
from dutyroom.report.period_words import period_words
from dutyroom.report.report import Report
from dutyroom.report.sheets.cover import cover_page
from dutyroom.rules.report_period import parse
from dutyroom.store.database import Store
from dutyroom.words import speaking
from tests.report.month_seed import OLD_VERSION, VERSION, month, site

AFTER = datetime(2026, 11, 2, 0, 15, 3, tzinfo=UTC)
WALKED = (Figure("rounds.due", "Rounds due", 31), Figure("rounds.signed", "Signed", 31))
GOOD = Figure("zero.missing", "Zero reports missing", 0)
MISSED = Figure("rounds.missed", "Missed", 2, is_bad=True, records=("round:4", "round:5"))
OVERDUE = Figure("findings.overdue", "Findings over their deadline", 3, is_bad=True, records=("finding:9",))


@dataclass(frozen=True, slots=True)
class Told(FindingFacts):
    """Findings with the figures a test says."""

    told: tuple[Figure, ...] = ()

    def figures(self) -> tuple[Figure, ...]:
        return self.told


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    """The report of October 2026 out of a store nobody has used."""
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('store') / 'dutyroom.db'}")
    yield report_of(store, replace(site(), fingerprint="ab" * 32), (), parse("2026-10"), AFTER)
    store.close()


def with_figures(report: Report, *figures: Figure, made_at: datetime = AFTER) -> Report:
    frame = replace(report.frame, made_at=made_at)
    told = Told(frame.begins_at, frame.cutoff, told=figures)
    return replace(report, frame=frame, ledger=LedgerFacts(7, "a" * 64, 90, "b" * 64), findings=told)


def said(*figures: Figure, made_at: datetime = AFTER) -> str:
    return judged(Frame(site(), parse("2026-10"), made_at), figures)


def at(page: Page, row: int, column: int) -> Cell:
    return next(cell for cell in page.cells if (cell.row, cell.column) == (row, column))


def test_what_is_over_a_deadline_is_named_before_what_was_only_missed() -> None:
    told = said(*WALKED, MISSED, OVERDUE)
    assert told.startswith("Rounds signed: 31 of 31. Act on first: Findings over their deadline 3.")
    assert told.endswith("Then: Missed 2.")


def test_nothing_to_act_on_is_said_only_when_every_figure_is_known_and_good() -> None:
    assert said(*WALKED, GOOD).endswith("Nothing to act on.")
    unknown = said(*WALKED, Figure("availability.lowest", "Lowest availability", None, Shown.PERCENT))
    assert "Nothing to act on" not in unknown
    assert unknown.endswith("Nothing that is known calls for action. Not known: Lowest availability.")
    assert said(*WALKED, GOOD, Figure("hold.unknown", "Not proven", 2)).endswith("Not known: Not proven 2.")
    assert said(*WALKED, GOOD, Figure("outages.longest_minutes", "Longest", None)).endswith("Nothing to act on.")
    assert "Nothing to act on" not in said()


def test_a_period_that_is_not_over_says_up_to_when_and_one_to_come_says_so() -> None:
    running = said(*WALKED, made_at=datetime(2026, 10, 24, 0, 45, tzinfo=UTC))
    assert running.endswith("The period is not over: counted up to 2026-10-24 08:45.")
    assert said(made_at=datetime(2026, 9, 1, tzinfo=UTC)) == "The period has not begun: nothing is counted."


@pytest.mark.parametrize(
    ("name", "en", "zh"),
    [
        ("2026-W43", "Week 43 of 2026", "2026 年第 43 周"),
        ("2026-10", "October 2026", "2026 年 10 月"),
        ("2026-Q4", "Quarter 4 of 2026", "2026 年第 4 季度"),
        ("2026", "The year 2026", "2026 年"),
        ("2026-10-05..2026-11-04", "2026-10-05 to 2026-11-04", "2026-10-05 至 2026-11-04"),
    ],
)
def test_a_period_is_told_in_words(name: str, en: str, zh: str) -> None:
    assert period_words(parse(name)) == en
    with speaking("zh_CN"):
        assert period_words(parse(name)) == zh


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [
        (None, Shown.COUNT, "–"),
        (0, Shown.COUNT, "0"),
        (0.99999, Shown.PERCENT, "99.99%"),
        (1.0, Shown.PERCENT, "100.00%"),
        (12.5, Shown.MINUTES, "12.5 min"),
        (date(2026, 10, 3), Shown.DATE, "2026-10-03"),
    ],
)
def test_a_figure_as_text(value: float | date | None, shown: Shown, text: str) -> None:
    assert figure_text(Figure("any", "Any", value, shown)) == text


def test_the_strip_shows_the_figures_with_their_records_in_a_hidden_column(
    nothing: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dutyroom.report.sheets.cover.key_figures", lambda _report: (OVERDUE,))
    page = cover_page(nothing)
    row = next(cell.row for cell in page.cells if (cell.value, cell.look) == (3, "cover count bad"))
    assert "finding:9" in {cell.value for cell in page.cells if cell.row == row and cell.column in page.hidden}


def test_named_cells_hold_what_a_check_needs(nothing: Report) -> None:
    with speaking("zh_CN"):
        page = cover_page(with_figures(nothing, OVERDUE))
    found = {name: at(page, *place).value for name, place in page.names.items()}
    version = found.pop("report_version")
    assert version
    assert re.fullmatch("[0-9a-f]{12}", str(found.pop("report_rows")))
    assert found == {
        "report_checklists": "–",
        "report_period": "2026-10",
        "report_language": "zh_CN",
        "report_made_at": "2026-11-02T00:15:03Z",
        "report_site": "abababababab",
        "ledger_first_seq": 7,
        "ledger_first_hash": "a" * 64,
        "ledger_last_seq": 90,
        "ledger_last_hash": "b" * 64,
    }


def test_the_time_of_making_stands_in_one_cell_of_a_period_that_is_over(nothing: Report) -> None:
    one = cover_page(with_figures(nothing, OVERDUE))
    later = cover_page(with_figures(nothing, OVERDUE, made_at=datetime(2027, 3, 1, 5, tzinfo=UTC)))
    differ = [(a, b) for a, b in zip(one.cells, later.cells, strict=True) if a != b]
    assert len(differ) == 1
    assert (differ[0][0].row, differ[0][0].column) == one.names["report_made_at"]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_no_cell_of_the_cover_lies_over_another(nothing: Report, language: str) -> None:
    with speaking(language):
        page = cover_page(with_figures(nothing, OVERDUE))
    taken = [(one.row, column) for one in page.cells for column in range(one.column, one.column + one.columns)]
    assert len(taken) == len({*taken})
    assert max(column for _row, column in taken) <= len(page.widths)


def test_every_definition_has_words_and_every_theme_is_asked(nothing: Report) -> None:
    assert all(label and text for label, text in accounting(nothing.frame))
    names = [one.name for one in all_figures(with_figures(nothing, replace(OVERDUE, name="ledger.own")))]
    assert {"ledger.own", "rounds.due"} <= {*names}
    assert len(names) == len({*names}), "two figures of the same name"


def test_who_walked_and_the_versions_they_walked_with_stand_side_by_side(nothing: Report) -> None:
    walked = [
        replace(month().rounds[number], state=RoundState.SIGNED, marks=(), version=version)
        for number, version in enumerate((OLD_VERSION, VERSION, VERSION))
    ]
    slots = tuple(SlotFact(one.checklist, one.due_at, one.due_on, SlotState.ON_TIME, one) for one in walked)
    report = replace(nothing, rounds=RoundFacts(slots))
    assert [(one.version, one.rounds) for one in versions_of(report.rounds)] == [(OLD_VERSION, 1), (VERSION, 2)]
    page = cover_page(report)
    head = next(cell for cell in page.cells if cell.value == "Name").row
    row = {cell.column: cell.value for cell in page.cells if cell.row == head + 1}
    assert row[1] == walked[0].signed_by
    assert (row[9], row[10], row[12]) == (OLD_VERSION, walked[0].due_on, 1)
