"""What was recorded about one quantity over time, for screens and scripts. Each is one short read: use a thread."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import inf

from dutyroom.duty.desk import Desk
from dutyroom.model.checklist import Bounds, Limit
from dutyroom.model.history import Gap, GapReason, Point, Series, SeriesName, Span
from dutyroom.model.reading import Kind
from dutyroom.model.site import Site
from dutyroom.rules.chart_gaps import clock_gaps, failures_by_hour, gaps_of, reach_of, reach_within
from dutyroom.rules.chart_time import window
from dutyroom.rules.sources import interval_of
from dutyroom.rules.sources import kind_of as source_kind
from dutyroom.store import headline, history, poll_gaps
from dutyroom.store.readings import KEEP_RAW

# What a chart shows first of a device, and then, in this order.
_OF_KIND = {
    Kind.UPS: headline.UPS,
    Kind.NETWORK: headline.NETWORK,
    Kind.SERVER: headline.SERVER,
    Kind.SYSTEM: headline.CHECK,
    Kind.LINE: headline.CHECK,
    Kind.BACKUP: headline.BACKUP,
}
_MAIN = {
    Kind.UPS: "load_percent",
    Kind.NETWORK: "cpu_percent",
    Kind.SERVER: "cpu_percent",
    Kind.SYSTEM: "latency_ms",
    Kind.LINE: "latency_ms",
    Kind.BACKUP: "size_gb",
}
# The line of the daily round that asks for the same quantity has its limits.
_ITEMS = {
    (Kind.UPS, "input_voltage_v"): "ups.in.v",
    (Kind.UPS, "output_voltage_v"): "ups.out.v",
    (Kind.UPS, "load_percent"): "ups.load",
    (Kind.UPS, "charge_percent"): "ups.batt.charge",
    (Kind.UPS, "battery_voltage_v"): "ups.batt.v",
    (Kind.UPS, "ambient_temperature_c"): "env.temp.cold",
    (Kind.UPS, "ambient_humidity_percent"): "env.rh",
    (Kind.SERVER, "cpu_percent"): "srv.cpu",
    (Kind.SERVER, "memory_percent"): "srv.mem",
    (Kind.SERVER, "fullest_volume_percent"): "srv.disk",
}


def kind_of(site: Site, source: str) -> Kind | None:
    """What sort of device a source is, or None when the site has none of that name."""
    device = next((one for one in site.devices() if one.name == source), None)
    return source_kind(device) if device is not None else None


def main_quantity(kind: Kind) -> str:
    """What a chart of such a device shows first."""
    return _MAIN[kind]


def usual_quantities(kind: Kind) -> tuple[str, ...]:
    """What such a device usually has a history of."""
    return _OF_KIND[kind]


def quantities(desk: Desk, source: str) -> tuple[SeriesName, ...]:
    """Every quantity of a source with a history; those its kind usually has come first, also without a value."""
    with desk.store.read() as session:
        found = {one.quantity: one for one in history.names(session, source)}
    kind = kind_of(desk.site, source)
    usual = _OF_KIND[kind] if kind is not None else ()
    first = [found.get(quantity, SeriesName(source, quantity)) for quantity in usual]
    return (*first, *(one for quantity, one in found.items() if quantity not in usual))


def read_series(
    desk: Desk, source: str, quantity: str, span: Span, now: datetime, until: datetime | None = None
) -> Series:
    """What is on record of a quantity in the span that ends at `until` (None: at the present, with room to go on).

    Raises StoreError.
    """
    since, end = window(span, desk.site.timezone, now, until)
    reach_s = reach_of(interval_of(desk.site, source))
    reach = timedelta(seconds=reach_s)
    known_until = min(end, now)
    with desk.store.read() as session:
        by_hour = span.by_hour
        points: tuple[Point, ...] = ()
        if not by_hour:
            points = history.readings(session, source, quantity, since - reach, end + reach)
            # Of times before that only the hours are kept.
            by_hour = not points and since < now - KEEP_RAW
        if by_hour:
            points = history.hours(session, source, quantity, since, end)
        polls = history.polls(session, source, since, end)
        steps = history.steps(session, since, end)
        precise = (
            *poll_gaps.between(session, source, since, end),
            *clock_gaps(steps),
            *_unwatched(history.last_poll(session, source), known_until, reach),
        )
        last = history.last(session, source, quantity)
    failures = tuple(sorted(precise, key=lambda gap: gap.began))
    known = _with_counted(failures, failures_by_hour(polls))
    reach_s = reach_within(points, known, reach_s)
    return Series(
        source=source,
        quantity=quantity,
        span=span,
        since=since,
        until=end,
        read_at=now,
        by_hour=by_hour,
        reach_s=reach_s,
        points=points,
        gaps=gaps_of(points, failures, polls, since, known_until, reach_s),
        failures=known,
        steps=steps,
        last=last,
        limit=limit_of(desk, source, quantity),
    )


def limit_of(desk: Desk, source: str, quantity: str) -> Limit | None:
    """What is normal for it: by the checklist's item for that quantity, or the hold time required of a UPS."""
    kind = kind_of(desk.site, source)
    if kind is Kind.UPS and quantity == "runtime_s":
        ups = next(one for one in desk.site.ups if one.name == source)
        return Limit(normal=Bounds(ups.hold_time_s, inf))
    mapped = next((item for item, place in desk.site.live if place == (source, quantity)), None)
    wanted = mapped or (_ITEMS.get((kind, quantity)) if kind is not None else None)
    item = next((one for one in desk.checklist.items if one.id == wanted), None)
    return item.limit if item is not None else None


def _unwatched(polled: datetime | None, until: datetime, reach: timedelta) -> tuple[Gap, ...]:
    """The time since the newest poll of all, when nobody polls any more: only the next poll puts that on record."""
    if polled is None or until - polled <= reach:
        return ()
    return (Gap(polled, until, GapReason.NOT_POLLED),)


def _with_counted(precise: tuple[Gap, ...], counted: tuple[Gap, ...]) -> tuple[Gap, ...]:
    """What is known to the second, and the hours of which only the count of failed polls is known."""
    told = [gap for gap in precise if gap.reason is not GapReason.CLOCK_SET]
    rest = [hour for hour in counted if not any(gap.began < hour.ended and gap.ended >= hour.began for gap in told)]
    return tuple(sorted((*precise, *rest), key=lambda gap: gap.began))
