"""Trouble of a source in the log: told when it begins and when it ends, however many polls fail between."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from dutyroom.inert import inert
from dutyroom.model.reading import Sample, State

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Trouble:
    began: Sample
    state: State
    polls: int = 1


class TroubleLog:
    """What every source is in, as far as the log was told."""

    def __init__(self) -> None:
        self._open: dict[str, _Trouble] = {}

    def take(self, sample: Sample) -> None:
        """The next sample of a source, good or not."""
        trouble = self._open.get(sample.source)
        if sample.state.knows:
            if trouble is not None:
                del self._open[sample.source]
                lasted_s = (sample.at - trouble.began.at).total_seconds()
                log.warning("%s answers again after %d failed polls in %.0f s", sample.source, trouble.polls, lasted_s)
        elif trouble is None:
            self._open[sample.source] = _Trouble(sample, sample.state)
            log.warning("%s: %s %s", sample.source, sample.state.value, inert(sample.detail, 200))
        else:
            trouble.polls += 1
            if sample.state is not trouble.state:
                trouble.state = sample.state
                log.warning("%s: now %s %s", sample.source, sample.state.value, inert(sample.detail, 200))

    def forget(self, source: str) -> None:
        """The source is asked no more: its trouble ends without an answer."""
        trouble = self._open.pop(source, None)
        if trouble is not None:
            log.warning("%s is asked no more, after %d failed polls", source, trouble.polls)
