"""Local times as they are given on the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from dutyroom.words import _

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


def moment(text: str, zone: ZoneInfo) -> datetime:
    """A local time, or one with its own offset, as UTC. Raises BadParameter."""
    try:
        at = datetime.fromisoformat(text.strip())
        return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        sentence = _("{text} is no time such as 2026-12-01 22:00")
        raise typer.BadParameter(sentence.format(text=repr(text))) from None
