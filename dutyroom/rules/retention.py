"""Which backups are kept?

The newest of each of the last 14 days, 8 weeks (Monday to Sunday) and 24 months that have any; days, weeks and months
are those of the site's zone. What counts is how many days have a backup, not how many went by: a machine that was off
for a year loses none. The newest three are always kept: who backs up by hand twice a day must not lose the first one
to the second. One made before an upgrade or a restore is the last witness of
what was changed or lost then, and is kept for 24 months by the calendar whatever else is.

Keeping and making one more can be done in any order: what the rule drops today it would not have wanted tomorrow.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dutyroom.model.backup import BackupReason

DAYS, WEEKS, MONTHS = 14, 8, 24
RECENT = 3
# Two years with one leap day.
WITNESS_FOR = timedelta(days=731)
WITNESSES = frozenset((BackupReason.UPGRADE, BackupReason.RESTORE))

Made = tuple[datetime, BackupReason]


def kept(made: Iterable[Made], zone: ZoneInfo) -> frozenset[Made]:
    """Of the backups (when made in UTC, and why) those that stay."""
    newest_first = sorted(set(made), reverse=True)
    if not newest_first:
        return frozenset()
    stay = set(newest_first[:RECENT])
    last = newest_first[0][0]
    stay |= {one for one in newest_first if one[1] in WITNESSES and last - one[0] <= WITNESS_FOR}
    for count, bucket in ((DAYS, _day), (WEEKS, _week), (MONTHS, _month)):
        found: dict[Hashable, Made] = {}
        for one in newest_first:
            found.setdefault(bucket(one[0].astimezone(zone)), one)
        # A dict keeps the order of its keys: the newest buckets stand first.
        stay |= set(list(found.values())[:count])
    return frozenset(stay)


def _day(local: datetime) -> Hashable:
    return local.date()


def _week(local: datetime) -> Hashable:
    return local.isocalendar()[:2]


def _month(local: datetime) -> Hashable:
    return local.year, local.month
