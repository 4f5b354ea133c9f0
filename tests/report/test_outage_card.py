"""The outage card: what stands on it, in both languages, and that it goes on one sheet of A4."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from dutyroom.model.devices import AirConditioner, Load, Ups
from dutyroom.model.hold import HoldBasis
from dutyroom.model.outage_card import Proven
from dutyroom.model.reading import HoldVerdict
from dutyroom.model.site import Contact, Site
from dutyroom.report.card_rows import hold_hours, restart, shedding, watts_of
from dutyroom.report.outage_card import card_page, export_outage_card
from dutyroom.report.page import Page
from tests.conftest import find_peer
from tests.desks import NOW, make_site

HOUR = 3600.0
HOWS = ("shut down the OS 关闭操作系统", "stop archiving, then the OS", "先停库，再关系统 database first", "最后断电")
SMALL = replace(
    make_site(),
    loads=(
        Load("his", "HIS database", ("ups-a", "ups-b"), 1, 450, 2, 2, "DBA", "0571-1", "先停库，再关系统"),
        Load("test", "Test host", ("ups-b",), 1, None, 1, None, "Duty desk", "0571-2", "shut down"),
        Load("pacs", "PACS store", ("ups-a",), 1, 650, 1, 1, "", "", ""),
        Load("core", "Core switch", ("ups-a",), 1, 320, None, 3, "Network", "0571-3", ""),
    ),
    contacts=(
        Contact("vendor", "Wang", "0000-3", 3),
        Contact("electrician", "Li", "0000-2", 2),
        Contact("commander", "Zhang", "0000-1", 1),
    ),
    air_conditioners=(AirConditioner("ac-1", "空调 1"),),
)
PROVEN = {"ups-a": Proven(5 * HOUR + 12 * 60, HoldVerdict.SHORT, HoldBasis.TEST, date(2026, 10, 3))}


def room_of(upses: int, loads: int, contacts: int, repeat: int = 1) -> Site:
    """A room with so many of each; `repeat` makes its texts longer."""
    return replace(
        SMALL,
        ups=tuple(Ups(f"ups-{n}", f"UPS {n} 主路", HOUR * (3, 6, 8)[n % 3]) for n in range(upses)),
        loads=tuple(
            Load(f"load-{n}", f"HIS 数据库 server {n}", ("ups-0",), 1, 300 + n, 1 + n % 5, n, "Network group",
                 f"0571-8888-{n:04d}", HOWS[n % 4] * repeat)
            for n in range(loads)
        ),
        contacts=tuple(Contact("信息科 commander", "Zhang Wei", f"138-0000-{n:04d}", n + 1) for n in range(contacts)),
    )  # fmt: skip


def texts(page: Page) -> list[list[str]]:
    """What stands in each row."""
    return [
        [str(cell.value) for cell in page.cells if cell.row == row and cell.value]
        for row in range(1, page.last_row + 1)
    ]


def test_the_card_says_what_is_required_proven_shed_restarted_and_who_is_called() -> None:
    rows = texts(card_page(SMALL, PROVEN, NOW))
    assert rows[0] == ["停电应急卡 Outage card"]
    assert "2026-11-24 08:41" in rows[1][0]
    assert "ffffffffffff" in rows[1][0]
    assert "f" * 13 not in rows[1][0]
    held = [row for row in rows if row[0] in ("UPS A", "UPS B")]
    assert held[0] == ["UPS A", "6:00 h", "5:12 h", "不足 short", "放电测试 discharge test\n2026-10-03"]
    assert held[1] == ["UPS B", "3:00 h", "–", "无依据 no evidence", "须做放电测试 needs a discharge test"]
    called = [row for row in rows if row[0] in ("□ 1", "□ 2", "□ 3") and len(row) > 4 and row[3].startswith("0000")]
    assert [row[1:4] for row in called] == [
        ["commander", "Zhang", "0000-1"],
        ["electrician", "Li", "0000-2"],
        ["vendor", "Wang", "0000-3"],
    ]
    said = "\n".join("|".join(row) for row in rows)
    for clock in ("已处置 ≤ 3 min", "已上报 ≤ 30 min", "重大上报 ≤ 4 h", "Mains failed", "Mains restored"):
        assert clock in said
    groups = [row for row in rows if "Group" in row[0] or "Not shed" in row[0]]
    assert [row[:2] for row in groups] == [
        ["□ 第 1 组 Group 1", "Σ ≥ 650 W"],
        ["□ 第 2 组 Group 2", "Σ 450 W"],
        ["不卸载 Not shed: stays on to the last", "Σ 320 W"],
    ]
    assert ["HIS database", "450 W", "DBA", "0571-1", "先停库，再关系统"] in rows
    assert ["PACS store", "650 W", "–", "–", "–"] in rows


def test_what_is_proven_at_least_is_not_told_as_the_whole() -> None:
    proven = {"ups-a": Proven(2 * HOUR, HoldVerdict.NO_EVIDENCE, HoldBasis.OUTAGE, date(2026, 5, 1))}
    held = [row for row in texts(card_page(SMALL, proven, NOW)) if row[0] == "UPS A"]
    assert held == [["UPS A", "6:00 h", "≥ 2:00 h", "无依据 no evidence", "停电记录 recorded outage\n2026-05-01"]]


def test_air_conditioners_come_back_first_and_what_has_no_order_last() -> None:
    assert restart(SMALL) == (
        ("1", "空调 1"),
        ("2", "PACS store"),
        ("3", "HIS database"),
        ("4", "Core switch"),
        ("–", "Test host"),
    )


def test_orders_that_nobody_wrote_down_come_last_and_nothing_unknown_becomes_zero() -> None:
    assert [group for group, _loads in shedding(SMALL.loads)] == [1, 2, None]
    assert watts_of(SMALL.loads[1:2]) == "–"
    assert (hold_hours(None), hold_hours(3 * HOUR - 1), hold_hours(0)) == ("–", "2:59 h", "0:00 h")


@pytest.mark.parametrize("repeat", [1, 6])
def test_six_upses_twenty_loads_and_ten_contacts_go_on_one_page_and_it_says_what_was_cut(repeat: int) -> None:
    page = card_page(room_of(6, 20, 10, repeat), {}, NOW)
    assert page.one_sheet
    said = [str(cell.value) for cell in page.cells]
    cut = sum(one.endswith("…") for one in said)
    (foot,) = [one for one in said if "Print again" in one]
    assert (f"{cut} texts that end in … are cut" in foot) == (cut > 0)
    assert cut or repeat == 1
    for number in range(20):
        assert f"0571-8888-{number:04d}" in said
    for number in range(10):
        assert f"138-0000-{number:04d}" in said


def test_a_larger_room_takes_more_pages_with_the_head_on_each_and_its_texts_whole() -> None:
    page = card_page(room_of(9, 40, 16, 2), {}, NOW)
    assert not page.one_sheet
    assert page.breaks
    assert page.repeat == (1, 2)
    # The order of coming back is read down its columns: it stands on one page, with its title.
    (title,) = [cell.row for cell in page.cells if str(cell.value).startswith("恢复顺序")]
    assert not [first for first in page.breaks if first > title]
    said = "\n".join(str(cell.value) for cell in page.cells)
    assert "多页" in said
    assert "…" not in said
    # The clocks reach over two rows each: no page begins in the middle of one.
    for cell in page.cells:
        assert not any(cell.row < first < cell.row + cell.rows for first in page.breaks)


def test_many_groups_of_one_load_still_go_on_one_page_with_their_numbers() -> None:
    many = room_of(6, 20, 10)
    many = replace(many, loads=tuple(replace(load, shed_group=n + 1) for n, load in enumerate(many.loads)))
    page = card_page(many, {}, NOW)
    assert page.one_sheet
    said = [str(cell.value) for cell in page.cells]
    for number in range(1, 21):
        assert [one for one in said if one.startswith(f"□ {number}  HIS")]


def test_no_cell_of_a_row_covers_another_and_every_row_fills_the_grid() -> None:
    page = card_page(room_of(6, 20, 10), {}, NOW)
    taken: set[tuple[int, int]] = set()
    for cell in page.cells:
        mine = {
            (row, column)
            for row in range(cell.row, cell.row + cell.rows)
            for column in range(cell.column, cell.column + cell.columns)
        }
        assert not mine & taken
        taken |= mine
    assert max(column for _row, column in taken) == len(page.widths)


def test_a_room_without_anything_says_so_instead_of_nothing() -> None:
    empty = replace(SMALL, ups=(), loads=(), contacts=(), air_conditioners=())
    said = "\n".join("|".join(row) for row in texts(card_page(empty, {}, NOW)))
    for section in ("[[ups]]", "[[contact]]", "[[load]]", "[[ac]]"):
        assert section in said


def test_texts_that_would_run_or_draw_stay_inert(tmp_path: Path) -> None:
    hostile = "=HYPERLINK(1)\x1b[2J\n\u202eevil"
    bad = replace(
        SMALL,
        name=hostile,
        ups=(replace(SMALL.ups[0], label=hostile),),
        loads=(replace(SMALL.loads[0], label=hostile, owner="+1", phone="-1", how="@SUM(1)" + "x" * 5000),),
        contacts=(Contact(hostile, hostile, "=1+1"),),
    )
    path = export_outage_card(bad, {}, tmp_path / "card.xlsx", NOW)
    cells = [cell for row in openpyxl.load_workbook(path).worksheets[0].iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    said = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert "=1+1" in said
    assert not [one for one in said if "\x1b" in one or "\u202e" in one]


def test_the_card_is_the_same_in_both_languages_of_the_screen() -> None:
    from dutyroom.words import speaking

    with speaking("en"):
        english = card_page(SMALL, PROVEN, NOW)
    with speaking("zh_CN"):
        assert card_page(SMALL, PROVEN, NOW) == english


@pytest.mark.peer("soffice")
def test_libreoffice_prints_one_upright_a4_page_and_more_only_for_a_larger_room(tmp_path: Path) -> None:
    soffice = find_peer("soffice")
    assert soffice is not None
    rooms = {"small": SMALL, "full": room_of(6, 20, 10, 3), "large": room_of(9, 40, 16)}
    for name, site in rooms.items():
        export_outage_card(site, PROVEN, tmp_path / f"{name}.xlsx", datetime(2026, 11, 27, tzinfo=UTC))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    files = [str(tmp_path / f"{name}.xlsx") for name in rooms]
    command = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *files]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    pages: dict[str, int] = {}
    for name in rooms:
        printed = (tmp_path / f"{name}.pdf").read_bytes()
        boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", printed)
        assert {(round(float(width)), round(float(height))) for width, height in boxes} == {(595, 842)}
        pages[name] = len(re.findall(rb"/Type\s*/Page\b(?!s)", printed))
    expected = len(card_page(rooms["large"], PROVEN, NOW).breaks) + 1
    assert pages == {"small": 1, "full": 1, "large": expected}
