"""Planned maintenance."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE maintenance (
        id INTEGER NOT NULL PRIMARY KEY, starts_at DATETIME NOT NULL, ends_at DATETIME NOT NULL,
        devices VARCHAR NOT NULL, reason VARCHAR NOT NULL, entered_at DATETIME NOT NULL, entered_by VARCHAR NOT NULL,
        cancelled_at DATETIME, cancelled_by VARCHAR NOT NULL)""",
    "CREATE INDEX ix_maintenance_ends_at ON maintenance (ends_at)",
)


def upgrade() -> None:
    """Adds tables; nothing that is there changes."""
    for statement in STATEMENTS:
        op.execute(statement)
