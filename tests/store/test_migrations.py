"""The schema: what the migrations make is what the tables say, and an upgrade keeps every row."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from dutyroom.errors import StoreError
from dutyroom.store import migrate, rounds
from dutyroom.store.database import Store, connect
from dutyroom.store.schema import APPLICATION_ID, HEAD, REVISIONS
from dutyroom.store.tables import METADATA
from dutyroom.store.triggers import TRIGGERS
from dutyroom.store.verify import verify
from tests.store.records import number, one_of_everything, round_due

ROOT = Path(__file__).resolve().parents[2]

NEXT = f"""
from alembic import op
import sqlalchemy as sa
revision = "next"
down_revision = "{HEAD}"
def upgrade():
    with op.batch_alter_table("rounds", recreate="always") as batch:
        batch.add_column(sa.Column("weather", sa.String(), server_default="", nullable=False))
"""
ORPHAN = NEXT + '    op.execute("DELETE FROM series")\n'


def test_the_migrations_make_exactly_the_tables(store: Store) -> None:
    with store.read() as s:
        context = MigrationContext.configure(s.connection(), opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        made = s.connection().exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()
        assert s.connection().exec_driver_sql("PRAGMA application_id").scalar_one() == APPLICATION_ID
    # What the comparison does not see.
    without = {name for name, sql in made if "WITHOUT ROWID" in sql}
    assert without == {
        name for name, t in METADATA.tables.items() if t.dialect_options["sqlite"]["with_rowid"] is False
    }


def test_the_plain_sql_head_is_the_scripts_head() -> None:
    scripts = ScriptDirectory.from_config(migrate.configuration())
    assert tuple(reversed([script.revision for script in scripts.walk_revisions()])) == REVISIONS
    assert scripts.get_current_head() == HEAD


def test_a_current_store_opens_without_alembic(store: Store, url: str) -> None:
    code = "import sys; from dutyroom.store.database import Store; Store.open(sys.argv[1]).close()"
    code += "; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code, url], cwd=ROOT, check=False).returncode == 0


def fill(store: Store) -> None:
    with store.write() as s:
        one_of_everything(s)
        opened = rounds.add(s, round_due(24))
        rounds.put_entry(s, number(opened.id))


def upgrade_with(store: Store, script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs one more migration the way the store does."""
    scripts = tmp_path / "migrations"
    shutil.copytree(migrate.SCRIPTS, scripts)
    (scripts / "versions" / "next.py").write_text(script)
    monkeypatch.setattr(migrate, "SCRIPTS", scripts)
    monkeypatch.setattr("dutyroom.store.database.HEAD", "next")
    store._check_schema(migrate=True)


def count(connection: Connection, table: str) -> int:
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def test_recreating_a_parent_table_keeps_its_children(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    upgrade_with(store, NEXT, tmp_path, monkeypatch)
    with store.read() as s:
        assert (count(s.connection(), "rounds"), count(s.connection(), "entries")) == (2, 4)
        assert s.connection().exec_driver_sql("SELECT DISTINCT weather FROM rounds").scalar_one() == ""
        assert s.connection().exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == "next"
        faults = verify(s).faults
        assert {fault.code for fault in faults} == {"row-unknown"}  # the open round of `fill` has no lines
        assert s.connection().exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
        assert count(s.connection(), "sqlite_master WHERE type = 'trigger'") == len(TRIGGERS)


def test_a_migration_that_leaves_an_orphan_is_taken_back(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    raw = connect(store.path)
    raw.execute("INSERT INTO series VALUES (1, 'ups-a', 'runtime_s')")
    raw.execute("INSERT INTO readings VALUES (1, 0, 1.0)")
    raw.close()
    with pytest.raises(StoreError) as caught:
        upgrade_with(store, ORPHAN, tmp_path, monkeypatch)
    assert caught.value.code == "broken-reference"
    with store.read() as s:
        assert count(s.connection(), "series") == 1
        assert s.connection().exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == HEAD
        columns = s.connection().exec_driver_sql("SELECT name FROM pragma_table_info('rounds')").scalars().all()
        assert "weather" not in columns
        assert count(s.connection(), "sqlite_master WHERE type = 'trigger'") == len(TRIGGERS)
