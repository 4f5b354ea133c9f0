"""Keeps the garbage collector from holding up a program that runs for weeks.

A full collection walks every object there is, and with the libraries these are hundreds of thousands: it would stop
every loop of the process for a tenth of a second and more. What was loaded when the program has settled stays for good,
so it is taken out of the rounds (gc.freeze()); what remains is walked in milliseconds. Before that nothing is
collected.
"""

from __future__ import annotations

import gc
import threading

# The second time: pages of the screens that were first looked at meanwhile.
SETTLED_S = (20.0, 120.0)


def begin(settled_s: tuple[float, ...] = SETTLED_S) -> None:
    """Call it once where a long life begins; after so many seconds what is there stays for good."""
    gc.disable()
    for seconds in settled_s:
        timer = threading.Timer(seconds, settle)
        timer.name, timer.daemon = "settle", True
        timer.start()


def settle() -> None:
    """What is there now stays for good."""
    gc.freeze()
    gc.enable()
