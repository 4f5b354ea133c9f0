"""Work on tens of thousands of values without rounds of the garbage collector, each of which would stop every thread.

The values of addresses hold no cycles: what is not needed any more goes by itself.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No round begins until the block ends, unless another thread ends such a block meanwhile."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
