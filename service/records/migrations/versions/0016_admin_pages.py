"""What admins do on the pages: what each change of the registry did, and changes of keys that take a second admin."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
OLD_VERSION_MAY_SERVE = True

_SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "registry_edits",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("change", sa.String(length=36), nullable=True),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_registry_edits_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_registry_edits")),
    )
    op.create_table(
        "registry_edited",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("edit", _SEQ, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["edit"], ["registry_edits.seq"], name=op.f("fk_registry_edited_edit")),
        sa.PrimaryKeyConstraint("account", "edit", name=op.f("pk_registry_edited")),
    )
    op.create_table(
        "key_changes",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("does", sa.String(length=12), nullable=False),
        sa.Column("whose", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=True),
        sa.Column("access_ends_at", sa.String(length=27), nullable=True),
        sa.Column("new_key", sa.String(length=16), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("applied", _SEQ, nullable=True),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_key_changes_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_key_changes")),
        sa.UniqueConstraint("id", name=op.f("uq_key_changes_id")),
    )
    op.create_table(
        "key_answers",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("change", sa.String(length=36), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_key_answers_seq")),
        sa.ForeignKeyConstraint(["change"], ["key_changes.id"], name=op.f("fk_key_answers_change")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_key_answers")),
    )
    op.create_index(op.f("ix_key_answers_change"), "key_answers", ["change"], unique=False)


def downgrade() -> None:
    op.drop_table("key_answers")
    op.drop_table("key_changes")
    op.drop_table("registry_edited")
    op.drop_table("registry_edits")
