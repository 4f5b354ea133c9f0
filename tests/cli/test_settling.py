"""What was loaded when a program has settled is out of the garbage collector's rounds, which go on."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import gc, time
from dutyroom.cli import settling
settling.begin((0.2,))
assert not gc.isenabled() and gc.get_freeze_count() == 0
kept = [[] for _ in range(50_000)]
time.sleep(0.6)
assert gc.isenabled(), "nothing is collected any more"
assert gc.get_freeze_count() > 50_000
"""


def test_a_program_that_has_settled_walks_no_library_again() -> None:
    # A process of its own: what is frozen here would stay for the rest of the tests.
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
