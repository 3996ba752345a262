"""What is in force at each home that works on the database, and changes of the registry on their way between them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
OLD_VERSION_MAY_SERVE = True


def upgrade() -> None:
    op.create_table(
        "instances",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("registry", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("since", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instances")),
    )
    op.create_table(
        "registry_steps",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("after", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_registry_steps_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_registry_steps")),
    )
    op.create_index(op.f("ix_registry_steps_after"), "registry_steps", ["after"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_registry_steps_after"), table_name="registry_steps")
    op.drop_table("registry_steps")
    op.drop_table("instances")
