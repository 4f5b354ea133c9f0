"""Months as people write them, in both languages: `2026-10`, `October 2026`, `Oct`, `2026年10月`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dutyroom import words

# Ten years: as long as records are kept.
MONTHS_BACK = 120
NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def title(year: int, month: int) -> str:
    """The month in the language in force."""
    return words.choose(f"{NAMES[month - 1]} {year}", f"{year}年{month}月")


def spellings(year: int, month: int) -> tuple[str, ...]:
    """Every way the month may be typed, in small letters; the last ones name no year."""
    name = NAMES[month - 1].lower()
    return (
        f"{year}-{month:02d}",
        f"{name} {year}",
        f"{name[:3]} {year}",
        f"{year}年{month}月",
        f"{year}年{month:02d}月",
        f"{year}/{month}",
        name,
        f"{month}月",
    )


def newest_first(today: date, count: int = MONTHS_BACK) -> Iterator[tuple[int, int]]:
    """(year, month) of this month and the ones before it."""
    year, month = today.year, today.month
    for _n in range(count):
        yield year, month
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
