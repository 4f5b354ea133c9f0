"""What a source is.

A source never raises for trouble with its device: a timeout, a refusal or nonsense on the wire is a Sample with the
matching `State`, a `detail` for people and no facts. It raises `dutyroom.errors.SourceError` only when it was built
wrongly (a library is missing), and `asyncio.CancelledError` when it is cancelled.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime

from dutyroom.model.reading import Kind, Sample


class Source(ABC):
    """One device of the outside world, asked one question at a time."""

    name: str
    kind: Kind

    @abstractmethod
    async def sample(self, now: datetime) -> Sample:
        """One poll. `now` is the UTC time at its start; the Sample's `at` is `now` plus the time the answer took."""

    @abstractmethod
    async def aclose(self) -> None:
        """Gives back sockets and threads; the source cannot be asked again."""
