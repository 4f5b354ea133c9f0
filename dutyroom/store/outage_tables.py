"""The tables of power events, outages, discharges and discharge tests."""
# No `from __future__ import annotations` here: SQLModel resolves annotations when the classes are made.

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class PowerEventRow(SQLModel, table=True):
    """One power event as it stands."""

    __tablename__ = "power_events"
    __table_args__ = (Index("ix_power_events_state", "state"),)
    id: int | None = Field(default=None, primary_key=True)
    began_at: datetime
    boot_id: str | None = None
    boot_s: float | None = None
    state: str
    restored_at: datetime | None = None
    is_major: bool = False
    seen_at: datetime | None = None
    seen_by: str | None = None
    contained_at: datetime | None = None
    contained_by: str | None = None
    reported_at: datetime | None = None
    reported_by: str | None = None
    authority_at: datetime | None = None
    authority_by: str | None = None
    closing_text: str = ""
    closed_at: datetime | None = None
    closed_by: str | None = None


class OutageRow(SQLModel, table=True):
    """One outage of one UPS; `signs` are codes, separated by blanks."""

    __tablename__ = "outages"
    __table_args__ = (Index("ix_outages_state", "state"), Index("ix_outages_event", "event_id"))
    id: int | None = Field(default=None, primary_key=True)
    ups: str
    event_id: int = Field(foreign_key="power_events.id")
    began_at: datetime
    boot_id: str | None = None
    boot_s: float | None = None
    state: str
    ended_at: datetime | None = None
    critical_at: datetime | None = None
    transfers: int = 1
    charge_at_start_percent: float | None = None
    load_at_start_percent: float | None = None
    estimate_at_start_s: float | None = None
    estimate_basis: str | None = None
    lowest_charge_percent: float | None = None
    load_percent: float | None = None
    on_battery_s: float | None = None
    battery_installed: date | None = None
    signs: str = ""


class OutagePhaseRow(SQLModel, table=True):
    """One change of phase; `params` is a JSON object. Never changed."""

    __tablename__ = "outage_phases"
    __table_args__ = (Index("ix_outage_phases_outage", "outage_id"),)
    id: int | None = Field(default=None, primary_key=True)
    outage_id: int = Field(foreign_key="outages.id")
    at: datetime
    phase: str
    params: str = "{}"


class EventStepRow(SQLModel, table=True):
    """One thing somebody did in a power event; never changed."""

    __tablename__ = "event_steps"
    __table_args__ = (Index("ix_event_steps_event", "event_id"),)
    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="power_events.id")
    at: datetime
    by: str
    act: str
    subject: str = ""
    result: str | None = None
    note: str = ""


class DischargeTestRow(SQLModel, table=True):
    """One guided discharge test as it stands."""

    __tablename__ = "discharge_tests"
    __table_args__ = (Index("ix_discharge_tests_ups", "ups"),)
    id: int | None = Field(default=None, primary_key=True)
    ups: str
    started_at: datetime
    started_by: str
    stop_charge_percent: float
    stop_after_s: float | None = None
    state: str
    began_at: datetime | None = None
    ended_at: datetime | None = None
    stopped_why: str = ""
    held_s: float | None = None
    charge_from_percent: float | None = None
    charge_to_percent: float | None = None
    load_percent: float | None = None
    battery_installed: date | None = None
    note: str = ""
    signed_at: datetime | None = None
    signed_by: str | None = None


class DischargeRow(SQLModel, table=True):
    """One recorded discharge of a battery: readings, not evidence; its outage or test is."""

    __tablename__ = "discharges"
    __table_args__ = (Index("ix_discharges_ups", "ups", "began_at"), Index("ix_discharges_outage", "outage_id"))
    id: int | None = Field(default=None, primary_key=True)
    ups: str
    began_at: datetime
    ended_at: datetime | None = None
    end: str | None = None
    outage_id: int | None = Field(default=None, foreign_key="outages.id")
    test_id: int | None = Field(default=None, foreign_key="discharge_tests.id")
    battery_installed: date | None = None


class DischargePointRow(SQLModel, table=True):
    """One reading of a discharge, and the time left as it was told then (`candidates` is a JSON list)."""

    __tablename__ = "discharge_points"
    __table_args__ = (
        Index("ix_discharge_points_charge", "discharge_id", "charge_percent"),
        {"sqlite_with_rowid": False},
    )
    discharge_id: int = Field(primary_key=True, foreign_key="discharges.id")
    at_s: float = Field(primary_key=True)
    at: datetime
    charge_percent: float | None = None
    load_percent: float | None = None
    reported_s: float | None = None
    voltage_v: float | None = None
    left_s: float | None = None
    basis: str | None = None
    to_low_s: float | None = None
    at_least: bool = False
    candidates: str = "[]"
