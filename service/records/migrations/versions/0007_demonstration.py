"""What a database is for: the demonstration or a real registry."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
OLD_VERSION_MAY_SERVE = True


def upgrade() -> None:
    op.create_table(
        "purposes",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_purposes_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_purposes")),
    )


def downgrade() -> None:
    op.drop_table("purposes")
