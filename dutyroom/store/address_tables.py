"""The tables of addresses: what was seen, how asking went, what does not agree, and the register.

Sightings are counted in tens of thousands: whole seconds since the epoch, and a row is written only when it changes.
An open row was in its device's newest answer; when that was stands in `address_devices`.
"""
# No `from __future__ import annotations` here: SQLModel resolves annotations when the classes are made.

from datetime import date, datetime

from sqlmodel import Field, SQLModel

WITHOUT_ROWID = {"sqlite_with_rowid": False}


class SeenRow(SQLModel, table=True):
    """One address at an L3 interface, or (`ip` empty) one MAC on an edge port."""

    __tablename__ = "addresses_seen"
    __table_args__ = WITHOUT_ROWID
    device: str = Field(primary_key=True)
    mac: str = Field(primary_key=True)
    ip: str = Field(primary_key=True)
    place: str = Field(primary_key=True)
    vlan: int | None = None
    first_s: int
    last_s: int
    is_open: bool


class AskedDeviceRow(SQLModel, table=True):
    """How the last sweeps of one device went; `own` and `uplinks` are JSON lists of its last answer."""

    __tablename__ = "address_devices"
    __table_args__ = WITHOUT_ROWID
    name: str = Field(primary_key=True)
    asked_at: datetime
    answered_at: datetime | None = None
    state: str
    detail: str
    arp_rows: int
    fdb_rows: int
    own: str
    uplinks: str


class AddressFindingRow(SQLModel, table=True):
    """Something that does not agree now; `params` is a JSON object, `told` whether there was an event of it."""

    __tablename__ = "address_findings"
    __table_args__ = WITHOUT_ROWID
    code: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    since: datetime
    ip: str
    mac: str
    device: str
    port: str
    params: str
    told: bool


class AddressSweepRow(SQLModel, table=True):
    """The first and the last sweep, and how many sightings are kept; the only row has id 1."""

    __tablename__ = "address_sweeps"
    id: int = Field(default=1, primary_key=True)
    first_at: datetime
    last_at: datetime
    seen: int


class RegistrationRow(SQLModel, table=True):
    """Who an address belongs to. A removed one stays; `first_ip` and `last_ip` are empty for any address."""

    __tablename__ = "registrations"
    id: int | None = Field(default=None, primary_key=True)
    first_ip: str
    last_ip: str
    mac: str
    name: str
    owner: str
    user: str
    department: str
    location: str
    switch: str
    port: str
    valid_until: date | None = None
    note: str
    added_at: datetime
    added_by: str
    removed_at: datetime | None = None
    removed_by: str
