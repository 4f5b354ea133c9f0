"""A sample as one line of JSON, and back: in the store and in recordings.

Parsing a switch's sample costs a millisecond. What this process wrote or read lately is remembered by its text, so that
the screens beside a watch, and the watch at its next poll, parse nothing.
"""

from __future__ import annotations

import threading
from collections import deque
from functools import cache

from pydantic import TypeAdapter

from dutyroom.model.reading import Sample

# Of each source: the newest, the one before while somebody may still read it, and the last good one.
REMEMBERED = 3

_known: dict[str, Sample] = {}
_texts: dict[str, deque[str]] = {}
_lock = threading.Lock()


@cache
def _adapter() -> TypeAdapter[Sample]:
    return TypeAdapter(Sample)


def to_text(sample: Sample) -> str:
    """The sample with all its facts; no line breaks."""
    text = _adapter().dump_json(sample).decode()
    _remember(text, sample)
    return text


def from_text(text: str) -> Sample:
    """The sample a text was made from. Raises ValueError for any other text."""
    known = _known.get(text)
    if known is None:
        known = _adapter().validate_json(text)
        _remember(text, known)
    return known


def _remember(text: str, sample: Sample) -> None:
    with _lock:
        if text in _known:
            return
        _known[text] = sample
        texts = _texts.setdefault(sample.source, deque())
        texts.append(text)
        if len(texts) > REMEMBERED:
            del _known[texts.popleft()]
