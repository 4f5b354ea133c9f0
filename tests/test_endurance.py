"""A mixed room is watched without growing; `python -m tests.endurance` asks a thousand times."""

from __future__ import annotations

from pathlib import Path

from tests import endurance


def test_a_dead_switch_and_a_stalling_server_cost_the_others_nothing(tmp_path: Path) -> None:
    course = endurance.run(tmp_path, polls=60, every=20)
    # A short run cannot tell a slope from the warming up of the caches: that is the command's.
    assert [fault for fault in course.faults() if "grow" not in fault] == []
    assert len(course.good) >= 8
    assert max(point[2] for point in course.points[1:]) - min(point[2] for point in course.points[1:]) < 20
