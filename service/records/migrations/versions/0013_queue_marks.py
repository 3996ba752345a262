"""What reviewers do with checks that wait, besides answering them: claims, skips, escalations."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
OLD_VERSION_MAY_SERVE = True


def upgrade() -> None:
    op.create_table(
        "queue_marks",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("ends_at", sa.String(length=27), nullable=True),
        sa.Column("erased", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_queue_marks_decision")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_queue_marks_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_queue_marks")),
    )
    op.create_index(op.f("ix_queue_marks_decision"), "queue_marks", ["decision"])


def downgrade() -> None:
    op.drop_table("queue_marks")
