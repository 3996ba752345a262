"""Codes with which people complain on a page, and where the answer to a complaint goes."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
OLD_VERSION_MAY_SERVE = True

_SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("appeals", sa.Column("contact", sa.Text(), nullable=True))
    op.create_table(
        "appeal_codes",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_appeal_codes_decision")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_appeal_codes_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_appeal_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_appeal_codes_code")),
        sa.UniqueConstraint("decision", name=op.f("uq_appeal_codes_decision")),
    )


def downgrade() -> None:
    op.drop_table("appeal_codes")
    op.drop_column("appeals", "contact")
