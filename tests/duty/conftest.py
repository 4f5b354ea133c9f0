"""What all tests of the duty share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cheap import commits_wait_for_no_disk


@pytest.fixture(scope="module", autouse=True)
def _commits_wait_for_no_disk() -> Iterator[None]:
    """No test of this folder is about a power cut."""
    with commits_wait_for_no_disk():
        yield
