"""Figures name the records they were counted from."""

from __future__ import annotations

from dutyroom.report.figure import ids, traced


def test_records_of_a_kind_are_joined_and_every_one_stands_there_once() -> None:
    records = (*ids("round", [3, 1, 2, 7, 7]), "finding:4", "silence:core-sw@1790000000", "round:8")
    assert traced(records) == "round:1-3,7-8 finding:4 silence:core-sw@1790000000"


def test_no_records_are_an_empty_text() -> None:
    assert traced(()) == ""
