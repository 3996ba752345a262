"""Appeals, findings, who reported, and second looks."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
OLD_VERSION_MAY_SERVE = True

_SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "appeals",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("decision", sa.String(length=36), nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=10), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("received_at", sa.String(length=27), nullable=False),
        sa.Column("due_at", sa.String(length=27), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("erased", _SEQ, nullable=True),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_appeals_decision")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_appeals_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_appeals")),
        sa.UniqueConstraint("id", name=op.f("uq_appeals_id")),
    )
    op.create_index(op.f("ix_appeals_decision"), "appeals", ["decision"])
    op.create_index(op.f("ix_appeals_due_at"), "appeals", ["due_at"])
    op.create_table(
        "findings",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("proven", sa.String(length=36), nullable=False),
        sa.Column("decision", sa.String(length=36), nullable=False),
        sa.Column("proof", sa.String(length=20), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("ended", _SEQ, nullable=True),
        sa.Column("erased", _SEQ, nullable=True),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_findings_decision")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_findings_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_findings")),
        sa.UniqueConstraint("id", name=op.f("uq_findings_id")),
    )
    op.create_index(op.f("ix_findings_account_id"), "findings", ["account_id"])
    op.create_index(op.f("ix_findings_decision"), "findings", ["decision"])
    op.create_table(
        "notices",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(length=36), nullable=False),
        sa.Column("reporter", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_notices_decision")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_notices_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_notices")),
        sa.UniqueConstraint("decision", name=op.f("uq_notices_decision")),
    )
    op.create_index(op.f("ix_notices_reporter"), "notices", ["reporter", "at"])
    op.create_table(
        "second_look_answers",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(length=36), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("erased", _SEQ, nullable=True),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_second_look_answers_decision")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_second_look_answers_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_second_look_answers")),
        sa.UniqueConstraint("decision", "actor", name=op.f("uq_second_look_answers_decision")),
    )
    op.create_table(
        "second_look_views",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(length=36), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_second_look_views_decision")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_second_look_views_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_second_look_views")),
        sa.UniqueConstraint("decision", "actor", name=op.f("uq_second_look_views_decision")),
    )
    op.create_table(
        "second_looks",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_second_looks_decision")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_second_looks_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_second_looks")),
        sa.UniqueConstraint("decision", name=op.f("uq_second_looks_decision")),
    )
    op.create_table(
        "appeal_steps",
        sa.Column("seq", _SEQ, autoincrement=False, nullable=False),
        sa.Column("appeal", sa.String(length=36), nullable=False),
        sa.Column("decision", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("erased", _SEQ, nullable=True),
        sa.ForeignKeyConstraint(["appeal"], ["appeals.id"], name=op.f("fk_appeal_steps_appeal")),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_appeal_steps_decision")),
        sa.ForeignKeyConstraint(["seq"], ["log.seq"], name=op.f("fk_appeal_steps_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_appeal_steps")),
    )
    op.create_index(op.f("ix_appeal_steps_appeal"), "appeal_steps", ["appeal"])
    op.create_index(op.f("ix_appeal_steps_decision"), "appeal_steps", ["decision"])


def downgrade() -> None:
    op.drop_table("appeal_steps")
    op.drop_table("second_looks")
    op.drop_table("second_look_views")
    op.drop_table("second_look_answers")
    op.drop_table("notices")
    op.drop_table("findings")
    op.drop_table("appeals")
