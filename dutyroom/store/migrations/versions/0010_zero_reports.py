"""Zero reports."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE zero_reports (
        id INTEGER NOT NULL PRIMARY KEY, duty_day DATE NOT NULL, begins_at DATETIME NOT NULL, ends_at DATETIME NOT NULL,
        state VARCHAR NOT NULL, signed_at DATETIME NOT NULL, signed_by VARCHAR NOT NULL, content VARCHAR NOT NULL,
        version INTEGER NOT NULL, is_late BOOLEAN NOT NULL, reason VARCHAR, ledger_seq INTEGER, ledger_head VARCHAR,
        CONSTRAINT uq_zero_reports_day_version UNIQUE (duty_day, version))""",
)


def upgrade() -> None:
    """Adds tables and columns; nothing that is there changes."""
    for statement in STATEMENTS:
        op.execute(statement)
