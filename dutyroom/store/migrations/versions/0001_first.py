"""The first schema: every table (the triggers are made after it, see `dutyroom.store.triggers`)."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPLICATION_ID = 0x44555459

TABLES = (
    """CREATE TABLE operators (
        name VARCHAR NOT NULL PRIMARY KEY, label VARCHAR NOT NULL, role VARCHAR NOT NULL,
        created_at DATETIME NOT NULL, disabled_at DATETIME, password_hash VARCHAR NOT NULL)""",
    """CREATE TABLE checklists (
        version VARCHAR NOT NULL PRIMARY KEY, name VARCHAR NOT NULL, content VARCHAR NOT NULL,
        published_at DATETIME NOT NULL)""",
    """CREATE TABLE rounds (
        id INTEGER NOT NULL PRIMARY KEY, checklist VARCHAR NOT NULL, version VARCHAR NOT NULL,
        due_at DATETIME NOT NULL, due_on DATE NOT NULL, duty_day DATE NOT NULL, state VARCHAR NOT NULL,
        items INTEGER NOT NULL, started_at DATETIME, started_by VARCHAR, signed_at DATETIME, signed_by VARCHAR,
        marks VARCHAR NOT NULL, abnormal INTEGER NOT NULL,
        CONSTRAINT uq_rounds_slot UNIQUE (checklist, due_at))""",
    "CREATE INDEX ix_rounds_due_on ON rounds (due_on)",
    "CREATE INDEX ix_rounds_due_at ON rounds (due_at)",
    "CREATE INDEX ix_rounds_state ON rounds (state)",
    """CREATE TABLE entries (
        round_id INTEGER NOT NULL REFERENCES rounds (id), item VARCHAR NOT NULL, device VARCHAR NOT NULL,
        answer VARCHAR, verdict VARCHAR NOT NULL, at DATETIME NOT NULL, "by" VARCHAR NOT NULL, value FLOAT,
        unit VARCHAR NOT NULL, origin VARCHAR NOT NULL, live_value VARCHAR, source VARCHAR, age_s FLOAT,
        note VARCHAR NOT NULL,
        PRIMARY KEY (round_id, item, device)) WITHOUT ROWID""",
    """CREATE TABLE latest (
        source VARCHAR NOT NULL PRIMARY KEY, at DATETIME NOT NULL, knows BOOLEAN NOT NULL, sample VARCHAR NOT NULL,
        good VARCHAR)""",
    """CREATE TABLE ports_seen_up (
        source VARCHAR NOT NULL, port VARCHAR NOT NULL,
        PRIMARY KEY (source, port)) WITHOUT ROWID""",
    """CREATE TABLE series (
        id INTEGER NOT NULL PRIMARY KEY, source VARCHAR NOT NULL, quantity VARCHAR NOT NULL,
        CONSTRAINT uq_series_source_quantity UNIQUE (source, quantity))""",
    """CREATE TABLE readings (
        series_id INTEGER NOT NULL REFERENCES series (id), at_s INTEGER NOT NULL, value FLOAT NOT NULL,
        PRIMARY KEY (series_id, at_s)) WITHOUT ROWID""",
    """CREATE TABLE hourly_readings (
        series_id INTEGER NOT NULL REFERENCES series (id), hour_s INTEGER NOT NULL, count INTEGER NOT NULL,
        low FLOAT NOT NULL, total FLOAT NOT NULL, high FLOAT NOT NULL,
        PRIMARY KEY (series_id, hour_s)) WITHOUT ROWID""",
    """CREATE TABLE hourly_polls (
        source VARCHAR NOT NULL, hour_s INTEGER NOT NULL, ok INTEGER NOT NULL, failed INTEGER NOT NULL,
        none INTEGER NOT NULL,
        PRIMARY KEY (source, hour_s)) WITHOUT ROWID""",
    """CREATE TABLE events (
        id INTEGER NOT NULL PRIMARY KEY, at DATETIME NOT NULL, source VARCHAR NOT NULL, code VARCHAR NOT NULL,
        params VARCHAR NOT NULL)""",
    "CREATE INDEX ix_events_at ON events (at)",
    """CREATE TABLE heartbeat (
        id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), host VARCHAR NOT NULL, pid INTEGER NOT NULL,
        started_at DATETIME NOT NULL, last_cycle_at DATETIME NOT NULL, fingerprint VARCHAR NOT NULL)""",
    "CREATE TABLE poll_requests (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), at DATETIME NOT NULL)",
    """CREATE TABLE ledger (
        seq INTEGER NOT NULL PRIMARY KEY, at DATETIME NOT NULL, actor VARCHAR NOT NULL, role VARCHAR NOT NULL,
        terminal VARCHAR NOT NULL, act VARCHAR NOT NULL, subject VARCHAR NOT NULL, row_sha256 VARCHAR NOT NULL,
        previous VARCHAR NOT NULL, hash VARCHAR NOT NULL)""",
    "CREATE INDEX ix_ledger_subject ON ledger (subject, seq)",
)


def upgrade() -> None:
    """Makes everything; there is nothing before."""
    op.execute(f"PRAGMA application_id={APPLICATION_ID}")
    for statement in TABLES:
        op.execute(statement)
