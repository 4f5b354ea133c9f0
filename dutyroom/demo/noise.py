"""Noise that is the same in every process for the same seed: no state, no random module, no order of calls."""

from __future__ import annotations

from functools import cache, lru_cache
from math import cos, floor, pi, sin
from zlib import crc32

DAY_S = 86400.0
_MASK = (1 << 64) - 1


@cache
def stream(seed: int, name: str) -> int:
    """The 64-bit number of a named stream of noise under that seed."""
    return _mix((seed & _MASK) ^ (crc32(name.encode()) << 20))


@lru_cache(maxsize=4096)
def unit(stream_id: int, step: int) -> float:
    """A number in [0, 1) that belongs to (stream, step) and looks random (the SplitMix64 finaliser)."""
    return _mix((stream_id + step * 0x9E3779B97F4A7C15) & _MASK) / 2**64


def wander(stream_id: int, t: float, period_s: float) -> float:
    """A smooth curve in [-1, 1] over `t` seconds that takes a new direction about every `period_s` seconds."""
    at = t / period_s
    step = floor(at)
    part = at - step
    eased = part * part * (3 - 2 * part)
    before, after = unit(stream_id, step), unit(stream_id, step + 1)
    return 2 * (before + (after - before) * eased) - 1


def day_curve(day_s: float) -> float:
    """The beat of a hospital's day in [-1, 1]: highest at 10:30 local time, lowest at 22:30."""
    return cos(2 * pi * (day_s - 37800.0) / DAY_S)


def day_total(day_s: float, depth: float) -> float:
    """The integral over seconds of `1 + depth * day_curve`, up to a constant: how counters grow. |depth| < 1."""
    return day_s + depth * DAY_S / (2 * pi) * sin(2 * pi * (day_s - 37800.0) / DAY_S)


def _mix(number: int) -> int:
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & _MASK
    return number ^ (number >> 31)
