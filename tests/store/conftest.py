"""A fresh store on disk, and a store that already holds one of everything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dutyroom.store.database import Store


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where the store of this test lies."""
    return f"sqlite:///{tmp_path}/room/duty.db"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An empty store, up to date."""
    opened = Store.open(url)
    yield opened
    opened.close()
