"""The roster and handovers."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE roster (
        id INTEGER NOT NULL PRIMARY KEY, day DATE NOT NULL, shift VARCHAR NOT NULL, person VARCHAR NOT NULL,
        imported_at DATETIME NOT NULL, imported_by VARCHAR NOT NULL, replaced_at DATETIME, replaced_by VARCHAR)""",
    "CREATE INDEX ix_roster_day ON roster (day)",
    """CREATE TABLE handovers (
        id INTEGER NOT NULL PRIMARY KEY, from_day DATE NOT NULL, from_shift VARCHAR NOT NULL, to_day DATE NOT NULL,
        to_shift VARCHAR NOT NULL, given_at DATETIME NOT NULL, given_by VARCHAR NOT NULL, sheet VARCHAR NOT NULL,
        state VARCHAR NOT NULL, accepted_at DATETIME, accepted_by VARCHAR, accept_note VARCHAR NOT NULL,
        override_by VARCHAR, override_reason VARCHAR)""",
    "CREATE INDEX ix_handovers_to ON handovers (to_day, to_shift)",
)


def upgrade() -> None:
    """Adds tables and columns; nothing that is there changes."""
    for statement in STATEMENTS:
        op.execute(statement)
