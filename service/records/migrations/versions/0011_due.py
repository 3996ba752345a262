"""By when a check should be answered, so that what waits can be read in that order."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("decisions", sa.Column("due", sa.String(length=27), nullable=True))
    op.create_index(op.f("ix_decisions_verdict_due"), "decisions", ["verdict", "due"])


def downgrade() -> None:
    op.drop_index(op.f("ix_decisions_verdict_due"), "decisions")
    op.drop_column("decisions", "due")
