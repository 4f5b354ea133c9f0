"""What the present store holds that a backup does not, read from both with plain SQL so that any schema will do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dutyroom.model.backup import Loss
from dutyroom.model.people import Act


def loss(present: Any, backup: Any) -> Loss:
    """What would be lost; both are connections of the DB-API. Errors of the library leave as they are.

    The two ledgers are the same up to the last line with the same number and hash; all after it in the present one
    is lost, whether the backup is older or the two went different ways.
    """
    common = _last_common(present, backup)
    lines, last_seq = present.execute("SELECT count(*), max(seq) FROM ledger WHERE seq > ?", (common,)).fetchone()
    head, at = present.execute("SELECT hash, at FROM ledger WHERE seq = ?", (last_seq,)).fetchone() or (None, None)
    return Loss(
        lines=lines,
        first_seq=common + 1 if lines else None,
        last_seq=last_seq,
        head=head,
        rounds_signed=_acts(present, Act.SIGN_ROUND, common),
        answers=_acts(present, Act.ANSWER, common),
        readings=_newer(present, backup, "readings", "at_s"),
        events=_newer(present, backup, "events", "at"),
        newest_at=datetime.fromisoformat(at).replace(tzinfo=UTC) if at is not None else None,
    )


def _last_common(present: Any, backup: Any) -> int:
    newest_first = "SELECT seq, hash FROM ledger ORDER BY seq DESC"
    ours, theirs = present.execute(newest_first), backup.execute(newest_first)
    one, other = ours.fetchone(), theirs.fetchone()
    while one is not None and other is not None:
        if one == other:
            return int(one[0])
        # The later one goes back a line; at the same number with different hashes both do.
        back_ours, back_theirs = one[0] >= other[0], other[0] >= one[0]
        one = ours.fetchone() if back_ours else one
        other = theirs.fetchone() if back_theirs else other
    return 0


def _acts(connection: Any, act: Act, after: int) -> int:
    return _one(connection, "SELECT count(*) FROM ledger WHERE act = ? AND seq > ?", act.value, after)


def _newer(present: Any, backup: Any, table: str, moment: str) -> int:
    """Rows younger than the youngest in the backup: what is seen by the second has no better name."""
    (youngest,) = backup.execute(f"SELECT max({moment}) FROM {table}").fetchone()
    if youngest is None:
        return _one(present, f"SELECT count(*) FROM {table}")
    return _one(present, f"SELECT count(*) FROM {table} WHERE {moment} > ?", youngest)


def _one(connection: Any, sql: str, *values: object) -> int:
    return int(connection.execute(sql, values).fetchone()[0])
