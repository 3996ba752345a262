"""When each gate last said that it works; and outcomes by the time of their record, for figures of a period."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "gates",
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", "name", name=op.f("pk_gates")),
    )
    op.create_index(op.f("ix_outcomes_at"), "outcomes", ["at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_outcomes_at"), table_name="outcomes")
    op.drop_table("gates")
