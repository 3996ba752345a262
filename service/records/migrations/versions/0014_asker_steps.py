"""What whoever asked for a check did with it: held it back, asked people, withdrew it; an index by caller."""

import sqlalchemy as sa
from alembic import op

from service.records.migrations import online

revision = "0014"
down_revision = "0013"
OLD_VERSION_MAY_SERVE = True


def upgrade() -> None:
    online.create_index("ix_decisions_caller", "decisions", ["caller"])
    op.create_table(
        "asker_steps",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_asker_steps_decision")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_asker_steps_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_asker_steps")),
        sa.UniqueConstraint("decision", "kind", name=op.f("uq_asker_steps_decision")),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_decisions_caller"), "decisions")
    op.drop_table("asker_steps")
