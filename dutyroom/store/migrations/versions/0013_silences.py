"""When polls failed and when nobody polled, kept for ever; what older versions recorded of it goes in.

To the second where that is still on record (`poll_gaps`), else from the counts by hour: an hour's failed polls and
those nobody made are laid at its beginning, as long as their share of its polls.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from alembic import op
from sqlalchemy import Connection

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE silences (
        source VARCHAR NOT NULL, began_s INTEGER NOT NULL, cause VARCHAR NOT NULL, polls INTEGER NOT NULL,
        second_s INTEGER, last_s INTEGER, ended_s INTEGER, PRIMARY KEY (source, began_s, cause)) WITHOUT ROWID""",
    "CREATE INDEX ix_silences_ended ON silences (ended_s)",
)
ADD = "INSERT OR REPLACE INTO silences VALUES (?, ?, ?, ?, ?, ?, ?)"
HOUR_S = 3600
PRECISE_S = 40 * 86400
"""How long `poll_gaps` were kept."""
JOIN_S = 60
"""Rows of failed polls so near to each other are one row, unless an answer was recorded between them."""

# Began, cause, ended (None: still failing).
Found = tuple[int, str, int | None]


def upgrade() -> None:
    """Adds the table and fills it; nothing that is there changes."""
    for statement in STATEMENTS:
        op.execute(statement)
    connection = op.get_bind()
    newest = _newest(connection)
    precise_s = max((at_s for at_s, _began_s in newest.values()), default=0) - PRECISE_S
    for source in connection.exec_driver_sql("SELECT DISTINCT source FROM hourly_polls").scalars().all():
        polled_s, failing_s = newest.get(source, (None, None))
        before_s = _first(connection, source)
        rows: list[Found] = [(0, "before", before_s)]
        rows += _by_hours(connection, source, before_s, precise_s)
        rows += _by_gaps(connection, source, polled_s if failing_s is not None else None)
        if failing_s is not None and not any(ended_s is None for _began_s, _cause, ended_s in rows):
            rows.append((failing_s, "failed", None))
        for began_s, cause, ended_s in rows:
            last_s = (ended_s if ended_s is not None else polled_s) if cause == "failed" else None
            second_s = min(last_s, began_s + JOIN_S) if last_s is not None and last_s > began_s else None
            polls = 0 if last_s is None else 1 if second_s is None else 2
            connection.exec_driver_sql(ADD, (source, began_s, cause, polls, second_s, last_s, ended_s))


def _newest(connection: Connection) -> dict[str, tuple[int, int | None]]:
    """When each source was polled last, and since when it fails (None: it answered)."""
    found: dict[str, tuple[int, int | None]] = {}
    for source, at, knows, text in connection.exec_driver_sql("SELECT source, at, knows, sample FROM latest"):
        at_s, check = _seconds(at), json.loads(text).get("check")
        failing_s = None if knows else at_s
        if knows and check is not None and not check["answered"]:
            failing_s = _seconds(check["since"]) if check.get("since") else at_s
        found[source] = (at_s, failing_s)
    return found


def _first(connection: Connection, source: str) -> int:
    """The first poll, as far as it is known: within its hour the first value or failure, else the end of that hour."""
    hour_s = connection.exec_driver_sql("SELECT min(hour_s) FROM hourly_polls WHERE source = ?", (source,)).scalar_one()
    first_s = connection.exec_driver_sql(
        """SELECT min(at_s) FROM (
            SELECT min(r.at_s) AS at_s FROM readings AS r JOIN series AS t ON t.id = r.series_id
            WHERE t.source = ? AND r.at_s >= ? AND r.at_s < ?
            UNION ALL SELECT min(began_s) FROM poll_gaps WHERE source = ? AND began_s >= ? AND began_s < ?
            UNION ALL SELECT ? FROM latest WHERE source = ? AND NOT knows)""",
        (source, hour_s, hour_s + HOUR_S, source, hour_s, hour_s + HOUR_S, hour_s + HOUR_S, source),
    ).scalar_one()
    return int(first_s) if first_s is not None else int(hour_s) + HOUR_S


def _by_hours(connection: Connection, source: str, from_s: int, until_s: int) -> list[Found]:
    """Of the hours that began before `until_s`, of which only counts are left."""
    found: list[Found] = []
    rows = connection.exec_driver_sql(
        """SELECT hour_s, ok, failed, none FROM hourly_polls
        WHERE source = ? AND hour_s >= ? AND hour_s < ? AND (failed > 1 OR none > 0) ORDER BY hour_s""",
        (source, from_s - from_s % HOUR_S, until_s),
    )
    for hour_s, ok, failed, none in rows:
        at_s = max(hour_s, from_s)
        each_s = (hour_s + HOUR_S - at_s) / (ok + failed + none)
        for cause, count in (("not-polled", none), ("failed", failed if failed > 1 else 0)):
            ended_s = at_s + round(count * each_s)
            if ended_s > at_s:
                _append(found, at_s, cause, ended_s, 0)
            at_s = ended_s
    return found


def _by_gaps(connection: Connection, source: str, failing_s: int | None) -> list[Found]:
    """What is known to the second; `failing_s` is the newest poll of a source that fails."""
    found: list[Found] = []
    for began_s, ended_s, state in connection.exec_driver_sql(
        "SELECT began_s, ended_s, state FROM poll_gaps WHERE source = ? ORDER BY began_s", (source,)
    ).all():
        answered = (
            found
            and connection.exec_driver_sql(
                """SELECT 1 FROM readings AS r JOIN series AS t ON t.id = r.series_id
            WHERE t.source = ? AND r.at_s > ? AND r.at_s < ? LIMIT 1""",
                (source, found[-1][2], began_s),
            ).scalar()
        )
        _append(found, began_s, "failed" if state else "not-polled", ended_s, 0 if answered else JOIN_S)
    if failing_s is not None and found and found[-1][1] == "failed" and found[-1][2] == failing_s:
        found[-1] = (found[-1][0], "failed", None)
    return found


def _append(found: list[Found], began_s: int, cause: str, ended_s: int, join_s: int) -> None:
    """One more, joined with the one before where that is of its kind and so near."""
    if found:
        first_s, kind, last_s = found[-1]
        if kind == cause == "failed" and last_s is not None and began_s - last_s <= join_s:
            found[-1] = (first_s, kind, max(last_s, ended_s))
            return
    found.append((began_s, cause, ended_s))


def _seconds(moment: str) -> int:
    """Whole seconds since the epoch; a moment without a zone is UTC, as the store writes it."""
    at = datetime.fromisoformat(moment)
    return int((at if at.tzinfo is not None else at.replace(tzinfo=UTC)).timestamp())
