"""Addresses seen on the network, and the register of those that belong there."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE addresses_seen (
        device VARCHAR NOT NULL, mac VARCHAR NOT NULL, ip VARCHAR NOT NULL, place VARCHAR NOT NULL, vlan INTEGER,
        first_s INTEGER NOT NULL, last_s INTEGER NOT NULL, is_open BOOLEAN NOT NULL,
        PRIMARY KEY (device, mac, ip, place)) WITHOUT ROWID""",
    """CREATE TABLE address_devices (
        name VARCHAR NOT NULL PRIMARY KEY, asked_at DATETIME NOT NULL, answered_at DATETIME, state VARCHAR NOT NULL,
        detail VARCHAR NOT NULL, arp_rows INTEGER NOT NULL, fdb_rows INTEGER NOT NULL, own VARCHAR NOT NULL,
        uplinks VARCHAR NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE address_findings (
        code VARCHAR NOT NULL, subject VARCHAR NOT NULL, since DATETIME NOT NULL, ip VARCHAR NOT NULL,
        mac VARCHAR NOT NULL, device VARCHAR NOT NULL, port VARCHAR NOT NULL, params VARCHAR NOT NULL,
        told BOOLEAN NOT NULL,
        PRIMARY KEY (code, subject)) WITHOUT ROWID""",
    """CREATE TABLE address_sweeps (
        id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), first_at DATETIME NOT NULL, last_at DATETIME NOT NULL,
        seen INTEGER NOT NULL)""",
    """CREATE TABLE registrations (
        id INTEGER NOT NULL PRIMARY KEY, first_ip VARCHAR NOT NULL, last_ip VARCHAR NOT NULL, mac VARCHAR NOT NULL,
        name VARCHAR NOT NULL, owner VARCHAR NOT NULL, user VARCHAR NOT NULL, department VARCHAR NOT NULL,
        location VARCHAR NOT NULL, switch VARCHAR NOT NULL, port VARCHAR NOT NULL, valid_until DATE,
        note VARCHAR NOT NULL, added_at DATETIME NOT NULL, added_by VARCHAR NOT NULL, removed_at DATETIME,
        removed_by VARCHAR NOT NULL)""",
)


def upgrade() -> None:
    """Adds tables; nothing that is there changes."""
    for statement in STATEMENTS:
        op.execute(statement)
