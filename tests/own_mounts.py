"""File systems that only one process sees: mounted in a namespace of its own, gone when it ends."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

TMPFS = 'mount -t tmpfs -o "$0" none "$1" && shift && exec "$@"'
# A file that something is mounted on cannot be renamed over, as one on a share that somebody has open.
HELD = 'mount --bind "$0" "$0" && exec "$@"'


def on_small_disk(folder: Path, options: str, command: Sequence[str]) -> list[str]:
    """The command, for which `folder` is a tmpfs with those mount options (`size=64k`)."""
    return ["unshare", "--mount", "sh", "-c", TMPFS, options, str(folder), *command]


def while_held(file: Path, command: Sequence[str]) -> list[str]:
    """The command, for which nothing can take the place of `file` (EBUSY)."""
    return ["unshare", "--mount", "sh", "-c", HELD, str(file), *command]


@pytest.fixture(scope="module")
def may_mount(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skips where this account may not mount."""
    tried = on_small_disk(tmp_path_factory.mktemp("disk"), "size=64k", ["true"])
    try:
        allowed = subprocess.run(tried, capture_output=True, check=False, timeout=60).returncode == 0
    except OSError:
        allowed = False
    if not allowed:
        pytest.skip("needs leave to mount a small file system (root)")
