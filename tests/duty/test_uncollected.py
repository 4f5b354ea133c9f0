"""No round of the garbage collector begins in the block; afterwards all is as it was, also after an error."""

from __future__ import annotations

import gc

import pytest

from dutyroom.duty.uncollected import uncollected


def test_rounds_rest_in_the_block_and_go_on_after_it() -> None:
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), uncollected():
        raise ZeroDivisionError
    assert gc.isenabled()
