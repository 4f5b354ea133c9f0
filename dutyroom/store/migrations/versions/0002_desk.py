"""Own passwords and PINs, failed sign-ins, backups, and the clock that never steps beside the wall clock."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE operators ADD COLUMN password_set_at DATETIME",
    "ALTER TABLE operators ADD COLUMN one_time_until DATETIME",
    "ALTER TABLE operators ADD COLUMN pin_hash VARCHAR",
    "ALTER TABLE rounds ADD COLUMN clock_reason VARCHAR",
    "ALTER TABLE events ADD COLUMN boot_id VARCHAR",
    "ALTER TABLE events ADD COLUMN boot_s FLOAT",
    "ALTER TABLE heartbeat ADD COLUMN boot_id VARCHAR",
    "ALTER TABLE heartbeat ADD COLUMN boot_s FLOAT",
    """CREATE TABLE sign_in_tries (
        name VARCHAR NOT NULL PRIMARY KEY, failures INTEGER NOT NULL, last_at DATETIME NOT NULL,
        closed_until DATETIME) WITHOUT ROWID""",
    """CREATE TABLE backups (
        id INTEGER NOT NULL PRIMARY KEY, at DATETIME NOT NULL, reason VARCHAR NOT NULL, path VARCHAR NOT NULL,
        size INTEGER, sha256 VARCHAR, ledger_seq INTEGER, ledger_head VARCHAR, trouble VARCHAR, second VARCHAR,
        second_trouble VARCHAR)""",
    "CREATE INDEX ix_backups_at ON backups (at)",
)


def upgrade() -> None:
    """Adds columns that are empty for every older row, and two tables."""
    for statement in STATEMENTS:
        op.execute(statement)
