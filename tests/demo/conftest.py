"""One simulated room, really running, for all tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dutyroom.demo.process import DemoRoom


@pytest.fixture(scope="session")
def running() -> Iterator[DemoRoom]:
    """A room with seed 5 that started at 09:00; tests that change it start their own."""
    with DemoRoom.start(5, day_s=9 * 3600.0) as demo:
        yield demo
