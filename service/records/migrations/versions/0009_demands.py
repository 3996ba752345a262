"""What accounts have to change, and what was seen of it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
OLD_VERSION_MAY_SERVE = True

_SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "demands",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("decision", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("due_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_demands_decision")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_demands_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_demands")),
        sa.UniqueConstraint("decision", name=op.f("uq_demands_decision")),
        sa.UniqueConstraint("id", name=op.f("uq_demands_id")),
    )
    op.create_index(op.f("ix_demands_due_at"), "demands", ["due_at"])
    op.create_table(
        "demand_looks",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("demand", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("snapshot", sa.String(length=64), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["demand"], ["demands.id"], name=op.f("fk_demand_looks_demand")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_demand_looks_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_demand_looks")),
    )
    op.create_index(op.f("ix_demand_looks_demand"), "demand_looks", ["demand"])


def downgrade() -> None:
    op.drop_table("demand_looks")
    op.drop_table("demands")
