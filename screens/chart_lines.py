"""A history as lines of text: what it is of, what it comes to, the chart, and what is missing in it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dutyroom import gap_words, quantity_words, show
from dutyroom.model.history import GapReason, Series, Span
from dutyroom.rules.chart import columns, summary
from dutyroom.rules.chart_scale import bounds_of, scale_of
from dutyroom.rules.chart_time import labels, offset_changes
from dutyroom.words import _
from screens import device_lines
from screens.flow import flowing
from screens.widgets.chart import MARKS, Drawing, Signs, drawn, sign_of
from screens.widgets.lines import Line, spread

LEAST_ROWS = 4
# Cells of a label with the blank that keeps it from the next.
_LABEL_CELLS = {Span.HOUR: 8, Span.DAY: 8, Span.WEEK: 7, Span.MONTH: 7}


def first_line(series: Series, zone: ZoneInfo, now: datetime, width: int) -> Line:
    """Span and window, and the newest reading with its age at `now`: the only line that changes by itself."""
    window = f"{show.moment(series.since, zone)} – {gap_words.when(series.until, series.since, zone)}"
    left: Line = ((_(gap_words.SPANS[series.span]) + "  ", "strong"), (window, ""))
    return device_lines.cut(spread(left, _last(series, now), width), width)


def chart_lines(series: Series, zone: ZoneInfo, width: int, height: int, signs: Signs) -> list[Line]:
    """Everything below the first line, in `height` lines."""
    head = _head(series, zone, width)
    below = _below(series, zone, width, max(1, height // 6), signs)
    rows = max(LEAST_ROWS, height - len(head) - len(below) - 3)
    return [*head, *_plot(series, zone, width, rows, signs), *below]


def _head(series: Series, zone: ZoneInfo, width: int) -> list[Line]:
    name, told = series.quantity, summary(series.points, series.since, series.until)
    lines: list[Line] = []
    if told is None:
        lines.append(((_("no value in this time"), "unknown"),))
    else:
        text = _("lowest {low} ({low_at}) · mean {mean} · highest {high} ({high_at})").format(
            low=quantity_words.value(name, told.low),
            low_at=gap_words.at(series, told.low_at, zone),
            mean=quantity_words.value(name, told.mean),
            high=quantity_words.value(name, told.high),
            high_at=gap_words.at(series, told.high_at, zone),
        )
        lines += flowing(text, width, "", most=2)
    notes = [_limits(series), _("by the hour: line mean, shade lowest to highest") if series.by_hour else ""]
    return [*lines, *flowing(" · ".join(note for note in notes if note), width, "dim", most=1)]


def _last(series: Series, now: datetime) -> Line:
    """The newest reading at all, with its age."""
    if series.last is None:
        return ((_("never recorded"), "unknown"),)
    age_s = (now - series.last.at).total_seconds()
    text = _("last {value}, {ago}").format(
        value=quantity_words.value(series.quantity, series.last.value), ago=show.ago(age_s)
    )
    return ((text, "strong" if age_s <= series.reach_s else "attention"),)


def _limits(series: Series) -> str:
    if series.limit is None or series.limit.normal is None:
        return ""
    normal, name = series.limit.normal, series.quantity
    if normal.high == float("inf"):
        return _("required at least {value}").format(value=quantity_words.value(name, normal.low))
    unit = quantity_words.unit(name)
    return _("normal {bounds}").format(bounds=f"{show.bounds(normal)} {unit}".strip())


def _plot(series: Series, zone: ZoneInfo, width: int, rows: int, signs: Signs) -> list[Line]:
    name, told = series.quantity, summary(series.points, series.since, series.until)
    low, high = (told.low, told.high) if told is not None else (0.0, quantity_words.at_least(name))
    least, steps = quantity_words.at_least(name), quantity_words.steps(name)
    ceiling = 100.0 if quantity_words.unit(name) == "%" else math.inf
    scale = scale_of(low, high, series.limit, least, steps, max(3, rows // 2), ceiling)
    texts = [quantity_words.axis(name, tick) for tick in scale.ticks]
    cells = max(10, width - max(map(len, texts)) - 2)
    made = columns(series, cells * signs.across)
    return drawn(
        Drawing(
            made,
            scale,
            texts,
            rows,
            signs,
            banded=series.by_hour,
            limits=[bound for bound in bounds_of(series.limit) if scale.bottom < bound <= scale.top],
            labels=_labels(series, zone, cells),
            steps=frozenset(_cell(series, at, cells) for at in _steps(series, zone)),
            words={reason: _(text) for reason, text in gap_words.REASONS.items()},
        )
    )


def _labels(series: Series, zone: ZoneInfo, cells: int) -> list[tuple[int, str]]:
    found = labels(series.span, series.since, series.until, zone, max(2, cells // _LABEL_CELLS[series.span]))
    return [(_cell(series, at, cells), _label(series.span, at, zone)) for at in found]


def _label(span: Span, at: datetime, zone: ZoneInfo) -> str:
    """The time of day; at midnight, and in longer spans, month and day."""
    text = show.moment(at, zone)
    return text[5:10] if span in (Span.WEEK, Span.MONTH) or text.endswith("00:00") else text[11:]


def _cell(series: Series, at: datetime, cells: int) -> int:
    return min(cells - 1, max(0, int((at - series.since) / (series.until - series.since) * cells)))


def _steps(series: Series, zone: ZoneInfo) -> list[datetime]:
    changes = [at for at, _by in offset_changes(series.since, series.until, zone)]
    return [*(step.at for step in series.steps), *changes]


def _below(series: Series, zone: ZoneInfo, width: int, most: int, signs: Signs) -> list[Line]:
    """When the clock was set, and the gaps in words, the newest first."""
    texts = [(f"{signs.step} {gap_words.step(step, zone)}", "attention") for step in series.steps]
    texts += [
        (f"{signs.step} {_offset_words(at, by, zone)}", "dim")
        for at, by in offset_changes(series.since, series.until, zone)
    ]
    told = [gap for gap in series.gaps if gap.reason is not GapReason.NO_RECORD]
    if told:
        lost = show.duration(sum((gap.ended - gap.began).total_seconds() for gap in told))
        texts.append((_("Without a value: {duration} (gaps: {n})").format(duration=lost, n=len(told)), "strong"))
    # Beside them what was too short to leave a gap, but has its sign under the chart.
    short = [one for one in series.failures if not any(one.began < gap.ended and one.ended > gap.began for gap in told)]
    if short and not told:
        texts.append((_("Polls that failed or were not made, with values around them:"), "strong"))
    listed = sorted([*told, *short], key=lambda gap: gap.began, reverse=True)
    texts += [(f"{sign_of(gap, signs)} {gap_words.gap(gap, zone)}", MARKS[gap.reason][2]) for gap in listed]
    lines = [device_lines.cut((run,), width) for run in texts]
    return lines if len(lines) <= most else [*lines[: most - 1], _rest(texts[most - 1 :], width, most)]


def _rest(texts: Sequence[tuple[str, str]], width: int, most: int) -> Line:
    """The one line in which the first of those that have no room stands, and how many more there are."""
    first, role = texts[0]
    if most == 1 and len(texts) > 1:
        first = f"{first} {texts[1][0].strip()}"
        texts = texts[1:]
    more = _("and {n} more").format(n=len(texts) - 1) if len(texts) > 1 else ""
    return device_lines.cut(spread(((first, role),), ((more, "dim"),) if more else (), width), width)


def _offset_words(at: datetime, by: timedelta, zone: ZoneInfo) -> str:
    forward = by > timedelta(0)
    text = _("the zone's clocks go forward by {by}") if forward else _("the zone's clocks go back by {by}")
    return f"{show.moment(at, zone)[5:]} " + text.format(by=show.duration(abs(by.total_seconds())))
