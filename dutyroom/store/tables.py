"""The tables of the store.

Text columns hold the string values of enums, so that adding a member needs no migration. Times are UTC: `UTCDateTime`
columns (microseconds) for records, whole seconds since the epoch (`_s`) where rows are counted in millions.
The migrations are the only writer of the schema; the triggers that seal records are in `dutyroom.store.triggers`.
"""
# No `from __future__ import annotations` here: SQLModel resolves annotations when the classes are made.

from datetime import date, datetime

from sqlalchemy import Index, MetaData, Table, UniqueConstraint
from sqlmodel import Field, SQLModel

from dutyroom.store import (
    address_tables,
    check_tables,
    finding_tables,
    handover_tables,
    notification_tables,
    outage_tables,
    port_tables,
    round_change_tables,
    self_check_tables,
    silence_tables,
    zero_tables,
)

WITHOUT_ROWID = {"sqlite_with_rowid": False}
METADATA: MetaData = SQLModel.metadata
# Modules whose tables belong to it too.
PARTS = (
    address_tables,
    check_tables,
    finding_tables,
    handover_tables,
    notification_tables,
    outage_tables,
    port_tables,
    round_change_tables,
    self_check_tables,
    silence_tables,
    zero_tables,
)


def table(name: str) -> Table:
    """The table of that name, for statements that go round the objects (many rows, no identity map)."""
    return METADATA.tables[name]


class OperatorRow(SQLModel, table=True):
    """Somebody with a login; `password_hash` and `pin_hash` are encoded hashes (argon2), never what was typed."""

    __tablename__ = "operators"
    name: str = Field(primary_key=True)
    label: str
    role: str
    created_at: datetime
    disabled_at: datetime | None = None
    password_hash: str
    password_set_at: datetime | None = None
    one_time_until: datetime | None = None
    pin_hash: str | None = None


class SignInTriesRow(SQLModel, table=True):
    """Failed sign-ins of one name since the last good one, whether an operator has that name or not."""

    __tablename__ = "sign_in_tries"
    __table_args__ = WITHOUT_ROWID
    name: str = Field(primary_key=True)
    failures: int
    last_at: datetime
    closed_until: datetime | None = None


class ChecklistRow(SQLModel, table=True):
    """The text of a checklist file as it was in force; rounds refer to it by version."""

    __tablename__ = "checklists"
    version: str = Field(primary_key=True)
    name: str
    content: str
    published_at: datetime


class RoundRow(SQLModel, table=True):
    """One round; `marks` are separated by blanks."""

    __tablename__ = "rounds"
    __table_args__ = (
        UniqueConstraint("checklist", "due_at", name="uq_rounds_slot"),
        Index("ix_rounds_due_on", "due_on"),
        Index("ix_rounds_due_at", "due_at"),
        Index("ix_rounds_state", "state"),
        Index("ix_rounds_signed_at", "checklist", "signed_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    checklist: str
    version: str
    due_at: datetime
    due_on: date
    duty_day: date
    state: str
    items: int
    started_at: datetime | None = None
    started_by: str | None = None
    signed_at: datetime | None = None
    signed_by: str | None = None
    marks: str = ""
    abnormal: int = 0
    clock_reason: str | None = None
    revision: int | None = None
    approved_at: datetime | None = None
    approved_by: str | None = None
    skip_reason: str | None = None
    skip_note: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    paper_from: datetime | None = None
    paper_to: datetime | None = None
    period_id: int | None = None


class EntryRow(SQLModel, table=True):
    """One answered (item, device) of a round; the key is unique, so an undo is a row with no answer."""

    __tablename__ = "entries"
    __table_args__ = WITHOUT_ROWID
    round_id: int = Field(primary_key=True, foreign_key="rounds.id")
    item: str = Field(primary_key=True)
    device: str = Field(primary_key=True)
    answer: str | None = None
    verdict: str
    at: datetime
    by: str
    value: float | None = None
    unit: str = ""
    origin: str
    live_value: str | None = None
    source: str | None = None
    age_s: float | None = None
    note: str = ""
    finding_id: int | None = None


class LatestRow(SQLModel, table=True):
    """The newest sample of a source as JSON. `good` is the newest that carried values, NULL when `sample` does."""

    __tablename__ = "latest"
    source: str = Field(primary_key=True)
    at: datetime
    knows: bool
    sample: str
    good: str | None = None


class PortSeenUpRow(SQLModel, table=True):
    """A port of a network device that was up at least once: watched by default from then on."""

    __tablename__ = "ports_seen_up"
    __table_args__ = WITHOUT_ROWID
    source: str = Field(primary_key=True)
    port: str = Field(primary_key=True)


class SeriesRow(SQLModel, table=True):
    """A quantity of a source; readings refer to it by number."""

    __tablename__ = "series"
    __table_args__ = (UniqueConstraint("source", "quantity", name="uq_series_source_quantity"),)
    id: int | None = Field(default=None, primary_key=True)
    source: str
    quantity: str


class ReadingRow(SQLModel, table=True):
    """One value at one second."""

    __tablename__ = "readings"
    __table_args__ = WITHOUT_ROWID
    series_id: int = Field(primary_key=True, foreign_key="series.id")
    at_s: int = Field(primary_key=True)
    value: float


class HourlyReadingRow(SQLModel, table=True):
    """One series over one hour; the mean is `total / count`."""

    __tablename__ = "hourly_readings"
    __table_args__ = WITHOUT_ROWID
    series_id: int = Field(primary_key=True, foreign_key="series.id")
    hour_s: int = Field(primary_key=True)
    count: int
    low: float
    total: float
    high: float


class HourlyPollsRow(SQLModel, table=True):
    """The polls of one source in one hour: answered, failed, expected but never made."""

    __tablename__ = "hourly_polls"
    __table_args__ = WITHOUT_ROWID
    source: str = Field(primary_key=True)
    hour_s: int = Field(primary_key=True)
    ok: int
    failed: int
    none: int


class EventRow(SQLModel, table=True):
    """A change the watch saw: a code and its parameters as a JSON object."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_at", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    source: str
    code: str
    params: str
    boot_id: str | None = None
    boot_s: float | None = None


class HeartbeatRow(SQLModel, table=True):
    """The watcher's sign of life; the only row has id 1."""

    __tablename__ = "heartbeat"
    id: int = Field(default=1, primary_key=True)
    host: str
    pid: int
    started_at: datetime
    last_cycle_at: datetime
    fingerprint: str
    boot_id: str | None = None
    boot_s: float | None = None


class PollRequestRow(SQLModel, table=True):
    """When somebody last asked for a poll of every source; the only row has id 1."""

    __tablename__ = "poll_requests"
    id: int = Field(default=1, primary_key=True)
    at: datetime


class BackupRow(SQLModel, table=True):
    """One try to make a backup of this store: where it lies and what it holds, or the code of what went wrong.

    `second` is the copy in the second place; `second_trouble` the code of why there is none where one was wanted.
    """

    __tablename__ = "backups"
    __table_args__ = (Index("ix_backups_at", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    reason: str
    path: str
    size: int | None = None
    sha256: str | None = None
    ledger_seq: int | None = None
    ledger_head: str | None = None
    trouble: str | None = None
    second: str | None = None
    second_trouble: str | None = None


class LedgerRow(SQLModel, table=True):
    """One act of the hash chain; see `dutyroom.store.ledger`."""

    __tablename__ = "ledger"
    __table_args__ = (Index("ix_ledger_subject", "subject", "seq"), Index("ix_ledger_at", "at"))
    seq: int = Field(primary_key=True)
    at: datetime
    actor: str
    role: str
    terminal: str
    act: str
    subject: str
    row_sha256: str
    previous: str
    hash: str
