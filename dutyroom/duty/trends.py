"""How the answers of one line went, for the screens and scripts. Each is one short read: call it in a thread."""

from __future__ import annotations

from datetime import datetime, timedelta

from dutyroom import clock
from dutyroom.checklists import expand
from dutyroom.duty.desk import Desk
from dutyroom.errors import RoundRefused
from dutyroom.model.checklist import Item, WalkLine
from dutyroom.model.rounds import Entry, Round
from dutyroom.model.trend import Trend, TrendPoint
from dutyroom.store import trends
from dutyroom.words import _

SPANS = (14, 90)
"""Days a trend shows."""


def asked_lines(desk: Desk) -> tuple[WalkLine, ...]:
    """Every line that a checklist in force asks for, each once, in walking order."""
    found: dict[tuple[str, str], WalkLine] = {}
    for published in desk.published():
        for line in expand(published.checklist, desk.site):
            found.setdefault(line.key, line)
    return tuple(found.values())


def read_trend(desk: Desk, item_id: str, device: str, days: int, now: datetime, back: int = 0) -> Trend:
    """The answers of `days` local days up to today, or up to `back` days ago. Raises RoundRefused (`unknown-item`)."""
    item = item_in_force(desk, item_id)
    until = clock.local_date(now, desk.site.timezone) - timedelta(days=back)
    since = until - timedelta(days=days - 1)
    asking = tuple(
        one.checklist.name for one in desk.published() if one.checklist.item(item_id) is not None
    )  # fmt: skip
    with desk.store.read() as session:
        found = trends.answers(session, item_id, device, since, until)
        missed = trends.not_walked(session, asking, since, until)
    return Trend(item, device, since, until, tuple(_point(one, entry) for one, entry in found), missed)


def item_in_force(desk: Desk, item_id: str) -> Item:
    """The item of that id in the checklists in force. Raises RoundRefused (`unknown-item`)."""
    found = (one.checklist.item(item_id) for one in desk.published())
    item = next((one for one in found if one is not None), None)
    if item is None:
        raise RoundRefused(_("No checklist in force has the item {item}.").format(item=item_id), code="unknown-item")
    return item


def _point(one: Round, entry: Entry) -> TrendPoint:
    return TrendPoint(
        round_id=one.id,
        checklist=one.checklist,
        due_on=one.due_on,
        at=entry.at,
        by=entry.by,
        answer=entry.answer or "",
        value=entry.value,
        verdict=entry.verdict,
        origin=entry.origin,
        note=entry.note,
        marks=one.marks,
    )
