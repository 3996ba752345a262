"""Known cases that are hidden in the queue."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
OLD_VERSION_MAY_SERVE = True

_SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "known_cases",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=36), nullable=False),
        sa.Column("right_answer", sa.String(length=10), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_known_cases_decision")),
        sa.ForeignKeyConstraint(["source"], ["decisions.id"], name=op.f("fk_known_cases_source")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_known_cases_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_known_cases")),
        sa.UniqueConstraint("decision", name=op.f("uq_known_cases_decision")),
    )
    op.create_index(op.f("ix_known_cases_source"), "known_cases", ["source"])


def downgrade() -> None:
    op.drop_table("known_cases")
