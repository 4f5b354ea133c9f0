"""Power events, outages, discharges and discharge tests."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE power_events (
        id INTEGER NOT NULL PRIMARY KEY, began_at DATETIME NOT NULL, boot_id VARCHAR, boot_s FLOAT,
        state VARCHAR NOT NULL, restored_at DATETIME, is_major BOOLEAN NOT NULL, seen_at DATETIME, seen_by VARCHAR,
        contained_at DATETIME, contained_by VARCHAR, reported_at DATETIME, reported_by VARCHAR, authority_at DATETIME,
        authority_by VARCHAR, closing_text VARCHAR NOT NULL, closed_at DATETIME, closed_by VARCHAR)""",
    "CREATE INDEX ix_power_events_state ON power_events (state)",
    """CREATE TABLE outages (
        id INTEGER NOT NULL PRIMARY KEY, ups VARCHAR NOT NULL, event_id INTEGER NOT NULL REFERENCES power_events (id),
        began_at DATETIME NOT NULL, boot_id VARCHAR, boot_s FLOAT, state VARCHAR NOT NULL, ended_at DATETIME,
        critical_at DATETIME, transfers INTEGER NOT NULL, charge_at_start_percent FLOAT, load_at_start_percent FLOAT,
        estimate_at_start_s FLOAT, estimate_basis VARCHAR, lowest_charge_percent FLOAT, load_percent FLOAT,
        on_battery_s FLOAT, battery_installed DATE, signs VARCHAR NOT NULL)""",
    "CREATE INDEX ix_outages_state ON outages (state)",
    "CREATE INDEX ix_outages_event ON outages (event_id)",
    """CREATE TABLE outage_phases (
        id INTEGER NOT NULL PRIMARY KEY, outage_id INTEGER NOT NULL REFERENCES outages (id), at DATETIME NOT NULL,
        phase VARCHAR NOT NULL, params VARCHAR NOT NULL)""",
    "CREATE INDEX ix_outage_phases_outage ON outage_phases (outage_id)",
    """CREATE TABLE event_steps (
        id INTEGER NOT NULL PRIMARY KEY, event_id INTEGER NOT NULL REFERENCES power_events (id), at DATETIME NOT NULL,
        "by" VARCHAR NOT NULL, act VARCHAR NOT NULL, subject VARCHAR NOT NULL, result VARCHAR,
        note VARCHAR NOT NULL)""",
    "CREATE INDEX ix_event_steps_event ON event_steps (event_id)",
    """CREATE TABLE discharge_tests (
        id INTEGER NOT NULL PRIMARY KEY, ups VARCHAR NOT NULL, started_at DATETIME NOT NULL,
        started_by VARCHAR NOT NULL, stop_charge_percent FLOAT NOT NULL, stop_after_s FLOAT, state VARCHAR NOT NULL,
        began_at DATETIME,
        ended_at DATETIME, stopped_why VARCHAR NOT NULL, held_s FLOAT, charge_from_percent FLOAT,
        charge_to_percent FLOAT, load_percent FLOAT, battery_installed DATE, note VARCHAR NOT NULL, signed_at DATETIME,
        signed_by VARCHAR)""",
    "CREATE INDEX ix_discharge_tests_ups ON discharge_tests (ups)",
    """CREATE TABLE discharges (
        id INTEGER NOT NULL PRIMARY KEY, ups VARCHAR NOT NULL, began_at DATETIME NOT NULL, ended_at DATETIME,
        "end" VARCHAR, outage_id INTEGER REFERENCES outages (id), test_id INTEGER REFERENCES discharge_tests (id),
        battery_installed DATE)""",
    "CREATE INDEX ix_discharges_ups ON discharges (ups, began_at)",
    """CREATE TABLE discharge_points (
        discharge_id INTEGER NOT NULL REFERENCES discharges (id), at_s FLOAT NOT NULL, at DATETIME NOT NULL,
        charge_percent FLOAT, load_percent FLOAT, reported_s FLOAT, voltage_v FLOAT, left_s FLOAT, basis VARCHAR,
        to_low_s FLOAT, at_least BOOLEAN NOT NULL, candidates VARCHAR NOT NULL,
        PRIMARY KEY (discharge_id, at_s)) WITHOUT ROWID""",
    "CREATE INDEX ix_discharge_points_charge ON discharge_points (discharge_id, charge_percent)",
    "CREATE INDEX ix_discharges_outage ON discharges (outage_id)",
)


def upgrade() -> None:
    """Adds tables; nothing that is there changes."""
    for statement in STATEMENTS:
        op.execute(statement)
