"""A register as people keep it in Excel: headers in two languages, titles, and cells that lie in wait."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from dutyroom.model.addresses import Host, Registration
from dutyroom.report.imports import BadCell, ImportRefused, read_register
from dutyroom.report.register_page import export_register
from dutyroom.words import LANGUAGES
from tests.desks import NOW

A, B = "00:11:22:33:44:55", "00:11:22:aa:bb:cc"
EN = ("IP", "MAC", "Name", "Owner", "User", "Department", "Location", "Switch", "Port", "Valid until", "Note")


def workbook(folder: Path, rows: Sequence[Sequence[object]], *, title: str = "") -> Path:
    """A real .xlsx with these rows in its first sheet."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    if title:
        sheet.append([title])
        sheet.append([])
    for row in rows:
        sheet.append(list(row))
    path = folder / "register.xlsx"
    made.save(path)
    return path


def test_a_sheet_with_english_headers_is_read_whole(tmp_path: Path) -> None:
    row = ("10.0.0.7", "0011-2233-4455", "his-db-1", "DBA", "Li", "IT", "rack 3", "core-1", "Gi0/0/1",
           datetime(2026, 12, 31), "Oracle")  # noqa: DTZ001  # fmt: skip
    sheet = read_register(workbook(tmp_path, [EN, row]))
    assert sheet.bad == ()
    assert sheet.good == (
        (
            2,
            Registration(
                "10.0.0.7", "10.0.0.7", A, "his-db-1", "DBA", "Li", "IT", "rack 3", "core-1", "Gi0/0/1",
                date(2026, 12, 31), "Oracle",
            ),
        ),
    )  # fmt: skip


def test_chinese_headers_under_a_title_in_any_order_with_columns_of_their_own(tmp_path: Path) -> None:
    head = ("序号", "使用科室", "责任人", "IP地址", "MAC 地址（必填）", "设备名称", "交换机端口", "有效期", "备注")
    rows = [
        head,
        (1, "放射科", "王工", "10.0.0.8", "001122AABBCC", "打印机", 12, "2026年12月31日", "二楼"),
        (2, "门诊", None, "10.0.1.0/24", None, "叫号屏", None, "长期", None),
        (None,) * 9,
        (3, "检验科", "李工", "10.0.2.10～10.0.2.20", "", "LIS 终端", "", "2027/1/5", ""),
    ]
    sheet = read_register(workbook(tmp_path, rows, title="县人民医院 IP 地址登记表"))
    assert sheet.bad == ()
    assert [
        (row, one.ip, one.mac, one.name, one.department, one.owner, one.port, one.valid_until)
        for row, one in sheet.good
    ] == [
        (4, "10.0.0.8", B, "打印机", "放射科", "王工", "12", date(2026, 12, 31)),
        (5, "10.0.1.0-10.0.1.255", "", "叫号屏", "门诊", "", "", None),
        (7, "10.0.2.10-10.0.2.20", "", "LIS 终端", "检验科", "李工", "", date(2027, 1, 5)),
    ]  # fmt: skip


def test_two_columns_for_a_range_are_understood(tmp_path: Path) -> None:
    rows = [("起始IP", "结束IP", "科室"), ("10.0.0.1", "10.0.0.9", "门诊"), ("10.0.1.1", None, "住院")]
    assert [one.ip for _row, one in read_register(workbook(tmp_path, rows)).good] == ["10.0.0.1-10.0.0.9", "10.0.1.1"]


@pytest.mark.parametrize(
    ("row", "bad"),
    [
        (("=HYPERLINK(\"http://x\")", A, "x"), BadCell(3, "ip", "formula", '=HYPERLINK("http://x")')),
        (("10.0.0.1", A, "=1+1"), BadCell(3, "name", "formula", "=1+1")),
        (("10.0.0.1", A, " =cmd|' /C calc'!A0"), BadCell(3, "name", "formula", " =cmd|' /C calc'!A0")),
        (("10.0.0.300", A, "x"), BadCell(3, "ip", "not-an-ip", "10.0.0.300")),
        (("10.0.0.9-10.0.0.1", A, "x"), BadCell(3, "ip", "not-an-ip", "10.0.0.9-10.0.0.1")),
        (("10.0.0.1", "zz", "x"), BadCell(3, "mac", "not-a-mac", "zz")),
        ((None, None, "x"), BadCell(3, "ip", "no-address")),
        (("10.0.0.1", A, None), BadCell(3, "name", "nobody", "10.0.0.1")),
        (("10.0.0.2", B, "again"), BadCell(3, "ip", "twice", "2")),
        (("10.0.0.1", A, "x", "soon"), BadCell(3, "valid_until", "not-a-date", "soon")),
        (("10.0.0.1", A, "x", "2026-02-30"), BadCell(3, "valid_until", "not-a-date", "2026-02-30")),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_with_its_number_and_why(tmp_path: Path, row: Sequence[object], bad: BadCell) -> None:
    rows = [("IP", "MAC", "Name", "Valid until"), ("10.0.0.2", B, "good"), row, ("10.0.0.3", None, "good too")]
    sheet = read_register(workbook(tmp_path, rows))
    assert sheet.bad == (bad,)
    assert [number for number, _one in sheet.good] == [2, 4]


def test_texts_become_inert_and_a_long_one_is_cut(tmp_path: Path) -> None:
    rows = [("IP", "Name", "Note"), ("10.0.0.1", "\u202egnp.exe [red]x[/]", "y" * 5000)]
    ((_row, one),) = read_register(workbook(tmp_path, rows)).good
    assert one.name == "\ufffdgnp.exe [red]x[/]"
    assert len(one.note) == 200


def test_what_is_no_register_is_refused_with_a_sentence(tmp_path: Path) -> None:
    text = tmp_path / "list.xlsx"
    text.write_text("10.0.0.1,x")
    for path, code in (
        (text, "not-a-workbook"),
        (tmp_path / "missing.xlsx", "unreadable"),
        (workbook(tmp_path, [("a", "b"), (1, 2)]), "no-header"),
        (workbook(tmp_path, [("IP",), ("10.0.0.1",)]), "no-header"),
    ):
        with pytest.raises(ImportRefused) as caught:
            read_register(path)
        assert caught.value.code == code
        assert path.name in str(caught.value)


def test_a_file_that_would_grow_beyond_measure_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as out,
    ):
        for _ in range(310):
            out.write(b"0" * 2**20)
    with pytest.raises(ImportRefused) as caught:
        read_register(path)
    assert caught.value.code == "too-large"


def test_more_rows_than_a_hospital_has_devices_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dutyroom.report.imports.MOST_ROWS", 5)
    with pytest.raises(ImportRefused) as caught:
        read_register(workbook(tmp_path, [("IP", "Name"), *((f"10.0.0.{n}", "x") for n in range(9))]))
    assert caught.value.code == "too-large"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_of_what_was_seen_comes_back_when_it_is_filled_in(tmp_path: Path, language: str) -> None:
    printer = Registration("10.0.0.8", "10.0.0.8", B, "printer", "Li", department="Radiology")
    seen_s = int(NOW.timestamp())
    hosts = [
        Host("10.0.0.7", A, "core-1", "Vlanif10", "access-1", "Gi0/0/7", 10, seen_s, seen_s),
        Host("10.0.0.8", B, "core-1", "Vlanif10", first_s=seen_s, last_s=seen_s, registered=printer),
        Host("10.0.0.9", "", registered=printer),
    ]
    path = export_register(hosts, tmp_path / "seen.xlsx", language, ZoneInfo("Asia/Shanghai"), NOW)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sheet = read_register(path)
    assert [(bad.row, bad.code) for bad in sheet.bad] == [(4, "nobody")]
    assert [one for _row, one in sheet.good] == [printer]
