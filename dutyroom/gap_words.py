"""The words for a series: why values are missing, what it comes to, when the clock was set."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from dutyroom import event_words, show
from dutyroom.model.events import Event
from dutyroom.model.history import Gap, GapReason, Series, Span
from dutyroom.model.reading import State
from dutyroom.quantity_words import value
from dutyroom.rules.chart import summary as summed
from dutyroom.words import N_, _

REASONS = {
    GapReason.FAILED: N_("no answer"),
    GapReason.NOT_POLLED: N_("not polled"),
    GapReason.NO_VALUE: N_("value unknown"),
    GapReason.CLOCK_SET: N_("clock set"),
    GapReason.NO_RECORD: N_("nothing on record"),
}
SPANS = {Span.HOUR: N_("hour"), Span.DAY: N_("day"), Span.WEEK: N_("week"), Span.MONTH: N_("month")}


def reason(of: Gap) -> str:
    """Why there is no value; of failed polls in the words of their state, of a check just that nothing answered."""
    if of.reason is GapReason.FAILED and of.state in set(State):
        return show.state_of_code(of.state)
    return _(REASONS[of.reason])


def gap(of: Gap, zone: ZoneInfo) -> str:
    """`no answer, 08:10 – 08:25 (15 m)`."""
    lasted = show.duration((of.ended - of.began).total_seconds())
    return _("{why}, {began} – {ended} ({lasted})").format(
        why=reason(of), began=when(of.began, of.ended, zone), ended=when(of.ended, of.began, zone), lasted=lasted
    )


def when(at: datetime, beside: datetime, zone: ZoneInfo) -> str:
    """The local time, with its date where the other moment is of another day."""
    if at.astimezone(zone).date() == beside.astimezone(zone).date():
        return show.time_of_day(at, zone)
    return show.moment(at, zone)[5:]


def summary(series: Series, zone: ZoneInfo) -> str:
    """Lowest, mean and highest with their times, and the newest reading with its age."""
    told, name = summed(series.points, series.since, series.until), series.quantity
    last = _("never recorded")
    if series.last is not None:
        age = show.ago((series.read_at - series.last.at).total_seconds())
        last = _("last {value}, {ago}").format(value=value(name, series.last.value), ago=age)
    if told is None:
        return _("no value in this time") + " · " + last
    return _("lowest {low} ({low_at}) · mean {mean} · highest {high} ({high_at}) · {last}").format(
        low=value(name, told.low),
        low_at=at(series, told.low_at, zone),
        mean=value(name, told.mean),
        high=value(name, told.high),
        high_at=at(series, told.high_at, zone),
        last=last,
    )


def at(series: Series, moment: datetime, zone: ZoneInfo) -> str:
    """When something was: the time of day within a day, with the date in longer spans."""
    text = show.moment(moment, zone)
    return text[11:] if series.span in (Span.HOUR, Span.DAY) else text[5:]


def step(event: Event, zone: ZoneInfo) -> str:
    """`08:10 clock set forward by 2 h 00 m`."""
    return f"{show.moment(event.at, zone)[5:]} {event_words.clock_step(event)}"
