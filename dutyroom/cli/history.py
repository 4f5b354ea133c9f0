"""`dutyroom history`: what was recorded about one quantity of one source over time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.model.history import Span
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from dutyroom.duty.desk import Desk
    from dutyroom.model.history import Series, SeriesName

Source = Annotated[str, typer.Argument(metavar="SOURCE", help=N_("A device, by its name in the site file."))]
Quantity = Annotated[
    str | None, typer.Argument(metavar="[QUANTITY]", help=N_("What was measured; without it: what there is."))
]
SpanOption = Annotated[Span, typer.Option(help=N_("How much time."))]
At = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        help=N_("Up to the end of this local day (2026-11-24) or up to a local time (2026-11-24T08:30)."),
        show_default=False,
    ),
]


def history(
    ctx: typer.Context,
    source: Source,
    quantity: Quantity = None,
    span: SpanOption = Span.DAY,
    at: At = None,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints the series, or what the source has a history of. Exit code 1 when nothing is on record of it."""
    from dutyroom import clock
    from dutyroom.cli import history_document
    from dutyroom.cli.compose import open_desk
    from dutyroom.cli.documents import to_text
    from dutyroom.duty.history import quantities, read_series

    site, now = site_of(ctx), clock.now()
    if source not in {device.name for device in site.devices()}:
        known = ", ".join(device.name for device in site.devices())
        raise typer.BadParameter(_("{source}: no device of that name. There are: {known}").format(
            source=source, known=known
        ))  # fmt: skip
    until = _moment(at, site.timezone) if at is not None else None
    desk = open_desk(site, read_only=True)
    try:
        found = quantities(desk, source)
        if quantity is None:
            label = site.label_of(source)
            print(to_text(history_document.quantities(source, label, found, now)) if json else _listed(found, now))
            return 0
        _require(quantity, found)
        series = read_series(desk, source, quantity, span, now, until)
    finally:
        desk.store.close()
    print(to_text(history_document.series(series, site.label_of(source))) if json else _told(desk, series))
    return 0 if series.points else 1


def _require(quantity: str, found: tuple[SeriesName, ...]) -> None:
    if quantity not in {one.quantity for one in found}:
        known = ", ".join(one.quantity for one in found)
        raise typer.BadParameter(
            _("{quantity}: nothing of that name is recorded. There are: {known}").format(quantity=quantity, known=known)
        )


def _moment(text: str, zone: ZoneInfo) -> datetime:
    """The end of a local day, or a local moment. A local time that comes twice is the first of both."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(_("{text}: write a day as 2026-11-24, a time as 2026-11-24T08:30").format(
            text=text
        )) from None  # fmt: skip
    if told.tzinfo is not None:
        return told.astimezone(UTC)
    if len(text) <= len("2026-11-24"):
        told += timedelta(days=1)
    return told.replace(tzinfo=zone).astimezone(UTC)


def _listed(found: tuple[SeriesName, ...], now: datetime) -> str:
    from dutyroom import quantity_words, show
    from dutyroom.cli.columns import aligned
    from dutyroom.inert import inert

    return "\n".join(
        aligned(
            (
                inert(one.quantity),
                inert(quantity_words.name(one.quantity)),
                quantity_words.value(one.quantity, one.last.value if one.last is not None else None),
                show.ago((now - one.last.at).total_seconds()) if one.last is not None else _("never"),
            )
            for one in found
        )
    )


def _told(desk: Desk, series: Series) -> str:
    """A line for each point and each gap in the order of time, below what they come to."""
    from dutyroom import gap_words, quantity_words, show
    from dutyroom.cli.columns import aligned
    from dutyroom.inert import inert

    zone, quantity = desk.site.timezone, series.quantity
    title = f"{desk.site.label_of(series.source)} · {quantity_words.name(quantity)}"
    head = [
        f"{inert(title)}  {show.moment(series.since, zone)} – {show.moment(min(series.until, series.read_at), zone)}"
    ]
    head += [gap_words.summary(series, zone), *(gap_words.step(step, zone) for step in series.steps)]
    rows: list[tuple[datetime, tuple[str, ...]]] = [
        (point.at, _values(quantity, point.low, point.mean, point.high, point.lasts_s))
        for point in series.points
        if series.since <= point.at < series.until or point.lasts_s
    ]
    rows += [(gap.began, (gap_words.gap(gap, zone),)) for gap in series.gaps]
    lines = aligned((show.moment(at, zone), *told) for at, told in sorted(rows))
    return "\n".join([*head, "", *lines] if lines else head)


def _values(quantity: str, low: float, mean: float, high: float, lasts_s: float) -> tuple[str, ...]:
    from dutyroom.quantity_words import value

    if not lasts_s:
        return (value(quantity, mean),)
    return tuple(value(quantity, one) for one in (low, mean, high))
