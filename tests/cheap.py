"""What the product makes expensive on purpose, or makes anew each time, at the least cost that proves the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from argon2 import PasswordHasher

from dutyroom.duty import passwords

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
