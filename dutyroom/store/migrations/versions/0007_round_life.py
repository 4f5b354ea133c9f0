"""Approved, amended, skipped, missed and back-filled rounds, and critical periods."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = (
    "CREATE INDEX ix_rounds_signed_at ON rounds (checklist, signed_at)",
    "ALTER TABLE rounds ADD COLUMN revision INTEGER",
    "ALTER TABLE rounds ADD COLUMN approved_at DATETIME",
    "ALTER TABLE rounds ADD COLUMN approved_by VARCHAR",
    "ALTER TABLE rounds ADD COLUMN skip_reason VARCHAR",
    "ALTER TABLE rounds ADD COLUMN skip_note VARCHAR",
    "ALTER TABLE rounds ADD COLUMN closed_at DATETIME",
    "ALTER TABLE rounds ADD COLUMN closed_by VARCHAR",
    "ALTER TABLE rounds ADD COLUMN paper_from DATETIME",
    "ALTER TABLE rounds ADD COLUMN paper_to DATETIME",
    "ALTER TABLE rounds ADD COLUMN period_id INTEGER",
    """CREATE TABLE periods (
        id INTEGER NOT NULL PRIMARY KEY, kind VARCHAR NOT NULL, name VARCHAR NOT NULL, checklist VARCHAR NOT NULL,
        starts_at DATETIME NOT NULL, ends_at DATETIME NOT NULL, every_s FLOAT NOT NULL, opened_at DATETIME NOT NULL,
        opened_by VARCHAR NOT NULL, closed_at DATETIME, closed_by VARCHAR)""",
    "CREATE INDEX ix_periods_ends_at ON periods (ends_at)",
    """CREATE TABLE amendments (
        id INTEGER NOT NULL PRIMARY KEY, round_id INTEGER NOT NULL REFERENCES rounds (id), revision INTEGER NOT NULL,
        at DATETIME NOT NULL, by VARCHAR NOT NULL, reason VARCHAR NOT NULL, entries VARCHAR NOT NULL,
        withdrew_by VARCHAR, withdrew_at DATETIME,
        CONSTRAINT uq_amendments_round_revision UNIQUE (round_id, revision))""",
    """CREATE TABLE round_holders (
        round_id INTEGER NOT NULL REFERENCES rounds (id), by VARCHAR NOT NULL, terminal VARCHAR NOT NULL,
        since DATETIME NOT NULL, seen_at DATETIME NOT NULL, PRIMARY KEY (round_id, by, terminal)) WITHOUT ROWID""",
)


def upgrade() -> None:
    """Adds tables and columns; nothing that is there changes."""
    for statement in STATEMENTS:
        op.execute(statement)
