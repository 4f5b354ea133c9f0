"""One simulated room, really running, for all tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dutyroom.demo.process import DemoRoom
from tests.cheap import commits_wait_for_no_disk


@pytest.fixture(scope="session")
def running() -> Iterator[DemoRoom]:
    """A room with seed 5 that started at 09:00; tests that change it start their own."""
    with DemoRoom.start(5, day_s=9 * 3600.0) as demo:
        yield demo


@pytest.fixture(scope="module", autouse=True)
def _commits_wait_for_no_disk() -> Iterator[None]:
    """No test of this folder is about a power cut."""
    with commits_wait_for_no_disk():
        yield
