"""Baselines of ports, and their counters at each signed round."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE port_baselines (
        id INTEGER NOT NULL PRIMARY KEY, source VARCHAR NOT NULL, version INTEGER NOT NULL, at DATETIME NOT NULL,
        by VARCHAR NOT NULL, seen_at DATETIME NOT NULL, ports VARCHAR NOT NULL,
        CONSTRAINT uq_port_baselines_source_version UNIQUE (source, version))""",
    """CREATE TABLE port_marks (
        source VARCHAR NOT NULL, round_id INTEGER NOT NULL REFERENCES rounds (id), at DATETIME NOT NULL, uptime_s FLOAT,
        ports VARCHAR NOT NULL, PRIMARY KEY (source, round_id)) WITHOUT ROWID""",
)


def upgrade() -> None:
    """Adds tables; nothing that is there changes."""
    for statement in STATEMENTS:
        op.execute(statement)
