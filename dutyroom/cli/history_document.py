"""`history --json`: the series of one quantity, or the quantities of one source."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from dutyroom import quantity_words
from dutyroom.cli.documents import SCHEMA, Document, moment
from dutyroom.model.checklist import Bounds
from dutyroom.model.history import Gap, Point, Reading, Series, SeriesName
from dutyroom.rules.chart import summary


def quantities(source: str, label: str, found: Sequence[SeriesName], now: datetime) -> Document:
    """What a source has a history of."""
    return {
        "schema": SCHEMA,
        "source": source,
        "label": label,
        "quantities": [
            {
                "quantity": one.quantity,
                "unit": quantity_words.unit(one.quantity) or None,
                "last": _last(one.last, now),
            }
            for one in found
        ],
    }


def series(found: Series, label: str) -> Document:
    """One quantity over time."""
    told = summary(found.points, found.since, found.until)
    inside = [point for point in found.points if found.since <= point.at < found.until or point.lasts_s]
    return {
        "schema": SCHEMA,
        "source": found.source,
        "label": label,
        "quantity": found.quantity,
        "unit": quantity_words.unit(found.quantity) or None,
        "span": found.span.value,
        "since": moment(found.since),
        "until": moment(min(found.until, found.read_at)),
        "by": "hour" if found.by_hour else "reading",
        "last": _last(found.last, found.read_at),
        "normal": _bounds(found.limit.normal if found.limit is not None else None),
        "critical": _bounds(found.limit.critical if found.limit is not None else None),
        "summary": {
            "low": told.low,
            "low_at": moment(told.low_at),
            "mean": told.mean,
            "high": told.high,
            "high_at": moment(told.high_at),
            "count": told.count,
        }
        if told is not None
        else None,
        "points": [_point(point) for point in inside],
        "gaps": [_gap(gap) for gap in found.gaps],
        "failures": [_gap(gap) for gap in found.failures],
        "clock_steps": [{"at": moment(step.at), "by_s": float(step.param("by") or 0.0)} for step in found.steps],
    }


def _point(point: Point) -> Document:
    if not point.lasts_s:
        return {"at": moment(point.at), "value": point.mean}
    return {"at": moment(point.at), "low": point.low, "mean": point.mean, "high": point.high, "count": point.count}


def _gap(gap: Gap) -> Document:
    return {
        "began_at": moment(gap.began),
        "ended_at": moment(gap.ended),
        "reason": gap.reason.value,
        "state": gap.state or None,
    }


def _last(reading: Reading | None, now: datetime) -> Document | None:
    if reading is None:
        return None
    return {"at": moment(reading.at), "value": reading.value, "age_s": (now - reading.at).total_seconds()}


def _bounds(bounds: Bounds | None) -> list[float | None] | None:
    """Both borders; one that there is none of is null."""
    if bounds is None:
        return None
    return [one if math.isfinite(one) else None for one in (bounds.low, bounds.high)]
