"""What speaks against acting on an account, remembered across its checks."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
OLD_VERSION_MAY_SERVE = True

_SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "warnings",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_warnings_decision")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_warnings_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_warnings")),
    )
    for column in ("decision", "account_id", "name"):
        op.create_index(op.f(f"ix_warnings_{column}"), "warnings", [column], unique=False)


def downgrade() -> None:
    op.drop_table("warnings")
