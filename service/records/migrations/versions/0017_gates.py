"""When each gate last said that it works; and outcomes by the time of their record, for figures of a period."""

import sqlalchemy as sa
from alembic import op

from service.records.migrations import online

revision = "0017"
down_revision = "0016"
OLD_VERSION_MAY_SERVE = True


def upgrade() -> None:
    online.create_index("ix_outcomes_at", "outcomes", ["at"])
    op.create_table(
        "gates",
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", "name", name=op.f("pk_gates")),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_outcomes_at"), table_name="outcomes")
    op.drop_table("gates")
