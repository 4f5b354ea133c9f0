"""The short run of `python -m tests.thousand_polls_snmp`, which shows memory as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.thousand_polls_snmp import LONGEST_S, run


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts file descriptors in /proc")
async def test_polling_agents_of_every_kind_side_by_side_leaves_nothing_open_and_spoils_no_answer() -> None:
    growth = await run(50)
    _, files, tasks = growth.grown()
    assert growth.wrong == []
    assert (files, tasks) == (0, 0)
    assert growth.longest_s < LONGEST_S
