"""What the product makes expensive on purpose, or makes anew each time, at the least cost that proves the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from dutyroom.duty import passwords
from dutyroom.store import database
from dutyroom.store.connection import connect

real_hasher = passwords._hasher


@cache
def _hasher() -> PasswordHasher:
    """The same Argon2id, with the least of memory and time: one password takes 0.1 ms instead of some 150."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@contextmanager
def cheap_passwords() -> Iterator[None]:
    """Passwords and PINs that are given in this process cost little to hash; those hashed before still match."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "_hasher", _hasher)
        yield


def _connect(path: Path, **settings: Any) -> Any:
    """The real connection with every setting checked, which then does not wait for the disk."""
    connection = connect(path, **settings)
    connection.execute("PRAGMA synchronous=OFF")
    return connection


@contextmanager
def commits_wait_for_no_disk() -> Iterator[None]:
    """For tests in which no process is killed: only a power cut would tell the difference, and costs no test a wait.

    What is said to be durable is proved where this is not in force: tests/store, tests/cli, tests/kill9.py.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(database, "connect", _connect)
        yield
