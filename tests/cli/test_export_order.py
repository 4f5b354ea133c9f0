"""No workbook lies anywhere without its line in the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from dutyroom import clock
from dutyroom.errors import StoreError
from dutyroom.rules.report_period import parse
from dutyroom.sending import write_period
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
        write_period(desk, ADMIN, parse("2026-11"), path, "en", clock.now)
        before = path.read_bytes()
        monkeypatch.setattr(ledger, "append", fails)
        with pytest.raises(StoreError):
            write_period(desk, ADMIN, parse("2026-11"), path, "en", clock.now)
    assert path.read_bytes() == before
    assert [one.name for one in folder.iterdir()] == ["month.xlsx"]
