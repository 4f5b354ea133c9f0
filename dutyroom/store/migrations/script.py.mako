"""${message}.

Add the revision to `dutyroom.store.schema.REVISIONS`. Triggers are off while this runs.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: records are never taken back to an older schema."""
    ${upgrades if upgrades else "pass"}
