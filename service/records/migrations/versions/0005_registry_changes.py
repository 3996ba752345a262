"""Changes of the registry that take a second admin: what was asked, who was shown it, what was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
OLD_VERSION_MAY_SERVE = True

_SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "registry_changes",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("applied", _SEQ, nullable=True),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_registry_changes_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_registry_changes")),
        sa.UniqueConstraint("id", name=op.f("uq_registry_changes_id")),
    )
    op.create_table(
        "registry_views",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("change", sa.String(length=36), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_registry_views_seq")),
        sa.ForeignKeyConstraint(["change"], ["registry_changes.id"], name=op.f("fk_registry_views_change")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_registry_views")),
        sa.UniqueConstraint("change", "actor", name=op.f("uq_registry_views_change")),
    )
    op.create_table(
        "registry_answers",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("change", sa.String(length=36), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_registry_answers_seq")),
        sa.ForeignKeyConstraint(["change"], ["registry_changes.id"], name=op.f("fk_registry_answers_change")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_registry_answers")),
    )
    op.create_index(op.f("ix_registry_answers_change"), "registry_answers", ["change"], unique=False)


def downgrade() -> None:
    op.drop_table("registry_answers")
    op.drop_table("registry_views")
    op.drop_table("registry_changes")
