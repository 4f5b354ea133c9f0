"""What people said of the rows of the self-check."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE self_check_answers (
        id INTEGER NOT NULL PRIMARY KEY, "row" VARCHAR NOT NULL, result VARCHAR NOT NULL, text VARCHAR NOT NULL,
        plan VARCHAR NOT NULL, set_at DATETIME NOT NULL, set_by VARCHAR NOT NULL)""",
    'CREATE INDEX ix_self_check_answers_row ON self_check_answers ("row")',
)


def upgrade() -> None:
    """Adds a table; nothing that is there changes."""
    for statement in STATEMENTS:
        op.execute(statement)
