"""The form for paper: every line of the walk with an empty field, on A4, in both languages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from dutyroom.checklists import expand, parse, shipped
from dutyroom.model.checklist import ItemKind
from dutyroom.report.blank_round import BOX, blank_page, export_blank_round, text_of, write_blank_text
from tests.checklists.test_checklist_refusals import CHECK, HEAD, NUMBER, SHOW, TABLE
from tests.desks import NOW, make_site

SITE = make_site()
NAMES = ("daily", "weekly", "monthly", "quarterly", "critical")


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_the_walk_has_its_field_in_both_languages(tmp_path: Path, name: str) -> None:
    checklist = shipped(name, SITE.limit_profile)
    path = export_blank_round(SITE, checklist, tmp_path / "blank.xlsx", NOW)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight, sheet.print_title_rows) == (9, 0, "$5:$5")
    rows = [[cell.value for cell in row[:4]] for row in sheet.iter_rows(min_row=6)]
    asked = [row for row in rows if row[2] is not None]
    lines = expand(checklist, SITE)
    assert len(asked) == len(lines)
    for row, line in zip(asked, lines, strict=True):
        assert line.item.words.zh in str(row[0])
        assert line.item.words.en in str(row[0])
        assert row[1] == (SITE.label_of(line.device) if line.device else None)
        for choice in line.item.choices:
            assert f"{BOX} {choice.words.zh} {choice.words.en}" in str(row[2])
        if line.item.kind is ItemKind.NUMBER:
            assert line.item.unit in str(row[2])
    text = text_of(SITE, checklist)
    for line in lines:
        assert line.item.words.zh in text
        assert line.item.words.en in text


def test_the_form_says_what_is_asked_only_at_times_and_how_many_cells_there_are() -> None:
    own = parse(
        HEAD
        + CHECK
        + "every = 2\n"
        + NUMBER
        + "normal = [40, 60]\n"
        + SHOW.format("env.smell", "abnormal")
        + TABLE
        + "cells = 3\n",
        SITE.limit_profile,
        "own.toml",
    )
    text = text_of(SITE, own)
    for said in ("每 2 次一次 once in 2 rounds", "只当", "(40 – 60)", "1:_____ 2:_____ 3:_____ V"):
        assert (said in text) == (said != "只当"), said
    assert "env.smell: abnormal" in text
    assert "应检日期 Due on" in text
    assert "巡检人签名 Signature" in text


def test_a_label_that_would_be_a_formula_stays_a_text(tmp_path: Path) -> None:
    bad = replace(SITE, ups=(replace(SITE.ups[0], label='=cmd|"/c calc"!A1'),))
    path = export_blank_round(bad, shipped("daily", SITE.limit_profile), tmp_path / "blank.xlsx", NOW)
    cells = [cell for row in openpyxl.load_workbook(path).worksheets[0].iter_rows() for cell in row]
    assert any(cell.value == '=cmd|"/c calc"!A1' and cell.data_type != "f" for cell in cells)


def test_no_row_is_lower_than_its_text(tmp_path: Path) -> None:
    page = blank_page(SITE, shipped("daily", SITE.limit_profile))
    for cell in page.cells:
        if cell.look == "text" and isinstance(cell.value, str):
            assert page.heights[cell.row] >= 12 * len(cell.value.split("\n"))


def test_the_text_is_written_as_utf_8(tmp_path: Path) -> None:
    path = write_blank_text(SITE, shipped("critical", SITE.limit_profile), tmp_path / "blank.txt")
    assert path.read_text("utf-8").startswith("重要时期巡检 Critical-period round\n")
