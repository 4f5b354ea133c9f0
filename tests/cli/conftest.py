"""A room in a folder, and a NUT server with two healthy UPSes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.rooms import OL, RoomFolder
from tests.fakes import FakeUpsd


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """A command that was run in this process leaves no handler behind that writes to its captured stderr."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("dutyroom").setLevel(logging.NOTSET)


@pytest.fixture
def room(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> RoomFolder:
    """A folder without a site file yet."""
    monkeypatch.setenv("DUTYROOM_TEST_COMMUNITY", "public")
    return RoomFolder(tmp_path, capsys)


@pytest.fixture
def upsd() -> Iterator[FakeUpsd]:
    """Two UPSes on mains with seven hours each."""
    with FakeUpsd({"ups-a": OL, "ups-b": OL}) as server:
        yield server
