"""The tables of the first version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
OLD_VERSION_MAY_SERVE = False

_SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("caller", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_at"), "answers", ["at"], unique=False)
    op.create_table(
        "log",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_log")),
    )
    op.create_index(op.f("ix_log_subject"), "log", ["subject"], unique=False)
    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", _SEQ, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_head")),
    )
    op.create_table(
        "usage",
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("minute", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cleared", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("actor", "minute", name=op.f("pk_usage")),
    )
    op.create_table(
        "access_ends",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("access_ends_at", sa.String(length=27), nullable=True),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_access_ends_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_access_ends")),
    )
    op.create_index(op.f("ix_access_ends_actor"), "access_ends", ["actor"], unique=False)
    op.create_table(
        "checkpoints",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("signed_by", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_checkpoints_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_checkpoints")),
    )
    op.create_table(
        "decisions",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("caller", sa.String(length=200), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_decisions_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_decisions")),
        sa.UniqueConstraint("id", name=op.f("uq_decisions_id")),
    )
    op.create_index(op.f("ix_decisions_account_id"), "decisions", ["account_id"], unique=False)
    op.create_index(op.f("ix_decisions_actor"), "decisions", ["actor"], unique=False)
    op.create_index(op.f("ix_decisions_handle"), "decisions", ["handle"], unique=False)
    op.create_table(
        "keys",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("revoked", _SEQ, nullable=True),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_keys_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_keys")),
        sa.UniqueConstraint("id", name=op.f("uq_keys_id")),
    )
    op.create_index(op.f("ix_keys_actor"), "keys", ["actor"], unique=False)
    op.create_table(
        "approvals",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(length=36), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_approvals_decision")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_approvals_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_approvals")),
        sa.UniqueConstraint("decision", "actor", name=op.f("uq_approvals_decision")),
    )
    op.create_table(
        "clearances",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("decision", sa.String(length=36), nullable=False),
        sa.Column("issued_at", sa.String(length=27), nullable=False),
        sa.Column("expires_at", sa.String(length=27), nullable=False),
        sa.Column("spent", _SEQ, nullable=True),
        sa.Column("revoked", _SEQ, nullable=True),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_clearances_decision")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_clearances_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_clearances")),
        sa.UniqueConstraint("id", name=op.f("uq_clearances_id")),
    )
    op.create_index(op.f("ix_clearances_decision"), "clearances", ["decision"], unique=False)
    op.create_table(
        "outcomes",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(length=36), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_outcomes_decision")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_outcomes_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outcomes")),
    )
    op.create_index(op.f("ix_outcomes_decision"), "outcomes", ["decision"], unique=False)
    op.create_table(
        "views",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(length=36), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_views_decision")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_views_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_views")),
        sa.UniqueConstraint("decision", "actor", name=op.f("uq_views_decision")),
    )
    op.execute(f"INSERT INTO log_head (id, seq, hash) VALUES (1, 0, '{'0' * 64}')")


def downgrade() -> None:
    for name in (
        "views", "outcomes", "clearances", "approvals", "keys", "decisions", "checkpoints", "access_ends", "usage",
        "log_head", "log", "answers",
    ):  # fmt: skip
        op.drop_table(name)
