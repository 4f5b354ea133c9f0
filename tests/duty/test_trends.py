"""Trends: the answers of signed rounds to one line, from a real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from dutyroom.duty.trends import asked_lines, read_trend
from dutyroom.errors import RoundRefused
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import Amendment, Mark
from dutyroom.store import amendments, rounds
from tests.desks import NOW, opened_desk
from tests.ui.kept_rounds import HOT, ITEM, keep_november


def test_a_trend_has_the_answers_of_signed_rounds_only_oldest_first(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        keep_november(desk)
        trend = read_trend(desk, ITEM, "", 90, NOW)
        assert [point.due_on.day for point in trend.points] == [day for day in range(1, 21) if day not in (8, 9)]
        assert trend.missed == (date(2026, 11, 8), date(2026, 11, 9))
        hot = next(point for point in trend.points if point.due_on.day == HOT)
        assert (hot.value, hot.verdict) == (28.4, Verdict.ATTENTION)
        assert next(point for point in trend.points if point.due_on.day == 5).marks == (Mark.LATE,)
        assert trend.item.limit.normal is not None


def test_a_trend_ends_as_many_days_back_as_is_asked(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        keep_november(desk)
        trend = read_trend(desk, ITEM, "", 14, NOW, back=14)
        assert (trend.until - trend.since) == timedelta(days=13)
        assert all(trend.since <= point.due_on <= trend.until for point in trend.points)


def test_an_item_of_no_checklist_is_refused_by_name(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk, pytest.raises(RoundRefused, match=r"env\.nothing") as refused:
        read_trend(desk, "env.nothing", "", 14, NOW)
    assert refused.value.code == "unknown-item"


def test_every_line_of_the_checklists_in_force_can_be_asked_for_once(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        lines = asked_lines(desk)
        assert len({line.key for line in lines}) == len(lines)
        assert ("ups.load", "ups-b") in {line.key for line in lines}


def test_an_amended_answer_is_the_one_a_trend_shows(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        keep_november(desk)
        with desk.store.read() as session:
            signed = next(one for one in rounds.rounds(session) if one.due_on.day == HOT)
            (entry,) = rounds.entries(session, signed.id)
        changed = replace(entry, answer="24.8", value=24.8, verdict=Verdict.OK)
        with desk.store.write() as session:
            amendments.add(session, Amendment(signed.id, 2, NOW, "zhang", "misread", (changed,)))
            marks = (*signed.marks, Mark.AMENDED)
            rounds.update(session, replace(signed, revision=2, marks=marks, abnormal=0))
        hot = next(point for point in read_trend(desk, ITEM, "", 90, NOW).points if point.due_on.day == HOT)
        assert (hot.value, hot.verdict, hot.marks) == (24.8, Verdict.OK, (Mark.AMENDED,))
