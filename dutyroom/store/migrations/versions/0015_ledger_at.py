"""The ledger by time: a report asks for the lines of a month, a signature for the newest line."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = ("CREATE INDEX ix_ledger_at ON ledger (at)",)


def upgrade() -> None:
    """Adds an index; nothing that is there changes."""
    for statement in STATEMENTS:
        op.execute(statement)
