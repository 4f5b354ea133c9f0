"""What the history charts ask for."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE poll_gaps (
        source VARCHAR NOT NULL, began_s INTEGER NOT NULL, ended_s INTEGER NOT NULL, state VARCHAR NOT NULL,
        PRIMARY KEY (source, began_s)) WITHOUT ROWID""",
)


def upgrade() -> None:
    """Adds tables; nothing that is there changes."""
    for statement in STATEMENTS:
        op.execute(statement)
