"""By when a check should be answered, so that what waits can be read in that order."""

import sqlalchemy as sa
from alembic import op

from service.records.migrations import online

revision = "0011"
down_revision = "0010"
OLD_VERSION_MAY_SERVE = True


def upgrade() -> None:
    online.add_column("decisions", sa.Column("due", sa.String(length=27), nullable=True))
    online.create_index("ix_decisions_verdict_due", "decisions", ["verdict", "due"])


def downgrade() -> None:
    op.drop_index(op.f("ix_decisions_verdict_due"), "decisions")
    op.drop_column("decisions", "due")
