"""Sheet 6: temperature and humidity of the room, day by day."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from dutyroom import show
from dutyroom.model.checklist import Bounds
from dutyroom.model.reading import Origin
from dutyroom.report.chart import ChartKind, DateLabels, date_labels
from dutyroom.report.facts.environment import EnvironmentDay, PlaceDays, Spread
from dutyroom.report.facts.environment_places import TEMPERATURE, Place
from dutyroom.report.frame import Frame
from dutyroom.report.list_page import Column, ListChart, ListRow, ListSeries, Shown, list_page
from dutyroom.report.looks import ACCENT
from dutyroom.report.page import Page
from dutyroom.report.report import Report
from dutyroom.report.sheets.days_listed import days_listed, left_out_told
from dutyroom.words import _

MOST_CHARTS = 8
"""More places are in the table alone."""
LOWEST, HIGHEST, LIMIT = "7FA8CC", "C0703A", "9B1C1C"
HIDDEN = 10.0
"""The width of columns only the charts read."""
UNSEEN: list[Shown] = [(None, "number 1")] * 4
"""What stands in them beside a place without values."""
DAY, WARM, DAMP, WARM_LIMIT, DAMP_LIMIT = 3, 4, 7, 15, 17
"""Columns, from 1: the day, the three temperatures, the three humidities, the limits."""


def environment_page(report: Report) -> Page:
    """Every day of every place that has values, under two charts a place; then the places without any."""
    frame = report.frame
    every = report.environment.places
    places = sorted((_listed(frame, one) for one in every), key=lambda one: not one.is_known)
    left_out = left_out_told(_count(every) - _count(places))
    columns: list[Column] = [
        (_("Place"), 34),
        (_("Origin"), 12),
        (_("Day"), 12.5),
        *((_("Lowest, °C"), 10), (_("Mean, °C"), 10), (_("Highest, °C"), 10)),
        *((_("Lowest, %RH"), 10), (_("Mean, %RH"), 10), (_("Highest, %RH"), 10)),
        (_("Dew point, °C"), 11),
        (_("Hours outside"), 11),
        (_("Hours with values"), 10),
        (_("Hours of the day"), 10),
        (_("Answers"), 10),
    ]
    unseen = [("", HIDDEN)] * len(UNSEEN)
    rows = [row for one in places for row in _rows(frame, one)]
    explained = _(
        "The local days of every place with values. Measured: from the roll-ups by the hour, an hour belongs to the "
        "day it begins in; typed: what people typed in signed rounds. The dew point is that of the two means (Magnus "
        "formula). An empty cell was not known."
    )
    return list_page(
        "environment",
        _("Environment"),
        explained,
        [*columns, *unseen],
        rows,
        lines=[(told, "quiet") for told in (_limits_told(frame, places), left_out) if told],
        figures=report.environment.figures(),
        charts=[*_charts(frame, places)][:MOST_CHARTS],
        across=2,
        unseen=len(unseen),
    )


def _listed(frame: Frame, one: PlaceDays) -> PlaceDays:
    """The place with the days that stand in the list."""
    listed = days_listed(frame, [day.is_known for day in one.days])
    return PlaceDays(one.place, tuple(one.days[place] for place in listed))


def _count(places: Sequence[PlaceDays]) -> int:
    return sum(len(one.days) for one in places if one.is_known)


def _rows(frame: Frame, one: PlaceDays) -> Iterator[ListRow]:
    """A row a day; one row that says so for a place without any value."""
    if one.is_known:
        yield from (_row(frame, one.place, day) for day in one.days)
        return
    hours: Shown = (0 if one.place.how is Origin.MEASURED else None, "count")
    told: list[Shown] = [
        (_called(frame, one.place), "text"),
        (show.origin(one.place.how), "centre"),
        (_("no values"), "centre"),
    ]
    yield ListRow([*told, *[(None, "number 1")] * 7, (None, "count"), hours, *[(None, "count")] * 2, *UNSEEN])


def _row(frame: Frame, place: Place, day: EnvironmentDay) -> ListRow:
    outside = "count"
    if day.hours_outside:
        outside = "count attention"
    warm, damp = place.temperature_limit, place.humidity_limit
    return ListRow(
        [
            (_called(frame, place), "text"),
            (show.origin(place.how), "centre"),
            (day.day, "date"),
            *_spread(day.temperature, warm),
            *_spread(day.humidity, damp),
            (_rounded(day.dew_point_c), "number 1"),
            (day.hours_outside, outside),
            (day.hours, "count"),
            (day.hours_of_day, "count"),
            (show.NOTHING if day.answers is None else day.answers, "count"),
            *((bound, "number 1") for limit in (warm, damp) for bound in (_low(limit), _high(limit))),
        ],
        day.records,
    )


def _spread(found: Spread | None, limit: Bounds | None) -> list[Shown]:
    if found is None:
        return [(None, "number 1")] * 3
    return [
        (_rounded(value), "number 1" if limit is None or limit.holds(value) else "number 1 attention")
        for value in (found.low, found.mean, found.high)
    ]


def _rounded(value: float | None) -> float | None:
    return round(value, 2) if value is not None else None


def _low(limit: Bounds | None) -> float | None:
    return limit.low if limit is not None else None


def _high(limit: Bounds | None) -> float | None:
    return limit.high if limit is not None else None


def _called(frame: Frame, place: Place) -> str:
    """What people call the place: the source, or the item and the device it was asked of."""
    label = frame.site.label_of(place.name)
    if place.item is not None:
        name = show.item_name(place.item)
        return f"{name} ({label})" if place.name else name
    # A device tells its own temperature; a probe at it tells the room's.
    if place.how is Origin.MEASURED and place.temperature in ("", TEMPERATURE):
        return _("Probe at {device}").format(device=label)
    return label


def _limits_told(frame: Frame, places: Sequence[PlaceDays]) -> str:
    told = []
    for one in places:
        limits = [
            f"{show.bounds(limit)} {unit}"
            for limit, unit in ((one.place.temperature_limit, "°C"), (one.place.humidity_limit, "%RH"))
            if limit is not None
        ]
        if limits:
            told.append(f"{_called(frame, one.place)}: {', '.join(limits)}")
    if not told:
        return _("No checklist in force has limits for them.")
    return _("Normal limits in force (profile {profile}): {limits}.").format(
        profile=frame.site.limit_profile.value, limits="; ".join(dict.fromkeys(told))
    )


def _charts(frame: Frame, places: Sequence[PlaceDays]) -> Iterator[ListChart]:
    first = 0
    for one in places:
        if not one.is_known:
            return
        rows = (first, first + len(one.days) - 1)
        first += len(one.days)
        name = _called(frame, one.place)
        dates = date_labels(one.days[0].day, one.days[-1].day)
        warm = [day.temperature for day in one.days if day.temperature is not None]
        damp = [day.humidity for day in one.days if day.humidity is not None]
        if warm:
            title = _("Temperature by day, °C: {place}").format(place=name)
            yield _chart(title, WARM, WARM_LIMIT, one.place.temperature_limit, warm, rows, 1.0, dates)
        if damp:
            title = _("Relative humidity by day, %: {place}").format(place=name)
            yield _chart(title, DAMP, DAMP_LIMIT, one.place.humidity_limit, damp, rows, 5.0, dates)


def _chart(
    title: str,
    first: int,
    first_limit: int,
    limit: Bounds | None,
    found: Sequence[Spread],
    rows: tuple[int, int],
    step: float,
    dates: DateLabels,
) -> ListChart:
    series = [ListSeries(_("Mean"), first + 1, ACCENT)]
    # One answer a day is its own lowest and highest: three lines over each other would say nothing.
    if any(one.count > 1 for one in found):
        highest, lowest = ListSeries(_("Highest"), first + 2, HIGHEST), ListSeries(_("Lowest"), first, LOWEST)
        series = [highest, *series, lowest]
    edges = [*(one.low for one in found), *(one.high for one in found)]
    if limit is not None:
        series += [
            ListSeries(_("Upper limit"), first_limit + 1, LIMIT, limit=True),
            ListSeries(_("Lower limit"), first_limit, LIMIT, limit=True),
        ]
        edges += [limit.low, limit.high]
    return ListChart(
        ChartKind.LINES,
        title,
        DAY,
        tuple(series),
        rows,
        low=(math.floor(min(edges) / step) - 1) * step,
        high=(math.ceil(max(edges) / step) + 1) * step,
        number_format="0",
        dates=dates,
    )
