"""Run by alembic for every command; the connection and its transaction are the caller's."""

from __future__ import annotations

from alembic import context

from dutyroom.store import history_tables  # noqa: F401  (its table belongs to the metadata)
from dutyroom.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
