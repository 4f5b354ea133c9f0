"""The tables of notifications, of the attempts to send them, and of acknowledgements."""
# No `from __future__ import annotations` here: SQLModel resolves annotations when the classes are made.

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class NotificationRow(SQLModel, table=True):
    """One notification as it stands; `params` is a JSON object."""

    __tablename__ = "notifications"
    __table_args__ = (Index("ix_notifications_over", "over_at"), Index("ix_notifications_key", "key"))
    id: int | None = Field(default=None, primary_key=True)
    key: str
    topic: str
    severity: str
    since: datetime
    code: str = ""
    device: str = ""
    params: str = "{}"
    noticed_at: datetime
    over_at: datetime | None = None
    times: int = 1


class AttemptRow(SQLModel, table=True):
    """One try to send one message to one recipient."""

    __tablename__ = "notification_attempts"
    __table_args__ = (
        Index("ix_notification_attempts_of", "notification_id"),
        Index("ix_notification_attempts_recipient", "recipient"),
    )
    id: int | None = Field(default=None, primary_key=True)
    notification_id: int = Field(foreign_key="notifications.id")
    recipient: str
    message: str
    batch: str
    number: int
    started_at: datetime
    expires_at: datetime
    state: str
    ended_at: datetime | None = None
    detail: str = ""


class AcknowledgementRow(SQLModel, table=True):
    """Who has acknowledged a notification; never changed."""

    __tablename__ = "acknowledgements"
    __table_args__ = (UniqueConstraint("notification_id", name="uq_acknowledgements_notification"),)
    id: int | None = Field(default=None, primary_key=True)
    notification_id: int = Field(foreign_key="notifications.id")
    at: datetime
    by: str
