"""Statements of reasons, and the entry by which the texts of a row were erased."""

import sqlalchemy as sa
from alembic import op

from service.records.migrations import online

revision = "0006"
down_revision = "0005"
OLD_VERSION_MAY_SERVE = True

_SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ERASABLE = ("decisions", "approvals", "outcomes")
_UNERASED = sa.text("erased IS NULL")


def upgrade() -> None:
    for name in _ERASABLE:
        online.add_column(name, sa.Column("erased", _SEQ, nullable=True))
    where = {"sqlite_where": _UNERASED, "postgresql_where": _UNERASED}
    online.create_index("ix_decisions_with_texts", "decisions", ["at"], **where)
    op.create_table(
        "statements",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_statements_decision")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_statements_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_statements")),
        sa.UniqueConstraint("decision", name=op.f("uq_statements_decision")),
    )
    op.create_table(
        "statement_additions",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(length=36), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_statement_additions_decision")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_statement_additions_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_statement_additions")),
        sa.UniqueConstraint("decision", name=op.f("uq_statement_additions_decision")),
    )


def downgrade() -> None:
    op.drop_table("statement_additions")
    op.drop_table("statements")
    op.drop_index("ix_decisions_with_texts", table_name="decisions")
    for name in _ERASABLE:
        op.drop_column(name, "erased")
