"""Sessions of the pages, and an index for the queue of reviews."""

import sqlalchemy as sa
from alembic import op

from service.records.migrations import online

revision = "0002"
down_revision = "0001"
OLD_VERSION_MAY_SERVE = True


def upgrade() -> None:
    online.create_index("ix_decisions_verdict", "decisions", ["verdict", "at"])
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("demo", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.String(length=27), nullable=False),
        sa.Column("used_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sessions")),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_decisions_verdict"), table_name="decisions")
    op.drop_table("sessions")
