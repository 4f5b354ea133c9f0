"""Findings and their history, and which answer stands for which finding."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE entries ADD COLUMN finding_id INTEGER",
    """CREATE TABLE findings (
        id INTEGER NOT NULL PRIMARY KEY, origin VARCHAR NOT NULL, "key" VARCHAR NOT NULL, severity VARCHAR NOT NULL,
        found_at DATETIME NOT NULL, found_by VARCHAR, deadline DATETIME NOT NULL, state VARCHAR NOT NULL,
        item VARCHAR NOT NULL, device VARCHAR NOT NULL, round_id INTEGER, code VARCHAR NOT NULL,
        params VARCHAR NOT NULL, text VARCHAR NOT NULL, assignee VARCHAR,
        contained_at DATETIME, contained_by VARCHAR, reported_at DATETIME, reported_by VARCHAR,
        authority_at DATETIME, authority_by VARCHAR, done_at DATETIME, done_by VARCHAR,
        verified_at DATETIME, verified_by VARCHAR, known_until DATETIME, known_owner VARCHAR, known_reason VARCHAR,
        gone_at DATETIME, times INTEGER NOT NULL, returned INTEGER NOT NULL, silenced_by INTEGER)""",
    "CREATE INDEX ix_findings_state ON findings (state, deadline)",
    'CREATE INDEX ix_findings_key ON findings ("key")',
    """CREATE TABLE finding_steps (
        id INTEGER NOT NULL PRIMARY KEY, finding_id INTEGER NOT NULL REFERENCES findings (id), at DATETIME NOT NULL,
        by VARCHAR, step VARCHAR NOT NULL, note VARCHAR NOT NULL, params VARCHAR NOT NULL)""",
    "CREATE INDEX ix_finding_steps_finding ON finding_steps (finding_id)",
)


def upgrade() -> None:
    """Adds tables and columns; nothing that is there changes."""
    for statement in STATEMENTS:
        op.execute(statement)
