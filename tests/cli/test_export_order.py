"""No workbook lies anywhere without its line in the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from dutyroom.cli.month import write_month
from dutyroom.errors import StoreError
from dutyroom.store import ledger
from tests.desks import ADMIN, opened_desk


def test_a_workbook_whose_ledger_line_cannot_be_written_is_not_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "workbooks"
    folder.mkdir()
    path = folder / "month.xlsx"

    def fails(*_given: object, **_named: object) -> NoReturn:
        raise StoreError("The disk is full.", code="disk-full")

    with opened_desk(tmp_path) as desk:
        write_month(desk, "2026-11", path, "en", ADMIN)
        before = path.read_bytes()
        monkeypatch.setattr(ledger, "append", fails)
        with pytest.raises(StoreError):
            write_month(desk, "2026-11", path, "en", ADMIN)
    assert path.read_bytes() == before
    assert [one.name for one in folder.iterdir()] == ["month.xlsx"]
