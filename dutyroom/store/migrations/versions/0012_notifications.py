"""Notifications, the attempts to send them, and who acknowledged them."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE notifications (
        id INTEGER NOT NULL PRIMARY KEY, "key" VARCHAR NOT NULL, topic VARCHAR NOT NULL, severity VARCHAR NOT NULL,
        since DATETIME NOT NULL, code VARCHAR NOT NULL, device VARCHAR NOT NULL, params VARCHAR NOT NULL,
        noticed_at DATETIME NOT NULL, over_at DATETIME, times INTEGER NOT NULL)""",
    "CREATE INDEX ix_notifications_over ON notifications (over_at)",
    'CREATE INDEX ix_notifications_key ON notifications ("key")',
    """CREATE TABLE notification_attempts (
        id INTEGER NOT NULL PRIMARY KEY, notification_id INTEGER NOT NULL REFERENCES notifications (id),
        recipient VARCHAR NOT NULL, message VARCHAR NOT NULL, batch VARCHAR NOT NULL, number INTEGER NOT NULL,
        started_at DATETIME NOT NULL, expires_at DATETIME NOT NULL, state VARCHAR NOT NULL, ended_at DATETIME,
        detail VARCHAR NOT NULL)""",
    "CREATE INDEX ix_notification_attempts_of ON notification_attempts (notification_id)",
    "CREATE INDEX ix_notification_attempts_recipient ON notification_attempts (recipient)",
    """CREATE TABLE acknowledgements (
        id INTEGER NOT NULL PRIMARY KEY, notification_id INTEGER NOT NULL REFERENCES notifications (id),
        at DATETIME NOT NULL, "by" VARCHAR NOT NULL,
        CONSTRAINT uq_acknowledgements_notification UNIQUE (notification_id))""",
)


def upgrade() -> None:
    """Adds tables; nothing that is there changes."""
    for statement in STATEMENTS:
        op.execute(statement)
