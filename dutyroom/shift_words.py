"""Shifts and handovers in words, in the language in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from dutyroom import show
from dutyroom.model.roster import Shift
from dutyroom.model.site import Site
from dutyroom.words import _


def label(site: Site, code: str) -> str:
    """What people call the shift of that code."""
    return next((one.label for one in site.shifts if one.code == code), "") or (code if site.shifts else _("duty day"))


def span(shift: Shift, zone: ZoneInfo) -> str:
    """`08:00–20:00`."""
    return f"{show.time_of_day(shift.begins_at, zone)}–{show.time_of_day(shift.ends_at, zone)}"


def people(names: Sequence[str], person: Callable[[str], str]) -> str:
    """Who is on the roster, by what people call them; `nobody` where nobody is."""
    return ", ".join(person(name) for name in names) if names else _("nobody")
