"""The tables of findings and their history."""
# No `from __future__ import annotations` here: SQLModel resolves annotations when the classes are made.

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class FindingRow(SQLModel, table=True):
    """One finding as it stands; `params` is a JSON object."""

    __tablename__ = "findings"
    __table_args__ = (Index("ix_findings_state", "state", "deadline"), Index("ix_findings_key", "key"))
    id: int | None = Field(default=None, primary_key=True)
    origin: str
    key: str
    severity: str
    found_at: datetime
    found_by: str | None = None
    deadline: datetime
    state: str
    item: str = ""
    device: str = ""
    round_id: int | None = None
    code: str = ""
    params: str = "{}"
    text: str = ""
    assignee: str | None = None
    contained_at: datetime | None = None
    contained_by: str | None = None
    reported_at: datetime | None = None
    reported_by: str | None = None
    authority_at: datetime | None = None
    authority_by: str | None = None
    done_at: datetime | None = None
    done_by: str | None = None
    verified_at: datetime | None = None
    verified_by: str | None = None
    known_until: datetime | None = None
    known_owner: str | None = None
    known_reason: str | None = None
    gone_at: datetime | None = None
    times: int = 1
    returned: int = 0
    silenced_by: int | None = None


class FindingStepRow(SQLModel, table=True):
    """One line of a finding's history; never changed."""

    __tablename__ = "finding_steps"
    __table_args__ = (Index("ix_finding_steps_finding", "finding_id"),)
    id: int | None = Field(default=None, primary_key=True)
    finding_id: int = Field(foreign_key="findings.id")
    at: datetime
    by: str | None = None
    step: str
    note: str = ""
    params: str = "{}"
