"""Brings a database up to date: alembic, driven from inside, its scripts shipped in the package."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from dutyroom.store import triggers
from dutyroom.store.trouble import trouble

SCRIPTS = Path(__file__).parent / "migrations"


def configuration(connection: Connection | None = None) -> Config:
    """The alembic configuration without a file; migrations run on `connection`."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, path: Path, target: str = "head") -> None:
    """Runs every missing migration inside the caller's transaction, with foreign keys off, and checks them after.

    The triggers are off meanwhile and are all there at the end.

    Raises:
        StoreError: `broken-reference` when a row would be left without its parent; the caller rolls back.
    """
    triggers.drop(connection)
    command.upgrade(configuration(connection), target)
    triggers.create(connection)
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise trouble("broken-reference", path)
